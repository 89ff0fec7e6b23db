/** The digests of what a source declares, row by row. Pure. */
import { compared } from "./content";
import { DigestColumn, Digester } from "./digests";
import type { Entry } from "./entry";
import type { Reading } from "./rows";

/** The digests of a reading's rows under one set's key, made as they are asked for. */
export class RowDigests {
  readonly address: DigestColumn;
  readonly content: DigestColumn;
  readonly #made: Uint8Array;
  readonly #digester: Digester;

  constructor(
    readonly reading: Reading,
    key: string,
    isExclusive: boolean,
  ) {
    this.address = new DigestColumn(reading.count);
    this.content = new DigestColumn(reading.count);
    this.#made = new Uint8Array(reading.count);
    this.#digester = new Digester(key, isExclusive);
  }

  make(row: number): void {
    if (this.#made[row]) return;
    this.#made[row] = 1;
    const identity = this.reading.identities[row]!;
    this.#digester.address(identity);
    this.address.set(row, this.#digester);
    this.#digester.content(identity, compared(this.reading.contentOf(row)));
    this.content.set(row, this.#digester);
  }

  /** What the state is to keep of a row whose contact is as declared. */
  entryOf(row: number, id: string, flags: number): Entry {
    this.make(row);
    const { names, flags: declared } = this.reading.shapeOf(row);
    return { address: this.address.get(row), content: this.content.get(row), id, flags: flags | declared, names };
  }
}
