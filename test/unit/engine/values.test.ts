import { expect, test } from "vitest";
import {
  contains,
  isSecret,
  isUnknown,
  markNamed,
  markSecrets,
  plain,
  readable,
  secret,
  unknown,
} from "../../../provider/engine/values.js";

test("secrets are marked by name: maps member by member, everything else as a whole", () => {
  const olds = {
    token: secret("t"),
    nested: { deep: secret(1), open: 2 },
    list: [1, secret(2)],
    free: "f",
    gone: secret(3),
  };
  const news = { token: "t2", nested: { deep: 5, open: 6, more: 7 }, list: [1, 2, 3], free: "g", extra: "t2" };
  expect(markSecrets(news, olds)).toEqual({
    token: secret("t2"),
    nested: { deep: secret(5), open: 6, more: 7 },
    list: secret([1, 2, 3]),
    free: "g",
    extra: "t2",
  });
  expect(markSecrets({ token: secret("own") }, olds)).toEqual({ token: secret("own") });
});

test("plain takes every wrapper off, and leaves the rest as it is", () => {
  const bag = { a: secret({ b: [secret(1)] }), c: [2] };
  expect(plain(bag)).toEqual({ a: { b: [1] }, c: [2] });
  const free = { a: [1, { b: null }] };
  expect(plain(free)).toBe(free);
});

test("for people, secrets and unknowns are words", () => {
  expect(readable({ a: secret("x"), b: [unknown], c: 1 })).toEqual({ a: "[secret]", b: ["[unknown]"], c: 1 });
});

test("named outputs become secret if they are there", () => {
  expect(markNamed({ a: 1, b: secret(2) }, ["a", "b", "c"])).toEqual({ a: secret(1), b: secret(2) });
});

test("unknowns of every type are seen, however deep", () => {
  expect(contains({ a: [{ b: unknown }] }, isUnknown)).toBe(true);
  expect(contains({ a: secret(unknown) }, isUnknown)).toBe(true);
  expect(contains({ a: ["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"] }, isUnknown)).toBe(true);
  expect(contains({ a: [1, null, "x"] }, isUnknown)).toBe(false);
  expect(isSecret({ value: 1 })).toBe(false);
});
