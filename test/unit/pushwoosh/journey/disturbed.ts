/** Faults tried on operations: one emulator, one journey for each case, many at once. */
import PQueue from "p-queue";
import { expect, vi } from "vitest";
import {
  type Emulator,
  type FaultKind,
  faultKinds,
  type PushwooshSwitches,
  startEmulator,
} from "../../../../provider/emulator";
import { expectRecovery, once } from "./attempt";
import { Deployment } from "./deployment";
import type { Operation } from "./operations";

const kinds = Object.keys(faultKinds) as FaultKind[];

export interface FaultCase {
  operation: Operation;
  call: string;
  kind: FaultKind;
  /** How many times in a row it happens; Infinity: as long as the run lasts. */
  times: number;
  list: boolean;
}

/** The product of operations, their calls, and faults. */
export function faultCases(
  operations: readonly Operation[],
  each: Pick<FaultCase, "times" | "list">,
  faults: readonly FaultKind[] = kinds,
): FaultCase[] {
  return operations.flatMap((operation) =>
    operation.calls.flatMap((call) => faults.map((kind) => ({ operation, call, kind, ...each }))),
  );
}

export interface QuickEmulator {
  emulator: Emulator;
  close(): Promise<void>;
}

/** Short waits between attempts, and a list whose look-up of 30 seconds passes in three calls. */
export async function startQuickEmulator(switches: PushwooshSwitches = {}): Promise<QuickEmulator> {
  vi.spyOn(Math, "random").mockReturnValue(0.01);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const pushwoosh = { list: "on", listPageSize: 10_000, ...switches } as const;
  const emulator = await startEmulator({ pushwoosh, journalBodies: false });
  emulator.on("after", { endpoint: "journey.list" }, () => void vi.setSystemTime(Date.now() + 11_000));
  const close = async () => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    await emulator.close();
  };
  return { emulator, close };
}

let serial = 0;

export async function expectToRecover(
  emulator: Emulator,
  { operation, call, kind, times, list }: FaultCase,
): Promise<void> {
  const title = `fault ${serial++}`;
  const settings: Record<string, string> = { pushwooshUseUndocumentedList: String(list) };
  const deployment = new Deployment(emulator, { settings });
  await operation.prepare(deployment, title);
  const fault = emulator.fault({ kind, endpoint: call, title, times, retryAfter: 0, delayMs: 5 });
  const about = `${operation.name}, list ${list ? "on" : "off"}: ${call} ${kind} ×${times}`;
  await expectRecovery(deployment, operation, title, about, async () => {
    // Only where an answer is waited for in vain: a busy machine shall not be too slow for the others.
    if (kind.startsWith("hang")) settings.headersTimeout = "3000";
    const run = await once(deployment, operation, operation.inputs(title));
    delete settings.headersTimeout;
    expect(fault.hits, about).toBeGreaterThan(0);
    fault.clear();
    return run;
  });
  await deployment.close();
}

/** Runs all; reports every case that failed, not only the first. */
export async function expectAll<T>(cases: readonly T[], one: (each: T) => Promise<void>): Promise<void> {
  const queue = new PQueue({ concurrency: 24 });
  const wrong: string[] = [];
  const tried = async (each: T) => {
    try {
      await one(each);
    } catch (error) {
      wrong.push((error as Error).message);
    }
  };
  await queue.addAll(cases.map((each) => () => tried(each)));
  expect(wrong.length, `${wrong.length} of ${cases.length} failed:\n\n${wrong.slice(0, 8).join("\n\n")}`).toBe(0);
}
