import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { validate } from "../../../../provider/core/validate";
import { UNKNOWN } from "../../../../provider/core/values";
import { type FaultKind, faultKinds } from "../../../../provider/emulator";
import { type RemovalInputs, removalInputs, removalProblems } from "../../../../provider/pushwoosh/removal/inputs";
import { userRemoval } from "../../../../provider/pushwoosh/removal/resource";
import type { RemovalState } from "../../../../provider/pushwoosh/removal/state";
import { startBench } from "../people-bench";

let bench: Awaited<ReturnType<typeof startBench<RemovalInputs, RemovalState>>>;
let journeyId: string;
beforeEach(async () => {
  bench = await startBench(userRemoval, { settings: { headersTimeout: "400", bodyTimeout: "400" } });
  journeyId = bench.journey("Welcome");
});
afterEach(() => bench.close());

const userIds = ["canary-user-1", "canary-user-2", "canary-user-3"];
const removal = (overrides: Partial<RemovalInputs> = {}): RemovalInputs => ({
  userIds,
  journeyIds: [journeyId],
  ...overrides,
});
const calls = () => bench.emulator.requests({ endpoint: "journey.dropUsers" });
const removed = () => new Set(bench.emulator.pushwoosh.removals().flatMap(({ users }) => users));

test("people are removed from the journeys named", async () => {
  const other = bench.journey("Other");
  expect(bench.plan(removal()).plan).toMatchObject({
    verb: "create",
    steps: [{ name: "remove 3 people from 1 journey" }],
  });
  const kept = await bench.up(removal());
  expect(kept.state).toMatchObject({ peopleRemoved: 3, removedAt: expect.stringMatching(/Z$/) });
  expect(bench.emulator.pushwoosh.removals()).toMatchObject([{ users: userIds, journeyIds: [journeyId] }]);
  expect(bench.emulator.pushwoosh.removals()[0]?.journeyIds).not.toContain(other);
});

test("all journeys, with its own consent", async () => {
  const other = bench.journey("Other");
  const all = { journeyIds: undefined, allJourneys: true as const };
  expect(removalProblems(removal(all))).toEqual([
    {
      path: ["allJourneys"],
      reason: "reaches journeys this program doesn't declare: set allowAllJourneys: true if that is meant",
    },
  ]);
  await expect(bench.up(removal(all))).rejects.toThrow(/allowAllJourneys/);
  expect(calls()).toBe(0);
  const desired = removal({ ...all, allowAllJourneys: true });
  expect(bench.plan(desired).plan?.steps).toEqual([
    { name: "remove 3 people from all active journeys of the account" },
  ]);
  await bench.up(desired);
  expect(bench.emulator.pushwoosh.removals()[0]?.journeyIds.toSorted()).toEqual([journeyId, other].toSorted());
});

test("either journeys or all of them", () => {
  expect(removalProblems(removal({ journeyIds: undefined }))[0]?.reason).toMatch(/is required, or allJourneys: true/);
  expect(removalProblems(removal({ allJourneys: true, allowAllJourneys: true }))[0]?.reason).toMatch(
    /beside journeyIds/,
  );
  expect(removalProblems(removal({ journeyIds: UNKNOWN as never }))).toEqual([]);
  const shape = (inputs: object) =>
    validate(removalInputs, inputs).map(({ path, reason }) => `${path.join(".")}: ${reason}`);
  expect(shape(removal())).toEqual([]);
  expect(shape(removal({ userIds: [] }))).toEqual(["userIds: must have at least 1 item"]);
  expect(shape(removal({ journeyIds: [] }))).toEqual(["journeyIds: must have at least 1 item"]);
  expect(shape(removal({ allJourneys: false as never }))).toHaveLength(1);
});

test("a long list goes in parts, each person once", async () => {
  await bench.up(removal({ userIds: ["a", "b", "a", "c", "d", "e"], partSize: 2 }));
  expect(bench.emulator.pushwoosh.removals().map(({ users }) => users)).toEqual([["a", "b"], ["c", "d"], ["e"]]);
});

