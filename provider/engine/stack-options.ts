/** What a stack is made of, and what it offers, whichever engine runs it. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { UntypedDeployment } from "./deployment.js";
import type { EngineEvent, OperationResult } from "./events.js";
import { type Program, readProject } from "./program.js";
import type { Config, Settings, StopPoint } from "./run.js";

/** A configuration value: text, a number or a boolean as text, anything else as JSON. */
export type ConfigValue = unknown | { value: unknown; secret?: boolean };

export interface StackOptions {
  /** What to deploy: a function (runs in this process), or a folder with a Pulumi program (runs in a process of its own). */
  program: Program;
  /** Default: the name in the folder's Pulumi.yaml, else "test". */
  project?: string;
  /** Default: "dev". */
  stack?: string;
  /** Keys with a namespace (`journeys:pushwooshApiToken`) or without (then the project's). `{ value, secret: true }` marks a secret. */
  config?: Record<string, ConfigValue>;
  /** Environment variables for providers and for a program in a folder, beyond this process's own. */
  env?: Record<string, string>;
  /** Where `@pulumi/pulumi` and provider packages are found, and the working directory of the provider. Default: the program's folder, else the current directory. */
  folder?: string;
  /** Where the state is kept. Default: in memory only. */
  stateFile?: string;
  /** Encrypts secrets in a state file, in Pulumi's own format. Default: `PULUMI_CONFIG_PASSPHRASE`. Needed with `stateFile`. */
  passphrase?: string;
  /** How many resources are created, updated, read or deleted at once. Default: four for each processor. */
  parallel?: number;
  /** Called for everything that happens, in order. */
  onEvent?: (event: EngineEvent) => void;
  /** For tests that kill this process: where it kills itself. */
  stopAt?: StopPoint;
}

/** What both engines offer: the local one, and the Pulumi CLI through its Automation API. */
export interface StackEngine {
  /** What `up` would do. Changes nothing, neither outside nor in the state. */
  preview(): Promise<OperationResult>;
  /** Brings resources to what the program declares. */
  up(): Promise<OperationResult>;
  /** Brings the state to what the resources are. */
  refresh(options?: RefreshOptions): Promise<OperationResult>;
  /** Deletes every resource of the state. The program isn't run. */
  destroy(): Promise<OperationResult>;
  /** The state in Pulumi's deployment format; secrets in it are encrypted. */
  export(): Promise<UntypedDeployment>;
  /** Puts another state in place of the present one. */
  import(deployment: UntypedDeployment): Promise<void>;
  setProgram(program: Program): void;
  close(): Promise<void>;
}

export interface RefreshOptions {
  /** Forget creations that a killed run left open, once you have looked what became of them. */
  clearPendingCreates?: boolean;
}

/** Where the program runs, and the name of its project. */
export function placeOf({ program, folder, project }: StackOptions): { folder: string; project: string } {
  const own = typeof program === "function" ? undefined : program.folder;
  return { folder: resolve(folder ?? own ?? "."), project: project ?? (own && readProject(own).name) ?? "test" };
}

/** What the operations of a stack have in common. */
export function settle(options: StackOptions): Omit<Settings, "operation"> {
  const { stack = "dev", config = {}, env = {}, parallel = 4 * availableParallelism(), stopAt } = options;
  const { folder, project } = placeOf(options);
  const emit = options.onEvent ?? (() => {});
  return { project, stack, folder, config: settleConfig(config, project), env, parallel, emit, stopAt };
}

/** Full keys, and values as text. */
export function settleConfig(config: Record<string, ConfigValue>, project: string): Config {
  const entries = Object.entries(config).map(([key, entry]) => {
    const marked =
      typeof entry === "object" && entry !== null && "value" in entry
        ? (entry as { value: unknown; secret?: boolean })
        : { value: entry };
    const value = typeof marked.value === "string" ? marked.value : JSON.stringify(marked.value);
    return [key.includes(":") ? key : `${project}:${key}`, { value, secret: marked.secret === true }] as const;
  });
  return Object.fromEntries(entries);
}
