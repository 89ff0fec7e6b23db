// Sets from JSON Lines and from a pinned file, with tags of their own and with consents, on a platform that takes small bodies:
// through engine, provider process and HTTP. All sets share a deployment.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { engagelab } from "../../provider";
import { type Emulator, startEmulator } from "../../provider/emulator";
import type { OperationResult } from "../../provider/engine/index.js";
import { Ground } from "./ground";

vi.setConfig({ testTimeout: 60_000 });

/** Bytes of body the platform takes. */
const MOST_BYTES = 12_000;
const RATE = 200;

let emulator: Emulator;
let ground: Ground;
let pin: string | undefined;
let shrinking = 12;
let allowDeletions: number | undefined;
const results: OperationResult[] = [];

const run = async (operation: "up" | "preview" | "refresh"): Promise<OperationResult> => {
  const result = await ground[operation]();
  results.push(result);
  return result;
};
const good = (result: OperationResult) => {
  expect({ ok: result.ok, failure: result.failure }).toEqual({ ok: true, failure: undefined });
  return result;
};
/** The lines a run printed, without those a block was broken into. */
const told = ({ messages }: OperationResult) => messages.join("\n").replace(/\s+/g, " ");
const path = (name: string) => join(ground.folder, name);
const line = (number: number, more: object = {}) => ({
  email: `Line.${number}@canary.example`,
  name: `Canary ${number}`,
  fields: { Age: number },
  tags: ["from_lines"],
  ...more,
});
const lines = (count: number, more?: object) =>
  Array.from({ length: count }, (_, number) => `${JSON.stringify(line(number, more))}\n`).join("");
const csv = (count: number) =>
  `email,name\n${Array.from({ length: count }, (_, n) => `pinned.${n}@canary.example,Canary ${n}\n`).join("")}`;
const digestOf = (name: string) =>
  createHash("sha256")
    .update(readFileSync(path(name)))
    .digest("hex");
const contact = (email: string) => emulator.engagelab.contact(email);
const upserts = () => emulator.journal.filter(({ endpoint }) => endpoint === "contact.upsert");

beforeAll(async () => {
  emulator = await startEmulator({ engagelab: { maxBodyBytes: MOST_BYTES } });
  emulator.engagelab.seed([{ email: "line.3@canary.example", name: "Canary 3", tags: ["before"] }]);
  ground = await Ground.open({
    sharing: emulator,
    config: {
      "journeys:engagelabRate": RATE,
    },
  });
  writeFileSync(path("lines.jsonl"), lines(300));
  writeFileSync(path("pinned.csv"), csv(5));
  ground.more = () => {
    new engagelab.ContactSet("lines", {
      source: { file: path("lines.jsonl") },
      tagOwnership: "exclusive",
      adoptExisting: true,
    });
    new engagelab.ContactSet("pinned", { source: { file: path("pinned.csv"), ...(pin && { sha256: pin }) } });
    new engagelab.ContactSet("shrinking", {
      members: Array.from({ length: shrinking }, (_, n) => ({ email: `shrinking.${n}@canary.example` })),
      onRemoval: "delete",
      ...(allowDeletions !== undefined && { allowDeletions }),
    });
  };
});
afterAll(async () => {
  const shown = JSON.stringify([results, ground.events], (_, value) => (value?.secret === true ? "[secret]" : value));
  expect(shown).not.toMatch(/canary/i);
  expect(JSON.stringify(await ground.stack.export())).not.toMatch(/canary/i);
  await ground?.close();
  await emulator?.close();
});

test("a file that isn't the one that was pinned is refused at preview, before any call", async () => {
  pin = "0".repeat(64);
  const { failure } = await run("preview");
  pin = digestOf("pinned.csv").toUpperCase();
  expect(failure).toMatch(new RegExp(`not the reviewed one: its SHA-256 is ${pin.toLowerCase()}`));
  expect(emulator.requests()).toBe(0);
});

