// What a journey costs against an empty dynamic resource with the same input on the same engine: create, nothing to do,
// update, and the provider's memory. Program and engine share a process, as in a user's test; the provider has its own,
// and so has the platform, whose work is nobody's cost here. Times are by the clock, and, since other programs disturb
// those, of the processor too: what engine, program and provider used. Each round measures both kinds, and its ratio.
// Run after a build: node test/bench/journeys.mts [--count 1000] [--rounds 3]
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { pushwoosh } from "pulumi-journeys";
import { startEmulator } from "pulumi-journeys/emulator";
import { orThrow, Stack } from "pulumi-journeys/testing";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000" },
    rounds: { type: "string", default: "3" },
    /** What this process is started with to be the platform. */
    platform: { type: "boolean", default: false },
  },
});
if (values.platform) {
  const emulator = await startEmulator({ journalBodies: false });
  process.send?.(emulator.url);
  process.on("message", () => process.send?.(emulator.writes()));
  process.on("disconnect", () => process.exit());
  await once(process, "disconnect");
}
const count = Number(values.count);
const rounds = Number(values.rounds);
const repository = resolve(import.meta.dirname, "../..");
const APP = "BENCH-00001";

/** A journey of about 3 KB. */
function journey(index: number, text: string): pushwoosh.JourneyArgs {
  const points: Record<string, pushwoosh.PointInput> = {
    entry: pushwoosh.startBySegment({ application_code: APP, filter_code: "SEGME-00001" }, { next: "push1" }),
  };
  for (let at = 1; at <= 8; at++) {
    points[`push${at}`] = {
      type: "POINT_TYPE_SEND_PUSH",
      title: `Push ${at}`,
      data: { send_push: { preset: `P-${at}`, content: { en: `${text} ${at} ${"lorem ipsum ".repeat(16)}` } } },
      ...(at < 8 && { next: `push${at + 1}` }),
    };
  }
  return { title: `Bench ${index}`, applicationCode: APP, points };
}

/** The floor: a dynamic resource that keeps what it is given and calls nobody. */
class Empty extends pulumi.CustomResource {
  constructor(name: string, args: object) {
    super("pulumi-nodejs:dynamic/bench:Empty", name, {
      ...args,
      __provider: 'exports.handler = () => require("empty-provider");',
    });
  }
}
const emptyProvider = `
exports.check = async (olds, news) => ({ inputs: news });
exports.diff = async (id, olds, news) => ({ changes: JSON.stringify(olds) !== JSON.stringify(news) });
exports.create = async (inputs) => ({ id: require("node:crypto").randomUUID(), outs: inputs });
exports.update = async (id, olds, news) => ({ outs: news });
exports.delete = async () => {};
`;

const phases = ["create", "same", "update"] as const;
type Phase = (typeof phases)[number];

interface Measured {
  /** Milliseconds by the clock, and of the processor. */
  clock: Record<Phase, number>;
  processor: Record<Phase, number>;
  /** Peak resident memory of the provider, in MB. */
  memory: number;
  writes: number[];
}

/** What the provider has used so far: milliseconds of the processor, and its peak memory in MB. */
function usage(pid: number): { processor: number; memory: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // Fields 14 and 15, in hundredths of a second; the second one, in parentheses, may hold spaces.
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11);
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { processor: 10 * (Number(user) + Number(system)), memory: Number(peak) / 1024 };
}

async function startPlatform() {
  const child = fork(import.meta.filename, ["--platform"]);
  const [url] = (await once(child, "message")) as [string];
  const writes = async () => {
    child.send("writes");
    return ((await once(child, "message")) as [number])[0];
  };
  return { url, writes, stop: () => child.disconnect() };
}

