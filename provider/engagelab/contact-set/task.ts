/** One run's work on a set: what was declared, what is known, and what became of each member so far. */
import type { JourneysError } from "../../core/errors";
import type { Context } from "../../core/resource";
import type { Comparison } from "./comparison";
import type { SetInputs } from "./inputs";
import { type Entry, Packed } from "./packed";
import type { Reading } from "./rows";

export interface Task {
  desired: SetInputs;
  reading: Reading;
  comparison: Comparison;
  /** What the state says, or a record that is newer. */
  prior: Packed;
  /** Earliest time at which a run that was cut off may have created contacts. */
  since?: number;
  /** The account's list, as the state knows it. */
  listId?: number;
  context: Context;
  resource: string;
  ledger: Ledger;
}

/** Something that went wrong, of one member or of all. */
export interface Failure {
  row?: number;
  error: JourneysError;
}

/** What became of each member. Whoever isn't in it stays as the state has it. */
export class Ledger {
  readonly #rows = new Map<number, Entry | undefined>();
  readonly #left = new Set<number>();
  /** Contacts this run created. */
  created = 0;
  readonly failures: Failure[] = [];
  /** Why nothing more is sent: the credential, the rate, the engine. */
  stopped: JourneysError | undefined;

  /** The member is to be remembered so; undefined: not at all. */
  settle(row: number, entry: Entry | undefined): void {
    this.#rows.set(row, entry);
  }

  entry(row: number): Entry | undefined {
    return this.#rows.get(row);
  }

  /** A removed member, by its position in the state, belongs to the set no longer. */
  leave(position: number): void {
    this.#left.add(position);
  }

  fail(error: JourneysError, row?: number): void {
    this.failures.push({ error, ...(row !== undefined && { row }) });
  }

  /** Everything worth remembering. */
  members({ comparison, prior, reading }: Task): Packed {
    const entries: Entry[] = [];
    for (let row = 0; row < reading.count; row++) {
      const position = comparison.positions[row]!;
      if (this.#rows.has(row)) {
        const entry = this.#rows.get(row);
        if (entry) entries.push(entry);
      } else if (position >= 0) entries.push(prior.entry(position));
    }
    for (const position of comparison.removed) if (!this.#left.has(position)) entries.push(prior.entry(position));
    return Packed.of(entries);
  }
}
