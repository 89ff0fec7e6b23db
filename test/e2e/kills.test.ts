// Engine and provider process are killed at every turn. Afterwards at most two runs bring the journey to what is declared, or
// the first stops and says what to do: nothing twice, nothing lost, nothing left paused.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../provider/emulator";
import { idsOf, inputs, textOf } from "./canvas";
import { EngineProcess, Site } from "./killed";

interface Kill {
  /** What the killed run does: to a journey that runs, but for `create`. */
  run: "create" | "edit" | "delete" | "pause" | "finish";
  victim: "provider" | "engine";
  /**
   * The call around which it happens: `before` (never taken by the platform) or `during` (taken, and nobody hears the
   * answer); for the engine also a point of its own.
   */
  at:
    | `${"before" | "during"} ${"create" | "pause" | "update" | "start" | "finish" | "archive"}`
    | `${"before-call" | "after-answer" | "after-save"}:1`;
  records?: "lost";
  list?: "on";
  /** Back to what was declared before the killed run. */
  commit?: "reverted";
  /** The calls a provider makes after its engine is gone; it then ends. */
  alone?: string[];
  /** The first run afterwards stops like this. Undefined: it goes through. */
  stops?: RegExp;
  /** The second run goes through after the first has stopped. */
  thenGoesThrough?: true;
  refreshFirst?: true;
}

const kills: Kill[] = [
  { run: "create", victim: "provider", at: "before create", stops: /create-unresolved.*adoptId.*delete the record/s },
  { run: "create", victim: "provider", at: "during create", stops: /create-unresolved.*adoptId.*delete the record/s },
  { run: "create", victim: "provider", at: "during create", list: "on" },
  {
    run: "create",
    victim: "provider",
    at: "during create",
    list: "on",
    records: "lost",
    stops: /already-exists.*adoptId/s,
  },
  { run: "create", victim: "provider", at: "before start" },
  { run: "create", victim: "provider", at: "during start" },
  {
    run: "create",
    victim: "provider",
    at: "during start",
    list: "on",
    records: "lost",
    stops: /already-exists.*adoptId/s,
  },
  { run: "create", victim: "engine", at: "during create", alone: ["create"] },
  { run: "create", victim: "engine", at: "before-call:1" },
  { run: "create", victim: "engine", at: "after-answer:1" },
  {
    run: "create",
    victim: "engine",
    at: "after-answer:1",
    list: "on",
    records: "lost",
    stops: /already-exists.*adoptId/s,
  },
  { run: "create", victim: "engine", at: "after-save:1" },

  { run: "edit", victim: "provider", at: "before pause" },
  { run: "edit", victim: "provider", at: "during pause" },
  { run: "edit", victim: "provider", at: "during pause", commit: "reverted" },
  {
    run: "edit",
    victim: "provider",
    at: "during pause",
    records: "lost",
    stops: /paused-outside.*preview again/s,
    thenGoesThrough: true,
  },
  { run: "edit", victim: "provider", at: "before update" },
  { run: "edit", victim: "provider", at: "during update" },
  { run: "edit", victim: "provider", at: "during update", commit: "reverted" },
  { run: "edit", victim: "provider", at: "during update", list: "on", records: "lost", refreshFirst: true },
  { run: "edit", victim: "provider", at: "before start" },
  { run: "edit", victim: "provider", at: "during start", commit: "reverted" },
  { run: "edit", victim: "engine", at: "during pause", alone: ["pause", "update", "start"] },
  { run: "edit", victim: "engine", at: "during update", records: "lost", alone: ["pause", "update", "start"] },
  { run: "edit", victim: "engine", at: "during start", commit: "reverted", alone: ["pause", "update", "start"] },
  { run: "edit", victim: "engine", at: "after-answer:1" },
  { run: "edit", victim: "engine", at: "after-answer:1", commit: "reverted" },
  { run: "edit", victim: "engine", at: "after-answer:1", records: "lost" },

  {
    run: "pause",
    victim: "provider",
    at: "during pause",
    records: "lost",
    stops: /paused-outside/,
    thenGoesThrough: true,
  },
  { run: "finish", victim: "provider", at: "during finish" },
  { run: "delete", victim: "provider", at: "during finish" },
  { run: "delete", victim: "provider", at: "before archive" },
  { run: "delete", victim: "provider", at: "during archive" },
  { run: "delete", victim: "provider", at: "during archive", records: "lost", stops: /look at .*pulumi state delete/s },
  { run: "delete", victim: "engine", at: "during finish", alone: ["finish"] },
  { run: "delete", victim: "engine", at: "after-answer:1" },
];

const titleOf = ({ run, victim, at, records, list, commit }: Kill): string =>
  [`${run}: ${victim} ${at}`, records && "records lost", list && "list on", commit && "commit reverted"]
    .filter(Boolean)
    .join(", ");

