/** Running the user's program against the engine: as a process of its own, as the CLI does it, or as a function here. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import { ChildProcess } from "./child.js";
import type { Run } from "./run.js";
import { organization, sdkConfig, sdkEnvironment, sdkScript } from "./sdk.js";

/** A function that declares resources and may return outputs; it runs in this process. */
export type InlineProgram = () => unknown;

/** A folder with a Pulumi.yaml and a program in JavaScript or TypeScript; it runs in a process of its own. */
export interface ProgramFolder {
  folder: string;
}

export type Program = InlineProgram | ProgramFolder;

export async function runProgram(program: Program, run: Run, address: string): Promise<void> {
  if (typeof program === "function") await runInline(program, run, address);
  else await runProcess(program.folder, run, address);
}

/** The exit code by which the SDK says that the user has been told what went wrong. */
const alreadyReported = 32;

async function runProcess(folder: string, run: Run, address: string): Promise<void> {
  const { settings } = run;
  const { main, typescript } = readProject(folder);
  const complaints: string[] = [];
  const flags = {
    monitor: address,
    engine: address,
    project: settings.project,
    stack: settings.stack,
    organization,
    "root-directory": folder,
    pwd: settings.folder,
    parallel: settings.parallel,
  };
  const child = new ChildProcess({
    args: [
      sdkScript(settings.folder, "run"),
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
      ...(run.preview ? ["--dry-run"] : []),
      main,
    ],
    folder: settings.folder,
    env: {
      ...sdkEnvironment(settings.folder, settings.config),
      ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true", PULUMI_NODEJS_TRANSPILE_ONLY: "true" } : {}),
      ...settings.env,
    },
    onLine: (stream, text) => {
      if (stream === "stderr") complaints.push(text);
      run.print({ source: "program", stream, text });
    },
    announces: false,
  });
  settings.emit({ type: "program-started", pid: child.pid });
  // After a failure the program usually ends by itself, out of work; something of its own may keep it alive.
  await Promise.race([child.closed, run.stopped.then(() => delay(2000, undefined, { ref: false }))]);
  await child.stop();
  const { code } = await child.closed;
  if (run.failed || code === 0) return;
  if (code !== alreadyReported || !run.hasErrors)
    run.fail(`The program ${await child.describeEnd()}. It printed:\n${complaints.slice(-30).join("\n")}`);
}

/** What Pulumi.yaml says of the program. */
export function readProject(folder: string): { name?: string; main: string; typescript: boolean } {
  const file = join(folder, "Pulumi.yaml");
  const project = existsSync(file) ? (parse(readFileSync(file, "utf8")) as { name?: string; main?: string }) : {};
  const main = project.main ?? ".";
  const entry = join(folder, main);
  const typescript =
    entry.endsWith(".ts") || (existsSync(join(entry, "index.ts")) && !existsSync(join(entry, "index.js")));
  return { ...(project.name ? { name: project.name } : {}), main, typescript };
}

/** The parts of the SDK's inner state which a run in this process has to set. Held by a contract test. */
interface SdkState {
  withLocalStorage<T>(work: () => Promise<T>): Promise<T>;
  getStore(): { settings: { options: { rootDirectory?: string }; monitor?: Closable } };
}

interface Closable {
  close(): void;
}

async function runInline(program: InlineProgram, run: Run, address: string): Promise<void> {
  const { project, stack, config, parallel, folder } = run.settings;
  const require = createRequire(join(folder, "package.json"));
  const { runtime } = require("@pulumi/pulumi") as typeof import("@pulumi/pulumi");
  const state = require("@pulumi/pulumi/runtime/state") as SdkState;
  const report = (error: unknown) => {
    if (!run.failed)
      run.fail(`The program failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  };
  const release = watchStrays(report);
  await state.withLocalStorage(async () => {
    runtime.resetOptions(project, stack, parallel, address, address, run.preview, organization);
    const store = state.getStore();
    store.settings.options.rootDirectory = folder;
    const { values, secretKeys } = sdkConfig(config);
    runtime.setAllConfig(values, secretKeys);
    const whole = runtime.runInPulumiStack(async () => program()).then(() => runtime.disconnect(true));
    // After a failure the SDK leaves the outputs of the failed resource open for ever, so its end is not waited for.
    await Promise.race([whole, run.stopped]).catch(report);
    whole.catch(() => {});
    await run.idle();
    // What the program still tries meanwhile is refused by the engine, which the SDK bears better than a closed channel.
    if (run.failed) await delay(50);
    store.settings.monitor?.close();
    // Its other client, that of the log, stays open: one message that meets a closed channel would make the SDK lose all
    // later ones of this process, errors among them. With the engine gone a message goes nowhere.
  });
  await delay(0);
  release();
}

type Listener = (...args: unknown[]) => void;
const strayEvents = ["unhandledRejection", "uncaughtException"] as const;
const watchers = new Set<(error: unknown) => void>();
let setAside: (() => void) | undefined;

/**
 * Errors that nobody waits for: the SDK makes some on purpose, and they shall fail the run, not the process. Other listeners (a
 * test runner's, say) are set aside for as long as any run goes on. With several at once it can't be told whose an error is:
 * it fails all of them.
 */
function watchStrays(watcher: (error: unknown) => void): () => void {
  watchers.add(watcher);
  setAside ??= takeOver();
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    setAside?.();
    setAside = undefined;
  };
}

function takeOver(): () => void {
  const tell = (error: unknown) => {
    for (const watcher of watchers) watcher(error);
  };
  const others = strayEvents.map((event) => [event, process.listeners(event as "exit") as Listener[]] as const);
  for (const [event, listeners] of others) {
    for (const listener of listeners) process.off(event, listener);
    process.on(event, tell);
  }
  return () => {
    for (const [event, listeners] of others) {
      process.off(event, tell);
      for (const listener of listeners) process.on(event, listener);
    }
  };
}
