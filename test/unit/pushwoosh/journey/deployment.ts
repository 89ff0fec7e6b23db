/**
 * One journey under a deployment engine in miniature: what `pulumi up` does with a resource, without processes. Each run
 * is a new provider process; its state goes through JSON; a run can be killed at any point.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Config } from "../../../../provider/core/config";
import { invalidInput, JourneysError } from "../../../../provider/core/errors";
import type { Reply } from "../../../../provider/core/http";
import type { OperationRecord } from "../../../../provider/core/record";
import type { Context, Outcome, Plan } from "../../../../provider/core/resource";
import { Runtime } from "../../../../provider/core/runtime";
import { validate } from "../../../../provider/core/validate";
import type { Emulator, JournalEntry } from "../../../../provider/emulator";
import { pushwoosh } from "../../../../provider/pushwoosh/api/client";
import { type JourneyInputs, journeyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { journey } from "../../../../provider/pushwoosh/journey/resource";
import type { JourneyState } from "../../../../provider/pushwoosh/journey/state";

/** What the engine's state holds of the journey. */
export interface Saved {
  id: string;
  state: JourneyState;
  /** The last operation failed after it had come somewhere: the next `up` updates, whatever the diff says. */
  failed: boolean;
}

/** How a run ended. */
export interface Run {
  verb: Plan["verb"] | "refused" | "killed";
  plan?: Plan;
  error?: JourneysError;
  /** Endpoints called for this journey, in order. */
  calls: string[];
  logs: string[];
}

export interface DeploymentOptions {
  settings?: Record<string, string>;
  urn?: string;
  /** Called at each point where a process may die; never resolving is death. */
  gate?: (point: string) => Promise<void>;
}

let serial = 0;

export class Deployment {
  readonly folder = mkdtempSync(join(tmpdir(), "journeys-run-"));
  saved?: Saved;
  /** Replaced journeys still to be deleted. */
  pending: Saved[] = [];
  runtime: Runtime;
  /** Those of killed runs too: as long as the story lasts their files stay open, as those of a hung process would. */
  readonly #records: OperationRecord[] = [];
  readonly urn: string;
  gate?: (point: string) => Promise<void>;
  /** Another platform's answers: what no switch of the emulator makes. */
  rewrite: (method: string, reply: Reply) => Reply = (_method, reply) => reply;
  readonly #settings: Record<string, string>;
  #logs: string[] = [];

  constructor(
    readonly emulator: Emulator,
    options: DeploymentOptions = {},
  ) {
    this.#settings = options.settings ?? {};
    this.urn = options.urn ?? `urn:pulumi:test::unit::journeys:pushwoosh:Journey::j${serial++}`;
    this.gate = options.gate;
    this.runtime = this.#open();
  }

  context(more: Partial<Context> = {}): Context {
    const log = (severity: string, message: string) => void this.#logs.push(`${severity}: ${message}`);
    return { runtime: this.runtime, urn: this.urn, name: "welcome", secretPaths: [], log, ...more };
  }

