// Contacts through an engine and the dynamic-provider process: the calls of 1,000 single ones, and what a set takes of
// memory and of the state file. Run after a build: node test/bench/contacts-provider.mts [--count 100000]
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { engagelab } from "pulumi-journeys";
import { orThrow, Stack } from "pulumi-journeys/testing";
import { csvText, Platform, report } from "./contacts/ground.mts";

const { values } = parseArgs({ options: { count: { type: "string", default: "100000" } } });
const count = Number(values.count);
const CONTACTS = 1000;
const PARALLEL = 100;
const STATE = "state.json";

/** The floor: a dynamic resource that calls nobody, and has as large a state as it is told. */
class Empty extends pulumi.CustomResource {
  constructor(name: string, args: { stateBytes: number; serial: number }) {
    super("pulumi-nodejs:dynamic/bench:Empty", name, {
      ...args,
      __provider: 'exports.handler = () => require("empty-provider");',
    });
  }
}
const emptyProvider = `
const outs = (inputs) => ({ ...inputs, kept: "x".repeat(inputs.stateBytes) });
exports.check = async (olds, news) => ({ inputs: news });
exports.diff = async (id, olds, news) => ({ changes: olds.serial !== news.serial });
exports.create = async (inputs) => ({ id: require("node:crypto").randomUUID(), outs: outs(inputs) });
exports.update = async (id, olds, news) => ({ outs: outs(news) });
exports.delete = async () => {};
`;

interface Run {
  /** Peak resident memory of the provider process over all operations, in MB. */
  memory: number;
  stateBytes: number;
}

/** Runs a program once for each of its steps: a create, a run with nothing to do, an edit. */
async function run(program: (folder: string, step: number) => void, steps: number, platform: Platform): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "journeys-bench-"));
  const repository = resolve(import.meta.dirname, "../..");
  mkdirSync(join(folder, "node_modules/empty-provider"), { recursive: true });
  mkdirSync(join(folder, "node_modules/@pulumi"));
  writeFileSync(join(folder, "node_modules/empty-provider/index.js"), emptyProvider);
  symlinkSync(repository, join(folder, "node_modules/pulumi-journeys"));
  symlinkSync(join(repository, "node_modules/@pulumi/pulumi"), join(folder, "node_modules/@pulumi/pulumi"));
  let provider = 0;
  let memory = 0;
  let step = 0;
  const started = process.cwd();
  process.chdir(folder);
  const stack = await Stack.create({
    folder,
    stateFile: join(folder, STATE),
    passphrase: "bench",
    parallel: PARALLEL,
    program: async () => program(folder, step),
    config: {
      "journeys:engagelabApiUser": "user",
      "journeys:engagelabApiKey": { value: "key", secret: true },
      "journeys:engagelabUrl": platform.url,
      "journeys:engagelabRate": 0,
      "journeys:engagelabConcurrency": 0,
    },
    onEvent: (event) => {
      if (event.type === "operation-started") provider = 0;
      if (event.type === "provider-started") provider = event.pid;
      if (event.type === "step-finished" && provider) memory = Math.max(memory, peakMemory(provider));
    },
  });
  try {
    for (step = 0; step < steps; step++) orThrow(await stack.up());
    return { memory, stateBytes: statSync(join(folder, STATE)).size };
  } finally {
    await stack.close();
    process.chdir(started);
    rmSync(folder, { recursive: true, force: true });
  }
}

function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** A set created, left alone, and edited in 100 members. */
function setOf(members: number, platform: Platform): Promise<Run> {
  const program = (folder: string, step: number) => {
    writeFileSync(join(folder, "people.csv"), csvText(members, step === 2 ? 100 : 0));
    new engagelab.ContactSet("people", { source: { file: "people.csv" } });
  };
  return run(program, 3, platform);
}

function emptyOf(stateBytes: number, platform: Platform): Promise<Run> {
  return run((_folder, step) => void new Empty("people", { stateBytes, serial: step === 2 ? 2 : 1 }), 3, platform);
}

/** In an account so large that listing it is dearer than searching. */
async function singles(platform: Platform): Promise<void> {
  const before = await platform.counts();
  const program = () => {
    for (let n = 0; n < CONTACTS; n++) {
      new engagelab.Contact(`c${n}`, { email: `single${n}@example.com`, name: `Single ${n}` });
    }
  };
  await run(program, 1, platform);
  const after = await platform.counts();
  if (after.contacts - before.contacts !== CONTACTS) throw new Error("not everybody is there");
  console.log(`${CONTACTS} single contacts at parallelism ${PARALLEL}`);
  report("upserts", after.upserts - before.upserts, 20);
  report("look-ups", after.lookUps - before.lookUps, 110);
}

const platform = await Platform.start();
try {
  const tenth = await setOf(count / 10, platform);
  await platform.reset();
  const full = await setOf(count, platform);
  await singles(platform);
  await platform.reset();
  const few = await setOf(10, platform);
  const bytes = (full.stateBytes - few.stateBytes) / (count - 10);
  const [empty, carrying] = [await emptyOf(0, platform), await emptyOf(full.stateBytes, platform)];
  console.log(
    `provider memory: ${empty.memory.toFixed(0)} MB empty, ${carrying.memory.toFixed(0)} MB empty with as large a state, ` +
      `${tenth.memory.toFixed(0)} MB at ${count / 10} members, ${full.memory.toFixed(0)} MB at ${count}`,
  );
  report("state file, for each member", bytes, 45, " bytes");
  report("memory above an empty host of the same state", full.memory - carrying.memory, 150, " MB");
  report(`memory from ${count / 10} to ${count} members`, full.memory / tenth.memory, 3, "×");
} finally {
  platform.stop();
}
