/** Protobuf messages declared as tables of fields; their TypeScript types follow from the tables. */
import { type Props, readStruct, writeStruct } from "./struct.js";
import { Reader, Wire, Writer } from "./wire.js";

/** One field of a message: its number, its value when absent, and how to write and read it. */
export interface Field<T> {
  number: number;
  initial(): T;
  write(writer: Writer, value: T): void;
  read(reader: Reader, prior: T, wire: number): T;
}

/** A message type: `encode` takes what differs from the defaults, `decode` gives every field. */
export interface Message<T> {
  encode(value: Partial<T>): Buffer;
  decode(buffer: Buffer): T;
  write(writer: Writer, value: Partial<T>): void;
  read(reader: Reader): T;
}

type Shape<F> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never };
export type Decoded<M> = M extends Message<infer T> ? T : never;

export function message<F extends object>(fields: F): Message<Shape<F>> {
  const table = Object.entries(fields) as [string, Field<unknown>][];
  const byNumber = new Map(table.map(([name, field]) => [field.number, [name, field] as const]));
  const type: Message<Shape<F>> = {
    encode(value) {
      const writer = new Writer();
      type.write(writer, value);
      return writer.finish();
    },
    decode: (buffer) => type.read(new Reader(buffer)),
    write(writer, value) {
      for (const [name, field] of table) {
        const member = (value as Props)[name];
        if (member !== undefined) field.write(writer, member);
      }
    },
    read(reader) {
      const result: Props = {};
      for (const [name, field] of table) result[name] = field.initial();
      while (!reader.done) {
        const tag = reader.varint();
        const known = byNumber.get(Math.floor(tag / 8));
        if (known) result[known[0]] = known[1].read(reader, result[known[0]], tag % 8);
        else reader.skip(tag % 8);
      }
      return result as Shape<F>;
    },
  };
  return type;
}

/** A field that occurs at most once; its initial value is not written, as proto3 has it. */
function single<T>(
  number: number,
  wire: Wire,
  initial: T,
  read: (reader: Reader) => T,
  write: (writer: Writer, value: T) => void,
): Field<T> {
  return {
    number,
    initial: () => initial,
    read,
    write: (writer, value) => {
      if (value === initial) return;
      writer.tag(number, wire);
      write(writer, value);
    },
  };
}

/** A field that may occur several times, in order. */
function repeated<T>(
  number: number,
  read: (reader: Reader) => T,
  write: (writer: Writer, value: T) => void,
): Field<T[]> {
  return {
    number,
    initial: () => [],
    read: (reader, prior) => {
      prior.push(read(reader));
      return prior;
    },
    write: (writer, values) => {
      for (const value of values) {
        writer.tag(number, Wire.Bytes);
        write(writer, value);
      }
    },
  };
}

const readFlag = (reader: Reader) => reader.varint() !== 0;
const writeFlag = (writer: Writer, value: boolean | undefined) => writer.varint(value ? 1 : 0);
const readText = (reader: Reader) => reader.text();
const writeText = (writer: Writer, value: string) => writer.text(value);

export const text = (number: number) => single(number, Wire.Bytes, "", readText, writeText);
export const flag = (number: number) => single(number, Wire.Varint, false, readFlag, writeFlag);
export const integer = (number: number) =>
  single(
    number,
    Wire.Varint,
    0,
    (reader) => reader.varint(),
    (writer, value) => writer.varint(value),
  );
export const double = (number: number) =>
  single(
    number,
    Wire.Fixed64,
    0,
    (reader) => reader.double(),
    (writer, value) => writer.double(value),
  );

/** A flag whose absence has a meaning of its own. */
export const optionalFlag = (number: number) =>
  single<boolean | undefined>(number, Wire.Varint, undefined, readFlag, writeFlag);

/** The bytes of a field, unread; `undefined` when absent. */
export const bytes = (number: number) =>
  single<Uint8Array | undefined>(
    number,
    Wire.Bytes,
    undefined,
    (reader) => reader.raw(),
    (writer, value) => writer.raw(value ?? Buffer.alloc(0)),
  );

/** A `google.protobuf.Struct` as plain JavaScript; `{}` and absent are different things. */
export const struct = (number: number) =>
  single<Props | undefined>(
    number,
    Wire.Bytes,
    undefined,
    (reader) => readStruct(reader.nested()),
    (writer, value) => writer.nest(() => writeStruct(writer, value ?? {})),
  );

export const nested = <T>(number: number, type: Message<T>) =>
  single<T | undefined>(
    number,
    Wire.Bytes,
    undefined,
    (reader) => type.read(reader.nested()),
    (writer, value) => writer.nest(() => type.write(writer, value ?? {})),
  );

export const texts = (number: number) => repeated(number, readText, writeText);

export const list = <T>(number: number, type: Message<T>) =>
  repeated<T>(
    number,
    (reader) => type.read(reader.nested()),
    (writer, value) => writer.nest(() => type.write(writer, value)),
  );

/** Enumeration values, packed or one by one. */
export const integers = (number: number): Field<number[]> => ({
  number,
  initial: () => [],
  read: (reader, prior, wire) => {
    if (wire === Wire.Varint) return [...prior, reader.varint()];
    const packed = reader.nested();
    while (!packed.done) prior.push(packed.varint());
    return prior;
  },
  write: (writer, values) => {
    writer.tag(number, Wire.Bytes);
    writer.nest(() => {
      for (const value of values) writer.varint(value);
    });
  },
});

/** A map from string to message. */
export const map = <T>(number: number, type: Message<T>): Field<Record<string, T>> => {
  const entry = message({ key: text(1), value: nested(2, type) });
  return {
    number,
    initial: () => ({}),
    read: (reader, prior) => {
      const { key, value } = entry.read(reader.nested());
      prior[key] = value ?? type.decode(Buffer.alloc(0));
      return prior;
    },
    write: (writer, value) => {
      for (const [key, member] of Object.entries(value)) {
        writer.tag(number, Wire.Bytes);
        writer.nest(() => entry.write(writer, { key, value: member }));
      }
    },
  };
};
