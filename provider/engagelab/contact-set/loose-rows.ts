/** Members on their way into the packed form: see packed.ts. */
import { DigestColumn } from "./digests";
import {
  ADDRESS,
  CONTENT,
  type Entry,
  FIELD,
  FLAGS,
  flagsIn,
  ID,
  NAMES,
  type Names,
  readId,
  TAG,
  writeId,
} from "./entry";
import type { RowDigests } from "./row-digests";

/** Names as the packed form has them. */
interface Declared {
  /** Declared by some members: a bit each. */
  some: string[];
  /** Declared by all of them. */
  all: string[];
  /** For each kind of row its bits. */
  masks: Buffer[];
}

/** Rows in the order they came, without their names: an object for each of a hundred thousand would fill the memory. */
export class LooseRows {
  #bytes: Buffer;
  #kinds: Uint32Array;
  #count = 0;
  /** Names, each once; rows have their number. */
  readonly #numbers = new Map<Names, number>();
  readonly #names: Names[] = [];
  readonly oddIds: string[] = [];

  /** @param room for so many at first */
  constructor(room = 256) {
    this.#bytes = Buffer.alloc(room * NAMES);
    this.#kinds = new Uint32Array(room);
  }

  /**
   * @param slot where it takes another one's place; else it is one more
   * @returns its slot
   */
  add({ address, content, id, flags, names }: Entry, slot = this.#count): number {
    const base = this.#open(slot, names);
    this.#write(base + ADDRESS, address.high, address.low);
    this.#write(base + CONTENT, content.high, content.low);
    this.#bytes[base + FLAGS] = flags | writeId(this.#bytes, base + ID, id, this.oddIds);
    return slot;
  }

  /** A row that is as declared; like `add` of its entry, which needn't be made for that. */
  addRow(digests: RowDigests, row: number, id: string, flags: number, slot = this.#count): number {
    digests.make(row);
    const { address, content, reading } = digests;
    const { names, flags: declared } = reading.shapeOf(row);
    const base = this.#open(slot, names);
    this.#write(base + ADDRESS, address.high[row]!, address.low[row]!);
    this.#write(base + CONTENT, content.high[row]!, content.low[row]!);
    this.#bytes[base + FLAGS] = flags | declared | writeId(this.#bytes, base + ID, id, this.oddIds);
    return slot;
  }

  entry(slot: number): Entry {
    const base = slot * NAMES;
    const form = this.#bytes[base + FLAGS]!;
    const digest = (at: number) => ({ high: this.#bytes.readUInt32BE(at), low: this.#bytes.readUInt32BE(at + 4) });
    return {
      address: digest(base + ADDRESS),
      content: digest(base + CONTENT),
      id: readId(this.#bytes, base + ID, form, this.oddIds),
      flags: flagsIn(form),
      names: this.#names[this.#kinds[slot]!]!,
    };
  }

  /** Where the row of a slot begins. */
  #open(slot: number, names: Names): number {
    if (slot === this.#kinds.length) this.#grow();
    let kind = this.#numbers.get(names);
    if (kind === undefined) {
      kind = this.#names.push(names) - 1;
      this.#numbers.set(names, kind);
    }
    this.#kinds[slot] = kind;
    if (slot === this.#count) this.#count += 1;
    return slot * NAMES;
  }

  #write(at: number, high: number, low: number): void {
    this.#bytes.writeUInt32BE(high, at);
    this.#bytes.writeUInt32BE(low, at + 4);
  }

  #grow(): void {
    this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    const kinds = new Uint32Array(2 * this.#kinds.length);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
  }

  /** Ascending by address, the last of each. */
  order(): Uint32Array {
    const addresses = new DigestColumn(this.#count);
    for (let at = 0; at < this.#count; at++) {
      addresses.high[at] = this.#bytes.readUInt32BE(at * NAMES + ADDRESS);
      addresses.low[at] = this.#bytes.readUInt32BE(at * NAMES + ADDRESS + 4);
    }
    return addresses.order().filter((at, index, positions) => {
      const next = positions[index + 1];
      return next === undefined || addresses.compare(at, addresses, next) !== 0;
    });
  }

  kind(at: number): number {
    return this.#kinds[at]!;
  }

  /** All of them, as they came. */
  all(): Uint32Array {
    return Uint32Array.from({ length: this.#count }, (_, at) => at);
  }

  copy(at: number, to: Buffer, base: number): void {
    const from = at * NAMES;
    // For so few bytes a call costs more than the copying.
    for (let byte = 0; byte < NAMES; byte++) to[base + byte] = this.#bytes[from + byte]!;
  }

  /** Names some of these rows declare, and names all of them declare, both sorted; for each kind the bits of the former. */
  declared(rows: Uint32Array): Declared {
    const used = new Uint32Array(this.#names.length);
    for (const at of rows) used[this.kind(at)]! += 1;
    const kinds = this.#names.map(marksOf);
    const counts = new Map<string, number>();
    kinds.forEach((marks, kind) => {
      for (const mark of marks) counts.set(mark, (counts.get(mark) ?? 0) + used[kind]!);
    });
    const names = [...counts.keys()].filter((name) => counts.get(name)! > 0).sort();
    const some = names.filter((name) => counts.get(name)! < rows.length);
    const bits = new Map(some.map((name, bit) => [name, bit]));
    const masks = kinds.map((marks) => {
      const mask = Buffer.alloc(Math.ceil(some.length / 8));
      for (const mark of marks) {
        const bit = bits.get(mark);
        if (bit !== undefined) mask[bit >> 3]! |= 1 << (bit & 7);
      }
      return mask;
    });
    return { some, all: names.filter((name) => counts.get(name) === rows.length), masks };
  }
}

/** Each once. */
function marksOf({ fields, tags }: Names): Set<string> {
  return new Set([...fields.map((name) => FIELD + name), ...tags.map((name) => TAG + name)]);
}
