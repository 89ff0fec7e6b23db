import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import {
  display,
  type EngineEvent,
  OperationFailed,
  type OperationResult,
  orThrow,
  type Step,
} from "../../../provider/engine/index.js";

const step = (fields: Partial<Step>): Step => ({
  op: "update",
  urn: "u",
  type: "pulumi-nodejs:dynamic/journeys/pushwoosh:Journey",
  name: "welcome",
  changes: [],
  ...fields,
});
const result = (fields: Partial<OperationResult>): OperationResult => ({
  ...{
    operation: "up",
    ok: true,
    steps: [],
    summary: {},
    changed: 0,
    outputs: {},
    output: [],
    messages: [],
    diagnostics: [],
    durationMs: 1234,
  },
  ...fields,
});

function shown(events: EngineEvent[], color = false): string {
  const stream = new PassThrough();
  const print = display(stream, { color, maxChanges: 2 });
  for (const event of events) print(event);
  return stream.read()?.toString() ?? "";
}

test("a run for people", () => {
  const changes: Step["changes"] = [
    { path: ["points", "push", "text"], kind: "update", before: "Hi", after: "Hello" },
    { path: ["comments"], kind: "add", after: "[secret]" },
    { path: ["more"], kind: "delete", before: 1 },
  ];
  expect(
    shown([
      { type: "operation-started", operation: "up", project: "demo", stack: "dev" },
      { type: "output", source: "provider", stream: "stdout", text: "three steps" },
      { type: "step-finished", step: step({ op: "same" }) },
      { type: "step-finished", step: step({ changes }) },
      { type: "step-finished", step: step({ op: "replace", replaceKeys: ["applicationCode"], changes: [] }) },
      { type: "step-finished", step: step({ op: "delete", retained: true }) },
      {
        type: "step-finished",
        step: step({ op: "create", error: "no", changes: [{ path: ["title"], kind: "add", after: "x".repeat(200) }] }),
      },
      { type: "diagnostic", severity: "error", message: "first line\nsecond line" },
      {
        type: "operation-finished",
        result: result({ ok: false, summary: { update: 1, replace: 1, same: 4, delete: 1 } }),
      },
    ]),
  ).toMatchInlineSnapshot(`
    "Updating stack "dev" of project "demo" (local engine, not the Pulumi CLI)
        | three steps
      ~   update   journeys/pushwoosh:Journey welcome
            ~ points.push.text: "Hi" → "Hello"
            + comments: [secret]
            … and 1 more
      -/+ replace  journeys/pushwoosh:Journey welcome (forced by applicationCode)
      -   delete   journeys/pushwoosh:Journey welcome (only from the state)
      +   create   journeys/pushwoosh:Journey welcome FAILED
            title: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
      error: first line
        second line
      Failed: 1 updated, 1 replaced, 1 deleted, 4 unchanged, in 1.2 s

    "
  `);
});

test("outputs are listed, secret ones by name only", () => {
  const outputs = { id: { value: "j-1", secret: false }, token: { value: "hush", secret: true } };
  const text = shown([{ type: "operation-finished", result: result({ outputs, summary: { create: 2 } }) }]);
  expect(text).toBe('  Outputs\n    id: "j-1"\n    token: [secret]\n  Done: 2 created, in 1.2 s\n\n');
});

test("colours only where they are wanted", () => {
  expect(shown([{ type: "step-finished", step: step({}) }], true)).toContain("\x1b[33m~");
});

test("orThrow gives a good result back, and throws a bad one with every error", () => {
  const good = result({});
  expect(orThrow(good)).toBe(good);
  const diagnostics: OperationResult["diagnostics"] = [
    { severity: "warning", message: "w" },
    { severity: "error", message: "one" },
    { severity: "error", message: "two" },
  ];
  const bad = result({ ok: false, failure: "one", diagnostics });
  expect(() => orThrow(bad)).toThrow(OperationFailed);
  expect(() => orThrow(bad)).toThrow("up failed: one\ntwo");
});