test("a preview tells calls and time at the configured rate, and makes no call", async () => {
  const requests = emulator.requests();
  const preview = good(await run("preview"));
  // A first page, a search for each ten addresses, an upsert.
  expect(told(preview)).toMatch(
    new RegExp(
      `create contact set "lines".* look up 300 addresses \\(at most 31 calls.*in all at most 32 calls: at most about 1 s at ${RATE} a second`,
    ),
  );
  expect(told(preview)).toMatch(
    /create contact set "pinned".*in all at most 3 calls: at most about 1 s at 200 a second/,
  );
  expect(emulator.requests()).toBe(requests);
});

test("an up whose batches are too large for the platform sends halves; nobody is sent in vain", async () => {
  good(await run("up"));
  const [refused, taken] = [413, 200].map((status) => upserts().filter((entry) => entry.status === status));
  expect(refused!.length).toBeGreaterThan(0);
  expect(refused!.length).toBeLessThan(taken!.length);
  const sent = taken!.flatMap(({ body }) => (body as { members: { email: string }[] }).members);
  expect(sent.length).toBe(new Set(sent.map(({ email }) => email.toLowerCase())).size);
  expect(emulator.engagelab.count()).toBe(300 + 5 + 12);
  expect(contact("line.7@canary.example")).toMatchObject({
    name: "Canary 7",
    fields: { Age: "7" },
    tags: ["from_lines"],
  });
  expect(await run("up")).toMatchObject({ ok: true, changed: 0 });
});

test("exclusive tags: others are taken off, from the first run on; a set that isn't exclusive leaves them", async () => {
  expect(contact("line.3@canary.example").tags).toEqual(["from_lines"]);
  emulator.behind.contact("line.7@canary.example").tag("sneaked_in");
  emulator.behind.contact("pinned.1@canary.example").tag("sneaked_in");
  expect(told(good(await run("refresh")))).toMatch(/contact set "lines": warning: 1 member changed outside/);
  const before = upserts().length;
  good(await run("up"));
  expect(upserts().length).toBe(before + 1);
  expect(contact("line.7@canary.example").tags).toEqual(["from_lines"]);
  expect(contact("pinned.1@canary.example").tags).toEqual(["sneaked_in"]);
});

test("an edited line of JSON is one member sent; a broken one is named by its line, and nothing of it is repeated", async () => {
  writeFileSync(path("lines.jsonl"), lines(300).replace('"Canary 12"', '"Canary Twelve"'));
  const before = upserts().length;
  good(await run("up"));
  expect(
    upserts()
      .slice(before)
      .map(({ titles }) => titles),
  ).toEqual([["Line.12@canary.example"]]);
  writeFileSync(path("lines.jsonl"), lines(300).replace('{"email":"Line.41@', '{"email":"Line.41@,'));
  expect((await run("preview")).failure).toMatch(/lines\.jsonl, line 42/);
  writeFileSync(path("lines.jsonl"), lines(300).replace('"Canary 12"', '"Canary Twelve"'));
});

test("a consent that was used is asked to be removed by the next preview", async () => {
  shrinking = 7;
  expect((await run("preview")).failure).toMatch(/5 contacts of 12 members \(42 %\) would be deleted/);
  allowDeletions = 5;
  expect(told(good(await run("up")))).not.toMatch(/is not needed now/);
  expect(emulator.engagelab.deletions()).toHaveLength(5);
  const preview = good(await run("preview"));
  expect(told(preview)).toMatch(
    /contact set "shrinking": no changes warning: allowDeletions is not needed now: remove it/,
  );
  expect(preview.changed).toBe(0);
  allowDeletions = undefined;
  const writes = emulator.writes();
  expect(told(good(await run("up")))).not.toMatch(/is not needed now/);
  expect(emulator.writes()).toBe(writes);
});

test("a pinned file that changed is refused by an up as well; pinned anew, it is sent", async () => {
  writeFileSync(path("pinned.csv"), csv(6));
  const writes = emulator.writes();
  expect((await run("up")).failure).toMatch(/not the reviewed one/);
  expect(emulator.writes()).toBe(writes);
  pin = digestOf("pinned.csv");
  good(await run("up"));
  expect(contact("pinned.5@canary.example").name).toBe("Canary 5");
});