let emulator: Emulator;
let seed: Site;
const config = (list?: "on") => ({
  "journeys:pushwooshApiToken": { value: "test-token", secret: true },
  "journeys:pushwooshJourneyUrl": emulator.url,
  "journeys:pushwooshUseUndocumentedList": list === "on",
  "journeys:requestRate": 0,
  "journeys:headersTimeout": 6000,
});

beforeAll(async () => {
  emulator = await startEmulator({ pushwoosh: { list: "on", listPageSize: 1000 } });
  seed = new Site(config());
  for (const kill of kills) {
    const title = titleOf(kill);
    if (kill.run !== "create") seed.declared[title] = inputs(title, { status: "running" });
  }
  expect((await seed.run()).failure).toBeUndefined();
});

afterAll(async () => {
  seed?.remove();
  await emulator?.close();
});

describe.concurrent("killed", () => {
  test.for(kills.map((kill) => ({ ...kill, title: titleOf(kill) })))("$title", async (kill) => {
    const site = new Site(config(kill.list));
    try {
      await story(kill, site);
    } finally {
      site.remove();
    }
  });
});

async function story(kill: Kill & { title: string }, site: Site): Promise<void> {
  const { title, run, alone, stops } = kill;
  const before = run === "create" ? {} : { [title]: inputs(title, { status: "running" }) };
  const after = { [title]: inputs(title, { status: statusAfter[run] }, run === "edit" ? "Edited" : undefined) };
  const idsBefore = run === "create" ? undefined : idsOf(emulator.pushwoosh.journey(title));
  if (run !== "create") site.copyState(seed, title);
  site.declared = run === "delete" ? {} : after;
  const from = emulator.journal.length;
  await dieIn(kill, site, () => calls(title, from));
  if (alone) expect(calls(title, from), "what the provider did alone").toEqual(alone);

  if (kill.records === "lost") site.loseRecords();
  if (kill.commit === "reverted") site.declared = before;
  if (kill.refreshFirst) expect((await site.run("refresh")).failure).toBeUndefined();
  const first = await site.run();
  if (stops) expect(first.failure).toMatch(stops);
  else expect(first.failure).toBeUndefined();
  const second = await site.run();
  if (!stops) expect(second, "the second run").toMatchObject({ ok: true, changed: 0 });
  else if (kill.thenGoesThrough) expect(second.failure).toBeUndefined();
  else expect(second.failure).toMatch(stops);

  const found = emulator.pushwoosh.journeys(title);
  if (kill.at === "before create") return expect(found).toEqual([]);
  expect(found.length, "journeys of this title").toBe(1);
  expect(emulator.writes({ endpoint: "journey.create", title })).toBe(1);
  const [journey] = found;
  if (run === "delete") return expect(journey?.status).toBe("STATUS_ARCHIVED");
  if (idsBefore) expect(idsOf(journey!)).toEqual(idsBefore);
  if (stops && !kill.thenGoesThrough) return;
  expect(journey?.status).toBe(`STATUS_${statusAfter[run].toUpperCase()}`);
  expect(textOf(journey!)).toBe(run === "edit" && !kill.commit ? "Edited" : "Hello");
}

const statusAfter = {
  create: "running",
  edit: "running",
  delete: "running",
  pause: "paused",
  finish: "finished",
} as const;

/** The writing calls made for a journey. */
const calls = (title: string, from: number): string[] =>
  emulator.journal
    .slice(from)
    .filter(({ titles, method }) => titles.includes(title) && method !== "GET")
    .map(({ endpoint }) => endpoint.replace("journey.", ""));

/** How long a provider takes to notice that its engine is gone, and more. */
const noticed = 1500;

/** Runs it, and kills it where it shall die. Returns when engine and provider are gone. */
async function dieIn({ title, victim, at }: Kill & { title: string }, site: Site, made: () => string[]): Promise<void> {
  const [moment = "", call] = at.split(" ");
  const engine = victim === "engine" ? site.start(call ? {} : { stop: at }) : site.startHere();
  let killed = call === undefined;
  const release = emulator.on("before", { endpoint: `journey.${call}`, title }, async () => {
    killed = true;
    if (!(engine instanceof EngineProcess)) return engine.killProvider();
    engine.kill();
    await delay(noticed);
  });
  if (moment === "before") emulator.fault({ kind: "drop-before", endpoint: `journey.${call}`, title });
  await engine.ended;
  release();
  expect(killed, `no call ${call} came; ${made()}; ${engine.text.slice(-2000)}`).toBe(true);
  // One that was at work ends by itself; an idle one isn't told, and outlives its engine.
  if (call && victim === "engine") expect(await engine.providerEnds(20_000), "the provider ends").toBe(true);
  engine.sweep();
}
