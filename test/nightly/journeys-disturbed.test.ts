/** Every fault, outage and kill on every operation, with the list on and off, records kept and lost, commits reverted. */
import { afterAll, beforeAll, describe, test } from "vitest";
import {
  expectAll,
  expectToRecover,
  faultCases,
  type QuickEmulator,
  startQuickEmulator,
} from "../unit/pushwoosh/journey/disturbed";
import { expectAllToSurvive } from "../unit/pushwoosh/journey/kills";
import { operations } from "../unit/pushwoosh/journey/operations";

let quick: QuickEmulator;
beforeAll(async () => {
  quick = await startQuickEmulator();
});
afterAll(() => quick.close());

const LONG = 1_800_000;

describe.each([false, true])("list %s", (list) => {
  describe.each(operations)("$name", (operation) => {
    test.each([1, 2, Infinity])("faults ×%d", { timeout: LONG }, async (times) => {
      quick.emulator.reset();
      await expectAll(faultCases([operation], { times, list }), (each) => expectToRecover(quick.emulator, each));
    });
  });

  test.each([
    { records: "kept", commit: "kept" },
    { records: "kept", commit: "reverted" },
    { records: "lost", commit: "kept" },
  ] as const)("kills, records $records, commit $commit", { timeout: LONG }, async (each) => {
    // Without records and without the list a created journey can't be found: that limit is told to users.
    const known = list || each.records === "kept" ? operations : operations.filter(({ creates }) => !creates);
    await expectAllToSurvive(quick.emulator, known, { list, ...each });
  });
});
