/** Protobuf messages declared as tables of fields; their TypeScript types follow from the tables. */
import { BinaryReader, BinaryWriter } from "google-protobuf";
import { type Props, readStruct, within, writeStruct } from "./struct.js";

/** One field of a message: its value when absent, and how to write and read it. */
export interface Field<T> {
  number: number;
  initial(): T;
  write(writer: BinaryWriter, value: T): void;
  read(reader: BinaryReader, prior: T): T;
}

/** A message type: `encode` takes what differs from the defaults, `decode` gives every field. */
export interface Message<T> {
  encode(value: Partial<T>): Buffer;
  decode(buffer: Uint8Array): T;
  write(writer: BinaryWriter, value: Partial<T>): void;
  read(reader: BinaryReader): T;
}

type Shape<F> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never };
export type Decoded<M> = M extends Message<infer T> ? T : never;

export function message<F extends object>(fields: F): Message<Shape<F>> {
  const table = Object.entries(fields) as [string, Field<unknown>][];
  const byNumber = new Map(table.map(([name, field]) => [field.number, [name, field] as const]));
  const type: Message<Shape<F>> = {
    encode(value) {
      const writer = new BinaryWriter();
      type.write(writer, value);
      return Buffer.from(writer.getResultBuffer());
    },
    decode: (buffer) => type.read(new BinaryReader(buffer)),
    write(writer, value) {
      for (const [name, field] of table) {
        const member = (value as Props)[name];
        if (member !== undefined) field.write(writer, member);
      }
    },
    read(reader) {
      const result: Props = {};
      for (const [name, field] of table) result[name] = field.initial();
      while (reader.nextField()) {
        const [name, field] = byNumber.get(reader.getFieldNumber()) ?? [];
        if (name && field) result[name] = field.read(reader, result[name]);
        else reader.skipField();
      }
      return result as Shape<F>;
    },
  };
  return type;
}

/** A field that occurs at most once; its initial value is not written, as proto3 has it. */
function single<T>(
  number: number,
  initial: T,
  read: (reader: BinaryReader) => T,
  write: (writer: BinaryWriter, value: T) => void,
): Field<T> {
  return {
    number,
    initial: () => initial,
    read,
    write: (writer, value) => {
      if (value !== initial) write(writer, value);
    },
  };
}

/** A field that may occur several times, in order. */
function repeated<T>(
  number: number,
  read: (reader: BinaryReader) => T,
  write: (writer: BinaryWriter, value: T) => void,
): Field<T[]> {
  return {
    number,
    initial: () => [],
    read: (reader, prior) => {
      prior.push(read(reader));
      return prior;
    },
    write: (writer, values) => {
      for (const value of values) write(writer, value);
    },
  };
}

type From = BinaryReader;
const readText = (from: From) => from.readString();
const readFlag = (from: From) => from.readBool();
const readInteger = (from: From) => from.readInt32();
const readDouble = (from: From) => from.readDouble();
const readBytes = (from: From): Uint8Array | undefined => from.readBytes();

export const text = (number: number) => single(number, "", readText, (to, value) => to.writeString(number, value));
export const texts = (number: number) => repeated(number, readText, (to, value) => to.writeString(number, value));
export const flag = (number: number) => single(number, false, readFlag, (to, value) => to.writeBool(number, value));
export const integer = (number: number) => single(number, 0, readInteger, (to, value) => to.writeInt32(number, value));
export const double = (number: number) => single(number, 0, readDouble, (to, value) => to.writeDouble(number, value));

/** Fields of one kind, by name and number. */
export const each = <T, Name extends string>(kind: (number: number) => T, numbers: Record<Name, number>) =>
  Object.fromEntries(Object.entries<number>(numbers).map(([name, number]) => [name, kind(number)])) as Record<Name, T>;

/** A flag whose absence has a meaning of its own. */
export const optionalFlag = (number: number) =>
  single<boolean | undefined>(number, undefined, readFlag, (to, value) => to.writeBool(number, value));

/** The bytes of a field, unread; `undefined` when absent. */
export const bytes = (number: number) =>
  single(number, undefined, readBytes, (to, value) => to.writeBytes(number, value));

/** What lies in a field of its own length; `{}` and absent are different things. */
function inner<T>(number: number, read: (from: From) => T, write: (to: BinaryWriter, value: T | object) => void) {
  const readInner = (from: From): T | undefined => within(from, read);
  return single(number, undefined, readInner, (to, value) =>
    to.writeMessage(number, value, () => write(to, value ?? {})),
  );
}

/** A `google.protobuf.Struct` as plain JavaScript. */
export const struct = (number: number) => inner(number, readStruct, (to, value) => writeStruct(to, value as Props));

export const nested = <T>(number: number, type: Message<T>) => inner(number, type.read, type.write);

export const list = <T>(number: number, type: Message<T>) => {
  const read = (from: From) => within(from, type.read);
  return repeated<T>(number, read, (to, value) => to.writeMessage(number, value, () => type.write(to, value)));
};

/** Enumeration values, packed or one by one. */
export const integers = (number: number): Field<number[]> => ({
  number,
  initial: () => [],
  read: (from, prior) => [...prior, ...(from.isDelimited() ? from.readPackedInt32() : [from.readInt32()])],
  write: (to, values) => to.writePackedInt32(number, values),
});

/** A map from string to message. */
export const map = <T>(number: number, type: Message<T>): Field<Record<string, T>> => {
  const entries = list(number, message({ key: text(1), value: nested(2, type) }));
  return {
    number,
    initial: () => ({}),
    read: (from, prior) => {
      for (const { key, value } of entries.read(from, [])) prior[key] = value ?? type.decode(new Uint8Array());
      return prior;
    },
    write: (to, value) =>
      entries.write(
        to,
        Object.entries(value).map(([key, member]) => ({ key, value: member })),
      ),
  };
};
