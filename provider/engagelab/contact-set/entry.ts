/** One member as the state keeps it, and its row in the packed form that packed.ts describes. */
import type { Digest } from "./digests";

/** Where in a row things stand; what follows are its names. */
export const ADDRESS = 0;
export const CONTENT = 8;
export const ID = 16;
export const ID_BYTES = 12;
export const FLAGS = ID + ID_BYTES;
export const NAMES = FLAGS + 1;

/** What is known of a member beside its digests and its id. */
export const flag = {
  /** The contact existed before the set: it is released, not deleted. */
  adopted: 1,
  /** The contact was deleted by somebody else. */
  gone: 2,
  phone: 4,
  name: 8,
  tags: 16,
  /** The person opted out, as last seen. */
  unsubscribed: 128,
} as const;
/** The form of the id: 24 hexadecimal digits, up to 12 characters, or the tail's. */
const ID_TEXT = 32;
export const ID_TAIL = 64;

/** One member, as the state keeps it. */
export interface Entry {
  address: Digest;
  content: Digest;
  /** Empty where a run that was cut off may have created the contact and nobody knows its id. */
  id: string;
  /** A sum of `flag`. */
  flags: number;
  /** What it declares and is the set's to take away again. The same object for many members packs faster. */
  names: Names;
}

/** Names of fields and tags. */
export interface Names {
  fields: readonly string[];
  tags: readonly string[];
}

/** Names begin with a letter for what they are names of. */
export const FIELD = "f";
export const TAG = "t";

/** The flags of a row's byte, which holds the form of the id as well. */
export function flagsIn(form: number): number {
  return form & ~(ID_TEXT | ID_TAIL);
}

export function readId(rows: Buffer, base: number, form: number, ids: readonly string[]): string {
  if (form & ID_TAIL) return ids[rows.readUInt32BE(base)]!;
  if (form & ID_TEXT) return rows.toString("latin1", base, base + ID_BYTES).replace(/\0+$/, "");
  return rows.toString("hex", base, base + ID_BYTES);
}

/** Writes an id in the shortest of its forms, and says in which. */
export function writeId(rows: Buffer, base: number, id: string, ids: string[]): number {
  // Asking twelve bytes to be written is the fastest way to learn whether these are digits.
  if (id.length === 2 * ID_BYTES && id === id.toLowerCase() && rows.write(id, base, "hex") === ID_BYTES) return 0;
  rows.fill(0, base, base + ID_BYTES);
  if (id === "") return ID_TEXT;
  if (/^[0-9A-Za-z]{1,12}$/.test(id)) {
    rows.write(id, base, "latin1");
    return ID_TEXT;
  }
  rows.writeUInt32BE(ids.push(id) - 1, base);
  return ID_TAIL;
}
