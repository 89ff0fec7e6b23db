/**
 * The members of a set as the state keeps them: no address, no value, about 40 bytes each, in an order that depends on
 * nothing but the members. Base64 of
 *
 *     version 1 · bytes a row (1 byte; 2 in version 2) · rows (4 bytes) · rows, ascending · tail
 *     row:  digest of the address 8 · digest of the content 8 · contact id 12 · flags 1 · declared names, a bit each
 *     tail: JSON of the names the bits stand for, the names every member declares, and ids of an uncommon form
 *
 * A name is that of a field or a tag; up to 32 of them that not every member declares fit into 45 bytes a member. With
 * some 1,800 of them a byte can't count the bytes of a row any more: only then it is version 2.
 */
import { JourneysError } from "../../core/errors";
import { type Digest, DigestColumn } from "./digests";
import {
  ADDRESS,
  CONTENT,
  type Entry,
  FIELD,
  FLAGS,
  flagsIn,
  ID,
  ID_TAIL,
  NAMES,
  type Names,
  readId,
  TAG,
} from "./entry";
import { LooseRows } from "./loose-rows";

const NARROW = 1;
const WIDE = 2;
const MOST_NARROW = 255;

interface Tail {
  /** What the bits stand for. */
  some: string[];
  /** What every member declares. */
  all: string[];
  ids: string[];
}

/** The members of a saved state, ascending by the digest of their addresses. */
export class Packed {
  readonly #rows: Buffer;
  readonly #width: number;
  readonly #tail: Tail;
  #ids: ReadonlySet<string> | undefined;
  readonly #names = new Map<string, Names>();
  readonly address: DigestColumn;
  readonly content: DigestColumn;

  private constructor(rows: Buffer, width: number, count: number, tail: Tail) {
    this.#rows = rows;
    this.#width = width;
    this.#tail = tail;
    this.address = new DigestColumn(count);
    this.content = new DigestColumn(count);
    for (let at = 0, base = 0; at < count; at++, base += width) {
      this.address.high[at] = rows.readUInt32BE(base + ADDRESS);
      this.address.low[at] = rows.readUInt32BE(base + ADDRESS + 4);
      this.content.high[at] = rows.readUInt32BE(base + CONTENT);
      this.content.low[at] = rows.readUInt32BE(base + CONTENT + 4);
    }
  }

  static readonly empty = new Packed(Buffer.alloc(0), NAMES, 0, { some: [], all: [], ids: [] });

  /** @throws JourneysError `invalid-input` for a text no release wrote */
  static decode(text: string): Packed {
    const bytes = Buffer.from(text, "base64");
    const [version = 0] = bytes;
    const widthBytes = version === WIDE ? 2 : 1;
    const head = 1 + widthBytes + 4;
    if ((version !== NARROW && version !== WIDE) || bytes.length < head) throw unreadable(version);
    const width = bytes.readUIntBE(1, widthBytes);
    const count = bytes.readUInt32BE(1 + widthBytes);
    const end = head + count * width;
    if (width < NAMES || bytes.length < end) throw unreadable(version);
    try {
      const tail = JSON.parse(bytes.toString("utf8", end)) as Tail;
      return new Packed(bytes.subarray(head, end), width, count, tail);
    } catch {
      throw unreadable(version);
    }
  }

  get count(): number {
    return this.address.high.length;
  }

  flags(at: number): number {
    return flagsIn(this.#rows[at * this.#width + FLAGS]!);
  }

  has(at: number, wanted: number): boolean {
    return (this.flags(at) & wanted) !== 0;
  }

  id(at: number): string {
    const base = at * this.#width;
    return readId(this.#rows, base + ID, this.#rows[base + FLAGS]!, this.#tail.ids);
  }

  /** The same lists for every member that declares the same: most do. */
  namesOf(at: number): Names {
    const base = at * this.#width + NAMES;
    const mask = this.#rows.toString("latin1", base, (at + 1) * this.#width);
    let names = this.#names.get(mask);
    if (!names) {
      const { some, all } = this.#tail;
      const marks = [...all, ...some.filter((_, bit) => this.#rows[base + (bit >> 3)]! & (1 << (bit & 7)))].sort();
      const of = (kind: string) => marks.filter((mark) => mark.startsWith(kind)).map((mark) => mark.slice(1));
      names = { fields: of(FIELD), tags: of(TAG) };
      this.#names.set(mask, names);
    }
    return names;
  }

  entry(at: number): Entry {
    return {
      address: this.address.get(at),
      content: this.content.get(at),
      id: this.id(at),
      flags: this.flags(at),
      names: this.namesOf(at),
    };
  }

  /** The position of an address's digest. */
  find({ high, low }: Digest): number | undefined {
    let [from, to] = [0, this.count];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const [h, l] = [this.address.high[middle]!, this.address.low[middle]!];
      if (h === high && l === low) return middle;
      if (h < high || (h === high && l < low)) from = middle + 1;
      else to = middle;
    }
    return undefined;
  }

  /** Whether a member has this contact id. */
  holds(id: string): boolean {
    this.#ids ??= new Set(Array.from({ length: this.count }, (_, at) => this.id(at)));
    return id !== "" && this.#ids.has(id);
  }

  /** How many members have a flag. */
  countOf(wanted: number): number {
    let count = 0;
    for (let at = 0; at < this.count; at++) if (this.has(at, wanted)) count += 1;
    return count;
  }

  *entries(): Generator<Entry> {
    for (let at = 0; at < this.count; at++) yield this.entry(at);
  }

  encode(): string {
    const widthBytes = this.#width > MOST_NARROW ? 2 : 1;
    const head = Buffer.alloc(1 + widthBytes + 4);
    head.writeUInt8(widthBytes === 2 ? WIDE : NARROW, 0);
    head.writeUIntBE(this.#width, 1, widthBytes);
    head.writeUInt32BE(this.count, 1 + widthBytes);
    return Buffer.concat([head, this.#rows, Buffer.from(JSON.stringify(this.#tail))]).toString("base64");
  }

  /** Packs entries, in whatever order they come; the last of one address counts. */
  static of(entries: Iterable<Entry>): Packed {
    const rows = new LooseRows();
    for (const entry of entries) rows.add(entry);
    return Packed.from(rows);
  }

  /**
   * The same of rows that were gathered one by one.
   *
   * @param order in which order; in another one than by address `find` finds nobody
   */
  static from(rows: LooseRows, order = rows.order()): Packed {
    const { some, all, masks } = rows.declared(order);
    const width = NAMES + Math.ceil(some.length / 8);
    const tail: Tail = { some, all, ids: [] };
    const packed = Buffer.alloc(order.length * width);
    for (let row = 0, base = 0; row < order.length; row++, base += width) {
      const at = order[row]!;
      rows.copy(at, packed, base);
      if (width > NAMES) masks[rows.kind(at)]!.copy(packed, base + NAMES);
      if (!(packed[base + FLAGS]! & ID_TAIL)) continue;
      const id = rows.oddIds[packed.readUInt32BE(base + ID)]!;
      packed.writeUInt32BE(tail.ids.push(id) - 1, base + ID);
    }
    return new Packed(packed, width, order.length, tail);
  }
}

function unreadable(version: number): JourneysError {
  const isNewer = version > WIDE;
  return new JourneysError({
    code: "invalid-input",
    what: isNewer
      ? `the state's list of members was written by a newer release (version ${version})`
      : "the state's list of members can't be read",
    now: "nothing was sent",
    next: isNewer ? "use the release that wrote it, or a newer one" : "restore the state from before it was damaged",
  });
}
