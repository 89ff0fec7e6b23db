import fc from "fast-check";
import googleStruct from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, test } from "vitest";
import {
  bytes,
  double,
  flag,
  integer,
  integers,
  message,
  optionalFlag,
  struct,
  text,
  texts,
} from "../../../provider/engine/message.js";

const { Struct } = googleStruct;
const Bag = message({ props: struct(1), other: text(99) });

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "grapheme" }),
    fc.double({ noNaN: true }).map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;
const props = fc.dictionary(fc.string(), value, { noNullPrototype: true });

test("property maps come back as they were, whatever they hold", () => {
  fc.assert(
    fc.property(props, (bag) => {
      expect(Bag.decode(Bag.encode({ props: bag })).props).toStrictEqual(bag);
    }),
    { numRuns: 300 },
  );
});

test("the stock library reads what is written, and writes what can be read", () => {
  const Inner = message({ struct: struct(1) });
  fc.assert(
    fc.property(props, (bag) => {
      const encoded = Inner.encode({ struct: bag });
      // The field's tag and length stand before the Struct itself.
      const skip = encoded.length - structLength(encoded);
      expect(Struct.deserializeBinary(encoded.subarray(skip)).toJavaScript()).toEqual(bag);
      const stock = Buffer.from(Struct.fromJavaScript(bag as { [key: string]: never }).serializeBinary());
      expect(stock.length).toBeLessThanOrEqual(encoded.length);
      const framed = Buffer.concat([encoded.subarray(0, skip), stock]);
      if (stock.length === encoded.length - skip) expect(Inner.decode(framed).struct).toEqual(bag);
    }),
    { numRuns: 200 },
  );
});

function structLength(encoded: Buffer): number {
  let length = 0;
  for (let index = 1, factor = 1; ; index += 1, factor *= 128) {
    const byte = encoded[index] ?? 0;
    length += (byte & 127) * factor;
    if (byte < 128) return length;
  }
}

test("long texts and deep nesting make room for their lengths", () => {
  let deep: unknown = "x".repeat(70_000);
  for (let level = 0; level < 200; level += 1) deep = level % 2 ? [deep] : { a: deep };
  expect(Bag.decode(Bag.encode({ props: { deep } })).props).toEqual({ deep });
});

test("absent and empty are told apart only where the protocol does", () => {
  const All = message({
    a: text(1),
    b: flag(2),
    c: optionalFlag(3),
    d: integer(4),
    e: double(5),
    f: texts(6),
    g: struct(7),
    h: bytes(8),
    i: integers(9),
  });
  const empty = { a: "", b: false, c: undefined, d: 0, e: 0, f: [], g: undefined, h: undefined, i: [] };
  expect(All.decode(Buffer.alloc(0))).toEqual(empty);
  expect(All.encode({ a: "", b: false, d: 0, e: 0 }).length).toBe(0);
  expect(All.decode(All.encode({ c: false, g: {} }))).toEqual({ ...empty, c: false, g: {} });
  const full = {
    a: "ä",
    b: true,
    c: true,
    d: 2 ** 40,
    e: -0.1,
    f: ["", "y"],
    g: { __proto__x: 1 },
    h: Buffer.from([0, 255]),
    i: [0, 300],
  };
  expect(All.decode(All.encode(full))).toEqual(full);
});

test("unknown fields are skipped, broken messages are errors", () => {
  const More = message({ a: text(1), b: integer(2), c: double(3), d: text(4) });
  const Less = message({ d: text(4) });
  expect(Less.decode(More.encode({ a: "a", b: 1, c: 1, d: "d" }))).toEqual({ d: "d" });
  const encoded = More.encode({ d: "long enough" });
  expect(() => More.decode(encoded.subarray(0, 5))).toThrow(RangeError);
});

test("a key named __proto__ is a key", () => {
  const bag = JSON.parse('{"__proto__": {"a": 1}}');
  expect(Object.keys(Bag.decode(Bag.encode({ props: bag })).props ?? {})).toEqual(["__proto__"]);
});
