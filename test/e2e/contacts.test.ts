// Contacts through engine, provider process and HTTP: many at a time in few calls, nobody written twice, nobody deleted who is
// still declared, nobody's data in any text or plain state.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, test } from "vitest";
import { engagelab } from "../../provider";
import { type Emulator, type FaultKind, startEmulator } from "../../provider/emulator";
import type { OperationResult } from "../../provider/engine/index.js";
import { Ground } from "./ground";

type People = Record<string, engagelab.ContactArgs & { options?: pulumi.CustomResourceOptions }>;

let emulator: Emulator;
let ground: Ground;
let people: People;
const results: OperationResult[] = [];
const person = (index: number, more: Partial<engagelab.ContactArgs> = {}) => ({
  email: `Canary.${index}@canary.example`,
  name: `Canary ${index}`,
  fields: { Gender: "canary" },
  tags: ["vip"],
  ...more,
});
const many = (count: number, more?: Partial<engagelab.ContactArgs>): People =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, person(index, more)]));
const run = async (operation: "up" | "preview" | "refresh" | "destroy"): Promise<OperationResult> => {
  const result = await ground[operation]();
  results.push(result);
  return result;
};
const good = ({ ok, failure }: OperationResult) => expect({ ok, failure }).toEqual({ ok: true, failure: undefined });
const lists = () => emulator.requests({ endpoint: "contact.list" });
const upserts = () => emulator.requests({ endpoint: "contact.upsert" });
/** In order: who of a batch was created first is up to the machine. */
const names = () =>
  emulator.engagelab
    .contacts()
    .map(({ name }) => name)
    .sort();

beforeEach(async () => {
  results.length = 0;
  people = {};
  emulator = await startEmulator();
  ground = await Ground.open({
    sharing: emulator,
    config: {
      "journeys:engagelabApiKey": { value: "canary-key", secret: true },
    },
  });
  ground.more = () => {
    const vip = new engagelab.ContactTag("vip", { name: "vip" });
    for (const [name, { options, ...args }] of Object.entries(people)) {
      new engagelab.Contact(name, args, { dependsOn: vip, ...options });
    }
  };
});
afterEach(async () => {
  // Outputs that are marked secret are the program's own; everything else must be free of people.
  const texts = JSON.stringify([results, ground.events], (_, value) => (value?.secret === true ? "[secret]" : value));
  expect(texts).not.toMatch(/canary[.-]|canary\.example|Canary \d/);
  expect(JSON.stringify(await ground.stack.export())).not.toMatch(/canary/i);
  const records = join(ground.folder, ".journeys");
  for (const name of readdirSync(records)) expect(readFileSync(join(records, name), "utf8")).not.toMatch(/canary/i);
  await ground.close();
  await emulator.close();
});

test("sixty contacts take a few calls, a second run none, an edit one", async () => {
  people = many(60);
  good(await run("preview"));
  expect(emulator.requests()).toBe(0);
  good(await run("up"));
  expect(upserts()).toBeLessThanOrEqual(3);
  expect(lists()).toBeLessThanOrEqual(8);
  expect(emulator.engagelab.count()).toBe(60);
  const requests = emulator.requests();
  expect(await run("up")).toMatchObject({ ok: true, changed: 0 });
  expect(emulator.requests()).toBe(requests);
  expect(await run("refresh")).toMatchObject({ ok: true });
  expect(await run("up")).toMatchObject({ ok: true, changed: 0 });
  people = many(60, { name: "Canary 0" });
  const before = upserts();
  good(await run("up"));
  expect(upserts() - before).toBeLessThanOrEqual(2);
  expect(emulator.engagelab.contacts().every(({ name }) => name === "Canary 0")).toBe(true);
  good(await run("destroy"));
  expect(emulator.engagelab.count()).toBe(0);
});

test("drift is shown by a refresh and mended; what is gone is created anew only beside others of its list", async () => {
  people = many(3);
  good(await run("up"));
  emulator.behind.contact("canary.1@canary.example").edit((contact) => {
    contact.name = "Canary Drift";
  });
  emulator.behind.contact("canary.2@canary.example").delete();
  const refreshed = await run("refresh");
  expect(refreshed.messages.join()).toMatch(/contact "c2".* is gone.*opt-out/);
  good(await run("up"));
  expect(names()).toEqual(["Canary 0", "Canary 1", "Canary 2"]);
});

