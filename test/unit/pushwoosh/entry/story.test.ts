import { beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../../../../provider/core/resource";
import { UNKNOWN } from "../../../../provider/core/values";
import type { EntryInputs } from "../../../../provider/pushwoosh/entry/inputs";
import { journeyEntry } from "../../../../provider/pushwoosh/entry/resource";
import type { EntryState } from "../../../../provider/pushwoosh/entry/state";
import { startBench } from "../people-bench";
import { bench, entry, journeyId, startBeforeEach, users } from "./bench";

startBeforeEach();
const calls = () => bench.emulator.requests({ endpoint: "journey.enter" });
const warnings = (desired: EntryInputs, kept?: Outcome<EntryState>) => bench.plan(desired, kept).plan?.warnings;

test("a list is entered in parts; the outcome is in the state", async () => {
  expect(bench.plan(entry()).plan).toEqual({
    verb: "create",
    changes: [],
    steps: [{ name: "enter 5 people (3 calls)" }],
    warnings: [],
  });
  const kept = await bench.up(entry({ attributes: { code: "A" } }));
  expect(kept.failure).toBeUndefined();
  expect(bench.entered(journeyId)).toEqual(users);
  const entries = bench.emulator.pushwoosh.entries();
  expect(entries.map(({ users: part }) => part?.length)).toEqual([2, 2, 1]);
  expect(entries.every(({ attributes }) => attributes.code === "A")).toBe(true);
  expect(kept.state).toMatchObject({
    journeyId,
    outcome: "accepted",
    peopleEntered: 5,
    requestIds: entries.map(({ requestId }) => requestId),
    enteredAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
});

test("hwids and a filter", async () => {
  await bench.up({ journeyId, hwids: ["h1", "h2"] });
  expect(bench.emulator.pushwoosh.entries()[0]).toMatchObject({ hwids: ["h1", "h2"] });
  const kept = await bench.up({ journeyId, filter: 'A("X")', maxUsers: "unlimited", triggers: ["f"] }, undefined, {
    urn: "other",
  });
  expect(bench.emulator.pushwoosh.entries()[1]).toMatchObject({ filter: 'A("X")' });
  expect(kept.state).toMatchObject({ outcome: "accepted" });
  expect(kept.state.peopleEntered).toBeUndefined();
});

test("the default parts hold 500 people", async () => {
  await bench.up({ journeyId, users: Array.from({ length: 1000 }, (_, index) => `user-${index}`) });
  expect(bench.emulator.pushwoosh.entries().map((part) => part.users?.length)).toEqual([500, 500]);
});

describe("after it is done", () => {
  let kept: Awaited<ReturnType<typeof bench.up>>;
  beforeEach(async () => {
    kept = await bench.up(entry({ triggers: ["1"] }));
    await bench.restart();
  });
  const before = 3;

  test("nothing is sent by another run, nor by a refresh and another run", async () => {
    expect(bench.plan(entry({ triggers: ["1"] }), kept).plan?.verb).toBe("none");
    kept = await bench.up(entry({ triggers: ["1"] }), await bench.refresh(kept));
    expect(calls()).toBe(before);
  });

  test.each<[string, Partial<EntryInputs>, RegExp | undefined]>([
    [
      "a new journey id",
      { journeyId: "22222222-2222-3333-4444-555555555555" },
      /journeyId changed: recorded without a call/,
    ],
    ["a longer list", { users: [...users, "u6"] }, /users \(now 6 people, 1 of them new\) changed: recorded/],
    ["a shorter list", { users: ["u1"] }, /users \(now 1 person, 0 of them new\) changed/],
    ["other attributes", { attributes: { code: "B" } }, /attributes changed: recorded/],
    ["devices instead", { users: undefined, hwids: ["h1"] }, /users \(no longer given\), hwids \(1 person\) changed/],
    ["another part size", { partSize: 1 }, undefined],
    ["another limit", { maxUsers: 7 }, undefined],
  ])("%s is recorded without a call and warned of", async (_, change, warning) => {
    const desired = entry({ triggers: ["1"], ...change });
    const { plan } = bench.plan(desired, kept);
    expect(plan).toMatchObject({ verb: "update", steps: [] });
    if (warning) expect(plan?.warnings.join("\n")).toMatch(warning);
    else expect(plan?.warnings).toEqual([]);
    const next = await bench.up(desired, kept);
    expect(next.failure).toBeUndefined();
    expect(calls()).toBe(before);
    expect(next.state).toMatchObject({ journeyId, outcome: "accepted", peopleEntered: 5 });
    expect(bench.plan(desired, next).plan).toMatchObject({ verb: "none", warnings: [] });
    expect(journeyEntry.appliedInputs(next.state)).toEqual(JSON.parse(JSON.stringify(desired)));
  });

  test("an unknown while another resource is being replaced asks for no replacement", () => {
    for (const unknown of [
      { journeyId: UNKNOWN },
      { users: UNKNOWN as never },
      { triggers: UNKNOWN as never },
      { triggers: [UNKNOWN] },
      { attributes: UNKNOWN as never },
      { journey: UNKNOWN as never },
    ]) {
      const { plan } = bench.plan(entry({ triggers: ["1"], ...unknown }), kept);
      expect(plan?.verb).not.toBe("replace");
      expect(plan?.changes.some(({ replaces }) => replaces)).toBe(false);
      expect(plan?.steps).toEqual([]);
    }
    expect(warnings(entry({ triggers: [UNKNOWN] }), kept)?.join()).toMatch(/decided when triggers are known/);
  });

  test("other triggers replace it, and everyone enters again", async () => {
    const desired = entry({ triggers: ["2"] });
    const { plan } = bench.plan(desired, kept);
    expect(plan).toMatchObject({ verb: "replace", steps: [{ name: "enter 5 people (3 calls)" }] });
    expect(plan?.changes).toEqual([
      { path: ["triggers"], kind: "update", before: ["1"], after: ["2"], replaces: true },
    ]);
    const next = await bench.up(desired, kept);
    expect(next.id).not.toBe(kept.id);
    expect(bench.entered()).toEqual([...users, ...users]);
  });

  test("an engine that replaces it for its own reasons enters nobody", async () => {
    bench.plan(entry({ triggers: ["1"] }), kept);
    bench.runtime.run.claim(journeyEntry.kind, kept.id, bench.urn);
    await bench.delete(kept);
    const next = await journeyEntry.create(entry({ triggers: ["1"] }), bench.context());
    expect(calls()).toBe(before);
    expect(next.id).not.toBe(kept.id);
    expect(next.state).toMatchObject({ outcome: "accepted", requestIds: kept.state.requestIds });
    expect(bench.logs.join()).toMatch(/triggers did not change: nobody is entered again$/);
  });

  test("an update the engine makes of a replacement sends and records nothing", async () => {
    const update = journeyEntry.update(kept.id, kept.state, entry({ triggers: ["2"] }), bench.context());
    await expect(update).rejects.toThrow(/guard-tripped/);
    expect(calls()).toBe(before);
  });

  test("under another name by an alias it is the same", async () => {
    const renamed = { urn: `${bench.urn}-renamed`, name: "renamed" };
    const next = await bench.up(entry({ triggers: ["1"], maxUsers: 9 }), kept, renamed);
    expect(next.id).toBe(kept.id);
    expect(calls()).toBe(before);
  });

  test("delete sends nothing; made anew it enters everyone", async () => {
    await bench.delete(kept);
    expect(calls()).toBe(before);
    await bench.restart();
    await bench.up(entry({ triggers: ["1"] }));
    expect(calls()).toBe(2 * before);
  });
});

describe("a journey that can't take people in", () => {
  test("is refused before anything is sent, as far as it is known", async () => {
    for (const journey of [
      { status: "draft" },
      { status: "running", apiEntries: 0 },
      { status: "running", apiEntries: 2 },
    ]) {
      await expect(bench.up(entry({ journey }))).rejects.toThrow(/illegal-move.*\n.*\n\s+now:\s+nothing was sent/);
    }
    expect(bench.emulator.requests()).toBe(0);
  });

  test("nobody minds what becomes of it once everyone is in", async () => {
    const kept = await bench.up(entry({ journey: { status: "running", apiEntries: 1 } }));
    expect(bench.plan(entry({ journey: { status: "finished", apiEntries: 0 } }), kept).plan).toMatchObject({
      verb: "none",
      warnings: [],
    });
  });

  test("what the platform refuses leaves nothing behind", async () => {
    bench.emulator.behind.journey(journeyId).pause();
    await expect(bench.up(entry())).rejects.toThrow(
      /refused: journey entry "people": enter people .* journey is not running/,
    );
    bench.emulator.behind.journey(journeyId).start();
    await bench.restart();
    await bench.up(entry());
    expect(bench.entered()).toEqual(users);
  });
});

test("a record folder that can't be used: nothing is sent", async () => {
  const blocked = await startBench(journeyEntry, { settings: { recordFolder: "/dev/null/records" } });
  const id = blocked.journey("Blocked");
  await expect(blocked.up(entry({ journeyId: id }))).rejects.toThrow(/records-unusable/);
  expect(blocked.emulator.requests()).toBe(0);
  await blocked.close();
});
