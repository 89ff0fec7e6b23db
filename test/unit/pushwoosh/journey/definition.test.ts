/** When two definitions say the same: what a platform may leave out, fill in or spell in another way. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../../provider/core/values";
import { canonicalJson, formatPath } from "../../../../provider/core/values";
import { declaredOnly } from "../../../../provider/pushwoosh/journey/belief";
import { changesOf } from "../../../../provider/pushwoosh/journey/changes";
import {
  type Definition,
  differences,
  merge,
  missing,
  normalise,
} from "../../../../provider/pushwoosh/journey/definition";
import { editOf } from "../../../../provider/pushwoosh/journey/edit";
import type { JourneyInputs, PointInput } from "../../../../provider/pushwoosh/journey/inputs";
import { definitionOf } from "../../../../provider/pushwoosh/journey/points";
import { welcome } from "./bench";

const definition = (params: Record<string, Json>): Definition => definitionOf(welcome({ params }));

describe("the same", () => {
  test.each<[string, Record<string, Json>, Record<string, Json>]>([
    ["a value left out and null", {}, { a: null }],
    ["zero and left out", { a: 0 }, {}],
    ["false and empty text", { a: false }, { a: "" }],
    ["an empty object and an empty array", { a: {} }, { a: [] }],
    ["an object of empty values and none", { a: { b: { c: null }, d: 0 } }, {}],
    ["keys in another order", { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ["one instant in two spellings", { a: "2030-01-31T09:00:00Z" }, { a: "2030-01-31T10:00:00.000+01:00" }],
    ["a whole number and its text", { a: 5 }, { a: "5" }],
    ["an array item that is empty, spelled in two ways", { a: [{ b: 0 }, 1] }, { a: [null, 1] }],
  ])("%s", (_, before, after) => {
    expect(differences(definition(before), definition(after))).toEqual([]);
  });
});

test("no difference is found exactly where both are the same once normalised", () => {
  const text = (value: Json) =>
    canonicalJson(normalise(value) ?? null).replace(/(?<=[:[,{]|^)\d+(?=[,\]}]|$)/g, '"$&"');
  const scalar = fc.constantFrom<Json>(
    null,
    "",
    0,
    false,
    true,
    5,
    "5",
    "a",
    "2030-01-31T09:00Z",
    "2030-01-31T09:00:00Z",
  );
  const { json } = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      scalar,
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b"), tie("json")),
    ),
  }));
  fc.assert(
    fc.property(json, json, (before, after) => {
      expect(differences(before, after).length === 0).toBe(text(before) === text(after));
    }),
    { numRuns: 500 },
  );
});

describe("not the same", () => {
  test.each<[string, Record<string, Json>, Record<string, Json>, string[]]>([
    ["a value", { a: 1 }, { a: 2 }, ["params.a"]],
    ["true and left out", { a: true, b: 1 }, { b: 1 }, ["params.a"]],
    ["two instants", { a: "2030-01-31T09:00:00Z" }, { a: "2030-01-31T09:00:01Z" }, ["params.a"]],
    [
      "instants apart by less than a millisecond",
      { a: "2030-01-31T09:00:00.0001Z" },
      { a: "2030-01-31T09:00:00Z" },
      ["params.a"],
    ],
    ["text that only looks like a number", { a: "05" }, { a: 5 }, ["params.a"]],
    ["items in another order", { a: [1, 2] }, { a: [2, 1] }, ["params.a[0]", "params.a[1]"]],
    ["an empty item more at the end", { a: [1] }, { a: [1, 0] }, ["params.a[1]"]],
    ["an empty item less at the end", { a: [1, {}] }, { a: [1] }, ["params.a[1]"]],
  ])("%s", (_, before, after, paths) => {
    const found = differences(definition(before), definition(after));
    expect(found.map(({ path }) => formatPath(path))).toEqual(paths);
  });
});

describe("missing: what was set and did not come back", () => {
  const lost = (set: Record<string, Json>, back: Record<string, Json>, allowed: (string | number)[][] = []) =>
    missing(definition(set), definition(back), allowed).map(formatPath);

  test("every leaf of it, by its path", () => {
    expect(lost({ a: { b: 1, c: [1, { d: 2 }] } }, {})).toEqual(["params.a.b", "params.a.c[0]", "params.a.c[1].d"]);
  });
  test("a leaf that came back otherwise", () => {
    expect(lost({ wait: 60 }, { wait: 6 })).toEqual(["params.wait"]);
  });
  test("an item of an array, also an empty one: the others would move", () => {
    expect(lost({ a: [1, 0] }, { a: [1] })).toEqual(["params.a[1]"]);
  });
  test("nothing for what says nothing, or what the platform added", () => {
    expect(lost({ a: 0, b: "" }, { more: { than: "that" } })).toEqual([]);
  });
  test("nothing below a path that may be dropped, and everything beside it", () => {
    expect(lost({ a: { b: 1, c: 2 }, d: 3 }, {}, [["params", "a"]])).toEqual(["params.d"]);
  });
});

describe("what is sent", () => {
  const sent = (declared: Record<string, Json>, applied: Record<string, Json>, answered: Record<string, Json>) =>
    merge(definition(declared), definition(applied), definition(answered)).params;

  test("what the platform added stays, at every depth", () => {
    expect(sent({ a: { b: 2 } }, { a: { b: 1 } }, { a: { b: 1, theirs: { x: 1 } }, more: [1] })).toEqual({
      a: { b: 2, theirs: { x: 1 } },
      more: [1],
    });
  });
  test("a leaf the program once set and no longer does is left out, with what the platform added beside it kept", () => {
    expect(sent({ a: {} }, { a: { b: 1 } }, { a: { b: 1, theirs: 2 } })).toEqual({ a: { theirs: 2 } });
  });
  test("an array of another length is the program's alone", () => {
    expect(sent({ a: [{ x: 1 }] }, { a: [] }, { a: [{ x: 1, theirs: 1 }, { y: 2 }] })).toEqual({ a: [{ x: 1 }] });
  });
});

describe("the path of an edge is the one the program wrote", () => {
  const paths = (before: PointInput["next"], after: PointInput["next"]) => {
    const journey = (next: PointInput["next"]) => {
      const { push, ...others } = welcome().points;
      return welcome({ points: { ...others, push: { ...push!, next } } });
    };
    const believed = declaredOnly("id", journey(before), "key", {});
    const shown = changesOf(journey(after), believed).map(({ path }) => formatPath(path));
    expect(editOf(journey(after), believed).paths.map(formatPath)).toEqual(shown);
    return shown;
  };
  test.each<[string, PointInput["next"], PointInput["next"], string]>([
    ["a bare name", "exit", "audience", "points.push.next"],
    ["a bare name that goes", "exit", undefined, "points.push.next"],
    ["a name by output", { opened: "exit" }, { opened: "audience" }, "points.push.next.opened"],
    ["a bare name in the place of one by output", { default: "exit" }, "audience", "points.push.next"],
    [
      "an edge with more to it",
      { default: { to: "exit", info: 1 } },
      { default: { to: "audience", info: 1 } },
      "points.push.next.default.to",
    ],
  ])("%s", (_, before, after, path) => {
    expect(paths(before, after)).toEqual([path]);
  });
});

describe("whether an edit has to be sent", () => {
  const changed = (before: Partial<JourneyInputs>, after: Partial<JourneyInputs>) =>
    editOf(welcome(after), declaredOnly("id", welcome(before), "key", {})).changed;

  test("for a value gone, come, or emptied; not for one spelled anew", () => {
    expect(changed({ params: { a: 1 } }, {})).toBe(true);
    expect(changed({}, { params: { a: 1 } })).toBe(true);
    expect(changed({ params: { a: 1 } }, { params: { a: 0 } })).toBe(true);
    expect(changed({ params: { a: 0 } }, {})).toBe(false);
  });
  test("for an empty item at the end of an array", () => {
    expect(changed({ comments: [{ a: 1 }] }, { comments: [{ a: 1 }, {}] })).toBe(true);
    expect(changed({ comments: [{ a: 1 }, {}] }, { comments: [{ a: 1 }] })).toBe(true);
    expect(changed({ comments: [{ a: 1 }, {}] }, { comments: [{ a: 1 }, { b: "" }] })).toBe(false);
  });
});