test("a rename without an alias, and a move to another resource, delete nobody", async () => {
  people = many(2);
  good(await run("up"));
  const ids = emulator.engagelab.contacts().map(({ id }) => id);
  people = { renamed: person(0), c1: person(1) };
  good(await run("up"));
  people = { renamed: person(1), c1: person(0) };
  await run("up");
  expect(emulator.engagelab.contacts().map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  expect(emulator.engagelab.deletions()).toEqual([]);
});

test("another address is another contact, made before the old one goes; letter case is not", async () => {
  people = { c0: person(0) };
  good(await run("up"));
  people = { c0: { ...person(0), email: "CANARY.0@canary.example" } };
  expect(await run("up")).toMatchObject({ ok: true, changed: 0 });
  people = { c0: { ...person(0), email: "canary.new@canary.example" } };
  const preview = await run("preview");
  expect(preview.messages.join("\n")).toMatch(/replace contact "c0"[\s\S]*opt-out/);
  good(await run("up"));
  expect(emulator.engagelab.contacts().map(({ email }) => email)).toEqual(["canary.new@canary.example"]);
});

test("the same address twice, or in a name, is refused", async () => {
  people = { one: person(0), two: { ...person(0), email: "canary.0@CANARY.example" } };
  expect((await run("up")).failure).toMatch(/declared already/);
  people = { [`at-${"x"}@y.example`]: person(0) };
  expect((await run("up")).failure).toMatch(/contact-1042/);
  expect(emulator.engagelab.count()).toBe(1);
});

test("a run that deletes stops at the limit and says so; the next one goes on with a higher one", async () => {
  people = many(4);
  const limited = async (most: number) => {
    const config = { ...ground.config, "journeys:engagelabMaxDeletions": most };
    const other = await Ground.open({ sharing: emulator, config });
    other.more = ground.more;
    await other.stack.import(await ground.stack.export());
    return other;
  };
  good(await run("up"));
  const first = await limited(2);
  people = {};
  expect((await first.up()).failure).toMatch(/at most 2 contacts, and has deleted/);
  expect(emulator.engagelab.count()).toBe(2);
  const second = await limited(4);
  await second.stack.import(await first.stack.export());
  good(await second.up());
  expect(emulator.engagelab.count()).toBe(0);
  await Promise.all([first.close(), second.close()]);
});

const kinds: FaultKind[] = [
  "refuse",
  "401",
  "403",
  "429",
  "500-before",
  "500-after",
  "drop-before",
  "drop-after",
  "cut-after",
  "truncate",
  "html-502-after",
];

test("each fault in a create: the next run ends as declared", async () => {
  for (const [index, kind] of kinds.entries()) {
    people = many(index + 1);
    emulator.fault({ kind, endpoint: "contact.upsert", retryAfter: 0 });
    await run("up");
    emulator.clearFaults();
  }
  good(await run("up"));
  expect(emulator.engagelab.count()).toBe(kinds.length);
  good(await run("destroy"));
  // None of them counts as one that was there before.
  expect(emulator.engagelab.count()).toBe(0);
});

test("each fault in an update, a read and a delete: the next run ends as declared", async () => {
  const faults = (endpoint: string) => {
    for (const [index, kind] of kinds.entries()) {
      emulator.fault({ kind, endpoint, email: String(person(index).email), retryAfter: 0 });
    }
  };
  people = many(kinds.length, { updateMethod: "put" });
  good(await run("up"));
  faults("contact.update");
  people = many(kinds.length, { updateMethod: "put", name: "Canary 0" });
  await run("up");
  emulator.clearFaults();
  good(await run("up"));
  expect(emulator.engagelab.contacts().map(({ name }) => name)).toEqual(kinds.map(() => "Canary 0"));
  faults("contact.list");
  await run("refresh");
  emulator.clearFaults();
  expect(await run("up")).toMatchObject({ ok: true, changed: 0 });
  faults("contact.delete");
  await run("destroy");
  emulator.clearFaults();
  good(await run("destroy"));
  expect(emulator.engagelab.count()).toBe(0);
  expect(emulator.engagelab.deletions()).toHaveLength(kinds.length);
});