test("triggers do it again; any other change is recorded without a call, and warned of", async () => {
  let kept = await bench.up(removal({ triggers: ["1"] }));
  const longer = removal({ triggers: ["1"], userIds: [...userIds, "canary-user-4"] });
  const { plan } = bench.plan(longer, kept);
  expect(plan).toMatchObject({
    verb: "update",
    steps: [],
    warnings: [expect.stringMatching(/userIds changed: recorded/)],
  });
  expect(JSON.stringify(plan)).not.toContain("canary");
  kept = await bench.up(longer, kept);
  expect(kept.state.peopleRemoved).toBe(3);
  expect(bench.plan(longer, kept).plan?.verb).toBe("none");
  for (const triggers of [[UNKNOWN], UNKNOWN as never])
    expect(bench.plan({ ...longer, triggers }, kept).plan?.verb).toBe("update");
  kept = await bench.up(longer, await bench.refresh(kept));
  expect(calls()).toBe(1);
  const again = bench.plan({ ...longer, triggers: ["2"] }, kept).plan;
  expect(again).toMatchObject({ verb: "replace", changes: [{ path: ["triggers"], replaces: true }] });
  kept = await bench.up({ ...longer, triggers: ["2"] }, kept);
  expect(calls()).toBe(2);
  expect(kept.state.peopleRemoved).toBe(4);
  await bench.delete(kept);
  expect(calls()).toBe(2);
});

test("an engine that replaces or updates for its own reasons removes nobody", async () => {
  const kept = await bench.up(removal({ triggers: ["1"] }));
  await bench.restart();
  bench.plan(removal({ triggers: ["1"] }), kept);
  const next = await userRemoval.create(removal({ triggers: ["1"] }), bench.context());
  expect(next.state.removedAt).toBe(kept.state.removedAt);
  const update = userRemoval.update(kept.id, kept.state, removal({ triggers: ["2"] }), bench.context());
  await expect(update).rejects.toThrow(/guard-tripped/);
  expect(calls()).toBe(1);
});

describe.each(Object.keys(faultKinds) as FaultKind[])("a fault of kind %s", (kind) => {
  const isFinal = ["refuse", "401", "403", "404"].includes(kind);

  test(isFinal ? "is reported, and the next run does all of it" : "is passed by sending it again", async () => {
    bench.emulator.fault({ kind, endpoint: "journey.dropUsers", after: 1, delayMs: 10, retryAfter: 0 });
    const run = bench.up(removal({ partSize: 2 }));
    if (isFinal) {
      const error = await run.then(String, String);
      expect(error).toMatch(
        /user removal "people".*\n\s+now:\s+removed: 2 people\n\s+next:.*the next run removes all of them/s,
      );
      expect(error).not.toContain("canary");
      await bench.up(removal({ partSize: 2 }));
    } else await run;
    expect([...removed()].sort()).toEqual(userIds);
  });
});

test("an answer that doesn't say that it worked is an error", async () => {
  const answers = [{ success: false, message: "canary-user-1 is odd" }, {}, "text", { error: "no" }];
  const { createServer } = await import("node:http");
  const server = createServer((_request, response) => response.end(JSON.stringify(answers.shift())));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const elsewhere = await startBench(userRemoval, { settings: { pushwooshJourneyUrl: `http://127.0.0.1:${port}` } });
  await expect(elsewhere.up(removal())).rejects.toThrow(/unexpected-answer: .*drop users: \[secret\] is odd/);
  for (let count = 0; count < 3; count++) await expect(elsewhere.up(removal())).rejects.toThrow(/unexpected-answer/);
  await elsewhere.close();
  server.close();
});

test("a run nobody waits for makes no further call", async () => {
  const stop = new AbortController();
  bench.emulator.on("after", { endpoint: "journey.dropUsers" }, () => stop.abort());
  await expect(bench.up(removal({ partSize: 2 }), undefined, { signal: stop.signal })).rejects.toThrow(/engine-gone/);
  expect(calls()).toBe(1);
});
