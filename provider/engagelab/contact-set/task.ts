/** One run's work on a set: what was declared, what is known, and what became of each member so far. */
import type { JourneysError } from "../../core/errors";
import type { Context } from "../../core/resource";
import type { Comparison } from "./comparison";
import type { Entry } from "./entry";
import type { SetInputs } from "./inputs";
import { LooseRows } from "./loose-rows";
import { Packed } from "./packed";
import type { RowDigests } from "./row-digests";
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
  /** Contact ids of rows that are as declared; with the flags these tell an entry in full. */
  readonly #ids: (string | undefined)[] = [];
  readonly #flags: number[] = [];
  /** Rows of which something else is to be remembered. */
  readonly #odd = new Map<number, Entry>();
  readonly #left = new Set<number>();
  /** Contacts this run created. */
  created = 0;
  readonly failures: Failure[] = [];
  /** Why nothing more is sent: the credential, the rate, the engine. */
  stopped: JourneysError | undefined;

  /** The member is as declared. */
  settle(row: number, id: string, flags: number): void {
    this.#ids[row] = id;
    this.#flags[row] = flags;
    this.#odd.delete(row);
  }

  /** The member is to be remembered otherwise than as declared. */
  remember(row: number, entry: Entry): void {
    this.#odd.set(row, entry);
  }

  /** What is to be remembered of a row; undefined where nothing became of it. */
  entry(row: number, digests: RowDigests): Entry | undefined {
    const odd = this.#odd.get(row);
    const id = this.#ids[row];
    return odd ?? (id === undefined ? undefined : digests.entryOf(row, id, this.#flags[row]!));
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
    const { digests, positions, removed } = comparison;
    const rows = new LooseRows();
    for (let row = 0; row < reading.count; row++) {
      const odd = this.#odd.get(row);
      const id = this.#ids[row];
      if (odd) rows.add(odd);
      else if (id !== undefined) rows.addRow(digests, row, id, this.#flags[row]!);
      else if (positions[row]! >= 0) rows.add(prior.entry(positions[row]!));
    }
    for (const position of removed) if (!this.#left.has(position)) rows.add(prior.entry(position));
    return Packed.from(rows);
  }
}
