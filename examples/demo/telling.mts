/** Tells a stack's story as it happens: each operation, the calls it made beside it, and whether that was expected. */
import { type Emulator, startEmulator } from "pulumi-journeys/emulator";
import { display, type Engine, type OperationResult, type StackEngine } from "pulumi-journeys/testing";
import { type Staged, stage } from "./stage.mts";

export interface Act {
  result: OperationResult;
  calls: string[];
  /** Names of the calls that write. */
  writes: string[];
}

/** Calls that only read although they are POSTs. */
const reads = new Set(["contact.list", "quota"]);

export class Telling {
  readonly findings: { text: string; ok: boolean }[] = [];

  readonly emulator: Emulator;
  readonly example: Staged;
  readonly #stack: StackEngine;
  /** Everything the engine told, printed or not. */
  readonly #events: unknown[];

  private constructor(emulator: Emulator, example: Staged, stack: StackEngine, events: unknown[]) {
    this.emulator = emulator;
    this.example = example;
    this.#stack = stack;
    this.#events = events;
  }

  static async open(
    engine: Engine,
    example: string,
    config: Record<string, unknown>,
    options: Parameters<typeof startEmulator>[0],
  ): Promise<Telling> {
    say(`\n══ ${example}`);
    const emulator = await startEmulator({ seed: 7, ...options });
    const staged = stage(example);
    const events: unknown[] = [];
    const show = display(process.stdout);
    try {
      const stack = await engine.create({
        program: { folder: staged.folder },
        stack: "demo",
        config: {
          "journeys:pushwooshApiToken": { value: "demo-token", secret: true },
          "journeys:pushwooshJourneyUrl": emulator.url,
          "journeys:pushwooshApiUrl": emulator.url,
          "journeys:engagelabUrl": emulator.url,
          ...config,
        },
        onEvent: (event) => {
          events.push(event);
          show(event);
        },
      });
      return new Telling(emulator, staged, stack, events);
    } catch (error) {
      await emulator.close();
      staged.remove();
      throw error;
    }
  }

  expect(text: string, ok: boolean): void {
    this.findings.push({ text, ok });
    say(`  ${ok ? "✓" : "✗ NOT AS EXPECTED:"} ${text}`);
  }

  /** Whether any of these texts was in anything the engine told so far. */
  named(texts: readonly string[]): boolean {
    const all = JSON.stringify(this.#events);
    return texts.some((text) => all.includes(text));
  }

  /** One operation, told as it goes, with the calls it made. */
  async act(title: string, operation: "preview" | "up" | "refresh" | "destroy"): Promise<Act> {
    say(`\n── ${title}`);
    const { journal } = this.emulator;
    const since = journal.length;
    const result = await waiting(`${operation} is running`, this.#stack[operation]());
    const made = journal.slice(since);
    const calls = made.map(
      ({ endpoint, method, path, status }) => `${endpoint.padEnd(18)} ${method} ${path} → ${status ?? "no answer"}`,
    );
    const shown = calls.length > 12 ? [...calls.slice(0, 12), `… and ${calls.length - 12} more`] : calls;
    say(shown.length ? `  calls made:\n${shown.map((call) => `    ${call}`).join("\n")}` : "  calls made: none");
    const writes = made.filter(({ method, endpoint }) => method !== "GET" && !reads.has(endpoint));
    return { result, calls, writes: writes.map(({ endpoint }) => endpoint) };
  }

  async close(): Promise<void> {
    await this.#stack.close();
    await this.emulator.close();
    this.example.remove();
  }
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A line for whatever takes over a second, and one every five seconds from then on. */
async function waiting<T>(text: string, work: Promise<T>): Promise<T> {
  const started = Date.now();
  const still = () => say(`  … ${text} (${Math.round((Date.now() - started) / 1000)} s)`);
  const first = setTimeout(still, 1000);
  const timer = setInterval(still, 5000);
  try {
    return await work;
  } finally {
    clearTimeout(first);
    clearInterval(timer);
  }
}

export const told = ({ result }: Act, text: string): boolean => result.messages.some((line) => line.includes(text));

export const failedWith = ({ result }: Act, text: string): boolean =>
  !result.ok && JSON.stringify(result.diagnostics).includes(text);
