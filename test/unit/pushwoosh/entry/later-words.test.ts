import { describe, expect, test } from "vitest";
import type { EntryInputs } from "../../../../provider/pushwoosh/entry/inputs";
import { bench, entry, partial, plan, startBeforeEach, users } from "./bench";

/** What is declared after a part of the people were entered, or are not known to be. */

startBeforeEach();

describe("a list edited after a part of it was entered", () => {
  test.each<[string, string[], entered: string[]]>([
    ["somebody else among those who were entered", ["x", "u2", "u3", "u4", "u5"], users],
    ["somebody else among those who were not", ["u1", "u2", "x", "u4", "u5"], ["u1", "u2", "u5"]],
    ["longer", [...users, "x"], users],
    ["shorter, by a part", ["u1", "u2", "u3", "u4"], ["u1", "u2", "u3", "u4"]],
    ["in another order", ["u3", "u4", "u1", "u2", "u5"], ["u1", "u2", "u5"]],
  ])("%s: nobody enters twice, and whoever is left out is counted", async (_, list, entered) => {
    const first = await partial();
    await bench.restart();
    const desired = entry({ users: list });
    const left = users.length - entered.length;
    expect(plan(desired, first).warnings.join("\n")).toMatch(
      left === 0 ? /^((?!never entered).)*$/s : new RegExp(`never entered, and not entered now: ${left} p`),
    );
    await bench.up(desired, first);
    expect(bench.entered()).toEqual(entered);
  });

  test.each<[string, Partial<EntryInputs>]>([
    ["other attributes", { attributes: { code: "B" } }],
    ["another journey", { journeyId: "22222222-2222-3333-4444-555555555555" }],
    ["devices of the same names", { users: undefined, hwids: users }],
    ["a filter instead", { users: undefined, filter: "x", maxUsers: "unlimited" }],
  ])("%s: nobody of the rest is guessed at", async (_, change) => {
    const first = await partial();
    await bench.restart();
    expect(plan(entry(change), first).warnings.join("\n")).toMatch(/never entered, and not entered now: 3 people/);
    await bench.up(entry(change), first);
    expect(bench.entered()).toEqual(["u1", "u2"]);
  });
});

describe("other triggers before everyone is in", () => {
  test("who was never sent is counted; so is who may enter twice", async () => {
    const first = await partial();
    expect(plan(entry({ triggers: ["2"] }), first)).toMatchObject({
      verb: "replace",
      warnings: ["never sent in the entry before, which ends here: 3 people"],
    });
    bench.emulator.fault({ kind: "drop-after", endpoint: "journey.enter" });
    const second = await bench.up(entry({ triggers: ["2"], onUnknown: "resend" }), first);
    expect(plan(entry({ triggers: ["3"], onUnknown: "resend" }), second).warnings).toEqual([
      "never sent in the entry before, which ends here: 3 people",
      "nobody knows whether the entry before entered 2 people; if it did, they may enter twice",
      expect.stringMatching(/^onUnknown: "resend" is said before anything is unknown/),
    ]);
  });

  test("whose journey can't take anybody: nothing is planned", async () => {
    const first = await partial();
    const planned = bench.plan(entry({ triggers: ["2"], journey: { status: "paused" } }), first);
    expect([planned.plan, planned.refusal?.code]).toEqual([undefined, "illegal-move"]);
  });

  test("the rest of people whose journey can't take them now is no refusal, but said", async () => {
    const first = await partial();
    const paused = plan(entry({ journey: { status: "paused" } }), first);
    expect(paused.steps).toEqual([]);
    expect(paused.warnings).toEqual(["3 people can't be entered yet: nobody can be entered: the journey is paused"]);
  });
});

describe("onUnknown that is still declared when another outcome is unknown", () => {
  const lose = (after = 0) => bench.emulator.fault({ kind: "drop-after", endpoint: "journey.enter", after });

  test.each(["accept", "resend"] as const)("%s is said of a new entry to be said beforehand", (onUnknown) => {
    expect(plan(entry({ onUnknown })).warnings).toEqual([
      expect.stringMatching(`^onUnknown: "${onUnknown}" is said before anything is unknown: `),
    ]);
  });

  test("accept: each is reported once, and taken as entered by the run after that", async () => {
    const desired = entry({ onUnknown: "accept" });
    lose(1);
    const first = await bench.up(desired);
    expect(first.failure?.message).toMatch(
      /outcome-unknown: .*part 2 of 3.*\n.*\n.*entered: 2 people; not sent yet: 1 person\n.*run again if they are in it/,
    );
    expect(plan(desired, first).warnings).toEqual([
      "part 2 of 3 (users[2] to [3]), of which nobody knows, is taken as entered",
    ]);
    lose();
    const second = await bench.up(desired, first);
    expect(second.failure?.message).toMatch(/outcome-unknown: .*part 3 of 3/);
    const third = await bench.up(desired, second);
    expect(third).toMatchObject({ failure: undefined, state: { outcome: "accepted", peopleEntered: 5 } });
    expect(bench.entered()).toEqual(users);
  });

  test("resend: each is reported once, and sent again by the run after that, which says so first", async () => {
    const desired = entry({ onUnknown: "resend" });
    lose();
    const first = await bench.up(desired);
    expect(first.failure?.message).toMatch(
      /outcome-unknown: .*part 1 of 3.*\n.*\n.*may or may not have entered; .*\n.*run again to send them again, or/,
    );
    expect(bench.entered()).toEqual(["u1", "u2"]);
    const { warnings, steps } = plan(desired, first);
    expect(steps).toEqual([{ name: "enter 5 people (3 calls)" }]);
    expect(warnings).toEqual([
      "part 1 of 3 (users[0] to [1]), of which nobody knows, is sent again: whoever did enter enters twice",
    ]);
    await bench.up(desired, first);
    expect(bench.entered()).toEqual(["u1", "u2", ...users]);
  });

  test("resend of people who are declared otherwise by now: not sent, and said", async () => {
    lose();
    const first = await bench.up(entry());
    const next = await bench.up(entry({ onUnknown: "resend", users: ["x", ...users.slice(1)] }), first);
    expect(next.failure?.message).toMatch(
      /outcome-unknown: .*\n.*\n.*\n.*"accept" .*, or declare them as they were to send/,
    );
    expect(bench.entered()).toEqual(users);
    const settled = await bench.up(entry({ onUnknown: "accept" }), next);
    expect(settled.failure).toBeUndefined();
    expect(bench.entered()).toEqual(users);
  });
});
