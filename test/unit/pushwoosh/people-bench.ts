/** Resources done once, on an emulator with a running journey people can be sent to; no engine. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Config } from "../../../provider/core/config";
import type { Context, Outcome, Resource } from "../../../provider/core/resource";
import { Runtime } from "../../../provider/core/runtime";
import type { EmulatorOptions } from "../../../provider/emulator";
import { startEmulator } from "../../../provider/emulator";

export const APP = "AAAAA-00001";

export interface BenchOptions extends EmulatorOptions {
  settings?: Record<string, string>;
}

export async function startBench<Inputs extends object, State extends object>(
  resource: Resource<Inputs, State>,
  { settings = {}, ...options }: BenchOptions = {},
) {
  const emulator = await startEmulator(options);
  const folder = mkdtempSync(join(tmpdir(), "journeys-people-"));
  const urn = `urn:pulumi:test::bench::${resource.token}::people`;
  const logs: string[] = [];
  let runtime = open();

  function open(): Runtime {
    const all: Record<string, string> = {
      pushwooshApiToken: "token",
      pushwooshJourneyUrl: emulator.url,
      requestRate: "0",
      requestConcurrency: "0",
      ...settings,
    };
    return new Runtime(new Config({ get: (key) => all[key.replace("journeys:", "")] }, {}), folder);
  }

  const context = (more: Partial<Context> = {}): Context => ({
    runtime,
    urn,
    name: "people",
    secretPaths: [],
    log: (severity, message) => void logs.push(`${severity}: ${message}`),
    ...more,
  });

  return {
    emulator,
    folder,
    urn,
    logs,
    context,
    get runtime() {
      return runtime;
    },
    /** A running journey with one API entry that takes the attribute `code`. */
    journey(title: string, entries = 1): string {
      const points = Array.from({ length: entries }, (_, index) => ({
        uuid: `entry-${index}`,
        point_type: "POINT_TYPE_START_BY_API",
        point_data: { start_by_api: { attributes: ["code"] } },
      }));
      const id = emulator.behind.createJourney({ title, params: { application_code: APP }, points });
      emulator.behind.journey(id).start();
      return id;
    },
    /** Everyone who was entered, in order: somebody entered twice is here twice. */
    entered: (journeyId?: string): string[] =>
      emulator.pushwoosh
        .entries()
        .filter((entry) => journeyId === undefined || entry.journeyId === journeyId)
        .flatMap(({ users = [], hwids = [] }) => [...users, ...hwids]),
    /** As if the process had been killed: whatever is under way is forgotten. */
    kill(): void {
      runtime = open();
    },
    /** As if the run had ended and a new one begun. */
    async restart(): Promise<void> {
      await runtime.close();
      runtime = open();
    },
    plan: (desired: Inputs, kept?: Outcome<State>, more?: Partial<Context>) =>
      resource.plan(desired, kept, context(more)),
    /** What an engine does with a declaration: check, plan, then create, update, replace or nothing. */
    async up(desired: Inputs, kept?: Outcome<State>, more?: Partial<Context>): Promise<Outcome<State>> {
      const problems = resource.check(desired, context(more));
      if (problems.length > 0) throw new Error(problems.map(({ path, reason }) => `${path}: ${reason}`).join("; "));
      const { plan, refusal } = resource.plan(desired, kept, context(more));
      if (refusal) throw refusal;
      if (kept) runtime.run.claim(resource.kind, kept.id, urn);
      let next = kept;
      if (!kept || plan.verb === "replace") {
        if (kept) runtime.run.replacing(resource.kind, kept.id, urn);
        next = await resource.create(desired, context(more));
        if (kept) await resource.delete(kept.id, kept.state, context(more));
      } else if (plan.verb === "update" || kept.failure) {
        next = await resource.update(kept.id, kept.state, desired, context(more));
      }
      return next!;
    },
    refresh: async (kept: Outcome<State>): Promise<Outcome<State>> => {
      const { id, state } = (await resource.read(kept.id, kept.state, context()))!;
      return { id, state };
    },
    delete: (kept: Outcome<State>) => resource.delete(kept.id, kept.state, context()),
    /** The text of all records, once those that are done with are gone. */
    async records(): Promise<string> {
      await runtime.records.dropped();
      const path = join(folder, ".journeys");
      return readdirSync(path)
        .map((name) => readFileSync(join(path, name), "utf8"))
        .join("\n");
    },
    async close() {
      await emulator.close();
      await runtime.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
