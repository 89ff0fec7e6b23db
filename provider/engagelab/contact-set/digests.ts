/**
 * Digests that say nothing about anybody without the set's key: the first 8 bytes of SHA-256 over key and text. At a
 * hundred thousand members two addresses share one with a chance of one to four thousand million. Pure.
 */
import { hash, randomBytes } from "node:crypto";

/** Between the parts of what is digested; no address or value holds it. */
const PART = "\x1c";

/** A digest's two halves: numbers are compared far faster than texts. */
export interface Digest {
  high: number;
  low: number;
}

export function newKey(): string {
  return randomBytes(16).toString("base64url");
}

export class Digester {
  /** The halves of the digest made last; no object is made for each of a hundred thousand. */
  high = 0;
  low = 0;
  readonly #content: string;

  /** @param isExclusive whether all tags of a contact count: under another rule the same content is another one */
  constructor(
    private readonly key: string,
    isExclusive: boolean,
  ) {
    this.#content = key + PART + (isExclusive ? "x" : "") + PART;
  }

  address(identity: string): void {
    this.#make(this.key + identity);
  }

  /** Of one person's content: two people with the same values have different digests. */
  content(identity: string, compared: string): void {
    this.#make(this.#content + identity + PART + compared);
  }

  #make(text: string): void {
    // Texts of single-byte characters are far cheaper than buffers.
    const digest = hash("sha256", text, "latin1" as "binary");
    this.high = wordAt(digest, 0);
    this.low = wordAt(digest, 4);
  }
}

function wordAt(text: string, at: number): number {
  return (
    ((text.charCodeAt(at) << 24) |
      (text.charCodeAt(at + 1) << 16) |
      (text.charCodeAt(at + 2) << 8) |
      text.charCodeAt(at + 3)) >>>
    0
  );
}

/** With 32 bits of a digest a position below this is a whole number that is held exactly. */
const MOST_POSITIONS = 2 ** 21;

/** Many digests, by position. */
export class DigestColumn {
  readonly high: Uint32Array;
  readonly low: Uint32Array;

  constructor(length: number) {
    this.high = new Uint32Array(length);
    this.low = new Uint32Array(length);
  }

  set(at: number, { high, low }: Digest): void {
    this.high[at] = high;
    this.low[at] = low;
  }

  get(at: number): Digest {
    return { high: this.high[at]!, low: this.low[at]! };
  }

  /** Negative, zero or positive, as the digest at one position comes before, equals or follows another's. */
  compare(at: number, other: DigestColumn, otherAt: number): number {
    return this.high[at]! - other.high[otherAt]! || this.low[at]! - other.low[otherAt]!;
  }

  equals(at: number, { high, low }: Digest): boolean {
    return this.high[at] === high && this.low[at] === low;
  }

  /** The positions in ascending order of their digests; those of equal ones as they are. */
  order(): Uint32Array {
    // Numbers sort many times faster than anything with a comparison of its own: a half and the position fit into one.
    const { length } = this.high;
    const keys = new Float64Array(length);
    for (let at = 0; at < length; at++) keys[at] = this.high[at]! * MOST_POSITIONS + at;
    keys.sort();
    const order = new Uint32Array(length);
    for (let at = 0; at < length; at++) order[at] = keys[at]! % MOST_POSITIONS;
    // The few that share their first half.
    for (let at = 1; at < order.length; at++) {
      for (let to = at; to > 0 && this.compare(order[to - 1]!, this, order[to]!) > 0; to--) {
        [order[to - 1], order[to]] = [order[to]!, order[to - 1]!];
      }
    }
    return order;
  }
}
