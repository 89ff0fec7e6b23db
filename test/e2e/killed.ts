// A program in a folder of its own, run by an engine here, whose provider process can be killed, or by one that is a process of
// its own, so that either can be.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { engagelab, pushwoosh } from "../../provider";
import {
  type ConfigValue,
  type EngineEvent,
  type Operation,
  type OperationResult,
  Stack,
  type StackOptions,
} from "../../provider/engine/index.js";
import { layOut } from "./ground";

const passphrase = "tests only";
const project = "shop";

/** What sites can be made of. */
const { Journey, JourneyEntry } = pushwoosh;
const makers = { pushwoosh: { Journey, JourneyEntry }, engagelab: { ContactSet: engagelab.ContactSet } };

const programOf = (maker: Maker) => `
const { readFileSync } = require("node:fs");
const journeys = require("pulumi-journeys");
for (const [name, inputs] of Object.entries(JSON.parse(readFileSync("declared.json", "utf8")))) new journeys.${maker}(name, inputs);
`;

type Maker = "pushwoosh.Journey" | "pushwoosh.JourneyEntry" | "engagelab.ContactSet";

/** A stack with a state file. Its operations run here, or in a process that can be killed. */
export class Site<Args extends object = pushwoosh.JourneyArgs> {
  readonly folder = layOut();
  readonly stateFile = join(this.folder, "state.json");
  declared: Record<string, Args> = {};

  constructor(
    private readonly config: Record<string, ConfigValue>,
    private readonly maker: Maker = "pushwoosh.Journey",
  ) {
    writeFileSync(join(this.folder, "index.js"), programOf(maker));
    writeFileSync(join(this.folder, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
  }

  /** An operation in this process. */
  async run(operation: "up" | "refresh" = "up", onEvent?: (event: EngineEvent) => void): Promise<OperationResult> {
    const stack = await Stack.create({
      project,
      folder: this.folder,
      stateFile: this.stateFile,
      passphrase,
      config: this.config,
      program: () => this.declareAll(),
      ...(onEvent && { onEvent }),
    });
    try {
      return await stack[operation]();
    } finally {
      await stack.close();
    }
  }

  private declareAll(): void {
    const [room, kind] = this.maker.split(".") as [keyof typeof makers, string];
    const make = (makers[room] as Record<string, unknown>)[kind] as new (name: string, args: Args) => unknown;
    for (const [name, inputs] of Object.entries(this.declared)) new make(name, inputs);
  }

  /** An `up` in this process, while which the provider process can be killed. */
  startHere(): RunningEngine {
    return new RunningEngine((told) => this.run("up", told));
  }

  /** An operation in a process, `up` by default. `stop` is a point where the engine kills itself, such as `after-answer:1`. */
  start({ operation = "up", stop, env }: { operation?: Operation; stop?: string; env?: Record<string, string> } = {}) {
    writeFileSync(join(this.folder, "declared.json"), JSON.stringify(this.declared));
    const options = { project, stateFile: this.stateFile, passphrase, config: this.config };
    return new EngineProcess(operation, { ...options, program: { folder: this.folder } }, stop, env);
  }

  /** The state as saved, secrets encrypted. */
  get saved(): { deployment: { resources: { urn: string; outputs?: Record<string, unknown> }[] } } {
    return JSON.parse(readFileSync(this.stateFile, "utf8"));
  }

  /** Begins with the part of another site's state that is about one of its resources. */
  copyState(from: Site<Args>, name: string): void {
    const { deployment, ...rest } = from.saved;
    const resources = deployment.resources.filter(
      ({ urn }) => !urn.includes(`${this.maker.replace(".", ":")}::`) || urn.endsWith(`::${name}`),
    );
    writeFileSync(this.stateFile, JSON.stringify({ ...rest, deployment: { ...deployment, resources } }));
  }

  /** As on a fresh CI runner. */
  loseRecords(): void {
    rmSync(join(this.folder, ".journeys"), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A running engine, and what it has told so far. */
export class RunningEngine {
  readonly events: EngineEvent[] = [];
  /** Everything it printed. */
  text = "";
  readonly ended: Promise<unknown>;

  constructor(run: (told: (event: EngineEvent) => void) => Promise<unknown>) {
    this.ended = run((event) => {
      this.text += `${JSON.stringify(event)}\n`;
      this.events.push(event);
    });
  }

  async killProvider(): Promise<void> {
    process.kill(await this.pidOf("provider-started"), "SIGKILL");
  }

  /** Whether the provider process ends by itself within a time. */
  async providerEnds(withinMs: number): Promise<boolean> {
    const pid = await this.pidOf("provider-started");
    for (const until = Date.now() + withinMs; Date.now() < until; await delay(50)) if (!isAlive(pid)) return true;
    return false;
  }

  /** Ends what a killed engine left behind. */
  sweep(): void {
    for (const event of this.events)
      if ((event.type === "provider-started" || event.type === "program-started") && isAlive(event.pid))
        process.kill(event.pid, "SIGKILL");
  }

  private async pidOf(type: "provider-started"): Promise<number> {
    for (;;) {
      const event = this.events.find((each) => each.type === type);
      if (event?.type === type) return event.pid;
      await delay(10);
    }
  }
}

export class EngineProcess extends RunningEngine {
  private readonly child: ChildProcess;

  constructor(operation: Operation, options: StackOptions, stop?: string, env?: Record<string, string>) {
    const child = spawn(process.execPath, [resolve(__dirname, "../../dist/engine/main.js"), operation], {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const [when, count] = stop?.split(":") ?? [];
    child.stdin.end(JSON.stringify({ ...options, ...(stop && { stopAt: { when, count: Number(count) } }) }));
    super((told) => {
      createInterface({ input: child.stdout }).on("line", (line) => told(JSON.parse(line)));
      return once(child, "close");
    });
    child.stderr.on("data", (data) => {
      this.text += data;
    });
    this.child = child;
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  get exitCode(): number | null {
    return this.child.exitCode;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