  /** `pulumi preview`: no call, nothing saved. */
  preview(inputs: JourneyInputs): Plan | JourneysError {
    const problems = check(inputs, this.context());
    if (problems) return problems;
    const { plan, refusal } = journey.plan(inputs, this.#prior(), this.context());
    return refusal ?? plan!;
  }

  /** `pulumi up` in a new process. */
  async up(inputs: JourneyInputs): Promise<Run> {
    await this.restart();
    return this.#run(() => this.#apply(inputs));
  }

  /** `pulumi refresh` in a new process. */
  async refresh(): Promise<Run & { inputs?: unknown }> {
    await this.restart();
    let inputs: unknown;
    const run = await this.#run(async () => {
      if (!this.saved) return "none";
      const seen = await journey.read(this.saved.id, this.saved.state, this.context());
      inputs = seen?.inputs;
      this.saved = seen ? { id: seen.id, state: copy(seen.state), failed: this.saved.failed } : undefined;
      return seen ? "update" : "replace";
    });
    return { ...run, inputs };
  }

  /** `pulumi destroy` in a new process. */
  async destroy(): Promise<Run> {
    await this.restart();
    return this.#run(async () => {
      if (this.saved) await journey.delete(this.saved.id, copy(this.saved.state), this.context());
      this.saved = undefined;
      return "update";
    });
  }

  /** The same operation, but the process dies at the n-th point; undefined when there are fewer points. */
  async killed(at: number, operation: () => Promise<unknown>): Promise<string | undefined> {
    let count = 0;
    let died: (point: string) => void = () => undefined;
    const death = new Promise<string>((resolve) => {
      died = resolve;
    });
    const before = { saved: this.saved && copy(this.saved), pending: copy(this.pending) };
    this.gate = (point) => {
      if (count++ !== at) return Promise.resolve();
      died(point);
      return new Promise(() => undefined);
    };
    const point = await Promise.race([death, operation().then(() => undefined)]);
    this.gate = undefined;
    if (point !== undefined) Object.assign(this, before);
    return point;
  }

  /** A new provider process; what the former one left behind is a dead process's. */
  async restart(): Promise<void> {
    await this.runtime.close();
    await this.runtime.records.dropped();
    bury(this.folder);
    this.runtime = this.#open();
  }

  /** As on a fresh CI runner. */
  loseRecords(): void {
    rmSync(join(this.folder, ".journeys"), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.runtime.close();
    rmSync(this.folder, { recursive: true, force: true });
    for (const record of this.#records) await record.finish();
  }

  #open(): Runtime {
    const all: Record<string, string> = {
      pushwooshApiToken: "token",
      pushwooshJourneyUrl: this.emulator.url,
      requestRate: "0",
      requestConcurrency: "0",
      ...this.#settings,
    };
    const runtime = new Runtime(new Config({ get: (key) => all[key.replace("journeys:", "")] }, {}), this.folder);
    makeMortal(
      runtime,
      (point) => this.gate?.(point) ?? Promise.resolve(),
      (method, reply) => this.rewrite(method, reply),
      (record) => void this.#records.push(record),
    );
    return runtime;
  }

  async #run(operation: () => Promise<Run["verb"]>): Promise<Run> {
    this.#logs = [];
    const before = this.emulator.journal.length;
    const calls = () =>
      this.emulator.journal.slice(before).flatMap((entry) => (this.#isOurs(entry) ? [entry.endpoint] : []));
    try {
      const verb = await operation();
      return { verb, calls: calls(), logs: this.#logs };
    } catch (error) {
      if (!(error instanceof JourneysError)) throw error;
      const verb = error === this.#refusal ? "refused" : "update";
      return { verb, error, calls: calls(), logs: this.#logs };
    }
  }

  #refusal?: JourneysError;
  readonly #titles = new Set<string>();

  /** Other deployments may use the same emulator at the same time. */
  #isOurs({ titles, ids, endpoint }: JournalEntry): boolean {
    const own = [this.saved, ...this.pending].flatMap((saved) => saved?.id ?? []);
    return (
      titles.some((title) => this.#titles.has(title)) ||
      ids.some((id) => own.includes(id)) ||
      endpoint === "journey.list"
    );
  }

  async #apply(inputs: JourneyInputs): Promise<Run["verb"]> {
    this.#titles.add(inputs.title);
    const problems = check(inputs, this.context());
    if (problems) throw problems;
    const { plan, refusal } = journey.plan(inputs, this.#prior(), this.context());
    if (refusal) {
      this.#refusal = refusal;
      throw refusal;
    }
    const { verb } = plan!;
    if (verb === "create") this.#keep(await journey.create(inputs, this.context()));
    else if (verb === "replace") await this.#replace(inputs);
    else if (verb === "update" || this.saved!.failed) {
      const { id, state } = copy(this.saved!);
      this.#keep(await journey.update(id, state, inputs, this.context()));
    }
    for (const old of [...this.pending]) {
      await journey.delete(old.id, copy(old.state), this.context());
      this.pending = this.pending.filter((other) => other !== old);
    }
    return verb;
  }

  async #replace(inputs: JourneyInputs): Promise<void> {
    const old = this.saved!;
    this.runtime.run.replacing(journey.kind, old.id, this.urn);
    this.saved = undefined;
    try {
      this.#keep(await journey.create(inputs, this.context()), old);
    } finally {
      if (!this.saved) this.saved = old;
    }
  }

  #keep({ id, state, failure }: Outcome<JourneyState>, replaced?: Saved): void {
    this.saved = { id, state: copy(state), failed: failure !== undefined };
    if (replaced) this.pending.push(replaced);
    if (failure) throw failure;
  }

  #prior() {
    return this.saved && { id: this.saved.id, state: copy(this.saved.state) };
  }
}

/** What a host checks before any call. */
export function check(inputs: JourneyInputs, context: Context): JourneysError | undefined {
  const shape = validate(journeyInputs, inputs, context.secretPaths);
  const problems = shape.length ? shape : journey.check(inputs, context);
  return problems.length ? invalidInput(journey.describe(inputs as never, context), problems) : undefined;
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Puts a gate before and after everything that leaves a trace: each request, each line of a record. */
function makeMortal(
  runtime: Runtime,
  gate: (point: string) => Promise<void>,
  rewrite: (method: string, reply: Reply) => Reply,
  began: (record: OperationRecord) => void,
): void {
  const client = runtime.use(pushwoosh);
  const send = client.send.bind(client);
  client.send = async (method, call) => {
    await gate(`before sending ${method.name}`);
    const reply = rewrite(method.name, await send(method, call));
    await gate(`after the answer to ${method.name}`);
    return reply;
  };
  const { records } = runtime;
  const start = records.start.bind(records);
  records.start = (subject) => {
    const record = start(subject);
    began(record);
    for (const name of ["begin", "end", "finish"] as const) {
      const original = record[name].bind(record) as (...args: unknown[]) => Promise<void>;
      record[name] = async (...args: unknown[]) => {
        await gate(`before the record's ${name} ${args[0] ?? ""}`);
        await original(...args);
        await gate(`after the record's ${name} ${args[0] ?? ""}`);
      };
    }
    return record;
  };
}

/** Gives the records of this process to one that is dead. */
function bury(folder: string): void {
  const records = join(folder, ".journeys");
  let names: string[] = [];
  try {
    names = readdirSync(records).filter((name) => name.endsWith(".jsonl"));
  } catch {
    return; // no record yet
  }
  for (const name of names) {
    const path = join(records, name);
    const text = readFileSync(path, "utf8");
    const buried = text.replace(/"processStart":"[^"]*"/, '"processStart":"ended"');
    if (buried !== text) writeFileSync(path, buried);
  }
}
