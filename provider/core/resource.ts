/**
 * The seam: what a resource declares and what a host needs of it. A resource knows nothing of the host that runs it,
 * and a host nothing of the platform behind a resource.
 */
import type { z } from "zod";
import type { JourneysError, Problem } from "./errors";
import type { Runtime } from "./runtime";
import type { Json, JsonObject, Path } from "./values";

/** One difference between what is declared and what is believed to be there. */
export interface Change {
  /** Keys from the inputs' root. */
  path: Path;
  kind: "add" | "update" | "delete";
  /** Whether this change can only be made by a replacement. */
  replaces?: boolean;
  before?: Json;
  after?: Json;
}

/** One call a plan intends, in words a reviewer understands. */
export interface PlannedStep {
  /** `pause`, `replace definition`, `start`. */
  name: string;
  /** The observation it depends on, for a step that may turn out unneeded. */
  when?: string;
}

/** A plan is a value: previews print it, updates run it, tests enumerate it. */
export interface Plan {
  verb: "none" | "create" | "update" | "replace";
  changes: Change[];
  steps: PlannedStep[];
  warnings: string[];
}

/** Either a plan, or the reason why there is none; then nothing has been sent. */
export type Planned = { plan: Plan; refusal?: undefined } | { plan?: Plan; refusal: JourneysError };

/** What a call of a resource has to work with. A host leaves out what it does not know. */
export interface Context {
  runtime: Runtime;
  urn?: string;
  name?: string;
  /** Aborted when nobody waits for the outcome any more: a begun sequence is finished, no other step is begun. */
  signal?: AbortSignal;
  /** Tells the user something while a call runs. The host says of which resource. */
  log(severity: "info" | "warning", message: string): void;
  /** Input paths whose values are secret: masked in every text, marked in outputs. */
  secretPaths: readonly Path[];
  /** Digest of the declaration before environment values were filled in, where the program knows it. */
  portableDigest?: string;
}

/** What a create, update or read leaves behind. With `failure` the state is saved all the same, and the call fails. */
export interface Outcome<State> {
  id: string;
  state: State;
  /** Inputs as they are now, where a read found them drifted. */
  inputs?: JsonObject;
  failure?: JourneysError;
}

/**
 * A resource: inputs, state, plan, read, steps. `Inputs` may hold unknowns in `check` and `plan` only.
 */
export interface Resource<Inputs extends object, State extends object> {
  /** The permanent sub-path of the dynamic provider: `pushwoosh-journey`. */
  readonly kind: string;
  /** The schema token: `journeys:pushwoosh:Journey`. */
  readonly token: string;
  readonly description: string;
  readonly inputs: z.ZodType<Inputs>;
  readonly outputs: z.ZodObject;
  /** Input names whose values are personal data: masked and kept secret whatever the program says. */
  readonly secretInputs?: readonly string[];
  /** Output names whose values are always secret. */
  readonly secretOutputs: readonly string[];
  /** Output names that repeat input values: secret as soon as an input is. */
  readonly echoOutputs: readonly string[];
  readonly stateVersion: number;
  /** Brings a state written by an earlier release to today's form. */
  upgrade(state: JsonObject): State;
  /** `journey "Welcome series"`, without anything secret. */
  describe(inputs: JsonObject, context: Pick<Context, "secretPaths" | "name">): string;
  /** Reads what check and plan look at beside inputs and state, such as a file. No network; never rejects. */
  prepare?(inputs: Inputs, context: Context): Promise<void>;
  /** What the shape alone can't say. No network. */
  check(inputs: Inputs, context: Context): Problem[];
  /** Pure but for the records beside the program, which it may read. No network. */
  plan(desired: Inputs, prior: { id: string; state: State } | undefined, context: Context): Planned;
  create(desired: Inputs, context: Context): Promise<Outcome<State>>;
  update(id: string, prior: State, desired: Inputs, context: Context): Promise<Outcome<State>>;
  /** Resolves to `undefined` only if the platform provably no longer has it. */
  read(id: string, prior: State, context: Context): Promise<Outcome<State> | undefined>;
  delete(id: string, prior: State, context: Context): Promise<void>;
  /** The inputs a state was made from, as declared. */
  appliedInputs(state: State): JsonObject;
}

/** A resource as a host holds it: of whatever inputs and state. */
export type AnyResource = Resource<object, object>;
