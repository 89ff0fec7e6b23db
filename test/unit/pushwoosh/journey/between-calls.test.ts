/** Somebody edits, pauses or finishes a journey between any two of our calls: nothing overwritten unseen, nothing resumed. */
import { expect, test } from "vitest";
import { disturbedOperations, type Ends, expectRespect, expectRespectAfterDeath } from "./between";
import { expectAll } from "./disturbed";

test.each([
  ["without the list", false],
  ["with the list, and a refresh before each further run", true],
])("at every gap of every operation, %s", async (_, list) => {
  const ends: Ends = new Map();
  await expectAll(disturbedOperations, (operation) => expectRespect(operation, { list }, ends));
  expect(ends.get("edited-outside")).toBeGreaterThan(50);
  expect(ends.get("paused-outside")).toBeGreaterThan(15);
});

test("after a kill at any point of a creation or an edit", async () => {
  const tried = disturbedOperations.filter(({ name }) => ["create and start", "edit while running"].includes(name));
  const ends: Ends = new Map();
  let stories = 0;
  await expectAll(tried, async (operation) => {
    stories += await expectRespectAfterDeath(operation, { list: false, records: "kept" }, ends);
  });
  expect(stories).toBeGreaterThan(60);
  expect(ends.get("edited-outside")).toBeGreaterThan(10);
});
