/** What the parts of one operation share: its settings, its events, its failure, and the limit of what runs at once. */
import PQueue from "p-queue";
import type { Resource } from "./deployment.js";
import type { Diagnostic, EngineEvent, Operation, OutputLine, Step, StepOp } from "./events.js";
import { compare, type PropertyChange } from "./paths.js";
import type { Snapshot } from "./snapshot.js";
import { urnName } from "./urn.js";
import { type Props, readable } from "./values.js";

/** Configuration of a stack: full keys (`namespace:key`), values as text. */
export type Config = Record<string, { value: string; secret: boolean }>;

export interface Settings {
  operation: Operation;
  project: string;
  stack: string;
  config: Config;
  /** How many calls that change something run at once. */
  parallel: number;
  /** Working directory of program and providers, and where the SDK is looked up. */
  folder: string;
  /** Environment of program and providers, beyond the engine's own. */
  env: Record<string, string>;
  emit: (event: EngineEvent) => void;
  /** For tests that kill the engine: where to die. */
  stopAt?: StopPoint | undefined;
}

/** Before the n-th changing call, after its answer (before anything is saved), or after the save. Counted from 1. */
export interface StopPoint {
  when: "before-call" | "after-answer" | "after-save";
  count: number;
}

/** An error whose text is for the user and complete. */
export class StepError extends Error {}

/** Thrown where work is given up because something else has failed; its cause is reported already. */
export class Abandoned extends Error {}

export class Run {
  readonly steps: Step[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly output: OutputLine[] = [];
  readonly preview: boolean;
  /** Check and Diff, one resource after another. */
  readonly generation = new PQueue({ concurrency: 1 });
  /** Calls that change something, and reads. */
  readonly execution: PQueue;
  /** Resolves at the first failure. */
  readonly stopped: Promise<void>;
  private stop: () => void = () => {};
  private calls = 0;
  failed = false;

  constructor(
    readonly settings: Settings,
    readonly snapshot: Snapshot,
  ) {
    this.preview = settings.operation === "preview";
    this.execution = new PQueue({ concurrency: settings.parallel });
    this.stopped = new Promise((resolve) => {
      this.stop = resolve;
    });
  }

  /** Whether anything has gone wrong, were it only an error in the log of the program. */
  get hasErrors(): boolean {
    return this.diagnostics.some(({ severity }) => severity === "error");
  }

  /** Reports an error and lets nothing new start. What is running goes on to its end. */
  fail(message: string, urn?: string): void {
    this.failed = true;
    this.report({ severity: "error", message, ...(urn ? { urn } : {}) });
    this.stop();
  }

  /** Resolves when nothing is being decided or done. */
  async idle(): Promise<void> {
    await this.generation.onIdle();
    await this.execution.onIdle();
  }

  report(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
    this.settings.emit({ type: "diagnostic", ...diagnostic });
  }

  print(line: OutputLine): void {
    this.output.push(line);
    this.settings.emit({ type: "output", ...line });
  }

  /** Runs `work` as a step, and reports its start, its end and its failure. Throws `Abandoned` if it didn't succeed. */
  async step<T>(step: Step, work: () => Promise<T>): Promise<T> {
    if (this.failed) throw new Abandoned();
    this.settings.emit({ type: "step-started", step });
    try {
      return await work();
    } catch (error) {
      if (error instanceof Abandoned) throw error;
      step.error = messageOf(error);
      this.fail(step.error, step.urn);
      throw new Abandoned();
    } finally {
      this.steps.push(step);
      this.settings.emit({ type: "step-finished", step });
    }
  }

  /**
   * A call that changes something outside, with a record before it and one after it: a killed run leaves either a pending
   * operation or the outcome. `settle` commits the outcome (and ends the pending operation).
   */
  async mutate<T>(
    type: "creating" | "updating" | "deleting",
    resource: Resource,
    ask: () => Promise<T>,
    settle: (pending: number, answer: T) => Promise<void>,
  ): Promise<void> {
    const pending = await this.snapshot.begin({ type, resource });
    const count = ++this.calls;
    this.dieAt("before-call", count);
    const asked = ask();
    await asked.catch(() => {});
    this.dieAt("after-answer", count);
    const answer = await asked.catch(async (error) => {
      await this.snapshot.commit({ end: pending });
      throw error;
    });
    await settle(pending, answer);
    this.dieAt("after-save", count);
  }

  private dieAt(when: StopPoint["when"], count: number): void {
    const { stopAt } = this.settings;
    if (stopAt?.when === when && stopAt.count === count) process.kill(process.pid, "SIGKILL");
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A step as it begins. */
export function describe(
  op: StepOp,
  resource: Pick<Resource, "urn" | "type" | "id">,
  changes: PropertyChange[] = [],
): Step {
  const { urn, type, id } = resource;
  return { op, urn, type, name: urnName(urn), ...(id ? { id } : {}), changes };
}

/** Differences for people: without secrets, and without what the SDK adds for itself. */
export function readableChanges(before: Props | undefined, after: Props | undefined): PropertyChange[] {
  return compare(before ?? {}, after ?? {})
    .filter(({ path }) => !String(path[0]).startsWith("__"))
    .map((change) => readable(change) as unknown as PropertyChange);
}
