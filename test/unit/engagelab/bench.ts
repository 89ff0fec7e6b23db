/** EngageLab's resources on an emulator, without any engine: what a test of them stands on. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Config } from "../../../provider/core/config";
import { JourneysError } from "../../../provider/core/errors";
import type { Context, Outcome, Resource } from "../../../provider/core/resource";
import { Runtime } from "../../../provider/core/runtime";
import { type EmulatorOptions, type FaultKind, startEmulator } from "../../../provider/emulator";
import type { ContactInputs } from "../../../provider/engagelab/contact/inputs";
import { pace } from "../../../provider/engagelab/contact/pace";
import { contact } from "../../../provider/engagelab/contact/resource";
import type { ContactState } from "../../../provider/engagelab/contact/state";

export interface Kept<State> {
  id: string;
  state: State;
  failure?: JourneysError;
}

/** Turns whatever a call ends with into its error, or fails. */
export async function errorOf(work: Promise<unknown>): Promise<JourneysError> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof JourneysError) return outcome;
  const failure = (outcome as { failure?: JourneysError } | undefined)?.failure;
  if (failure) return failure;
  throw new Error(`no error, but ${JSON.stringify(outcome)}`, { cause: outcome });
}

/** Settings with which a platform that falls silent is given up on soon. The others may take the time a busy machine takes. */
export function patienceFor(fault: FaultKind): Record<string, string> {
  return fault.startsWith("hang") ? { headersTimeout: "400", bodyTimeout: "400" } : {};
}

export async function startBench(options: EmulatorOptions = {}, settings: Record<string, string> = {}) {
  const emulator = await startEmulator(options);
  const folder = mkdtempSync(join(tmpdir(), "journeys-contacts-"));
  const given: Record<string, string> = {
    engagelabApiUser: "user",
    engagelabApiKey: "canary-api-key",
    engagelabUrl: emulator.url,
    engagelabRate: "0",
    engagelabConcurrency: "0",
    ...settings,
  };
  let runtime = open();

  function open(): Runtime {
    const opened = new Runtime(new Config({ get: (key) => given[key.replace("journeys:", "")] }, {}), folder);
    Object.assign(opened.use(pace), { quiet: 10, gather: 2, lag: [5, 10, 20] });
    return opened;
  }

  const logs: string[] = [];

  function context(name: string, more: Partial<Context> = {}): Context {
    return {
      runtime,
      urn: `urn:pulumi:test::bench::journeys:engagelab:Contact::${name}`,
      name,
      secretPaths: [],
      log: (severity, message) => void logs.push(`${severity}: ${message}`),
      ...more,
    };
  }

  /** The calls of a host on one resource, in a host's order: check and plan first, so that refusals send nothing. */
  function calls<Inputs extends object, State extends object>(resource: Resource<Inputs, State>) {
    const named = (name: string, more?: Partial<Context>) => context(name, { ...more });
    return {
      check: (name: string, inputs: Inputs) => resource.check(inputs, named(name)),
      plan: (name: string, inputs: Inputs, kept?: Kept<State>) => resource.plan(inputs, kept, named(name)),
      async create(name: string, inputs: Inputs, more?: Partial<Context>): Promise<Kept<State>> {
        const problems = resource.check(inputs, named(name));
        if (problems.length) throw new Error(problems.map(({ reason }) => reason).join("; "));
        const planned = resource.plan(inputs, undefined, named(name, more));
        if (planned.refusal) throw planned.refusal;
        return resource.create(inputs, named(name, more));
      },
      async update(name: string, kept: Kept<State>, inputs: Inputs, more?: Partial<Context>): Promise<Kept<State>> {
        const planned = resource.plan(inputs, kept, named(name, more));
        if (planned.refusal) throw planned.refusal;
        return resource.update(kept.id, kept.state, inputs, named(name, more));
      },
      read: (name: string, kept: Kept<State>): Promise<Outcome<State> | undefined> =>
        resource.read(kept.id, kept.state, named(name)),
      delete: (name: string, kept: Kept<State>, more?: Partial<Context>) =>
        resource.delete(kept.id, kept.state, named(name, more)),
    };
  }

  return {
    emulator,
    folder,
    logs,
    context,
    calls,
    ...calls<ContactInputs, ContactState>(contact),
    get runtime() {
      return runtime;
    },
    /** Endpoints called, without the proof of the credential. */
    called: () => emulator.journal.map(({ endpoint }) => endpoint).filter((endpoint) => endpoint !== "quota"),
    /** As if the provider process had ended and a new one begun. */
    async restart(changed: Record<string, string> = {}) {
      Object.assign(given, changed);
      await runtime.close();
      await runtime.records.dropped();
      runtime = open();
    },
    /** Everything the records say, once those that are done with are gone. */
    async recordText(): Promise<string> {
      await runtime.records.dropped();
      const records = join(folder, ".journeys");
      const names = readdirSync(folder).includes(".journeys")
        ? readdirSync(records).filter((name) => name.endsWith(".jsonl"))
        : [];
      return names.map((name) => textUnlessGone(join(records, name))).join("\n");
    },
    async close() {
      await runtime.close();
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Records of which nothing remains to be known are removed off the caller's path. */
function textUnlessGone(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

export type Bench = Awaited<ReturnType<typeof startBench>>;
export type KeptContact = Kept<ContactState>;
