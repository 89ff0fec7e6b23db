/** Which rows of a source are new, changed or the same, against what the state keeps of the set. Pure. */
import type { Digest } from "./digests";
import { type Entry, flag } from "./entry";
import type { Packed } from "./packed";
import type { RowDigests } from "./row-digests";
import type { Reading } from "./rows";

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
  const added: number[] = [];
  for (let row = 0; row < count; row++) added.push(row);
  return { added, again: [], changed: [], unchanged: 0, removed: [] };
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
  const owning = before ? owningBoth(entry, before) : { ...entry, content: unknownContent };
  return { ...owning, flags: entry.flags | (before?.flags ?? 0) };
}

/** A member that was written, but not all of it was kept: what it declared before is the set's to take away as well. */
export function owningBoth(entry: Entry, before: Entry): Entry {
  const union = (one: readonly string[], other: readonly string[]) => [...new Set([...one, ...other])].sort();
  const { fields, tags } = entry.names;
  const names = { fields: union(fields, before.names.fields), tags: union(tags, before.names.tags) };
  return { ...entry, flags: entry.flags | (before.flags & DECLARED), names, content: unknownContent };
}

const DECLARED = flag.phone | flag.name | flag.tags;

/** Stands for a content nobody knows: the next run looks and sends what is needed. */
export const unknownContent: Digest = { high: 0, low: 0 };
