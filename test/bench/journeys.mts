// What a journey costs against an empty dynamic resource with the same input on the same engine: create, nothing to do,
// update, and the provider's memory. Run after a build: node test/bench/journeys.mts [--count 1000] [--rounds 3]
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { pushwoosh } from "pulumi-journeys";
import { startEmulator } from "pulumi-journeys/emulator";
import { type OperationResult, orThrow, Stack } from "pulumi-journeys/testing";

const { values } = parseArgs({
  options: { count: { type: "string", default: "1000" }, rounds: { type: "string", default: "3" } },
});
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

interface Measured {
  create: number;
  same: number;
  update: number;
  memory: number;
  writes: number[];
}

/** Peak resident memory of a process, in MB. */
function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

async function measure(kind: "journey" | "empty"): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "journeys-bench-"));
  mkdirSync(join(folder, "node_modules/empty-provider"), { recursive: true });
  mkdirSync(join(folder, "node_modules/@pulumi"));
  writeFileSync(join(folder, "node_modules/empty-provider/index.js"), emptyProvider);
  symlinkSync(repository, join(folder, "node_modules/pulumi-journeys"));
  symlinkSync(join(repository, "node_modules/@pulumi/pulumi"), join(folder, "node_modules/@pulumi/pulumi"));
  const emulator = await startEmulator({ journalBodies: false });
  let text = "Hello";
  let memory = 0;
  let provider = 0;
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
      "journeys:pushwooshJourneyUrl": emulator.url,
      "journeys:requestRate": 0,
      "journeys:requestConcurrency": 0,
    },
    onEvent: (event) => {
      if (event.type === "operation-started") provider = 0;
      if (event.type === "provider-started") provider = event.pid;
      if (event.type === "step-finished" && provider) memory = Math.max(memory, peakMemory(provider));
    },
  });
  const writes: number[] = [];
  const up = async (): Promise<OperationResult> => {
    const before = emulator.writes();
    const result = orThrow(await stack.up());
    writes.push(emulator.writes() - before);
    return result;
  };
  try {
    const create = (await up()).durationMs;
    const same = (await up()).durationMs;
    text = "Hello again";
    const update = (await up()).durationMs;
    return { create, same, update, memory, writes };
  } finally {
    await stack.close();
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

const ratios: Record<"create" | "same" | "update" | "memory", number[]> = {
  create: [],
  same: [],
  update: [],
  memory: [],
};
let writes: number[] = [];
for (let round = 0; round < rounds; round++) {
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  const order = round % 2 ? (["empty", "journey"] as const) : (["journey", "empty"] as const);
  const measured = { [order[0]]: await measure(order[0]), [order[1]]: await measure(order[1]) } as Record<
    "journey" | "empty",
    Measured
  >;
  for (const key of ["create", "same", "update", "memory"] as const)
    ratios[key].push(measured.journey[key] / measured.empty[key]);
  ({ writes } = measured.journey);
}

const most = { create: 1.6, same: 1.3, update: 1.6, memory: 1.5 };
const names = { create: "create", same: "nothing to do", update: "update", memory: "provider memory" };
console.log(
  `${count} journeys of ${(JSON.stringify(journey(0, "Hello")).length / 1024).toFixed(1)} KB against an empty dynamic resource; writes: ${writes.join(", ")}`,
);
for (const key of ["same", "create", "update", "memory"] as const) {
  const ratio = median(ratios[key]);
  console.log(
    `${names[key].padEnd(16)} ${ratio.toFixed(2)}× (at most ${most[key]}×) ${ratio <= most[key] ? "ok" : "TOO MUCH"}`,
  );
}
process.exitCode = writes[1] === 0 ? 0 : 1;
