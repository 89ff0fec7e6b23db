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
  const Unread = message({ props: bytes(1) });
  fc.assert(
    fc.property(props, (bag) => {
      fc.pre(!JSON.stringify(bag).includes("__proto__")); // which the stock library loses
      const written = Unread.decode(Bag.encode({ props: bag })).props ?? Buffer.alloc(0);
      expect(Struct.deserializeBinary(written).toJavaScript()).toEqual(bag);
      const stock = Struct.fromJavaScript(bag as { [key: string]: never }).serializeBinary();
      expect(Bag.decode(Unread.encode({ props: stock })).props).toEqual(bag);
    }),
    { numRuns: 200 },
  );
});

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
    d: 2 ** 31 - 1,
    e: -0.1,
    f: ["", "y"],
    g: { __proto__x: 1 },
    h: new Uint8Array([0, 255]),
    i: [0, 300],
  };
  expect(All.decode(All.encode(full))).toEqual(full);
});

test("unknown fields are skipped, broken messages are errors", () => {
  const More = message({ a: text(1), b: integer(2), c: double(3), d: text(4) });
  const Less = message({ d: text(4) });
  expect(Less.decode(More.encode({ a: "a", b: 1, c: 1, d: "d" }))).toEqual({ d: "d" });
  const encoded = More.encode({ d: "long enough" });
  expect(() => More.decode(encoded.subarray(0, 5))).toThrow(/Decoder hit an error/);
});

test("a key named __proto__ is a key", () => {
  const bag = JSON.parse('{"__proto__": {"a": 1}}');
  expect(Object.keys(Bag.decode(Bag.encode({ props: bag })).props ?? {})).toEqual(["__proto__"]);
});
