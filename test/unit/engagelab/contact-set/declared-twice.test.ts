/** One person belongs to one resource: a contact and a set, or two sets, that declare the same address are refused. */
import { afterEach, beforeEach, expect, test } from "vitest";
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

test("by two sets: the line is named, the address isn't", async () => {
  expect(await bench.check("one", { members })).toEqual([]);
  const file = bench.file("two.csv", "email\nnobody@example.com\nADA@example.com\n");
  const said = reasons(await bench.check("two", file));
  expect(said).toMatch(/two\.csv, line 3: this address is declared already, by one/);
  expect(said).not.toMatch(/ada@/i);
});

test("no longer, once one of them gave it up", async () => {
  expect(await bench.check("one", { members })).toEqual([]);
  expect(await bench.check("one", { members: [members[1]!] })).toEqual([]);
  expect(await bench.check("two", { members: [members[0]!] })).toEqual([]);
  expect(bench.calls(contact).check("grace", { email: "grace@example.com" })).toHaveLength(1);
});
