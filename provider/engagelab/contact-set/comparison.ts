/** Which rows of a source are new, changed or the same, against what the state keeps of the set. Pure. */
import { attributesOf, compared, shapeOf } from "./content";
import { type Digest, DigestColumn, Digester } from "./digests";
import { type Entry, flag, type Names } from "./entry";
import type { Packed } from "./packed";
import type { Reading } from "./rows";

/** What a row declares beside its values: the same object for all rows of one shape. */
export interface Shape {
  /** A sum of `flag`. */
  flags: number;
  names: Names;
}

/** The digests of a reading's rows under one set's key, made as they are asked for. */
export class RowDigests {
  readonly address: DigestColumn;
  readonly content: DigestColumn;
  readonly #made: Uint8Array;
  readonly #digester: Digester;
  readonly #shapes = new Map<string, Shape>();

  constructor(
    private readonly reading: Reading,
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
    this.#digester.content(identity, compared(this.reading.contents[row]!));
    this.content.set(row, this.#digester);
  }

  /** What the state is to keep of a row whose contact is as declared. */
  entryOf(row: number, id: string, flags: number): Entry {
    this.make(row);
    const { names, flags: declared } = this.shapeOf(row);
    return { address: this.address.get(row), content: this.content.get(row), id, flags: flags | declared, names };
  }

  shapeOf(row: number): Shape {
    const content = this.reading.contents[row]!;
    const key = shapeOf(content);
    let shape = this.#shapes.get(key);
    if (!shape) {
      const { phone, name, fields, tags } = attributesOf(content);
      const flags = (phone ? flag.phone : 0) | (name ? flag.name : 0) | (tags ? flag.tags : 0);
      shape = { flags, names: { fields, tags: tags ?? [] } };
      this.#shapes.set(key, shape);
    }
    return shape;
  }
}

/** What a plan needs to know. */
export interface Differences {
  /** Rows the state doesn't know. */
  added: number[];
  /** Rows whose contact somebody else deleted, as far as the state knows. */
  again: number[];
  /** Rows that declare something else than before, or whose contact somebody else changed. */
  changed: number[];
  unchanged: number;
  /** Positions in the state of members that are no longer declared. */
  removed: number[];
}

export interface Comparison extends Differences {
  digests: RowDigests;
  /** For each row its position in the state, or -1. */
  positions: Int32Array;
}

/** Against nothing: a new set needs no digest to be planned. */
export function allAdded({ count }: Reading): Differences {
  return { added: Array.from({ length: count }, (_, row) => row), again: [], changed: [], unchanged: 0, removed: [] };
}

export function compare(reading: Reading, digests: RowDigests, prior: Packed): Comparison {
  const { address, content } = digests;
  const positions = new Int32Array(reading.count).fill(-1);
  if (prior.count === 0) return { ...allAdded(reading), digests, positions };
  for (let row = 0; row < reading.count; row++) digests.make(row);
  const found: Comparison = { digests, added: [], again: [], changed: [], unchanged: 0, removed: [], positions };
  let at = 0;
  for (const row of address.order()) {
    while (at < prior.count && prior.address.compare(at, address, row) < 0) found.removed.push(at++);
    if (at === prior.count || prior.address.compare(at, address, row) > 0) {
      found.added.push(row);
      continue;
    }
    positions[row] = at;
    if (prior.has(at, flag.gone)) found.again.push(row);
    else if (prior.content.compare(at, content, row) === 0) found.unchanged += 1;
    else found.changed.push(row);
    at += 1;
  }
  while (at < prior.count) found.removed.push(at++);
  // Digests are in no order a person knows: the calls follow the file.
  for (const rows of [found.added, found.again, found.changed]) rows.sort((a, b) => a - b);
  return found;
}

/** A member as it was and as it was to become: whatever of both took place, both are the set's to take away. */
export function doubted(entry: Entry, before: Entry | undefined): Entry {
  const union = (one: readonly string[], other: readonly string[] = []) => [...new Set([...one, ...other])].sort();
  const { fields, tags } = entry.names;
  const names = { fields: union(fields, before?.names.fields), tags: union(tags, before?.names.tags) };
  return { ...entry, flags: entry.flags | (before?.flags ?? 0), names, content: unknownContent };
}

/** Stands for a content nobody knows: the next run looks and sends what is needed. */
export const unknownContent: Digest = { high: 0, low: 0 };
