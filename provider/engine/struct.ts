/**
 * `google.protobuf.Struct` read and written as plain JavaScript. The stock conversion through `google-protobuf` costs about
 * twenty times as much for a resource of some kilobytes, and every resource passes through it eight times in one deployment.
 */
import { type Reader, Wire, type Writer } from "./wire.js";

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

export function writeStruct(writer: Writer, value: Props): void {
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    writer.tag(1, Wire.Bytes);
    writer.nest(() => {
      writer.tag(1, Wire.Bytes);
      writer.text(key);
      writer.tag(2, Wire.Bytes);
      writer.nest(() => writeValue(writer, member));
    });
  }
}

function writeValue(writer: Writer, value: unknown): void {
  if (value === null || value === undefined) {
    writer.tag(Kind.Null, Wire.Varint);
    writer.varint(0);
  } else if (typeof value === "string") {
    writer.tag(Kind.String, Wire.Bytes);
    writer.text(value);
  } else if (typeof value === "number") {
    writer.tag(Kind.Number, Wire.Fixed64);
    writer.double(value);
  } else if (typeof value === "boolean") {
    writer.tag(Kind.Bool, Wire.Varint);
    writer.varint(value ? 1 : 0);
  } else if (Array.isArray(value)) {
    writer.tag(Kind.List, Wire.Bytes);
    writer.nest(() => {
      for (const member of value) {
        writer.tag(1, Wire.Bytes);
        writer.nest(() => writeValue(writer, member));
      }
    });
  } else {
    writer.tag(Kind.Struct, Wire.Bytes);
    writer.nest(() => writeStruct(writer, value as Props));
  }
}

export function readStruct(reader: Reader): Props {
  const result: Props = {};
  while (!reader.done) {
    if (Math.floor(reader.varint() / 8) !== 1) throw new TypeError("Unexpected field in a property map.");
    const entry = reader.nested();
    let key = "";
    let value: unknown = null;
    while (!entry.done) {
      if (Math.floor(entry.varint() / 8) === 1) key = entry.text();
      else value = readValue(entry.nested());
    }
    // A user's key may be "__proto__", which a plain assignment would not store.
    if (key === "__proto__")
      Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
    else result[key] = value;
  }
  return result;
}

function readValue(reader: Reader): unknown {
  let value: unknown = null;
  while (!reader.done) {
    const tag = reader.varint();
    const kind = Math.floor(tag / 8);
    if (kind === Kind.String) value = reader.text();
    else if (kind === Kind.Number) value = reader.double();
    else if (kind === Kind.Bool) value = reader.varint() !== 0;
    else if (kind === Kind.Struct) value = readStruct(reader.nested());
    else if (kind === Kind.List) value = readList(reader.nested());
    else reader.skip(tag % 8);
  }
  return value;
}

function readList(reader: Reader): unknown[] {
  const values: unknown[] = [];
  while (!reader.done) {
    reader.varint();
    values.push(readValue(reader.nested()));
  }
  return values;
}
