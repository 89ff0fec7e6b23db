import fc from "fast-check";
import { expect, test } from "vitest";
import { compare, formatPath, keepOld, parsePath, pathsMeet } from "../../../provider/engine/paths.js";

test.each([
  ["a", ["a"]],
  ["a.b[0].c", ["a", "b", 0, "c"]],
  ['a["x.y"][*]', ["a", "x.y", "*"]],
  ["points.*.next", ["points", "*", "next"]],
  ['["q\\"uote"]', ['q"uote']],
])("%s is read and written", (source, path) => {
  expect(parsePath(source)).toEqual(path);
  expect(parsePath(formatPath(path))).toEqual(path);
});

test("every path can be written and read again", () => {
  const key = fc.oneof(fc.nat(), fc.string({ minLength: 1 }));
  fc.assert(
    fc.property(fc.array(key, { minLength: 1 }), (path) => {
      expect(parsePath(formatPath(path))).toEqual(path);
    }),
  );
});

test("a path that can't be read is an error with the place", () => {
  expect(() => parsePath("a[0")).toThrow('"a[0" is not a property path: it can\'t be read from position 1.');
});

test("a pattern meets what it names, what lies above and what lies below", () => {
  expect(pathsMeet(["a", "*", "c"], ["a", 3, "c"])).toBe(true);
  expect(pathsMeet(["a"], ["a", "b"])).toBe(true);
  expect(pathsMeet(["a", "b"], ["a"])).toBe(true);
  expect(pathsMeet(["a", "*", "c"], ["a", "b", "d"])).toBe(false);
});

test("differences are one for each leaf", () => {
  const before = { same: { x: 1 }, gone: 1, list: [1, 2, 3], kind: "text", deep: { a: { b: 1 } } };
  const after = { same: { x: 1 }, list: [1, 5], kind: 7, deep: { a: { b: 2, c: 3 } }, added: [] };
  expect(compare(before, after).map(({ path, kind }) => `${kind} ${formatPath(path)}`)).toEqual([
    "delete gone",
    "update list[1]",
    "delete list[2]",
    "update kind",
    "update deep.a.b",
    "add deep.a.c",
    "add added",
  ]);
});

test("no difference is reported exactly where there is none", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (bag) => {
      expect(compare(bag, structuredClone(bag))).toEqual([]);
    }),
  );
});

test.each([
  ["text", { text: "old" }, { text: "new" }, { text: "old" }],
  ["text", {}, { text: "new", other: 1 }, { other: 1 }],
  ["text", { text: "old" }, {}, { text: "old" }],
  ["a.b", { a: { b: 1, c: 1 } }, { a: { b: 2, c: 2 } }, { a: { b: 1, c: 2 } }],
  [
    "a.*.x",
    { a: { m: { x: 1 }, n: { x: 1 } } },
    { a: { m: { x: 2 }, o: { x: 2, y: 2 } } },
    { a: { m: { x: 1 }, o: { y: 2 } } },
  ],
  ["a[*].x", { a: [{ x: 1 }, { x: 1 }] }, { a: [{ x: 2 }, { x: 3 }] }, { a: [{ x: 1 }, { x: 1 }] }],
  ["a[0]", { a: [1, 2] }, { a: [3, 4] }, { a: [1, 4] }],
  ["a.b.c", {}, { a: 1 }, { a: 1 }],
])("ignoring %s keeps what was there", (path, olds, news, expected) => {
  const before = structuredClone(news);
  expect(keepOld(olds, news, [path])).toEqual(expected);
  expect(news).toEqual(before);
});
