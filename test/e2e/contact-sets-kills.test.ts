// Engine and provider process are killed while a set is written: between two batches and inside one, while people leave, while
// the set goes. The next run finds out by looking and does what remains: nobody twice, nobody lost, nothing sent again.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { engagelab } from "../../provider";
import { type Emulator, type JournalEntry, startEmulator } from "../../provider/emulator";
import { EngineProcess, Site } from "./killed";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

interface Kill {
  /** What the killed run does, to a set of nine that exists, but for `create`. */
  run: "create" | "edit" | "remove" | "destroy";
  victim: "provider" | "engine";
  /**
   * The call around which it happens, counted from 1: `before` (never taken by the platform, so between two batches) or
   * `during` (taken, and nobody hears the answer); for the engine also a point of its own.
   */
  at: `${"before" | "during"} ${"upsert" | "delete"} ${number}` | `after-answer:1`;
  records?: "lost";
  /** Back to what was declared before the killed run. */
  commit?: "reverted";
  /** A file of so many people, in batches as large as they come. */
  rows?: number;
}

const kills: Kill[] = [
  { run: "create", victim: "provider", at: "before upsert 2" },
  { run: "create", victim: "provider", at: "during upsert 2" },
  { run: "create", victim: "provider", at: "during upsert 2", records: "lost" },
  { run: "create", victim: "provider", at: "before upsert 2", rows: 2500 },
  { run: "create", victim: "engine", at: "during upsert 2" },
  { run: "create", victim: "engine", at: "after-answer:1" },
  { run: "edit", victim: "provider", at: "before upsert 2" },
  { run: "edit", victim: "provider", at: "during upsert 2" },
  { run: "edit", victim: "provider", at: "during upsert 2", commit: "reverted" },
  { run: "edit", victim: "engine", at: "during upsert 1", records: "lost" },
  { run: "remove", victim: "provider", at: "before delete 2" },
  { run: "remove", victim: "provider", at: "during delete 2" },
  { run: "remove", victim: "engine", at: "during delete 1" },
  { run: "destroy", victim: "provider", at: "during delete 5" },
  { run: "destroy", victim: "engine", at: "after-answer:1" },
];

const titleOf = ({ run, victim, at, records, commit, rows }: Kill): string =>
  [`${run}, ${victim} ${at}`, rows && `${rows} rows`, records && "records lost", commit && "commit reverted"]
    .filter(Boolean)
    .join(", ");

const MEMBERS = 9;
const LEAVING = 3;
/** Members the emulator takes at once: a set of nine becomes four calls. */
const MOST = 3;

let emulator: Emulator;
let large: Emulator;
let seed: Site<engagelab.ContactSetArgs>;
const config = ({ url }: Emulator) => ({
  "journeys:engagelabUrl": url,
  "journeys:engagelabApiUser": "user",
  "journeys:engagelabApiKey": { value: "key", secret: true },
  "journeys:engagelabRate": 0,
  // One call after another, so that "the second batch" means the same each time.
  "journeys:engagelabConcurrency": 1,
  "journeys:headersTimeout": 6000,
});
const siteOn = (on: Emulator) => new Site<engagelab.ContactSetArgs>(config(on), "engagelab.ContactSet");

const slugOf = (title: string) => title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
const member = (title: string, number: number, name: string) => ({
  email: `${slugOf(title)}.${number}@example.com`,
  name,
});
const people = (title: string, count: number, name = "Before") => ({
  members: Array.from({ length: count }, (_, index) => member(title, index, name)),
  onRemoval: "delete" as const,
});

beforeAll(async () => {
  emulator = await startEmulator({ engagelab: { maxMembers: MOST } });
  large = await startEmulator();
  seed = siteOn(emulator);
  for (const kill of kills) if (kill.run !== "create") seed.declared[titleOf(kill)] = people(titleOf(kill), MEMBERS);
  expect((await seed.run()).failure).toBeUndefined();
});
afterAll(async () => {
  seed?.remove();
  await Promise.all([emulator?.close(), large?.close()]);
});

describe.concurrent("killed", () => {
  test.for(kills.map((kill) => ({ ...kill, title: titleOf(kill) })))("$title", async (kill) => {
    const site = siteOn(kill.rows ? large : emulator);
    try {
      await story(kill, site, kill.rows ? large : emulator);
    } finally {
      site.remove();
    }
  });
});

