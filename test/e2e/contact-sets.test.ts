// The example with ten thousand contacts, through engine, provider process and HTTP: what a set costs, what it refuses, and
// that it says nothing of anybody.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Staged, stage } from "../../examples/demo/stage.mts";
import { type Emulator, startEmulator } from "../../provider/emulator";
import { type EngineEvent, type OperationResult, Stack } from "../../provider/engine/index.js";

vi.setConfig({ testTimeout: 180_000 });

let emulator: Emulator;
let example: Staged;
let stack: Stack;
const events: EngineEvent[] = [];
const texts: [string, string][] = [];
let lines: string[];
/** Contacts that have nothing to do with the set, and stay as they are. */
const crowd = Array.from({ length: 40 }, (_, n) => ({ email: `bystander.${n}@example.org`, tags: ["other"] }));

const write = (rows: readonly string[]) => writeFileSync(join(example.folder, "customers.csv"), `${rows.join("\n")}\n`);
const [writes, requests] = [() => emulator.writes(), () => emulator.requests()];
const bodies = () =>
  emulator.journal.flatMap(({ endpoint, body }) =>
    endpoint === "contact.upsert" ? [(body as { members: { email: string }[] }).members] : [],
  );
const run = async (operation: "up" | "preview" | "refresh" | "destroy"): Promise<OperationResult> => {
  const result = await stack[operation]();
  texts.push([operation, JSON.stringify(result, (_, value) => (value?.secret === true ? "[secret]" : value))]);
  return result;
};
const good = (result: OperationResult) => {
  expect({ ok: result.ok, failure: result.failure }).toEqual({ ok: true, failure: undefined });
  return result;
};
const told = ({ messages }: OperationResult) => messages.join("\n");

beforeAll(async () => {
  emulator = await startEmulator();
  emulator.engagelab.seed(crowd);
  example = stage("contact-set");
  const made = spawnSync(process.execPath, ["make-customers.mjs", "10000"], { cwd: example.folder, encoding: "utf8" });
  lines = made.stdout.trimEnd().split("\n");
  write(lines);
  stack = await Stack.create({
    program: { folder: example.folder },
    stateFile: join(example.folder, "state.json"),
    passphrase: "tests only",
    config: {
      "journeys:engagelabUrl": emulator.url,
      "journeys:engagelabApiUser": "user",
      "journeys:engagelabApiKey": { value: "key", secret: true },
      "journeys:engagelabRate": 0,
      "journeys:engagelabConcurrency": 0,
    },
    onEvent: (event) => events.push(event),
  });
});
afterAll(async () => {
  await stack?.close();
  await emulator?.close();
  example?.remove();
});

test("a preview counts ten thousand members and calls nobody", async () => {
  const preview = good(await run("preview"));
  expect(requests()).toBe(0);
  expect(told(preview)).toMatch(/look up 10,000 addresses[\s\S]*upsert 10,000 members: 10,000 added \(10 calls\)/);
});

test("an up sends full batches, a second one nothing", async () => {
  const first = good(await run("up"));
  expect(bodies().map(({ length }) => length)).toEqual(Array.from({ length: 10 }, () => 1000));
  // A small account is one page of the list; what is read back proves each tag and the property once.
  expect(emulator.requests({ endpoint: "contact.list" })).toBe(1);
  expect(emulator.requests({ endpoint: "contact.get" })).toBeLessThanOrEqual(4);
  expect(first.outputs).toMatchObject({ members: { value: 10_000 }, optedOut: { value: 0 } });
  expect(emulator.engagelab.count()).toBe(10_040);
  expect(emulator.engagelab.contact("joan.costa.2@example.com")).toMatchObject({
    name: "Joan Costa",
    fields: { City: "Lagos" },
    tags: ["customers", "paying"],
  });
  expect(told(first)).toMatch(/10,000 of 10,000 members sent/);
  const before = requests();
  expect(await run("up")).toMatchObject({ ok: true, changed: 0 });
  expect(requests()).toBe(before);
});

test("the state holds digests and no person, in 45 bytes a member", async () => {
  const { memberDigests, key, appliedInputs } = await savedSet();
  expect(String(memberDigests).length / 10_000).toBeLessThanOrEqual(45);
  for (const secret of [key, appliedInputs]) expect(secret).toHaveProperty("ciphertext");
});

