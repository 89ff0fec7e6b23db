/** A journey resource on an emulator, without any engine: what a test of the resource stands on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Config } from "../../../../provider/core/config";
import type { Context } from "../../../../provider/core/resource";
import { Runtime } from "../../../../provider/core/runtime";
import type { EmulatorOptions } from "../../../../provider/emulator";
import { startEmulator } from "../../../../provider/emulator";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { journey } from "../../../../provider/pushwoosh/journey/resource";
import type { JourneyState } from "../../../../provider/pushwoosh/journey/state";

export const APP = "AAAAA-00001";

/** Audience → push → exit, as inputs. */
export function welcome(overrides: Partial<JourneyInputs> = {}): JourneyInputs {
  return {
    title: "Welcome",
    applicationCode: APP,
    points: {
      audience: {
        type: "POINT_TYPE_START_BY_SEGMENT",
        data: { start_by_segment: { application_code: APP, filter_code: "F-1" } },
        next: "push",
      },
      push: { type: "POINT_TYPE_SEND_PUSH", data: { send_push: { preset: "P-1", text: "hello" } }, next: "exit" },
      exit: { type: "POINT_TYPE_EXIT", data: { exit: { reason: "done" } } },
    },
    ...overrides,
  };
}

/** The same with another text in the push. */
export function edited(inputs: JourneyInputs, text = "hi there"): JourneyInputs {
  const push = { ...inputs.points.push!, data: { send_push: { preset: "P-1", text } } };
  return { ...inputs, points: { ...inputs.points, push } };
}

export interface Kept {
  id: string;
  state: JourneyState;
  failure?: Error;
}

export async function startBench(options: EmulatorOptions = {}, settings: Record<string, string> = {}) {
  const emulator = await startEmulator(options);
  const folder = mkdtempSync(join(tmpdir(), "journeys-bench-"));
  let runtime = open();
  const urn = "urn:pulumi:test::bench::journeys:pushwoosh:Journey::welcome";

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

  const logs: string[] = [];
  const context = (more: Partial<Context> = {}): Context => ({
    runtime,
    urn,
    name: "welcome",
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
    /** As if the provider process had ended and a new one begun. */
    async restart() {
      await runtime.close();
      runtime = open();
    },
    async create(inputs: JourneyInputs, more?: Partial<Context>): Promise<Kept> {
      return journey.create(inputs, context(more));
    },
    /** Plans first, as a host does, so that refusals come before any call. */
    async update(kept: Kept, inputs: JourneyInputs, more?: Partial<Context>): Promise<Kept> {
      const planned = journey.plan(inputs, kept, context(more));
      if (planned.refusal) throw planned.refusal;
      return journey.update(kept.id, kept.state, inputs, context(more));
    },
    plan: (kept: Kept | undefined, inputs: JourneyInputs) => journey.plan(inputs, kept, context()),
    read: (kept: Kept) => journey.read(kept.id, kept.state, context()),
    delete: (kept: Kept, more?: Partial<Context>) => journey.delete(kept.id, kept.state, context(more)),
    async close() {
      await runtime.close();
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Bench = Awaited<ReturnType<typeof startBench>>;