async function story(
  kill: Kill & { title: string },
  site: Site<engagelab.ContactSetArgs>,
  on: Emulator,
): Promise<void> {
  const { title, run, rows, records, commit } = kill;
  const all = () => on.engagelab.contacts().filter(({ email }) => email.startsWith(`${slugOf(title)}.`));
  const idsBefore = new Map(all().map(({ email, id }) => [email, id]));
  const before = people(title, MEMBERS);
  const wanted = {
    create: people(title, MEMBERS),
    edit: people(title, MEMBERS, "After"),
    remove: people(title, MEMBERS - LEAVING),
    destroy: undefined,
  }[run];
  if (run !== "create") site.copyState(seed, title);
  if (rows) site.declared = { [title]: fileOf(title, rows, site) };
  else if (wanted) site.declared = { [title]: wanted };
  const from = on.journal.length;
  const done = await dieIn(kill, site, on);
  if (records === "lost") site.loseRecords();
  if (commit === "reverted") site.declared = { [title]: before };

  const first = await site.run();
  expect(first.failure).toBeUndefined();
  expect(await site.run(), "the second run").toMatchObject({ ok: true, changed: 0 });

  const own = on.journal
    .slice(from)
    .filter(({ titles }) => titles.some((email) => email.startsWith(`${slugOf(title)}.`)));
  const names = (
    rows
      ? Array.from({ length: rows }, (_, n) => member(title, n, "Before"))
      : ((commit ? before : wanted)?.members ?? [])
  ).map(({ email, name }) => [email, name]);
  expect(
    all()
      .map(({ email, name }) => [email, name])
      .sort(),
  ).toEqual(names.sort());
  for (const { email, id } of all()) if (idsBefore.has(email)) expect(id, email).toBe(idsBefore.get(email));
  // Whoever was done in the killed run is not written again, unless that is undone.
  const writes = own
    .filter(({ committed, endpoint }) => committed && endpoint === "contact.upsert")
    .flatMap(({ titles }) => titles);
  const expected = commit
    ? [...done, ...done]
    : run === "create" || run === "edit"
      ? names.map(([email]) => email)
      : [];
  expect(writes.sort()).toEqual(expected.sort());
  const deleted = on.engagelab.deletions().filter(({ contact }) => contact.email.startsWith(`${slugOf(title)}.`));
  expect(deleted.length).toBe(run === "remove" ? LEAVING : run === "destroy" ? MEMBERS : 0);
  const saved = site.saved.deployment.resources.find(({ urn }) => urn.endsWith(`::${title}`));
  if (run === "destroy") expect(saved).toBeUndefined();
  // Without records nobody can tell who made them: they count as there before, and are released when they leave.
  else
    expect(saved?.outputs).toMatchObject({
      memberCount: names.length,
      adoptedCount: run === "create" && records ? done.length : 0,
      missingCount: 0,
    });
}

function fileOf(title: string, rows: number, site: Site<engagelab.ContactSetArgs>): engagelab.ContactSetArgs {
  const lines = Array.from({ length: rows }, (_, number) => member(title, number, "Before")).map(
    ({ email, name }) => `${email},${name}`,
  );
  writeFileSync(join(site.folder, "people.csv"), `email,name\n${lines.join("\n")}\n`);
  return { source: { file: join(site.folder, "people.csv") } };
}

/** How long a provider takes to notice that its engine is gone, and more. */
const noticed = 1500;

/**
 * Runs it, and kills it where it shall die. Returns when engine and provider are gone.
 *
 * @returns who was written by then
 */
async function dieIn(
  { title, victim, at }: Kill & { title: string },
  site: Site<engagelab.ContactSetArgs>,
  on: Emulator,
): Promise<string[]> {
  const [moment = "", call, count] = at.split(" ");
  const from = on.journal.length;
  const engine = victim === "engine" ? site.start(call ? {} : { stop: at }) : site.startHere();
  const isOwn = ({ titles }: JournalEntry) => titles.some((email) => email.startsWith(`${slugOf(title)}.`));
  let seen = 0;
  let killed = call === undefined;
  const release = on.on("before", { endpoint: `contact.${call}` }, async (request) => {
    const { titles, endpoint } = request;
    if (!isOwn(request) || (on === emulator && titles.length > MOST) || ++seen !== Number(count)) return;
    killed = true;
    if (!(engine instanceof EngineProcess)) await engine.killProvider();
    else {
      engine.kill();
      await delay(noticed);
    }
    if (moment === "before") on.fault({ kind: "drop-before", endpoint, email: titles[0]! });
  });
  await engine.ended;
  if (call && victim === "engine") expect(await engine.providerEnds(20_000), "the provider ends").toBe(true);
  release();
  expect(killed, `no call ${at} came; ${engine.text.slice(-2000)}`).toBe(true);
  engine.sweep();
  const made = on.journal.slice(from).filter((request) => isOwn(request) && request.committed);
  // A provider whose engine is gone ends what it has begun, and begins nothing else.
  if (call) expect(made.length, "calls that took effect").toBe(moment === "before" ? Number(count) - 1 : Number(count));
  return made.filter(({ endpoint }) => endpoint === "contact.upsert").flatMap(({ titles }) => titles);
}