test("an edit of some rows sends these", async () => {
  const edited = lines.map((line, at) =>
    at === 7 || at === 4321 ? line.replace(/,(paying|trial),/, ",trial;paying,") : line,
  );
  edited.push("new.one@example.com,New One,,trial,Lima", "new.two@example.com,New Two,,trial,Lima");
  write(edited);
  const shown = good(await run("preview"));
  expect(told(shown)).toMatch(
    /memberCount: 10000 → 10002[\s\S]*look up 4 addresses \(2 calls\)[\s\S]*upsert 4 members: 2 added, 2 changed[\s\S]*9,998 members unchanged/,
  );
  const sent = bodies().length;
  good(await run("up"));
  const addresses = bodies()
    .slice(sent)
    .flatMap((members) => members.map(({ email }) => email));
  expect(addresses.sort()).toEqual([7, 4321, 10_001, 10_002].map((at) => edited[at]!.split(",")[0]).sort());
  lines = edited;
});

test("a refresh shows drift as counts, and writes nothing; the next run mends it", async () => {
  const { contact } = emulator.behind;
  contact("joan.costa.2@example.com").edit((person) => {
    person.name = "Somebody Else";
  });
  contact("new.one@example.com").delete();
  contact("new.two@example.com").unsubscribe();
  const before = writes();
  const refreshed = good(await run("refresh"));
  expect(told(refreshed)).toMatch(/1 member changed outside[\s\S]*1 member deleted outside[^\n]*without any opt-out/);
  expect(writes()).toBe(before);
  const sent = bodies().length;
  const mended = good(await run("up"));
  expect(told(mended)).toMatch(/somebody deleted 1 contact of this set: created again/);
  expect(bodies().slice(sent).flat().length).toBe(2);
  expect(emulator.engagelab.contact("joan.costa.2@example.com").name).toBe("Joan Costa");
  expect(mended.outputs).toMatchObject({ optedOut: { value: 1 } });
});

test("a list that is emptied, cut off or a hundred shorter is refused at preview, and by an up", async () => {
  const before = requests();
  for (const [list, refusal] of [
    [lines.slice(0, 1), /the list is empty, where it had 10,002 members/],
    // Whoever opted out would be released.
    [lines.slice(0, -102), /101 contacts of 10,002 members/],
    [lines.slice(0, 6001), /4,001 contacts of 10,002 members \(40 %\) would be deleted/],
  ] as const) {
    write(list);
    expect((await run("preview")).failure).toMatch(refusal);
  }
  expect((await run("up")).failure).toMatch(/allowDeletions: 4001/);
  expect(requests()).toBe(before);
});

test("a few may leave: whoever opted out is released", async () => {
  write(lines.slice(0, -5));
  good(await run("up"));
  lines = lines.slice(0, -5);
  expect(emulator.engagelab.deletions().filter(({ by }) => by === "api").length).toBe(4);
  expect(emulator.engagelab.contact("new.two@example.com").unsubscribedAt).not.toBeNull();
});

test("a destroy needs a number that was saved, and then takes all that was made", async () => {
  const before = writes();
  expect((await run("destroy")).failure).toMatch(/9,997 contacts[\s\S]*allowDeletions: 9997[\s\S]*onRemoval: "keep"/);
  expect(writes()).toBe(before);
  // A few rows are enough to show the rest.
  example.edit("index.ts", 'onRemoval: "delete",', 'onRemoval: "keep",');
  write(lines.slice(0, 13));
  good(await run("up"));
  expect(emulator.engagelab.count()).toBe(10_040 - 2);
  example.edit("index.ts", 'onRemoval: "keep",', 'onRemoval: "delete",\n    allowDeletions: 12,');
  const consent = good(await run("up"));
  expect(told(consent)).toMatch(/allowDeletions is not needed now/);
  expect(writes()).toBe(before);
  const destroyed = await run("destroy");
  // The tags outlive the set: thousands of contacts that were let go still carry them.
  expect(destroyed.failure).toMatch(/tag/);
  expect(emulator.engagelab.count()).toBe(10_040 - 2 - 12);
  expect(emulator.engagelab.contacts().slice(0, 40)).toMatchObject(crowd);
});

test("nobody is named in any text, record or plain state", () => {
  const records = join(example.folder, ".journeys");
  for (const name of readdirSync(records)) texts.push([name, readFileSync(join(records, name), "utf8")]);
  texts.push(["events", JSON.stringify(events)]);
  for (const [where, text] of texts) expect(text, where).not.toMatch(/@example\.(com|org)|Joan Costa|Lagos|\+4930/);
});

async function savedSet(): Promise<Record<string, unknown>> {
  const { deployment } = JSON.parse(readFileSync(join(example.folder, "state.json"), "utf8")) as {
    deployment: { resources: { urn: string; outputs: Record<string, unknown> }[] };
  };
  texts.push(["state", JSON.stringify(deployment)]);
  return deployment.resources.find(({ urn }) => urn.endsWith(":ContactSet::customers"))!.outputs;
}
