/** A stack: a program, its configuration and its state, and the four operations on it. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
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
import { type Operating, operate, stackOutputs } from "./operate.js";
import type { Program } from "./program.js";
import type { Config } from "./run.js";
import { type Crypter, passphraseCrypter, processCrypter } from "./secrets.js";
import { Snapshot } from "./snapshot.js";
import { placeOf, type RefreshOptions, type StackEngine, type StackOptions, settleConfig } from "./stack-options.js";
import { StateFile } from "./state-file.js";

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
  private current: Operating | undefined;

  private constructor(
    private readonly options: StackOptions & { project: string; stack: string; folder: string },
    private readonly config: Config,
    private program: Program,
    private readonly sealer: Sealer,
    private readonly file: StateFile | undefined,
    private state: State,
  ) {}

  /** Opens the state. Throws if it is in use, isn't readable, or doesn't belong to the passphrase. */
  static async create(options: StackOptions): Promise<Stack> {
    const { program, stateFile, stack = "dev" } = options;
    const { folder, project } = placeOf(options);
    if (!existsSync(folder)) throw new Error(`The program's folder does not exist: ${folder}.`);
    const settled = { ...options, project, stack, folder };
    const config = settleConfig(options.config ?? {}, project);
    if (stateFile === undefined) {
      return new Stack(settled, config, program, new Sealer(processCrypter), undefined, { resources: [], pending: [] });
    }
    const file = new StateFile(resolve(stateFile));
    try {
      const sealer = new Sealer(await crypterFor(options, file));
      const state = await recover(file, sealer);
      return new Stack(settled, config, program, sealer, file, state);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  preview(): Promise<OperationResult> {
    return this.operate("preview");
  }

  up(): Promise<OperationResult> {
    return this.operate("up");
  }

  refresh({ clearPendingCreates = false }: RefreshOptions = {}): Promise<OperationResult> {
    return this.operate("refresh", clearPendingCreates);
  }

  destroy(): Promise<OperationResult> {
    return this.operate("destroy");
  }

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
    const passphrase = passphraseOf(this.options);
    const crypter =
      salt && salt !== own && passphrase ? await passphraseCrypter(passphrase, salt) : this.sealer.crypter;
    this.state = open(content, new Sealer(crypter));
    await this.file?.save(seal(this.state, this.sealer));
  }

  /** Ends the running operation as soon as what it has begun is done. Its result has `ok: false`. */
  cancel(): void {
    this.current?.cancel();
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
    this.current = operate(this.settings(operation), snapshot, this.program);
    const release = this.listenForInterrupt();
    try {
      return await this.current.result;
    } finally {
      release();
      this.current = undefined;
      if (!preview) await this.save(snapshot);
    }
  }

  private settings(operation: Operation) {
    const { project, stack, folder, env = {}, parallel = 4 * availableParallelism(), onEvent, stopAt } = this.options;
    return {
      operation,
      project,
      stack,
      config: this.config,
      folder,
      env,
      parallel,
      emit: onEvent ?? (() => {}),
      stopAt,
    };
  }

  private async record(entries: Parameters<NonNullable<ConstructorParameters<typeof Snapshot>[1]>>[0]): Promise<void> {
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

const passphraseOf = (options: StackOptions) => options.passphrase ?? process.env.PULUMI_CONFIG_PASSPHRASE;

async function crypterFor(options: StackOptions, file: StateFile): Promise<Crypter> {
  const passphrase = passphraseOf(options);
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
  const base = file.base ? open(file.base.deployment, sealer) : { resources: [], pending: [] };
  if (file.journal.length === 0) return base;
  const journal = file.journal as Parameters<typeof Snapshot.replay>[1];
  const state = Snapshot.replay(
    base,
    journal.map((line) => line.map((entry) => mapResource(entry, (resource) => sealer.open(resource)))),
  );
  await file.save(seal(state, sealer));
  return state;
}

/** A line of the journal with its resources sealed, or opened. */
function mapResource<T extends object>(entry: T, change: (resource: Resource) => Resource): T {
  if ("resource" in entry) return { ...entry, resource: change(entry.resource as Resource) };
  if (!("operation" in entry)) return entry;
  const operation = entry.operation as State["pending"][number];
  return { ...entry, operation: { ...operation, resource: change(operation.resource) } };
}
