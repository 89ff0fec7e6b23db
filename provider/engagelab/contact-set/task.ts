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
  /** Tags that contacts have in other letters than declared. */
  spellings: Set<string>;
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
  readonly #rows = new LooseRows();
  /** For each row of the source its slot among those, or -1. */
  readonly #slots: Int32Array;
  readonly #left = new Set<number>();
  /** Contacts this run created. */
  created = 0;
  readonly failures: Failure[] = [];
  /** Why nothing more is sent: the credential, the rate, the engine. */
  stopped: JourneysError | undefined;

  constructor(private readonly digests: RowDigests) {
    this.#slots = new Int32Array(digests.reading.count).fill(-1);
  }

  /** The member is as declared. */
  settle(row: number, id: string, flags: number): void {
    this.#slots[row] = this.#rows.addRow(this.digests, row, id, flags, this.#slot(row));
  }

  /** The member is to be remembered otherwise than as declared. */
  remember(row: number, entry: Entry): void {
    this.#slots[row] = this.#rows.add(entry, this.#slot(row));
  }

  /** What is to be remembered of a row; undefined where nothing became of it. */
  entry(row: number): Entry | undefined {
    const slot = this.#slot(row);
    return slot === undefined ? undefined : this.#rows.entry(slot);
  }

  #slot(row: number): number | undefined {
    const slot = this.#slots[row]!;
    return slot < 0 ? undefined : slot;
  }

  /** A removed member, by its position in the state, belongs to the set no longer. */
  leave(position: number): void {
    this.#left.add(position);
  }

  fail(error: JourneysError, row?: number): void {
    this.failures.push({ error, ...(row !== undefined && { row }) });
  }

  /** Everything worth remembering, when nothing more becomes of anybody. */
  members({ comparison, prior }: Task): Packed {
    const { positions, removed } = comparison;
    for (let row = 0; row < positions.length; row++) {
      if (this.#slots[row]! < 0 && positions[row]! >= 0) this.remember(row, prior.entry(positions[row]!));
    }
    for (const position of removed) if (!this.#left.has(position)) this.#rows.add(prior.entry(position));
    return Packed.from(this.#rows);
  }
}
