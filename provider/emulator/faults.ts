import { type JournalEntry, matches, type RequestFilter } from "./journal";
import type { World } from "./world";

/** Every fault and what the client sees of it. "Not committed" means that the platform never took the write. */
export const faultKinds = {
  delay: "answered as usual, but late (`delayMs`)",
  refuse: "not committed; refused with the platform's own body",
  "401": "not committed; refused as not authenticated",
  "403": "not committed; refused as not permitted",
  "404": "not committed; refused as not found",
  "429": "not committed; too many requests, with Retry-After",
  "500-before": "not committed; 500",
  "500-after": "committed; 500",
  "html-502": "not committed; a proxy's HTML page with status 502",
  "html-502-after": "committed; a proxy's HTML page with status 502",
  "drop-before": "not committed; the connection is reset",
  "drop-after": "committed; the connection is reset before the answer",
  "cut-after": "committed; the connection is reset in the middle of the answer",
  truncate: "committed; a complete HTTP answer whose JSON stops in the middle",
  hang: "not committed; no answer until the emulator closes",
  "hang-after": "committed; no answer until the emulator closes",
} as const;

export type FaultKind = keyof typeof faultKinds;

/** A fault to run into: which requests, how often, and what happens to them. */
export interface Fault extends RequestFilter {
  kind: FaultKind;
  /** How many requests it hits before it is used up. Default 1; `Infinity` for all. */
  times?: number;
  /** How many matching requests pass unharmed first. Default 0. */
  after?: number;
  /** For `delay`: milliseconds. Default 100. */
  delayMs?: number;
  /** Chance from 0 to 1 that a matching request is hit, drawn from the seed. Default 1. */
  probability?: number;
  /** For `429`: value of the Retry-After header (seconds or an HTTP date), or false to leave it out. Default 1. */
  retryAfter?: number | string | false;
}

/** A fault that has been set, as a handle for the test. */
export interface ActiveFault {
  /** How many requests it has hit. */
  readonly hits: number;
  /** Takes it away. */
  clear(): void;
}

/** The faults that are set, in order; the first that fits a request hits it. */
export class Faults {
  private readonly active = new Set<{ fault: Fault; seen: number; hits: number; serial: number }>();
  private serial = 0;

  constructor(private readonly world: World) {}

  add(fault: Fault): ActiveFault {
    checkFault(fault);
    this.serial += 1;
    const entry = { fault, seen: 0, hits: 0, serial: this.serial };
    this.active.add(entry);
    return {
      get hits() {
        return entry.hits;
      },
      clear: () => {
        this.active.delete(entry);
      },
    };
  }

  /** The fault this request runs into, if any; counts it as used. */
  take(request: JournalEntry): Fault | undefined {
    for (const entry of this.active) {
      const { fault } = entry;
      if (entry.hits >= (fault.times ?? 1) || !matches(fault, request)) continue;
      entry.seen += 1;
      if (entry.seen <= (fault.after ?? 0)) continue;
      if (this.world.chance("fault", entry.serial, entry.seen) >= (fault.probability ?? 1)) continue;
      entry.hits += 1;
      return fault;
    }
    return undefined;
  }

  clear(): void {
    this.active.clear();
  }
}

function checkFault(fault: Fault): void {
  if (!Object.hasOwn(faultKinds, fault.kind)) {
    throw new Error(`There is no fault of kind "${fault.kind}". The kinds are: ${Object.keys(faultKinds).join(", ")}.`);
  }
}

/**
 * Reads a fault from text such as `kind=500-after,endpoint=journey.create,times=2`, as a command line gives it.
 * @throws Error naming the member that can't be understood.
 */
export function parseFault(text: string): Fault {
  const fault: Record<string, string | number | boolean> = {};
  for (const part of text.split(",")) {
    const [name = "", value = ""] = part.split(/=(.*)/s).map((piece) => piece.trim());
    if (["kind", "endpoint", "platform", "method", "title", "id", "email"].includes(name)) fault[name] = value;
    else if (["times", "after", "delayMs", "probability", "retryAfter"].includes(name))
      fault[name] = toNumber(name, value);
    else
      throw new Error(
        `"${part}" is not a part of a fault. Write, for example, kind=429,endpoint=journey.create,times=2.`,
      );
  }
  const parsed = fault as unknown as Fault;
  checkFault(parsed);
  return parsed;
}

function toNumber(name: string, value: string): number {
  const number = Number(value);
  if (value === "" || Number.isNaN(number) || number < 0) {
    throw new Error(`The fault's ${name} must be a number from 0 up, not "${value}".`);
  }
  return number;
}
