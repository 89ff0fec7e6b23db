/**
 * Notes parts on disk before their calls. A flush takes as long as the disk likes, and is worth its while beside a call
 * over a network: each part then has its own. Where calls are faster than the disk, one flush announces several parts, and
 * each is then noted without one. Such a note outlives this process; should the machine itself go down, the parts that were
 * announced count as unknown.
 */
import type { OperationRecord } from "../../core/record";
import { ANNOUNCED, ENTER } from "./parts";

/** Flushing may take about a tenth of the time that calls take. */
const CALLS_PER_FLUSH = 10;
const MOST_AHEAD = 100;

export class Ahead {
  /** The first of the places that is not announced. */
  #next = 0;
  #flushMs = 0;
  #flushed = 0;
  #since = 0;

  /** @param places the parts that will be sent, in this order, by their index */
  constructor(
    private readonly record: OperationRecord,
    private readonly places: readonly number[],
  ) {}

  /** Resolves when the part at a place is noted. Places are asked for one after the other. */
  async begin(at: number): Promise<void> {
    const part = this.places[at]!;
    if (at < this.#next) return this.record.note(ENTER, { part });
    const count = Math.min(this.#count(at), this.places.length - at);
    const started = performance.now();
    if (count === 1) await this.record.begin(ENTER, { part });
    else {
      await this.record.begin(ANNOUNCED, { parts: this.places.slice(at, at + count) });
      await this.record.end("answered");
      this.record.note(ENTER, { part });
    }
    this.#next = at + count;
    this.#flushed = at;
    this.#since = performance.now();
    this.#flushMs = this.#since - started;
  }

  /** How many parts the next flush is for. */
  #count(at: number): number {
    if (at === 0) return 1;
    const callMs = (performance.now() - this.#since) / (at - this.#flushed);
    return Math.max(1, Math.min(MOST_AHEAD, Math.floor((CALLS_PER_FLUSH * this.#flushMs) / callMs)));
  }
}