/** A folder in which programs and providers find what they name. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "journeys-bench-"));
  mkdirSync(join(folder, "node_modules/empty-provider"), { recursive: true });
  mkdirSync(join(folder, "node_modules/@pulumi"));
  writeFileSync(join(folder, "node_modules/empty-provider/index.js"), emptyProvider);
  symlinkSync(repository, join(folder, "node_modules/pulumi-journeys"));
  symlinkSync(join(repository, "node_modules/@pulumi/pulumi"), join(folder, "node_modules/@pulumi/pulumi"));
  return folder;
}

async function measure(kind: "journey" | "empty"): Promise<Measured> {
  const folder = makeFolder();
  const platform = await startPlatform();
  const measured: Measured = {
    clock: { create: 0, same: 0, update: 0 },
    processor: { create: 0, same: 0, update: 0 },
    memory: 0,
    writes: [],
  };
  let text = "Hello";
  let provider = 0;
  let left = 0;
  let used = 0;
  const make = (index: number) =>
    kind === "journey"
      ? new pushwoosh.Journey(`j${index}`, journey(index, text))
      : new Empty(`j${index}`, journey(index, text));
  const stack = await Stack.create({
    folder,
    program: async () => {
      for (let index = 0; index < count; index++) make(index);
    },
    config: {
      "journeys:pushwooshApiToken": { value: "token", secret: true },
      "journeys:pushwooshJourneyUrl": platform.url,
      "journeys:requestRate": 0,
      "journeys:requestConcurrency": 0,
    },
    onEvent: (event) => {
      if (event.type === "operation-started") left = count;
      if (event.type === "provider-started") provider = event.pid;
      // The provider is looked at when its last step is done: it is gone when the operation is.
      if (event.type !== "step-finished" || !event.step.type.includes("dynamic/") || --left > 0) return;
      const { processor, memory } = usage(provider);
      used = processor;
      measured.memory = Math.max(measured.memory, memory);
    },
  });
  const up = async (phase: Phase): Promise<void> => {
    const writesBefore = await platform.writes();
    const usedBefore = process.cpuUsage();
    measured.clock[phase] = orThrow(await stack.up()).durationMs;
    const { user, system } = process.cpuUsage(usedBefore);
    measured.processor[phase] = used + (user + system) / 1000;
    measured.writes.push((await platform.writes()) - writesBefore);
  };
  try {
    await up("create");
    await up("same");
    text = "Hello again";
    await up("update");
    return measured;
  } finally {
    await stack.close();
    platform.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

const ratio = (pairs: [journey: number, empty: number][]) => median(pairs.map(([journey, empty]) => journey / empty));

const measured: Record<"journey" | "empty", Measured>[] = [];
for (let round = 0; round < rounds; round++) {
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  const order = round % 2 ? (["empty", "journey"] as const) : (["journey", "empty"] as const);
  const results = { [order[0]]: await measure(order[0]), [order[1]]: await measure(order[1]) };
  measured.push(results as Record<"journey" | "empty", Measured>);
}

const size = (JSON.stringify(journey(0, "Hello")).length / 1024).toFixed(1);
const { writes } = measured.at(-1)!.journey;
console.log(`${count} journeys of ${size} KB against an empty dynamic resource; writes: ${writes.join(", ")}`);
const line = (name: string, most: number, found: number, further: string) =>
  console.log(
    `${name.padEnd(16)} ${found.toFixed(2)}× (at most ${most}×) ${found <= most ? "ok" : "TOO MUCH"}${further}`,
  );
const bounds = { same: 1.3, create: 1.6, update: 1.6 };
const names = { same: "nothing to do", create: "create", update: "update" };
for (const phase of ["same", "create", "update"] as const) {
  const clock = ratio(measured.map(({ journey, empty }) => [journey.clock[phase], empty.clock[phase]]));
  const processor = ratio(measured.map(({ journey, empty }) => [journey.processor[phase], empty.processor[phase]]));
  const each = median(measured.map(({ empty }) => empty.clock[phase])) / count;
  line(
    names[phase],
    bounds[phase],
    clock,
    `; of the processor ${processor.toFixed(2)}×; empty ${each.toFixed(1)} ms each`,
  );
}
line("provider memory", 1.5, ratio(measured.map(({ journey, empty }) => [journey.memory, empty.memory])), "");
process.exitCode = writes[1] === 0 ? 0 : 1;
