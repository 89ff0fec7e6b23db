// What a contact set of 100,000 members from a CSV file costs: creating it against plain undici sending the same bodies
// to the same emulator, and a run with nothing to do against parsing and hashing the file. For comparison a script that
// reads the same file with a CSV library and sends what it finds, without looking, noting or remembering anything.
// Run after a build: node test/bench/contacts.mts [--count 100000] [--rounds 5]
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "csv-parse";
import { Pool } from "undici";
import { csvText, median, Platform, report } from "./contacts/ground.mts";

const { values } = parseArgs({
  options: { count: { type: "string", default: "100000" }, rounds: { type: "string", default: "5" } },
});
const count = Number(values.count);
const rounds = Number(values.rounds);

async function time<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const begin = performance.now();
  const result = await work();
  return { ms: performance.now() - begin, result };
}

/** The resource without an engine around it, called in a host's order as in a run of its own. */
function open(url: string, folder: string) {
  const require = createRequire(import.meta.url);
  const { Config } = require("../../dist/core/config.js");
  const { Runtime } = require("../../dist/core/runtime.js");
  const { contactSet } = require("../../dist/engagelab/contact-set/resource.js");
  const settings: Record<string, string> = {
    "journeys:engagelabUrl": url,
    "journeys:engagelabApiUser": "user",
    "journeys:engagelabApiKey": "key",
    "journeys:engagelabRate": "0",
    "journeys:engagelabConcurrency": "0",
  };
  const runtime = new Runtime(new Config({ get: (key: string) => settings[key] }, {}), folder);
  const context = { runtime, urn: "urn:pulumi:a::b::c::people", name: "people", secretPaths: [], log() {} };
  const plan = async (inputs: object, prior?: object) => {
    await contactSet.prepare(inputs, context);
    const problems = contactSet.check(inputs, context);
    if (problems.length > 0) throw new Error(problems[0].reason);
    const { plan: planned, refusal } = contactSet.plan(inputs, prior, context);
    if (refusal) throw refusal;
    return planned;
  };
  return { contactSet, context, plan, close: () => runtime.close() };
}

/** Four requests at a time, as the set has them. */
async function plainUpserts(url: string, bodies: readonly string[]): Promise<void> {
  const pool = new Pool(url);
  const headers = { "content-type": "application/json", authorization: "Basic dXNlcjprZXk=" };
  const queue = [...bodies];
  const work = async () => {
    for (let body = queue.shift(); body; body = queue.shift()) {
      const answer = await pool.request({ method: "POST", path: "/v1/marketing/lists/members", headers, body });
      await answer.body.json();
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  await pool.close();
}

function bodiesOf(text: string): string[] {
  const members = text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [email, phone, name, tags = "", Age] = line.split(",");
      return { email, phone, name, fields: { Age }, tags: tags.split(";") };
    });
  const bodies: string[] = [];
  for (let at = 0; at < members.length; at += 1000) {
    const body = { members: members.slice(at, at + 1000), tag_flag: 1, update_existing: true };
    bodies.push(JSON.stringify(body));
  }
  return bodies;
}

/** Rows as they are sent. */
async function script(file: string, url: string): Promise<void> {
  const members: object[] = [];
  const parser = createReadStream(file).pipe(parse({ bom: true, columns: true }));
  for await (const { email, phone, name, tags, "fields.Age": Age } of parser) {
    members.push({ email, phone, name, fields: { Age }, tags: tags.split(";") });
  }
  const bodies: string[] = [];
  for (let at = 0; at < members.length; at += 1000) {
    bodies.push(JSON.stringify({ members: members.slice(at, at + 1000), tag_flag: 1, update_existing: true }));
  }
  await plainUpserts(url, bodies);
}

async function parseAndHash(file: string): Promise<void> {
  const hash = createHash("sha256");
  const parser = parse({ bom: true });
  parser.on("readable", () => {
    while (parser.read() !== null);
  });
  const ended = once(parser, "end");
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk);
    if (!parser.write(chunk)) await once(parser, "drain");
  }
  parser.end();
  await ended;
  hash.digest();
}

interface Measured {
  create: number;
  script: number;
  same: number;
  idleRequests: number;
  upserts: number;
}

/** @param folder of its own: what an earlier run has on record would be looked at */
async function measure(platform: Platform, folder: string, text: string): Promise<Measured> {
  const { url } = platform;
  const inputs = { source: { file: "people.csv" } };
  const bodies = bodiesOf(text);
  writeFileSync(join(folder, "people.csv"), text);
  await platform.reset();
  const plain = await time(() => plainUpserts(url, bodies));
  await platform.reset();
  const byScript = await time(() => script(join(folder, "people.csv"), url));
  await platform.reset();
  const first = open(url, folder);
  const ours = await time(async () => {
    await first.plan(inputs);
    return first.contactSet.create(inputs, first.context);
  });
  await first.close();
  if (ours.result.failure) throw ours.result.failure;
  const { contacts, requests } = await platform.counts();
  if (contacts !== count) throw new Error(`${contacts} contacts instead of ${count}`);

  const baseline = await time(() => parseAndHash(join(folder, "people.csv")));
  const second = open(url, folder);
  const same = await time(() => second.plan(inputs, ours.result));
  await second.close();
  if (same.result.verb !== "none") throw new Error(`a second plan is not empty: ${same.result.verb}`);
  const idleRequests = (await platform.counts()).requests - requests;

  writeFileSync(join(folder, "people.csv"), csvText(count, 100));
  const before = await platform.counts();
  const third = open(url, folder);
  await third.plan(inputs, ours.result);
  const { failure } = await third.contactSet.update(ours.result.id, ours.result.state, inputs, third.context);
  await third.close();
  if (failure) throw failure;
  const upserts = (await platform.counts()).upserts - before.upserts;
  process.stderr.write(
    `plain ${plain.ms.toFixed(0)} ms, create ${ours.ms.toFixed(0)} ms, parse and hash ${baseline.ms.toFixed(0)} ms, nothing to do ${same.ms.toFixed(0)} ms\n`,
  );
  return {
    create: ours.ms / plain.ms,
    script: ours.ms / byScript.ms,
    same: same.ms / baseline.ms,
    idleRequests,
    upserts,
  };
}

const platform = await Platform.start();
const measured: Measured[] = [];
const text = csvText(count);
try {
  for (let round = 0; round < rounds; round++) {
    const folder = mkdtempSync(join(tmpdir(), "journeys-bench-"));
    try {
      measured.push(await measure(platform, folder, text));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
} finally {
  platform.stop();
}
console.log(`a set of ${count} members`);
report("create, against plain undici", median(measured.map(({ create }) => create)), 1.3, "×");
const overScript = median(measured.map(({ script }) => script));
console.log(`${"create, against a script that reads the file".padEnd(48)} ${overScript.toFixed(2)}× (for comparison)`);
report("nothing to do, against parsing and hashing", median(measured.map(({ same }) => same)), 3, "×");
report("requests with nothing to do", Math.max(...measured.map(({ idleRequests }) => idleRequests)), 0);
report("upserts for 100 changed members", Math.max(...measured.map(({ upserts }) => upserts)), 1);
