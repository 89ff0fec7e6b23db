/** A child process whose lines are passed on as they come, and which never outlives the engine if the engine can help it. */
import { type ChildProcess as NodeChild, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { StepError } from "./run.js";

const running = new Set<NodeChild>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export interface Launch {
  /** The script for Node, with its arguments. */
  args: string[];
  folder: string;
  env: Record<string, string>;
  /** Called for each line, in the order of its stream. */
  onLine: (stream: "stdout" | "stderr", text: string) => void;
  /** Whether the first line on stdout is for the engine (`firstLine`), not for the user. */
  announces: boolean;
}

export class ChildProcess {
  readonly pid: number;
  private readonly child: NodeChild;
  private readonly first: Promise<string>;
  /** Settles when the process has ended and its last line has been passed on. */
  readonly closed: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  constructor({ args, folder, env, onLine, announces }: Launch) {
    // In a process group of its own: Ctrl-C reaches the engine, which then decides what to do about its children.
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    running.add(child);
    this.child = child;
    this.pid = child.pid ?? 0;
    let announce: ((line: string) => void) | undefined;
    this.first = new Promise((resolve) => {
      announce = announces ? resolve : undefined;
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (announce) announce(line);
      else onLine("stdout", line);
      announce = undefined;
    });
    createInterface({ input: child.stderr }).on("line", (line) => onLine("stderr", line));
    this.closed = this.waitForEnd();
  }

  /** The first line on stdout. Throws if the process ends or a minute passes before. */
  async firstLine(): Promise<string> {
    const none = Promise.race([this.closed, delay(60_000, undefined, { ref: false })]);
    const line = await Promise.race([this.first, none.then(() => undefined)]);
    if (line !== undefined) return line;
    const end = await this.describeEnd();
    throw new StepError(`The provider process ${end} before it was ready; its last words are above.`);
  }

  /** How it ended, as part of a sentence. A process that was killed is noticed on its socket a moment earlier. */
  async describeEnd(): Promise<string> {
    const end = await Promise.race([this.closed, delay(1000, undefined, { ref: false })]);
    if (!end) return "stopped answering";
    return end.signal ? `was ended by ${end.signal}` : `ended with code ${end.code}`;
  }

  /** Asks the process to end, and ends it if it hasn't after `patience` milliseconds. */
  async stop(patience = 5000): Promise<void> {
    this.child.kill("SIGINT");
    if (!(await Promise.race([this.closed, delay(patience, undefined, { ref: false })]))) this.child.kill("SIGKILL");
    await this.closed;
  }

  private async waitForEnd() {
    const closed = once(this.child, "close");
    const [code, signal] = (await once(this.child, "exit")) as [number | null, NodeJS.Signals | null];
    running.delete(this.child);
    // A grandchild may hold the pipes open; don't wait for it longer than a moment.
    await Promise.race([closed, delay(1000, undefined, { ref: false })]);
    return { code, signal };
  }
}
