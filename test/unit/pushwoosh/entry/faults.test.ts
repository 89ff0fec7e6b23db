import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "../../../../provider/core/resource";
import { type FaultKind, faultKinds } from "../../../../provider/emulator";
import type { EntryInputs } from "../../../../provider/pushwoosh/entry/inputs";
import { journeyEntry } from "../../../../provider/pushwoosh/entry/resource";
import type { EntryState } from "../../../../provider/pushwoosh/entry/state";
import { startBench } from "../people-bench";

type Bench = Awaited<ReturnType<typeof startBench<EntryInputs, EntryState>>>;
type Kept = Outcome<EntryState>;

let bench: Bench;
beforeAll(async () => {
  // A silent platform is given up on quickly; everything else is as it ships.
  bench = await startBench(journeyEntry, { settings: { headersTimeout: "400", bodyTimeout: "400" } });
});
afterAll(() => bench.close());

let serial = 0;
const users = ["canary-user-1", "canary-user-2", "canary-user-3", "canary-user-4", "canary-user-5"];

/** A journey, a declaration and a name of its own. */
function scene() {
  serial += 1;
  const journeyId = bench.journey(`Case ${serial}`);
  const more = { urn: `${bench.urn}-${serial}`, name: `case-${serial}` };
  const entry = (overrides: Partial<EntryInputs> = {}): EntryInputs => ({
    journeyId,
    users,
    partSize: 2,
    ...overrides,
  });
  return { journeyId, more, entry };
}

const kinds = Object.keys(faultKinds) as FaultKind[];
/** Faults after which the call may have worked. */
const unclear = new Set<FaultKind>(kinds.filter((kind) => /after|500|502|drop|hang|truncate/.test(kind)));
const harmless = new Set<FaultKind>(["delay", "429"]);
const committed = new Set<FaultKind>(kinds.filter((kind) => /after|truncate/.test(kind)));
const cases = [0, 1, 2].flatMap((part) => kinds.map((kind) => [part, kind] as const));

/** Which people the state says were entered, which it doesn't know of, and which were not sent. */
function account({ state }: Kept) {
  const of = (...outcomes: string[]) =>
    state.parts
      .filter(({ outcome }) => outcomes.includes(outcome))
      .flatMap(({ start, people = 0 }) => users.slice(start, start + people));
  return { entered: of("accepted", "assumed"), unknown: of("unknown"), unsent: of("unsent") };
}

const twice = (people: string[]) => people.filter((person, index) => people.indexOf(person) !== index);

