import { afterEach, expect, test } from "vitest";
import type { Condition } from "../../../../provider/engagelab/api/condition";
import { findMatching, type Match } from "../../../../provider/engagelab/purge/find";
import { purge } from "../../../../provider/engagelab/purge/purge";
import { type Bench, startBench } from "../bench";

let bench: Bench;
afterEach(() => bench.close());

const condition: Condition = { relation: "and", items: [{ field: "Name", operator: "==", value: "Old" }] };

/** Purges what was listed, changed as if the platform had changed since. */
async function purged(since: (match: Match) => Match) {
  bench = await startBench();
  bench.emulator.engagelab.seed([0, 1].map((index) => ({ email: `p${index}@example.com`, name: "Old" })));
  const context = bench.context("purge");
  const { matching } = await findMatching(condition, context);
  return purge({ condition, contacts: matching.map(since), forceUnsubscribed: false }, context);
}

test("an id that leads to another address deletes nobody", async () => {
  const { deleted, kept } = await purged((match) => ({ ...match, email: `listed-${match.email}` }));
  expect([deleted, kept, bench.emulator.engagelab.count()]).toEqual([0, 2, 2]);
});

test("an id that leads to another account deletes nobody", async () => {
  const { deleted, failures } = await purged((match) => ({ ...match, listId: 1 }));
  expect(failures[0]?.message).toMatch(/belongs to the list/);
  expect([deleted, bench.emulator.engagelab.count()]).toEqual([0, 2]);
});
