/** Reading and writing protobuf's wire format. */

/** Protobuf's wire types; groups don't occur. */
export enum Wire {
  Varint = 0,
  Fixed64 = 1,
  Bytes = 2,
  Fixed32 = 5,
}

/** Appends fields to a growing buffer. */
export class Writer {
  private buffer = Buffer.allocUnsafe(512);
  private position = 0;

  tag(field: number, wire: number): void {
    this.varint(field * 8 + wire);
  }

  varint(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest > 127) {
      this.buffer[this.position++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.position++] = rest;
  }

  double(value: number): void {
    this.reserve(8);
    this.position = this.buffer.writeDoubleLE(value, this.position);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.varint(length);
    this.reserve(length);
    this.position += this.buffer.write(value, this.position);
  }

  raw(value: Uint8Array): void {
    this.varint(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.position);
    this.position += value.length;
  }

  /** Writes a length-delimited part whose length is known only afterwards: one byte is kept free, longer ones are made room for. */
  nest(body: () => void): void {
    this.reserve(1);
    const start = ++this.position;
    body();
    const length = this.position - start;
    let extra = 0;
    for (let rest = length; rest > 127; rest = Math.floor(rest / 128)) extra += 1;
    if (extra > 0) {
      this.reserve(extra);
      this.buffer.copyWithin(start + extra, start, this.position);
    }
    const end = this.position + extra;
    this.position = start - 1;
    this.varint(length);
    this.position = end;
  }

  finish(): Buffer {
    return this.buffer.subarray(0, this.position);
  }

  private reserve(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.position + bytes));
    this.buffer.copy(larger, 0, 0, this.position);
    this.buffer = larger;
  }
}

/** Reads fields from one message, or from a part of it. */
export class Reader {
  constructor(
    private readonly buffer: Buffer,
    private position = 0,
    private readonly end = buffer.length,
  ) {}

  get done(): boolean {
    return this.position >= this.end;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.buffer[this.position++];
      if (byte === undefined) throw new RangeError("The message ends in the middle of a number.");
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  double(): number {
    this.position += 8;
    return this.buffer.readDoubleLE(this.position - 8);
  }

  text(): string {
    const [start, end] = this.span();
    return this.buffer.toString("utf8", start, end);
  }

  raw(): Buffer {
    return Buffer.from(this.buffer.subarray(...this.span()));
  }

  nested(): Reader {
    return new Reader(this.buffer, ...this.span());
  }

  skip(wire: number): void {
    if (wire === Wire.Varint) this.varint();
    else if (wire === Wire.Fixed64) this.position += 8;
    else if (wire === Wire.Fixed32) this.position += 4;
    else this.span();
  }

  private span(): [start: number, end: number] {
    const length = this.varint();
    const start = this.position;
    this.position += length;
    if (this.position > this.end) throw new RangeError("The message is shorter than it says.");
    return [start, this.position];
  }
}
