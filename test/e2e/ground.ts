// What every end-to-end test stands on: the emulator, a program's folder with this package in it, and a stack over both.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { pushwoosh } from "../../provider";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../provider/emulator";
import { type ConfigValue, type EngineEvent, type OperationResult, Stack } from "../../provider/engine/index.js";

const repository = resolve(__dirname, "../..");

/** Inputs of a journey and how Pulumi is to treat it. */
export interface Declared {
  inputs: pushwoosh.JourneyArgs;
  options?: pulumi.CustomResourceOptions;
}

export interface GroundOptions {
  emulator?: EmulatorOptions;
  /** Another ground's emulator to stand on. */
  sharing?: Emulator;
  /** Stack configuration beyond addresses and credentials. */
  config?: Record<string, ConfigValue>;
  parallel?: number;
  project?: string;
}

/** Without limits, and with a patience that a test can outlast. */
const settings = {
  "journeys:pushwooshApiToken": { value: "test-token", secret: true },
  "journeys:requestRate": 0,
  "journeys:requestConcurrency": 0,
  "journeys:engagelabApiUser": "user",
  "journeys:engagelabApiKey": { value: "key", secret: true },
  "journeys:engagelabRate": 0,
  "journeys:engagelabConcurrency": 0,
  "journeys:headersTimeout": 6000,
};

export class Ground {
  /** What the program declares, by resource name. */
  declared: Record<string, Declared> = {};
  /** Runs after the journeys are declared; its result is the stack's outputs. */
  more: (() => unknown) | undefined;
  readonly events: EngineEvent[] = [];

  private constructor(
    readonly emulator: Emulator,
    readonly folder: string,
    readonly config: Record<string, ConfigValue>,
    readonly stack: Stack,
    private readonly shares: boolean,
  ) {}

  static async open(options: GroundOptions = {}): Promise<Ground> {
    const { sharing, config, parallel = 1000, project = "shop" } = options;
    const emulator = sharing ?? (await startEmulator(options.emulator));
    const folder = layOut();
    const urls = { "journeys:pushwooshJourneyUrl": emulator.url, "journeys:engagelabUrl": emulator.url };
    const whole = { ...settings, ...urls, ...config };
    let ground: Ground | undefined;
    const stack = await Stack.create({
      project,
      folder,
      config: whole,
      parallel,
      program: () => ground?.run(),
      onEvent: (event) => ground?.events.push(event),
    });
    ground = new Ground(emulator, folder, whole, stack, sharing !== undefined);
    return ground;
  }

  /** A journey in the program, from now on. */
  declare(name: string, inputs: pushwoosh.JourneyArgs, options?: pulumi.CustomResourceOptions): void {
    this.declared[name] = { inputs, ...(options && { options }) };
  }

  up = (): Promise<OperationResult> => this.stack.up();
  preview = (): Promise<OperationResult> => this.stack.preview();
  refresh = (): Promise<OperationResult> => this.stack.refresh();
  destroy = (): Promise<OperationResult> => this.stack.destroy();

  /** As on a fresh CI runner. */
  loseRecords(): void {
    rmSync(join(this.folder, ".journeys"), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.stack.close();
    if (!this.shares) await this.emulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(): unknown {
    for (const [name, { inputs, options }] of Object.entries(this.declared))
      new pushwoosh.Journey(name, inputs, options);
    return this.more?.();
  }
}

/** A new program's folder, with this package and Pulumi's SDK installed as a user has them. */
export function layOut(): string {
  const folder = mkdtempSync(join(tmpdir(), "journeys-e2e-"));
  mkdirSync(join(folder, "node_modules", "@pulumi"), { recursive: true });
  symlinkSync(repository, join(folder, "node_modules", "pulumi-journeys"));
  symlinkSync(join(repository, "node_modules/@pulumi/pulumi"), join(folder, "node_modules/@pulumi/pulumi"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "shop", private: true }));
  return folder;
}
