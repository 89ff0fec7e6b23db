import { describe, expect, test } from "vitest";
import { type BlockParts, renderBlock } from "../../../provider/core/block";
import { masking } from "../../../provider/core/mask";
import type { Plan } from "../../../provider/core/resource";
import { parsePath, UNKNOWN } from "../../../provider/core/values";

const empty: Plan = { verb: "none", changes: [], steps: [], warnings: [] };
const block = (plan: Partial<Plan>, more: Partial<BlockParts> = {}) =>
  renderBlock({
    resource: 'journey "Welcome series"',
    plan: { ...empty, ...plan },
    secretPaths: [],
    mask: (text) => text,
    ...more,
  });

describe("the block of a plan", () => {
  test("an unchanged resource without warnings has none", () => {
    expect(block({})).toBeUndefined();
  });

  test("an unchanged resource with a warning says both", () => {
    expect(block({ warnings: ["remove `overwriteOutsideEdits`: it has done its work"] })).toBe(
      ['journey "Welcome series": no changes', "  warning: remove `overwriteOutsideEdits`: it has done its work"].join(
        "\n",
      ),
    );
  });

  test("changes, steps with their condition, warnings", () => {
    expect(
      block({
        verb: "update",
        changes: [
          { path: ["points", "push", "data", "n"], kind: "update", before: 1, after: 2 },
          { path: ["points", "my wait"], kind: "add", after: { type: "WAIT" } },
          { path: ["comments", 0], kind: "delete", before: "old" },
          { path: ["params", "id"], kind: "update", before: "a", after: UNKNOWN },
        ],
        steps: [{ name: "pause" }, { name: "replace definition", when: "if nobody edited it" }, { name: "start" }],
        warnings: ["people whose wait ends meanwhile may be lost"],
      }),
    ).toMatchInlineSnapshot(`
      "update journey "Welcome series"
        ~ points.push.data.n: 1 → 2
        + points["my wait"]: {"type":"WAIT"}
        - comments[0]: "old"
        ~ params.id: "a" → (known after apply)
        1. pause
        2. replace definition (if nobody edited it)
        3. start
        warning: people whose wait ends meanwhile may be lost"
    `);
  });

  test("a replacement names what forces it", () => {
    expect(
      block({
        verb: "replace",
        changes: [{ path: ["applicationCode"], kind: "update", before: "A", after: "B", replaces: true }],
        steps: [{ name: "create" }, { name: "archive the old one" }],
      }),
    ).toMatchInlineSnapshot(`
      "replace journey "Welcome series"
        ~ applicationCode: "A" → "B" (forces a replacement)
        1. create
        2. archive the old one"
    `);
  });

  test("a change that sends nothing says so", () => {
    expect(
      block({ verb: "update", changes: [{ path: ["forceDestroy"], kind: "add", after: true }] }),
    ).toMatchInlineSnapshot(`
      "update journey "Welcome series"
        + forceDestroy: true
        no call is needed"
    `);
  });

  test("long values keep to the width and show where they part", () => {
    const long = "The quick brown fox jumps over the lazy dog. ".repeat(8);
    const text = block(
      {
        verb: "update",
        changes: [
          {
            path: ["points", "mail", "data", "text"],
            kind: "update",
            before: `${long}old end`,
            after: `${long}new end`,
          },
          {
            path: ["points", "mail", "data", "whole"],
            kind: "update",
            before: "x".repeat(300),
            after: "y".repeat(300),
          },
          { path: ["points", "mail", "data", "grown"], kind: "update", before: "short", after: `other ${long}` },
          { path: ["points", "mail", "data", "new"], kind: "add", after: long },
        ],
        warnings: [long],
      },
      { width: 80 },
    )!;
    expect(text).toMatchInlineSnapshot(`
      "update journey "Welcome series"
        ~ points.mail.data.text: …zy dog. old end" → …zy dog. new end"
        ~ points.mail.data.whole: "xxxxxxxxxxxxxxxxxxxxxx… → "yyyyyyyyyyyyyyyyyyyyyy…
        ~ points.mail.data.grown: "short" → "other The quick brown fox jumps over the…
        + points.mail.data.new: "The quick brown fox jumps over the lazy dog. The qui…
        no call is needed
        warning: The quick brown fox jumps over the lazy dog. The quick brown fox
                 jumps over the lazy dog. The quick brown fox jumps over the lazy dog.
                 The quick brown fox jumps over the lazy dog. The quick brown fox
                 jumps over the lazy dog. The quick brown fox jumps over the lazy dog.
                 The quick brown fox jumps over the lazy dog. The quick brown fox
                 jumps over the lazy dog."
    `);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("a long list of changes is counted", () => {
    const changes = Array.from({ length: 40 }, (_, index) => ({
      path: [`p${index}`],
      kind: "add" as const,
      after: index,
    }));
    const lines = block({ verb: "update", changes })!.split("\n");
    expect(lines).toHaveLength(28);
    expect(lines[26]).toBe("  … and 15 more changes");
  });

  test("secret values are masked at, above and below their path, and wherever else they occur", () => {
    const secretPaths = ["points.mail.data.token", "params.secretive"].map(parsePath);
    const inputs = {
      points: { mail: { data: { token: "hunter22" } } },
      params: { secretive: { deep: "abc", deeper: "swordfish" } },
    };
    const text = block(
      {
        verb: "update",
        changes: [
          { path: ["points", "mail", "data", "token"], kind: "update", before: "hunter21", after: "hunter22" },
          { path: ["points", "mail"], kind: "add", after: { data: { token: "hunter22", open: 1 } } },
          { path: ["params", "secretive", "deep"], kind: "update", before: "abd", after: "abc" },
        ],
        steps: [{ name: "send hunter22" }],
        warnings: ["swordfish went missing"],
      },
      { secretPaths, mask: masking([inputs], secretPaths) },
    );
    expect(text).toMatchInlineSnapshot(`
      "update journey "Welcome series"
        ~ points.mail.data.token: "[secret]" → "[secret]"
        + points.mail: {"data":{"token":"[secret]","open":1}}
        ~ params.secretive.deep: "[secret]" → "[secret]"
        1. send [secret]
        warning: [secret] went missing"
    `);
  });
});

describe("masking", () => {
  test("longest first, JSON-escaped forms too, short values left alone", () => {
    const mask = masking([{ a: 'say "hi"', b: "say", c: ['say "hi" twice'], d: 123456 }], [["a"], ["b"], ["c"], ["d"]]);
    expect(mask('he said say "hi" twice and {"x":"say \\"hi\\""} or say 123456')).toBe(
      'he said [secret] and {"x":"[secret]"} or say [secret]',
    );
  });

  test("without secrets texts stay as they are", () => {
    expect(masking([{ a: "text" }], [])("text")).toBe("text");
  });
});
