/** A process that dies at any point of each operation. The full product with the list and lost records is nightly. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type QuickEmulator, startQuickEmulator } from "./disturbed";
import { expectAllToSurvive } from "./kills";
import { operations } from "./operations";

let quick: QuickEmulator;
beforeAll(async () => {
  quick = await startQuickEmulator();
});
afterAll(() => quick.close());

test("records kept: the next runs go on from there", async () => {
  const points = await expectAllToSurvive(quick.emulator, operations, { list: false, records: "kept", commit: "kept" });
  expect(points).toBeGreaterThan(150);
});

test("the commit reverted: nothing more, unless what was sent is live", async () => {
  await expectAllToSurvive(quick.emulator, operations, { list: false, records: "kept", commit: "reverted" });
});

test("with the list on: what was created is found", async () => {
  const creating = operations.filter(({ creates }) => creates);
  await expectAllToSurvive(quick.emulator, creating, { list: true, records: "kept", commit: "kept" });
  await expectAllToSurvive(quick.emulator, creating, { list: true, records: "lost", commit: "kept" });
});

test("records lost, without the list: an edit stops or goes on, and overwrites nothing unseen", async () => {
  const editing = operations.filter(({ creates }) => !creates);
  await expectAllToSurvive(quick.emulator, editing, { list: false, records: "lost", commit: "kept" });
});
