/** Which rows of a source are new, changed or the same, against what the state keeps of the set. Pure. */
import { attributesOf, compared } from "./content";
import { type Digest, DigestColumn, Digester } from "./digests";
import { type Entry, flag, type Packed } from "./packed";
import type { Reading } from "./rows";

/** The digests of all rows of a reading, under one set's key. */
export class RowDigests {
  readonly address: DigestColumn;
  readonly content: DigestColumn;

  constructor(reading: Reading, key: string, isExclusive: boolean) {
    const digester = new Digester(key, isExclusive);
    this.address = new DigestColumn(reading.count);
    this.content = new DigestColumn(reading.count);
    for (let row = 0; row < reading.count; row++) {
      const identity = reading.identities[row]!;
      digester.address(identity);
      this.address.set(row, digester);
      digester.content(identity, compared(reading.contents[row]!));
      this.content.set(row, digester);
    }
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

/** What the state is to keep of a row whose contact is as declared. */
export function entryOf(reading: Reading, digests: RowDigests, row: number, id: string, flags: number): Entry {
  const { fields, phone, name, tags } = attributesOf(reading.contents[row]!);
  const declared = (phone ? flag.phone : 0) | (name ? flag.name : 0) | (tags ? flag.tags : 0);
  const content = digests.content.get(row);
  return { address: digests.address.get(row), content, id, flags: flags | declared, fields, tags: tags ?? [] };
}

/** A member as it was and as it was to become: whatever of both took place, both are the set's to take away. */
export function doubted(entry: Entry, before: Entry | undefined): Entry {
  const union = (one: readonly string[], other: readonly string[] = []) => [...new Set([...one, ...other])].sort();
  const [fields, tags] = [union(entry.fields, before?.fields), union(entry.tags, before?.tags)];
  return { ...entry, flags: entry.flags | (before?.flags ?? 0), fields, tags, content: unknownContent };
}

/** Stands for a content nobody knows: the next run looks and sends what is needed. */
export const unknownContent: Digest = { high: 0, low: 0 };
