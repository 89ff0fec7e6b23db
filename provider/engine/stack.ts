/** A stack: a program, its configuration and its state, and the four operations on it. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  open,
  parseDeployment,
  type Resource,
  Sealer,
  type State,
  seal,
  type UntypedDeployment,
} from "./deployment.js";
import { type Operation, type OperationResult, orThrow } from "./events.js";
import { operate, stackOutputs } from "./operate.js";
import type { Program } from "./program.js";
import type { Settings } from "./run.js";
import { type Crypter, passphraseCrypter, processCrypter } from "./secrets.js";
import { type Entry, Snapshot } from "./snapshot.js";
import { type RefreshOptions, type StackEngine, type StackOptions, settle } from "./stack-options.js";
import { StateFile } from "./state-file.js";

const nothing: State = { resources: [], pending: [] };

/**
 * A stack under the local engine: the real SDK and the real process for dynamic resources, without the Pulumi CLI and without
 * a login. Operations never throw for what goes wrong in a deployment: the result has `ok: false` and readable diagnostics
 * (`orThrow` turns that into an exception). One operation runs at a time.
 *
 * ```ts
 * const stack = await Stack.create({ program: () => { new pushwoosh.Journey("welcome", { … }); } });
 * const { ok, steps, outputs } = await stack.up();
 * await stack.destroy();
 * await stack.close();
 * ```
 */
export class Stack implements StackEngine {
  private current: { canceller: AbortController; result: Promise<OperationResult> } | undefined;

  private constructor(
    private readonly settings: Omit<Settings, "operation">,
    private program: Program,
    private readonly passphrase: string | undefined,
    private readonly sealer: Sealer,
    private readonly file: StateFile | undefined,
    private state: State,
  ) {}

  /** Opens the state. Throws if it is in use, isn't readable, or doesn't belong to the passphrase. */
  static async create(options: StackOptions): Promise<Stack> {
    const settings = settle(options);
    if (!existsSync(settings.folder)) throw new Error(`The program's folder does not exist: ${settings.folder}.`);
    const { program, stateFile, passphrase = process.env.PULUMI_CONFIG_PASSPHRASE } = options;
    if (stateFile === undefined) {
      return new Stack(settings, program, passphrase, new Sealer(processCrypter), undefined, nothing);
    }
    const file = new StateFile(resolve(stateFile));
    try {
      const sealer = new Sealer(await crypterFor(passphrase, file));
      const state = await recover(file, sealer);
      return new Stack(settings, program, passphrase, sealer, file, state);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  preview = () => this.operate("preview");
  up = () => this.operate("up");
  refresh = ({ clearPendingCreates = false }: RefreshOptions = {}) => this.operate("refresh", clearPendingCreates);
  destroy = () => this.operate("destroy");

  /** Another program for the operations that follow: an edit. */
  setProgram(program: Program): void {
    this.program = program;
  }

  /** The outputs of the last `up`. */
  get outputs(): OperationResult["outputs"] {
    return stackOutputs(this.state.resources);
  }

  /** The resources of the state, secrets in the form they have on the wire. */
  get resources(): readonly Resource[] {
    return this.state.resources;
  }

  async export(): Promise<UntypedDeployment> {
    return seal(this.state, this.sealer);
  }

  async import(deployment: UntypedDeployment): Promise<void> {
    const { deployment: content } = parseDeployment(deployment, "What was given to import");
    const salt = content.secrets_providers?.state?.salt;
    const own = this.sealer.crypter.provider.state?.salt;
    const foreign = salt && salt !== own && this.passphrase;
    const crypter = foreign ? await passphraseCrypter(this.passphrase, salt) : this.sealer.crypter;
    this.state = open(content, new Sealer(crypter));
    await this.file?.save(seal(this.state, this.sealer));
  }

  /** Ends the running operation as soon as what it has begun is done. Its result has `ok: false`. */
  cancel(): void {
    this.current?.canceller.abort();
  }

  /** Releases the state file. Cancels an operation that is still running, and waits for its end. */
  async close(): Promise<void> {
    this.cancel();
    await this.current?.result;
    await this.file?.close();
  }

  private async operate(operation: Operation, clearPending = false): Promise<OperationResult> {
    if (this.current) throw new Error("An operation of this stack is running; wait for its end.");
    const preview = operation === "preview";
    const pending = clearPending ? [] : this.state.pending;
    const snapshot = new Snapshot({ ...this.state, pending }, preview ? undefined : (entries) => this.record(entries));
    snapshot.changed ||= pending.length < this.state.pending.length;
    const canceller = new AbortController();
    const result = operate({ ...this.settings, operation }, snapshot, this.program, canceller.signal);
    this.current = { canceller, result };
    const release = this.listenForInterrupt();
    try {
      return await result;
    } finally {
      release();
      this.current = undefined;
      if (!preview) await this.save(snapshot);
    }
  }

  private async record(entries: Entry[]): Promise<void> {
    await this.file?.append(entries.map((entry) => mapResource(entry, (resource) => this.sealer.seal(resource))));
  }

  private async save(snapshot: Snapshot): Promise<void> {
    if (!snapshot.changed) return this.file?.dropJournal();
    this.state = snapshot.state();
    await this.file?.save(seal(this.state, this.sealer));
  }

  /** Ctrl-C cancels; a second one ends this process, and with it the children. */
  private listenForInterrupt(): () => void {
    let count = 0;
    const interrupted = () => {
      count += 1;
      if (count > 1) process.exit(130);
      this.cancel();
    };
    process.on("SIGINT", interrupted);
    return () => process.off("SIGINT", interrupted);
  }
}

/** `up` of a new stack in memory, for tests: `const { stack, result } = await deploy(() => { … })`. Throws if it fails. */
export async function deploy(
  program: Program,
  options: Omit<StackOptions, "program"> = {},
): Promise<{ stack: Stack; result: OperationResult }> {
  const stack = await Stack.create({ ...options, program });
  try {
    return { stack, result: orThrow(await stack.up()) };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

async function crypterFor(passphrase: string | undefined, file: StateFile): Promise<Crypter> {
  if (passphrase === undefined) {
    throw new Error(
      "A state file needs a passphrase for its secrets. Set PULUMI_CONFIG_PASSPHRASE, or give the option `passphrase`.",
    );
  }
  const crypter = await passphraseCrypter(passphrase, file.secretsProvider?.state?.salt);
  file.secretsProvider = crypter.provider;
  return crypter;
}

/** The state of the file, with what the journal of a killed run adds; that journal is then merged into the file. */
async function recover(file: StateFile, sealer: Sealer): Promise<State> {
  const base = file.base ? open(file.base.deployment, sealer) : nothing;
  if (file.journal.length === 0) return base;
  const opened = (entry: Entry) => mapResource(entry, (resource) => sealer.open(resource));
  const state = Snapshot.replay(
    base,
    (file.journal as Entry[][]).map((line) => line.map(opened)),
  );
  await file.save(seal(state, sealer));
  return state;
}

/** An entry of the journal with its resource sealed, or opened. */
function mapResource(entry: Entry, change: (resource: Resource) => Resource): Entry {
  if ("resource" in entry) return { ...entry, resource: change(entry.resource) };
  if (!("operation" in entry)) return entry;
  const { operation } = entry;
  return { ...entry, operation: { ...operation, resource: change(operation.resource) } };
}
