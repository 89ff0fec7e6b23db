// An entry whose provider process or engine is killed: nobody is entered twice, and nobody is left out silently.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { pushwoosh } from "../../provider";
import { type Emulator, startEmulator } from "../../provider/emulator";
import type { OperationResult } from "../../provider/engine/index.js";
import { applicationCode } from "./canvas";
import { Site } from "./killed";

const users = ["u1", "u2", "u3", "u4", "u5", "u6", "u7"];
const endpoint = "journey.enter";

let emulator: Emulator;
const sites: Site<pushwoosh.JourneyEntryArgs>[] = [];
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(async () => {
  for (const site of sites) site.remove();
  await emulator?.close();
});

function siteFor(...titles: string[]): { site: Site<pushwoosh.JourneyEntryArgs>; ids: string[] } {
  const site = new Site<pushwoosh.JourneyEntryArgs>(
    {
      "journeys:pushwooshApiToken": { value: "test-token", secret: true },
      "journeys:pushwooshJourneyUrl": emulator.url,
      "journeys:requestRate": 0,
      "journeys:requestConcurrency": 0,
    },
    "pushwoosh.JourneyEntry",
  );
  sites.push(site);
  const ids = titles.map((title) => {
    const points = [{ uuid: "e", point_data: { start_by_api: {} } }];
    const journeyId = emulator.behind.createJourney({ title, params: { application_code: applicationCode }, points });
    emulator.behind.journey(journeyId).start();
    site.declared[title] = { journeyId, users, partSize: 2 };
    return journeyId;
  });
  return { site, ids };
}

/** Everyone who was entered into a journey: somebody entered twice is here twice. */
const entered = (id: string) =>
  [...emulator.pushwoosh.entered(id)].flatMap(([user, times]) => Array<string>(times).fill(user)).sort();

const good = ({ failure, ok }: OperationResult) => expect({ failure, ok }).toEqual({ failure: undefined, ok: true });

/** `before`: the platform never takes that part. */
const moments = [
  { at: "before", part: 1 },
  { at: "during", part: 1 },
  { at: "during", part: 2 },
  { at: "before", part: 3 },
] as const;

describe("the provider process is killed", () => {
  let site: Site<pushwoosh.JourneyEntryArgs>;
  let ids: string[];
  let next: OperationResult;

  // Four entries at once, each held at its own moment; then the process that sends them all is killed.
  beforeAll(async () => {
    ({ site, ids } = siteFor(...moments.map(({ at, part }) => `${at} ${part}`)));
    let held = 0;
    let release = () => {};
    const killed = new Promise<void>((resolve) => {
      release = resolve;
    });
    const engine = site.startHere();
    const hooks = moments.map(({ at, part }, index) => {
      const id = ids[index]!;
      if (at === "before") emulator.fault({ kind: "drop-before", endpoint, id, after: part - 1 });
      let seen = 0;
      return emulator.on("before", { endpoint, id }, async () => {
        seen += 1;
        if (seen !== part) return;
        held += 1;
        if (held === moments.length) await engine.killProvider().then(release);
        await killed;
      });
    });
    await engine.ended;
    engine.sweep();
    for (const unhook of hooks) unhook();
    expect(held, engine.text.slice(-2000)).toBe(moments.length);
    // Each has something left to send, and waits with it for all others: after a failure the engine begins nothing new.
    const missing = new Set(ids);
    const complete = new Promise<void>((resolve) => {
      emulator.on("before", { endpoint }, async ({ id = "" }) => {
        missing.delete(id);
        if (missing.size === 0) resolve();
        await complete;
      });
    });
    next = await site.run();
  });

  test.each(moments)("$at part $part: the next run sends the rest, and says what nobody knows", ({ at, part }) => {
    const id = ids[moments.findIndex((moment) => moment.at === at && moment.part === part)]!;
    const open = users.slice(part * 2 - 2, part * 2);
    expect(entered(id)).toEqual(at === "during" ? users : users.filter((user) => !open.includes(user)));
    const { error } = next.steps.find(({ name }) => name === `${at} ${part}`)!;
    expect(error).toMatch(new RegExp(`outcome-unknown: .*part ${part} of 4`));
  });

  test("another run sends nothing; what is decided is done, once", async () => {
    const before = ids.map(entered);
    expect((await site.run()).failure).toMatch(/outcome-unknown/);
    expect(ids.map(entered)).toEqual(before);
    for (const { at, part } of moments)
      Object.assign(site.declared[`${at} ${part}`]!, { onUnknown: at === "before" ? "resend" : "accept" });
    good(await site.run());
    expect(ids.map(entered)).toEqual(ids.map(() => users));
    good(await site.run());
    expect(ids.map(entered)).toEqual(ids.map(() => users));
  });
});

describe("the engine is killed", () => {
  test("while part 2 is sent: the provider sends no further part, and the next run goes on", async () => {
    const { site, ids } = siteFor("engine gone");
    const id = ids[0]!;
    const engine = site.start();
    let seen = 0;
    emulator.on("before", { endpoint, id }, async () => {
      seen += 1;
      if (seen !== 2) return;
      engine.kill();
      // A provider notices that its engine is gone.
      await delay(1500);
    });
    await engine.ended;
    expect(await engine.providerEnds(20_000)).toBe(true);
    engine.sweep();
    expect(seen, engine.text.slice(-2000)).toBe(2);
    expect(entered(id)).toEqual(users.slice(0, 4));
    good(await site.run());
    expect(entered(id)).toEqual(users);
  });

  test.each(["before-call:1", "after-answer:1", "after-save:1"])("%s: the next run does what is left", async (stop) => {
    const { site, ids } = siteFor(stop);
    const engine = site.start({ stop });
    await engine.ended;
    engine.sweep();
    expect(entered(ids[0]!)).toEqual(stop.startsWith("before") ? [] : users);
    good(await site.run());
    expect(entered(ids[0]!)).toEqual(users);
  });
});
