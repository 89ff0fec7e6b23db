/** The delete by condition: without its guard, the first of these calls empties the emulator's account. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deleteByAddresses } from "../../../../provider/engagelab/api/bulk-delete";
import { engagelab } from "../../../../provider/engagelab/api/client";
import { type Bench, errorOf, startBench } from "../bench";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  bench.emulator.engagelab.seed(Array.from({ length: 12 }, (_, index) => ({ email: `p${index}@example.com` })));
});
afterEach(() => bench.close());
const addresses = (count: number) => Array.from({ length: count }, (_, index) => `p${index}@example.com`);

describe("a delete by condition", () => {
  test.each([
    ["no address", []],
    ["an empty one", [""]],
    ["white space", [" "]],
    ["a part of one", ["@example.com"]],
    ["another part", ["p1@"]],
    ["two in one", ["p1@example.com,p2@example.com"]],
    ["one that is none, among others", ["p1@example.com", ""]],
    ["nothing at all, among others", ["p1@example.com", undefined as unknown as string]],
    ["eleven", addresses(11)],
  ])("of %s is never sent", async (_, given) => {
    const error = await errorOf(deleteByAddresses(bench.runtime.use(engagelab), given));
    expect(error.code).toBe("guard-tripped");
    expect(error.message).not.toMatch(/@/);
    expect(bench.emulator.requests()).toBe(0);
    expect(bench.emulator.engagelab.count()).toBe(12);
  });

  test("of ten addresses carries ten of them, in a body that arrives", async () => {
    const answer = await deleteByAddresses(bench.runtime.use(engagelab), addresses(10));
    expect(answer).toEqual({ kind: "done", count: 10 });
    expect(bench.emulator.engagelab.count()).toBe(2);
    const { body } = bench.emulator.journal.at(-1) as { body: { condition: { relation: string; items: unknown[] } } };
    expect(body.condition.relation).toBe("or");
    expect(body.condition.items).toEqual(addresses(10).map((value) => ({ field_name: "Email", op: "==", value })));
  });
});

test("is called by the purge command, and by nothing else", () => {
  const root = resolve(__dirname, "../../../../provider");
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const naming = (text: RegExp) => sources.filter((name) => text.test(readFileSync(join(root, name), "utf8"))).sort();
  const own = (name: string) => !name.startsWith("emulator/");
  expect(naming(/members\/delete/).filter(own)).toEqual(["engagelab/api/bulk-delete.ts"]);
  expect(naming(/\/bulk-delete"/)).toEqual(["engagelab/purge/bulk.ts"]);
  expect(naming(/deleteByAddresses\(/)).toEqual(["engagelab/api/bulk-delete.ts", "engagelab/purge/bulk.ts"]);
  expect(naming(/purge\/bulk"/)).toEqual(["cli/contacts/purge.ts"]);
});
