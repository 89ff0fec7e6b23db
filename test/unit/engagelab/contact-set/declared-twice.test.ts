/** One person belongs to one resource: a contact and a set, or two sets, that declare the same address are refused. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contact } from "../../../../provider/engagelab/contact/resource";
import { type SetBench, startSetBench } from "./bench";

let bench: SetBench;
beforeEach(async () => {
  bench = await startSetBench();
});
afterEach(() => bench.close());

const members = [{ email: "Ada@Example.com" }, { email: "grace@example.com" }];
const reasons = (problems: { reason: string }[]) => problems.map(({ reason }) => reason).join("\n");

test("by a contact and a set, in whatever spelling and order", async () => {
  expect(await bench.check("people", { members })).toEqual([]);
  const [problem] = bench.calls(contact).check("ada", { email: " ada@example.COM" });
  expect(problem).toMatchObject({ path: ["email"], reason: expect.stringMatching(/declared already, by people/) });
  await bench.restart();
  expect(bench.calls(contact).check("ada", { email: "ada@example.com" })).toEqual([]);
  expect(reasons(await bench.check("people", { members }))).toMatch(/members\[0\].*declared already, by ada/);
});

describe.each([
  ["few", 0],
  ["many", 1200],
])("among %s people", (_, others) => {
  const list = (name: string, emails: readonly string[]) => {
    const rest = Array.from({ length: others }, (_, n) => `${name}-${n}@example.com`);
    return bench.file(`${name}.csv`, ["email", ...emails, ...rest, ""].join("\n"));
  };
  const ada = () => bench.calls(contact).check("ada", { email: "ada@example.com" });

  test("by two sets: the line is named, the address isn't", async () => {
    expect(await bench.check("one", list("one", ["Ada@Example.com", "grace@example.com"]))).toEqual([]);
    const said = reasons(await bench.check("two", list("two", ["nobody@example.com", "ADA@example.com"])));
    expect(said).toBe("two.csv, line 3: this address is declared already, by one; declare a person once");
  });

  test("by a contact and a set", async () => {
    expect(ada()).toEqual([]);
    const said = reasons(await bench.check("one", list("one", ["nobody@example.com", "ada@example.com"])));
    expect(said).toBe("one.csv, line 3: this address is declared already, by ada; declare a person once");
    // Who was refused to the second one stays with the first.
    expect(ada()).toEqual([]);
    expect(bench.calls(contact).check("nobody", { email: "nobody@example.com" })).toHaveLength(1);
  });

  test("no longer, once one of them gave it up", async () => {
    expect(await bench.check("one", list("one", ["ada@example.com", "grace@example.com"]))).toEqual([]);
    expect(await bench.check("one", list("one", ["grace@example.com"]))).toEqual([]);
    expect(await bench.check("two", list("two", ["ada@example.com"]))).toEqual([]);
    expect(ada()).toHaveLength(1);
    expect(bench.calls(contact).check("grace", { email: "grace@example.com" })).toHaveLength(1);
  });
});
