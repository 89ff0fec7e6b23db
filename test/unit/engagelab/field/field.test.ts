import { afterEach, describe, expect, test } from "vitest";
import { JourneysError } from "../../../../provider/core/errors";
import { type FaultKind, faultKinds } from "../../../../provider/emulator";
import { contactField, type FieldInputs, type FieldState } from "../../../../provider/engagelab/field/resource";
import { type Bench, errorOf, startBench } from "../bench";

let bench: Bench;
afterEach(() => bench.close());
const start = async (settings: Record<string, string> = {}) => {
  bench = await startBench({}, settings);
  return bench.calls<FieldInputs, FieldState>(contactField);
};
const level: FieldInputs = { name: "Level", type: "dropdown", options: ["one", "two"] };

test("a property is created once, kept by a delete, and remembered through a lost state", async () => {
  const fields = await start();
  const kept = await fields.create("level", level);
  expect(kept).toMatchObject({ id: "Level", state: { adopted: false, fieldId: expect.any(Number) } });
  expect(bench.emulator.engagelab.properties().at(-1)).toMatchObject({
    name: "Level",
    type: "dropdown",
    visible: true,
    options: ["one", "two"],
  });
  await bench.restart();
  expect((await fields.create("level", level)).state.adopted).toBe(false);
  expect(bench.emulator.writes()).toBe(1);
  expect((await fields.read("level", kept))?.state).toEqual(kept.state);
  await fields.delete("level", kept);
  expect(bench.emulator.writes()).toBe(1);
  expect(bench.logs.join()).toMatch(/warning: it stays in EngageLab/);
});

test("declared anew after a delete, and otherwise, it isn't taken for the one that was kept", async () => {
  const fields = await start();
  const kept = await fields.create("level", level);
  await bench.restart();
  await fields.delete("level", kept);
  await bench.restart();
  const error = await errorOf(fields.create("level", { name: "Level", type: "text" }));
  expect(error.message).toMatch(/exists already, set adoptExisting: true/);
});

test("created by a run that was cut off, and declared otherwise since: said, and nothing is sent", async () => {
  const fields = await start();
  await fields.create("level", level);
  await bench.restart();
  const error = await errorOf(fields.create("level", { name: "Level", type: "text" }));
  expect([error.code, error.message]).toEqual(["illegal-move", expect.stringMatching(/declared otherwise than now/)]);
  expect(bench.emulator.writes()).toBe(1);
  expect((await fields.create("level", { ...level, adoptExisting: true })).state.adopted).toBe(true);
});

test.each([
  [{ name: "Other" }, "name"],
  [{ type: "text" as const, options: undefined }, "type"],
  [{ options: ["one"] }, "options"],
  [{ visible: false }, "visible"],
])("a change (%j) is an error that says why, and sends nothing", async (change, path) => {
  const fields = await start();
  const kept = await fields.create("level", level);
  const requests = bench.emulator.requests();
  const error = await errorOf(fields.update("level", kept, { ...level, ...change }));
  expect(error.code).toBe("illegal-move");
  expect(error.message).toContain(path);
  expect(bench.emulator.requests()).toBe(requests);
});

test("no change is one, nor is adoptExisting", async () => {
  const fields = await start();
  const kept = await fields.create("level", level);
  expect(fields.plan("level", { ...level, visible: true }, kept).plan?.verb).toBe("none");
  expect(fields.plan("level", { ...level, adoptExisting: true }, kept).plan).toMatchObject({
    verb: "update",
    steps: [],
  });
  const second = await fields.update("level", kept, { ...level, adoptExisting: true });
  expect(fields.plan("level", { ...level, adoptExisting: true }, second).plan?.verb).toBe("none");
});

test("one that exists is refused, and declared as existing sends nothing", async () => {
  const fields = await start();
  const age: FieldInputs = { name: "Age", type: "number", format: "0" };
  expect((await errorOf(fields.create("age", age))).message).toMatch(/adoptExisting: true/);
  const requests = bench.emulator.requests();
  expect((await fields.create("age", { ...age, adoptExisting: true })).state.adopted).toBe(true);
  expect(bench.emulator.requests()).toBe(requests);
});

describe.each(Object.keys(faultKinds) as FaultKind[])("a create that meets %s", (kind) => {
  test("makes the property once, or says what is to be done", async () => {
    const fields = await start({ headersTimeout: "3000" });
    bench.emulator.fault({ kind, endpoint: "field.create", retryAfter: 0 });
    const first = await fields.create("level", level).catch((error: JourneysError) => error);
    bench.emulator.clearFaults();
    const calls = bench.emulator.requests({ endpoint: "field.create" });
    await bench.restart();
    if (first instanceof JourneysError && first.code === "create-unresolved") {
      expect(first.message).toMatch(/adoptExisting: true; if not, delete the record .*\.jsonl/);
      // Nobody answered: it is never repeated blindly.
      expect((await errorOf(fields.create("level", level))).code).toBe("create-unresolved");
      expect([calls, bench.emulator.requests({ endpoint: "field.create" })]).toEqual([1, 1]);
      return;
    }
    await fields.create("level", level);
    expect(bench.emulator.engagelab.properties().filter(({ name }) => name === "Level")).toHaveLength(1);
  });
});

describe("inputs", () => {
  test.each<[FieldInputs, string]>([
    [{ name: "with space", type: "text" }, "name"],
    [{ name: "x".repeat(65), type: "text" }, "name"],
    [{ name: "EMAIL", type: "text" }, "name"],
    [{ name: "createTime", type: "text" }, "name"],
    [{ name: "Level", type: "text", format: "0" }, "format"],
    [{ name: "Level", type: "number", format: "0.0" }, "format"],
    [{ name: "Level", type: "date", format: "MM/DD" }, "format"],
    [{ name: "Level", type: "dropdown" }, "options"],
    [{ name: "Level", type: "dropdown", options: Array(11).fill("x") }, "options"],
    [{ name: "Level", type: "text", options: ["x"] }, "options"],
  ])("%j is refused for its %s", async (inputs, path) => {
    const fields = await start();
    expect(fields.check("level", inputs).map((problem) => problem.path[0])).toEqual([path]);
  });

  test.each<FieldInputs>([
    { name: "Level", type: "text" },
    { name: "Level", type: "number", format: ".00" },
    { name: "Level", type: "date", format: "DD/MM/YYYY" },
    { name: "Level", type: "birthday", format: "MM/DD" },
    level,
  ])("%j is fine", async (inputs) => {
    const fields = await start();
    expect(fields.check("level", inputs)).toEqual([]);
  });
});
