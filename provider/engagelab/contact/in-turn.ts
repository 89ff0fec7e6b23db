/** Many contacts, one after another: what a delete of thousands and one that is cut off have in common. */
import { JourneysError } from "../../core/errors";
import { engineGone } from "./refusals";

/** At once; the client's limits decide the rest. */
const WORKERS = 4;
/** After so many contacts that aren't who was meant, something is wrong with more than one of them. */
const MOST_FAILURES = 3;

/**
 * Works on each of them until something goes wrong that would go wrong for the next one as well, or nobody waits any
 * more; what was begun is finished.
 *
 * @returns what went wrong; nothing says that all were worked on
 */
export async function inTurn<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  signal?: AbortSignal,
): Promise<JourneysError[]> {
  const queue = items[Symbol.iterator]();
  const failures: JourneysError[] = [];
  let isStopped = false;
  const worker = async () => {
    for (const item of queue) {
      try {
        if (signal?.aborted) throw engineGone();
        await work(item);
      } catch (error) {
        if (!(error instanceof JourneysError)) throw error;
        failures.push(error);
        isStopped ||= error.code !== "guard-tripped" || failures.length >= MOST_FAILURES;
      }
      if (isStopped) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(WORKERS, items.length) }, worker));
  return failures;
}