async function attempt(run: Promise<Kept>): Promise<{ kept?: Kept; error?: string }> {
  try {
    const kept = await run;
    return { kept, error: kept.failure?.message };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

describe.each(cases)("part %i, %s", (part, kind) => {
  test("nobody is entered twice, and nobody is left out silently", async () => {
    const { journeyId, more, entry } = scene();
    const id = journeyId;
    bench.emulator.fault({ kind, endpoint: "journey.enter", id, after: part, delayMs: 10, retryAfter: 0 });
    const first = await attempt(bench.up(entry(), undefined, more));
    expect(twice(bench.entered(journeyId))).toEqual([]);
    for (const user of users) expect(first.error ?? "").not.toContain(user);

    if (harmless.has(kind)) {
      expect(first.error).toBeUndefined();
      expect(bench.entered(journeyId)).toEqual(users);
      return;
    }
    expect(first.error).toMatch(
      unclear.has(kind)
        ? /^outcome-unknown: /
        : part === 0
          ? /refused|unauthorized|forbidden|not-found/
          : /^partly-done: /,
    );
    if (first.kept) {
      const { entered, unknown, unsent } = account(first.kept);
      expect([...entered, ...unknown, ...unsent].sort()).toEqual(users);
      expect(unknown.length > 0).toBe(unclear.has(kind));
      expect(bench.entered(journeyId)).toEqual(committed.has(kind) ? [...entered, ...unknown] : entered);
    } else {
      expect(bench.entered(journeyId)).toEqual([]);
    }

    // The next run sends what was not sent, and leaves alone what nobody knows.
    await bench.restart();
    const second = await attempt(bench.up(entry(), first.kept, more));
    expect(twice(bench.entered(journeyId))).toEqual([]);
    if (!unclear.has(kind)) {
      expect(second.error).toBeUndefined();
      expect(bench.entered(journeyId).sort()).toEqual(users);
      return;
    }
    expect(second.error).toMatch(/^outcome-unknown: /);
    expect(second.kept?.state.outcome).toBe("unknown");
    expect(account(second.kept!).unsent).toEqual([]);

    // A person decides.
    await bench.restart();
    const onUnknown = committed.has(kind) ? "accept" : "resend";
    const third = await bench.up(entry({ onUnknown }), second.kept, more);
    expect(third.failure).toBeUndefined();
    expect(third.state).toMatchObject({ outcome: "accepted", peopleEntered: 5 });
    expect(bench.entered(journeyId).sort()).toEqual(users);
    expect(bench.plan(entry({ onUnknown }), third, more).plan).toMatchObject({ verb: "none", warnings: [] });
  });
});

describe("killed", () => {
  const moments = (["before", "after"] as const).flatMap((moment) => [0, 1, 2].map((part) => [moment, part] as const));

  test.each(moments)("%s the platform takes part %i: the next run goes on from the record", async (moment, part) => {
    const { journeyId, more, entry } = scene();
    let seen = 0;
    const reached = new Promise<void>((resolve) => {
      bench.emulator.on(moment, { endpoint: "journey.enter", id: journeyId }, () => {
        if (seen++ !== part) return;
        resolve();
        return new Promise(() => {});
      });
    });
    void bench.up(entry(), undefined, more).catch(() => {});
    await reached;
    bench.kill();

    const { plan } = bench.plan(entry(), undefined, more);
    expect(plan?.warnings[0]).toMatch(/an earlier run was cut off/);
    const next = await bench.up(entry(), undefined, more);
    expect(next.failure?.message).toMatch(/outcome-unknown/);
    expect(account(next).unknown).toEqual(users.slice(part * 2, part * 2 + 2));
    expect(account(next).unsent).toEqual([]);
    expect(twice(bench.entered(journeyId))).toEqual([]);

    await bench.restart();
    const settled = await bench.up(entry({ onUnknown: moment === "after" ? "accept" : "resend" }), next, more);
    expect(settled.failure).toBeUndefined();
    expect(bench.entered(journeyId).sort()).toEqual(users);
  });

  test("after everything was sent, before the state was saved: nothing is sent again", async () => {
    const { journeyId, more, entry } = scene();
    await bench.up(entry(), undefined, more);
    bench.kill();
    const next = await bench.up(entry(), undefined, more);
    expect(next.failure).toBeUndefined();
    expect(next.state.outcome).toBe("accepted");
    expect(bench.entered(journeyId)).toEqual(users);
  });

  test("a replacement killed half way goes on with the new entry, not a third one", async () => {
    const { journeyId, more, entry } = scene();
    const first = await bench.up(entry({ triggers: ["1"] }), undefined, more);
    await bench.restart();
    await bench.up(entry({ triggers: ["2"] }), first, more);
    bench.kill();
    await bench.up(entry({ triggers: ["2"] }), first, more);
    expect(bench.entered(journeyId)).toEqual([...users, ...users]);
  });

  test("in an update: the state is older than the record", async () => {
    const { journeyId, more, entry } = scene();
    bench.emulator.fault({ kind: "403", endpoint: "journey.enter", id: journeyId, after: 1 });
    const first = await bench.up(entry(), undefined, more);
    await bench.restart();
    await bench.up(entry(), first, more);
    bench.kill();
    const again = await bench.up(entry(), first, more);
    expect(again.failure).toBeUndefined();
    expect(bench.entered(journeyId)).toEqual(users);
  });

  test("the list was changed meanwhile: nobody of the rest is guessed at, and that is said", async () => {
    const { journeyId, more, entry } = scene();
    bench.emulator.fault({ kind: "403", endpoint: "journey.enter", id: journeyId, after: 1 });
    await bench.up(entry(), undefined, more);
    bench.kill();
    const changed = entry({ users: ["canary-user-0", ...users] });
    const { plan } = bench.plan(changed, undefined, more);
    expect(plan?.warnings.join("\n")).toMatch(/never entered, and not entered now: 3 people/);
    const next = await bench.up(changed, undefined, more);
    expect(next.state.outcome).toBe("partial");
    expect(bench.entered(journeyId)).toEqual(users.slice(0, 2));
    await bench.restart();
    expect(bench.plan(changed, next, more).plan?.warnings.join("\n")).toMatch(
      /never entered, and not entered now: 3 people/,
    );
    await bench.up(entry(), next, more);
    expect(bench.entered(journeyId)).toEqual(users);
  });

  test("an abandoned entry is forgotten once other triggers began another", async () => {
    const { journeyId, more, entry } = scene();
    await bench.up(entry({ triggers: ["1"] }), undefined, more);
    bench.kill();
    const second = await bench.up(entry({ triggers: ["2"] }), undefined, more);
    await bench.restart();
    await bench.up(entry({ triggers: ["1"] }), second, more);
    expect(bench.entered(journeyId)).toHaveLength(15);
  });
});

test("a run nobody waits for sends no further part", async () => {
  const { journeyId, more, entry } = scene();
  const stop = new AbortController();
  bench.emulator.on("after", { endpoint: "journey.enter", id: journeyId }, () => stop.abort());
  const first = await bench.up(entry(), undefined, { ...more, signal: stop.signal });
  expect(first.failure?.message).toMatch(/nobody waits/);
  expect(bench.entered(journeyId)).toEqual(users.slice(0, 2));
  await bench.up(entry(), first, more);
  expect(bench.entered(journeyId)).toEqual(users);
});

test("no user id is in a record, a log, a plan or the plain state", async () => {
  expect(await bench.records()).toMatch(/enter part/);
  expect(await bench.records()).not.toContain("canary");
  expect(bench.logs.join("\n")).not.toContain("canary");
  const { more, entry } = scene();
  const kept = await bench.up(entry(), undefined, more);
  const plain = Object.fromEntries(
    Object.entries(kept.state).filter(([name]) => !journeyEntry.secretOutputs.includes(name)),
  );
  expect(JSON.stringify(plain)).not.toContain("canary");
  const { plan } = bench.plan(entry({ users: [...users, "canary-user-6"], triggers: ["x"] }), kept, more);
  expect(JSON.stringify(plan)).not.toContain("canary");
});
