import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../../../../provider/core/resource";
import type { JsonObject } from "../../../../provider/core/values";
import { ENTER, notesOf, PLANNED, split } from "../../../../provider/pushwoosh/entry/parts";
import { journeyEntry } from "../../../../provider/pushwoosh/entry/resource";
import type { EntryState } from "../../../../provider/pushwoosh/entry/state";
import { busy } from "../busy";
import { bench, entry, journeyId, partial, plan, startBeforeEach, users } from "./bench";

startBeforeEach();
const loseRecords = () => rmSync(join(bench.folder, ".journeys"), { recursive: true, force: true });

describe("what only a record knows", () => {
  test("comes into the state, even if nothing is left to do: the record may be lost later", async () => {
    const first = await partial();
    await bench.restart();
    await bench.up(entry(), first);
    bench.kill();
    const refreshed = await bench.refresh(first);
    expect(plan(entry(), refreshed)).toMatchObject({
      verb: "update",
      steps: [],
      warnings: ["an earlier run was cut off before what it did was saved: that is made good"],
    });
    const saved = await bench.up(entry(), refreshed);
    expect(saved.state).toMatchObject({ outcome: "accepted", peopleEntered: 5, requestIds: { length: 3 } });
    bench.kill();
    loseRecords();
    expect(plan(entry(), saved)).toMatchObject({ verb: "none", warnings: [] });
    await bench.up(entry(), saved);
    expect(bench.entered()).toEqual(users);
  });

  test("that nothing was sent yet is no beginning: what is declared now is entered", async () => {
    const { records } = bench.runtime;
    const record = records.start({ kind: journeyEntry.kind, operation: "create", urn: bench.urn, id: "e", key: "k" });
    await record.begin(PLANNED, notesOf(split(entry(), "k"), entry(), "k"));
    await record.end("answered");
    await record.begin(ENTER, { part: 0 });
    await record.end("refused");
    bench.kill();
    const others = entry({ users: ["v1", "v2"] });
    expect(plan(others).warnings).toEqual([]);
    await bench.up(others);
    expect(bench.entered()).toEqual(["v1", "v2"]);
  });
});

describe("another part size after a part of the list was entered", () => {
  test.each([1, 3, 5])("%i: the parts stay as they were made, known from the state", async (partSize) => {
    const first = await partial();
    await bench.restart();
    loseRecords();
    const next = await bench.up(entry({ partSize }), first);
    expect(next.failure).toBeUndefined();
    expect(bench.entered()).toEqual(users);
  });

  test.each([1, 3, 5])("%i: nor from the record alone", async (partSize) => {
    await partial();
    bench.kill();
    const next = await bench.up(entry({ partSize }));
    expect(next.failure).toBeUndefined();
    expect(bench.entered()).toEqual(users);
  });
});

