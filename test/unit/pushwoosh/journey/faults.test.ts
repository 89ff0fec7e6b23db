/** Each operation × each of its calls × each fault of the platform. The full product, with outages and the list, is nightly. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAll, expectToRecover, faultCases, type QuickEmulator, startQuickEmulator } from "./disturbed";
import { operations } from "./operations";

let quick: QuickEmulator;
beforeAll(async () => {
  quick = await startQuickEmulator();
});
afterAll(() => quick.close());

test("a single fault: two further runs do it, or what the error advises does", async () => {
  const cases = faultCases(operations, { times: 1, list: false });
  expect(cases.length).toBeGreaterThan(500);
  await expectAll(cases, (each) => expectToRecover(quick.emulator, each));
});

test("an outage of one method for a whole run", async () => {
  const cases = faultCases(operations, { times: Infinity, list: false }, ["401", "500-before", "drop-after"]);
  await expectAll(cases, (each) => expectToRecover(quick.emulator, each));
});

test("with the list on: whatever creates or looks", async () => {
  const looking = operations.filter(({ calls }) => calls.some((call) => /create|statistics/.test(call)));
  const cases = faultCases(looking, { times: 1, list: true }, [
    "refuse",
    "404",
    "500-before",
    "500-after",
    "drop-after",
    "truncate",
  ]);
  expect(cases.length).toBeGreaterThan(40);
  await expectAll(cases, (each) => expectToRecover(quick.emulator, each));
});
