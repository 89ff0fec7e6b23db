/** Somebody edits, pauses or finishes a journey between any two of our calls: nothing overwritten unseen, nothing resumed. */
import { expect, test } from "vitest";
import { disturbedOperations, expectRespect } from "./between";
import { expectAll } from "./disturbed";

test.each([
  ["without the list", false],
  ["with the list, and a refresh after each run", true],
])("at every gap of every operation, %s", async (_, list) => {
  const total = new Map<string, number>();
  await expectAll(disturbedOperations, async (operation) => {
    for (const [end, count] of await expectRespect(operation, list)) total.set(end, (total.get(end) ?? 0) + count);
  });
  expect(total.get("edited-outside")).toBeGreaterThan(50);
  expect(total.get("paused-outside")).toBeGreaterThan(15);
});
