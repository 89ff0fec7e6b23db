/** Operations with somebody else acting on the journey at every gap between their calls. */
import { expect } from "vitest";
import { type Emulator, type PushwooshSwitches, startEmulator } from "../../../../provider/emulator";
import { once } from "./attempt";
import { edited } from "./bench";
import { Deployment } from "./deployment";
import { declared, type Operation, operations } from "./operations";
import { type Act, acts, shownBy, Witness } from "./witness";

/** A journey whose lifecycle the program leaves alone: somebody started it. */
const untouched: Operation = {
  name: "edit with the status left out",
  prepare: async (deployment, title) => {
    await deployment.up(declared(title));
    deployment.emulator.behind.journey(title).start();
    await deployment.up(declared(title, undefined, { adoptStatus: "running" }));
  },
  inputs: (title) => edited(declared(title, undefined, { adoptStatus: "running" })),
  calls: ["journey.pause", "journey.update", "journey.start"],
};

export const disturbedOperations: readonly Operation[] = [...operations, untouched];

export interface Gap {
  act: Act;
  /** Calls before they act. */
  calls: number;
}

const FURTHER_RUNS = 2;

/** One operation with each act at each of its gaps, on an emulator of its own; how often a run ended in which way. */
export async function expectRespect(
  operation: Operation,
  list: boolean,
  pushwoosh: PushwooshSwitches = {},
): Promise<Map<string, number>> {
  const emulator = await startEmulator({ pushwoosh: { list: "on", ...pushwoosh }, journalBodies: false });
  const ends = new Map<string, number>();
  for (const act of acts) {
    for (let calls = 0; calls <= operation.calls.length; calls++) {
      for (const end of await runs(emulator, operation, { act, calls }, list)) ends.set(end, (ends.get(end) ?? 0) + 1);
    }
  }
  await emulator.close();
  return ends;
}

/** Runs the operation with the act in its gap, and what follows; how each run ended. */
async function runs(emulator: Emulator, operation: Operation, { act, calls }: Gap, list: boolean): Promise<string[]> {
  const title = `${operation.name} ${act} ${calls}`;
  const deployment = new Deployment(emulator, { settings: { pushwooshUseUndocumentedList: String(list) } });
  await operation.prepare(deployment, title);
  const inputs = operation.inputs(title);
  const witness = new Witness(emulator, title, act);
  const codes: string[] = [];
  const story = () =>
    `${operation.name}, ${act} after ${calls} calls, list ${list ? "on" : "off"}: ${codes.join(", ")}`;
  if (witness.actAfter(calls)) {
    for (let run = 0; run <= FURTHER_RUNS; run++) {
      if (list && run > 0 && inputs) await deployment.refresh();
      witness.shown(shownBy(deployment, operation.refresh ? undefined : inputs));
      const { error } = await once(deployment, operation, inputs);
      codes.push(error?.code ?? "ok");
      if (error) expect(error.parts.next, story()).toMatch(/\S/);
    }
    expect(witness.acted, story()).toBe(true);
    expect(witness.wrong.join("; "), story()).toBe("");
  }
  witness.close();
  await deployment.close();
  return codes;
}
