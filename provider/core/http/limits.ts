/** How many requests a second, and how many at once. */
import PQueue from "p-queue";

export class Limits {
  readonly #queue: PQueue | undefined;

  /** Each limit is off at 0 or Infinity; with both off a task starts at once, without any queue. */
  constructor(rate: number, concurrency: number) {
    const spaced = rate > 0 && Number.isFinite(rate);
    const counted = concurrency > 0 && Number.isFinite(concurrency);
    if (!spaced && !counted) return;
    this.#queue = new PQueue({
      ...(counted && { concurrency }),
      // One start in each sliding interval: evenly spaced, never two at a boundary.
      ...(spaced && { interval: 1000 / rate, intervalCap: 1, strict: true }),
    });
  }

  /**
   * Runs a task, which must not reject, when the limits allow. Resolves to undefined when the signal aborts before it
   * began; a task that has begun is waited for, whatever the signal says.
   *
   * @param first before everything that waits: retries, so that what was begun is finished first
   */
  async run<T>(task: () => Promise<T>, first: boolean, signal?: AbortSignal): Promise<T | undefined> {
    if (!this.#queue) return task();
    let begun: Promise<T> | undefined;
    const begin = (): Promise<T> => {
      begun = task();
      return begun;
    };
    try {
      return await this.#queue.add(begin, { priority: first ? 1 : 0, ...(signal && { signal }) });
    } catch {
      return begun;
    }
  }
}