describe("an engine that deletes what it replaces first, for its own reasons", () => {
  const desired = () => entry({ triggers: ["1"], maxUsers: 9 });

  /** What such an engine does before it makes the entry again. */
  async function deleteFirst(kept: Outcome<EntryState>): Promise<void> {
    await bench.restart();
    journeyEntry.check(desired(), bench.context());
    bench.plan(desired(), kept);
    bench.runtime.run.claim(journeyEntry.kind, kept.id, bench.urn);
    await bench.delete(kept);
  }

  test("enters nobody, and the state that is saved covers the record", async () => {
    const kept = await bench.up(entry({ triggers: ["1"] }));
    await deleteFirst(kept);
    const next = await journeyEntry.create(desired(), bench.context());
    expect(next.state).toMatchObject({ outcome: "accepted", requestIds: kept.state.requestIds });
    await bench.restart();
    expect(plan(desired(), next).verb).toBe("none");
    const { records } = bench.runtime;
    expect(records.creates(journeyEntry.kind, bench.urn).map(({ id }) => id)).toEqual([next.id]);
    expect(records.newer(journeyEntry.kind, next.id, next.state.stamp)).toEqual([]);
    expect(bench.entered(journeyId)).toEqual(users);
  });

  test("killed in between: the next run knows that everyone is in", async () => {
    await deleteFirst(await bench.up(entry({ triggers: ["1"] })));
    bench.kill();
    expect(plan(desired()).warnings).toEqual([
      "an earlier run was cut off after entering 5 people: it goes on from there",
    ]);
    const next = await bench.up(desired());
    expect(next.state).toMatchObject({ outcome: "accepted", peopleEntered: 5 });
    expect(bench.entered()).toEqual(users);
  });

  test("killed in between, and then other triggers: everyone enters again", async () => {
    await deleteFirst(await bench.up(entry({ triggers: ["1"] })));
    bench.kill();
    await bench.up(entry({ triggers: ["2"] }));
    expect(bench.entered()).toEqual([...users, ...users]);
  });

  test("deleted for good in the run after it: made anew it enters everyone", async () => {
    await deleteFirst(await bench.up(entry({ triggers: ["1"] })));
    const next = await journeyEntry.create(desired(), bench.context());
    await bench.restart();
    await bench.delete(next);
    await bench.restart();
    await bench.up(desired());
    expect(bench.entered()).toEqual([...users, ...users]);
  });

  test("compared by a refresh, but not declared any more: deleted for good", async () => {
    const kept = await bench.up(entry({ triggers: ["1"] }));
    await bench.restart();
    bench.plan(entry({ triggers: ["1"] }), kept);
    await bench.delete(kept);
    await bench.restart();
    await bench.up(entry({ triggers: ["1"] }));
    expect(bench.entered()).toEqual([...users, ...users]);
  });

  test("what was not sent yet is said, and sent by the next run", async () => {
    const kept = await partial();
    await bench.restart();
    const again = entry({ maxUsers: 9 });
    bench.plan(again, kept);
    const next = await journeyEntry.create(again, bench.context());
    await bench.delete(kept);
    expect(bench.logs.join("\n")).toMatch(/warning: 3 people are still to be entered: the next run does that/);
    await bench.restart();
    await bench.up(again, next);
    expect(bench.entered()).toEqual(users);
  });
});

test("an answer that got lost, and then a run that was killed before that was saved: not sent again", async () => {
  bench.emulator.fault({ kind: "drop-after", endpoint: "journey.enter", after: 1 });
  await bench.up(entry());
  bench.kill();
  const next = await bench.up(entry());
  expect(next.failure?.message).toMatch(/outcome-unknown: .*part 2 of 3/);
  expect(bench.entered()).toEqual(users);
});

test("partly entered and then under another name by an alias: the rest enters, once", async () => {
  const first = await partial();
  await bench.restart();
  const renamed = { urn: `${bench.urn}-renamed`, name: "renamed" };
  const next = await bench.up(entry(), first, renamed);
  expect(next.id).toBe(first.id);
  await bench.restart();
  await bench.up(entry(), next, renamed);
  expect(bench.entered()).toEqual(users);
});

test("another process that is at work on it is waited for by an update and by a create", async () => {
  const kept = await partial();
  const expectToWait = async (subject: JsonObject, operation: () => Promise<unknown>) => {
    await bench.restart();
    const end = busy(bench.folder, bench.emulator.url, { kind: journeyEntry.kind, ...subject });
    const calls = bench.emulator.requests();
    const over = operation();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(bench.emulator.requests()).toBe(calls);
    end();
    await over;
    expect(bench.emulator.requests()).toBeGreaterThan(calls);
  };
  const update = () => journeyEntry.update(kept.id, kept.state, entry(), bench.context());
  await expectToWait({ operation: "update", id: kept.id }, update);
  const create = () => journeyEntry.create(entry({ triggers: ["2"] }), bench.context());
  await expectToWait({ operation: "create", urn: bench.urn, id: "of-another-process" }, create);
});

test("records lost after a partial run: the state knows the rest", async () => {
  const first = await partial();
  bench.kill();
  loseRecords();
  await bench.up(entry(), first);
  expect(bench.entered()).toEqual(users);
});

test("the same entry in another stack is another entry: the first one's record says nothing of it", async () => {
  await partial();
  bench.kill();
  const other = { urn: bench.urn.replace("::", "-two::") };
  expect(bench.plan(entry(), undefined, other).plan?.warnings).toEqual([]);
  await bench.up(entry(), undefined, other);
  expect(bench.entered()).toEqual(["u1", "u2", ...users]);
  await bench.up(entry());
  expect(bench.entered()).toEqual(["u1", "u2", ...users, "u3", "u4", "u5"]);
});
