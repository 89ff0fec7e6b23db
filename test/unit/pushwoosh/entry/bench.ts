/** What the stories of an entry have in common: a fresh bench with one running journey before each test. */
import { afterEach, beforeEach, expect } from "vitest";
import type { Outcome } from "../../../../provider/core/resource";
import type { EntryInputs } from "../../../../provider/pushwoosh/entry/inputs";
import { journeyEntry } from "../../../../provider/pushwoosh/entry/resource";
import type { EntryState } from "../../../../provider/pushwoosh/entry/state";
import { startBench } from "../people-bench";

export let bench: Awaited<ReturnType<typeof startBench<EntryInputs, EntryState>>>;
export let journeyId: string;

export function startBeforeEach(): void {
  beforeEach(async () => {
    bench = await startBench(journeyEntry);
    journeyId = bench.journey("Welcome");
  });
  afterEach(() => bench.close());
}

export const users = ["u1", "u2", "u3", "u4", "u5"];

/** Five people in three calls. */
export function entry(overrides: Partial<EntryInputs> = {}): EntryInputs {
  return { journeyId, users, partSize: 2, ...overrides };
}

export function plan(desired: EntryInputs, kept?: Outcome<EntryState>) {
  return bench.plan(desired, kept).plan!;
}

/** An entry of which part 0 was accepted and part 1 refused. */
export async function partial(): Promise<Outcome<EntryState>> {
  bench.emulator.fault({ kind: "403", endpoint: "journey.enter", after: 1 });
  const kept = await bench.up(entry());
  expect(bench.entered()).toEqual(["u1", "u2"]);
  return kept;
}
