/**
 * `google.protobuf.Struct` read and written as plain JavaScript, in one pass. The stock conversion makes an object of every
 * member on the way and costs about ten times as much; every resource passes through it eight times in one deployment.
 */
import type { BinaryReader, BinaryWriter } from "google-protobuf";

/** A property map as it travels: JSON values, with sentinel objects for secrets and references (see values.ts). */
export type Props = { [key: string]: unknown };

/** Numbers of the members of `google.protobuf.Value`. */
enum Kind {
  Null = 1,
  Number = 2,
  String = 3,
  Bool = 4,
  Struct = 5,
  List = 6,
}

/** What `writeMessage` wants to be given; what is written comes from its callback. */
const part = {};

export function writeStruct(writer: BinaryWriter, value: Props): void {
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    writer.writeMessage(1, part, () => {
      writer.writeString(1, key);
      writer.writeMessage(2, part, () => writeValue(writer, member));
    });
  }
}

function writeValue(writer: BinaryWriter, value: unknown): void {
  if (value === null || value === undefined) writer.writeEnum(Kind.Null, 0);
  else if (typeof value === "string") writer.writeString(Kind.String, value);
  else if (typeof value === "number") writer.writeDouble(Kind.Number, value);
  else if (typeof value === "boolean") writer.writeBool(Kind.Bool, value);
  else if (Array.isArray(value)) {
    writer.writeMessage(Kind.List, part, () => {
      for (const member of value) writer.writeMessage(1, part, () => writeValue(writer, member));
    });
  } else writer.writeMessage(Kind.Struct, part, () => writeStruct(writer, value as Props));
}

/** Reads the message a field holds. */
export function within<T>(reader: BinaryReader, read: (reader: BinaryReader) => T): T {
  let value: T | undefined;
  reader.readMessage(part, () => {
    value = read(reader);
  });
  return value as T;
}

export function readStruct(reader: BinaryReader): Props {
  const result: Props = {};
  while (reader.nextField()) {
    const [key, value] = within(reader, readEntry);
    // A user's key may be "__proto__", which a plain assignment would not store.
    if (key === "__proto__")
      Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
    else result[key] = value;
  }
  return result;
}

function readEntry(reader: BinaryReader): [key: string, value: unknown] {
  let key = "";
  let value: unknown = null;
  while (reader.nextField()) {
    if (reader.getFieldNumber() === 1) key = reader.readString();
    else value = within(reader, readValue);
  }
  return [key, value];
}

function readValue(reader: BinaryReader): unknown {
  let value: unknown = null;
  while (reader.nextField()) {
    const kind = reader.getFieldNumber();
    if (kind === Kind.String) value = reader.readString();
    else if (kind === Kind.Number) value = reader.readDouble();
    else if (kind === Kind.Bool) value = reader.readBool();
    else if (kind === Kind.Struct) value = within(reader, readStruct);
    else if (kind === Kind.List) value = within(reader, readList);
    else reader.skipField();
  }
  return value;
}

function readList(reader: BinaryReader): unknown[] {
  const values: unknown[] = [];
  while (reader.nextField()) values.push(within(reader, readValue));
  return values;
}
