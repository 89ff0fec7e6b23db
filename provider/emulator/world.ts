import { createHash, randomInt } from "node:crypto";

/** Time, identity and chance of one emulator: everything in it that would differ from run to run. */
export class World {
  /** Ids and sample figures follow from the seed alone. */
  seed: number;
  private readonly clock: () => Date;
  private drawn = 0;
  private elapsedMs = 0;

  constructor(options: { seed?: number | undefined; clock?: (() => Date) | undefined }) {
    this.seed = options.seed ?? randomInt(1, 2 ** 31);
    this.clock = options.clock ?? (() => new Date());
  }

  /** The clock's time plus whatever `advance` added. */
  now(): Date {
    return new Date(this.clock().getTime() + this.elapsedMs);
  }

  /** Lets `ms` milliseconds pass at once. */
  advance(ms: number): void {
    this.elapsedMs += ms;
  }

  /** A new version 4 UUID; the n-th one of a seed is always the same. */
  uuid(): string {
    const hex = this.hex(32);
    const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  /** A new lower-case hexadecimal id of up to 64 digits. */
  hex(length: number): string {
    this.drawn += 1;
    return createHash("sha256").update(`${this.seed}:${this.drawn}`).digest("hex").slice(0, length);
  }

  /** A number from 0 up to, but not including, 1 that depends on the seed and the parts only. */
  chance(...parts: readonly (string | number)[]): number {
    let hash = 0x811c9dc5 ^ this.seed;
    for (const part of parts) {
      const text = String(part);
      for (let index = 0; index < text.length; index += 1) {
        hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
      }
      hash = Math.imul(hash ^ 0x7c, 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
  }

  /** What must outlive the process, so that a reloaded emulator repeats no id and its time does not jump back. */
  save(): { seed: number; drawn: number; elapsedMs: number } {
    return { seed: this.seed, drawn: this.drawn, elapsedMs: this.elapsedMs };
  }

  restore(saved: ReturnType<World["save"]>): void {
    this.seed = saved.seed;
    this.drawn = saved.drawn;
    this.elapsedMs = saved.elapsedMs;
  }
}
