/** Operations with somebody else acting on the journey at every gap between their calls. */
import { expect } from "vitest";
import type { JourneysError } from "../../../../provider/core/errors";
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

const FURTHER_RUNS = 2;

export interface Ground {
  list: boolean;
  /** Whether the record folder survives a kill. */
  records?: "kept" | "lost";
  switches?: PushwooshSwitches;
  /** Called at each listing: whoever looks for a journey there does so for half a minute. */
  onList?: () => void;
}

/** How often a run ended in which way. */
export type Ends = Map<string, number>;

/** One operation with each act at each gap between its calls. */
export async function expectRespect(operation: Operation, ground: Ground, ends: Ends): Promise<void> {
  const { list } = ground;
  const emulator = await start(ground);
  for (const act of acts) {
    for (let calls = 0; calls <= operation.calls.length; calls++) {
      const story = new Story(emulator, operation, act, `after ${calls} calls`, list);
      await story.begin();
      if (story.witness.actAfter(calls)) await story.goOn(FURTHER_RUNS + 1, ends);
      await story.end();
    }
  }
  await emulator.close();
}

/** One operation killed at each of its points; each act before the next run. Returns how many stories that were. */
export async function expectRespectAfterDeath(operation: Operation, ground: Ground, ends: Ends): Promise<number> {
  const { list, records } = ground;
  const emulator = await start(ground);
  let stories = 0;
  for (const act of acts) {
    for (let at = 0, point: string | undefined = ""; point !== undefined; at++) {
      const story = new Story(emulator, operation, act, `killed at point ${at}`, list);
      await story.begin();
      point = await story.die(at);
      if (records === "lost") story.deployment.loseRecords();
      if (point !== undefined && story.witness.actAfter(0)) await story.goOn(FURTHER_RUNS, ends);
      await story.end();
      stories += 1;
    }
  }
  await emulator.close();
  return stories;
}

async function start({ switches, onList }: Ground): Promise<Emulator> {
  const emulator = await startEmulator({ pushwoosh: { list: "on", ...switches }, journalBodies: false });
  if (onList) emulator.on("after", { endpoint: "journey.list" }, onList);
  return emulator;
}

class Story {
  readonly deployment: Deployment;
  readonly witness: Witness;
  readonly #title: string;
  readonly #codes: string[] = [];
  #point = "";

  constructor(
    readonly emulator: Emulator,
    readonly operation: Operation,
    act: Act,
    when: string,
    readonly list: boolean,
  ) {
    this.#title = `${operation.name}, ${act}, ${when}`;
    this.deployment = new Deployment(emulator, { settings: { pushwooshUseUndocumentedList: String(list) } });
    this.witness = new Witness(emulator, this.#title, act);
  }

  async begin(): Promise<void> {
    await this.operation.prepare(this.deployment, this.#title);
  }

  async die(at: number): Promise<string | undefined> {
    const point = await this.deployment.killed(at, () => this.#once());
    this.#point = point ?? "";
    return point;
  }

  async goOn(runs: number, ends: Ends): Promise<void> {
    for (let run = 0; run < runs; run++) {
      if (this.list && run > 0 && this.deployment.saved) await this.deployment.refresh();
      const error = await this.#once();
      const code = error?.code ?? "ok";
      this.#codes.push(code);
      ends.set(code, (ends.get(code) ?? 0) + 1);
      if (error) expect(error.parts.next, this.#told()).toMatch(/\S/);
    }
    expect(this.witness.wrong.join("; "), this.#told()).toBe("");
  }

  async end(): Promise<void> {
    this.witness.close();
    await this.deployment.close();
  }

  async #once(): Promise<JourneysError | undefined> {
    const inputs = this.operation.inputs(this.#title);
    this.witness.shown(await shownBy(this.deployment, this.operation.refresh ? undefined : inputs));
    return (await once(this.deployment, this.operation, inputs)).error;
  }

  #told = () => `${this.#title} ${this.#point}, list ${this.list}: ${this.#codes.join(", ")}`;
}
