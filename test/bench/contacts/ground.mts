// What the benchmarks of contacts stand on: an emulator in a process of its own, a file of people, and how a figure is told.
import { fork } from "node:child_process";
import { once } from "node:events";
import { startEmulator } from "pulumi-journeys/emulator";

export interface Counts {
  url: string;
  requests: number;
  upserts: number;
  lookUps: number;
  contacts: number;
}

/** The emulator, as another process has it. */
export class Platform {
  readonly url: string;
  readonly #child: ReturnType<typeof fork>;

  private constructor(child: ReturnType<typeof fork>, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(): Promise<Platform> {
    const child = fork(import.meta.filename, { stdio: "inherit" });
    const [{ url }] = (await once(child, "message")) as [Counts];
    return new Platform(child, url);
  }

  counts(): Promise<Counts> {
    return this.#ask("counts");
  }

  async reset(): Promise<void> {
    await this.#ask("reset");
  }

  stop(): void {
    this.#child.kill();
  }

  async #ask(word: string): Promise<Counts> {
    const answer = once(this.#child, "message");
    this.#child.send(word);
    return (await answer)[0] as Counts;
  }
}

/** A list of so many people, the first of them edited. */
export function csvText(count: number, edited = 0): string {
  const lines = ["email,phone,name,tags,fields.Age"];
  for (let n = 0; n < count; n++) {
    const age = n < edited ? 99 : n % 90;
    lines.push(`person${n}@example.com,+49170${1_000_000 + n},Person Number ${n},news;vip,${age}`);
  }
  return `${lines.join("\n")}\n`;
}

export const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

/** Prints a figure beside its bound; over it, the process ends badly. */
export function report(name: string, value: number, most: number, unit = ""): void {
  const isGood = value <= most;
  const text = Number.isInteger(value) ? String(value) : value.toFixed(2);
  console.log(`${name.padEnd(48)} ${text}${unit} (at most ${most}${unit}) ${isGood ? "ok" : "TOO MUCH"}`);
  if (!isGood) process.exitCode = 1;
}

async function serve(): Promise<void> {
  const emulator = await startEmulator({ journalBodies: false });
  const requests = (endpoint?: string) => emulator.requests(endpoint === undefined ? {} : { endpoint });
  const counts = (): Counts => ({
    url: emulator.url,
    requests: requests(),
    upserts: requests("contact.upsert"),
    lookUps: requests("contact.list"),
    contacts: emulator.engagelab.count(),
  });
  process.on("message", (word) => {
    if (word === "reset") emulator.reset();
    process.send!(counts());
  });
  process.on("disconnect", () => process.exit());
  process.send!(counts());
}

if (process.send && process.argv[1] === import.meta.filename) await serve();
