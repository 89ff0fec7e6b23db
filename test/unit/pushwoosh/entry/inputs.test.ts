import { describe, expect, test } from "vitest";
import { validate } from "../../../../provider/core/validate";
import { UNKNOWN } from "../../../../provider/core/values";
import { type EntryInputs, entryInputs, entryProblems } from "../../../../provider/pushwoosh/entry/inputs";
import { apiEntriesIn, cannotEnter } from "../../../../provider/pushwoosh/entry/sight";

const journeyId = "11111111-2222-3333-4444-555555555555";
const problems = (inputs: object) =>
  entryProblems({ journeyId, ...inputs } as EntryInputs).map(({ path, reason }) => `${path.join(".")}: ${reason}`);
const many = Array.from({ length: 1001 }, (_, index) => `u${index}`);

test("exactly one of users, hwids and filter", () => {
  expect(problems({})).toEqual(["users: is required, or hwids or filter instead"]);
  expect(problems({ users: ["a"], hwids: ["b"] })).toEqual([
    "hwids: can't be given beside users: exactly one of users, hwids and filter",
  ]);
  expect(problems({ hwids: ["b"], filter: "x" })).toHaveLength(1);
  expect(problems({ users: ["a"] })).toEqual([]);
  expect(problems({ hwids: ["a"] })).toEqual([]);
  expect(problems({ users: UNKNOWN, filter: "x" })).toHaveLength(1);
});

test("more people than maxUsers, counted also where single ones aren't known", () => {
  expect(problems({ users: many })).toEqual([
    "users: has 1001 people, and at most 1000 may be entered: raise maxUsers if all of them are meant",
  ]);
  expect(problems({ users: many, maxUsers: 1001 })).toEqual([]);
  expect(problems({ users: many, maxUsers: "unlimited" })).toEqual([]);
  expect(problems({ users: ["a", UNKNOWN, UNKNOWN], maxUsers: 2 })).toHaveLength(1);
  expect(problems({ users: many, maxUsers: UNKNOWN })).toEqual([]);
  expect(problems({ users: UNKNOWN })).toEqual([]);
});

test("a filter may match anybody, so the limit has to be lifted in words", () => {
  expect(problems({ filter: 'A("X")' })).toEqual([
    'filter: may match any number of people: set maxUsers: "unlimited" if everyone it matches is meant',
  ]);
  expect(problems({ filter: 'A("X")', maxUsers: 5 })).toHaveLength(1);
  expect(problems({ filter: 'A("X")', maxUsers: "unlimited" })).toEqual([]);
});

test("nobody is in the list twice, and the problem doesn't name who", () => {
  expect(problems({ users: ["canary-1", "canary-2", "canary-1"] })).toEqual([
    "users.2: is the same as users[0]: this person would enter twice",
  ]);
  expect(problems({ users: [UNKNOWN, UNKNOWN] })).toEqual([]);
});

test("shape", () => {
  const shape = (inputs: object) =>
    validate(entryInputs, { journeyId, ...inputs }).map(({ path, reason }) => `${path.join(".")}: ${reason}`);
  expect(
    shape({
      users: ["a"],
      triggers: [1, "x", { y: null }],
      attributes: { code: "A" },
      partSize: 5,
      onUnknown: "resend",
    }),
  ).toEqual([]);
  expect(shape({ users: [] })).toEqual(["users: must have at least 1 item"]);
  expect(shape({ users: [""] })).toEqual(["users.0: must not be empty"]);
  expect(shape({ user: ["a"] })).toEqual(['user: is not known here; did you mean "users"?']);
  expect(shape({ journeyId: "nope" })).toEqual(["journeyId: must be a UUID"]);
  expect(shape({ maxUsers: 0 })).toHaveLength(1);
  expect(shape({ partSize: 0 })).toEqual(["partSize: must be at least 1"]);
  expect(shape({ onUnknown: "send" })).toHaveLength(1);
  expect(shape({ attributes: { code: 5 } })).toHaveLength(1);
  expect(shape({ users: UNKNOWN, journeyId: UNKNOWN, attributes: UNKNOWN })).toEqual([]);
});

describe("what is known of the journey", () => {
  const entry = (data: object = {}) => ({ data: { start_by_api: data } });
  const entries = (points: object) => apiEntriesIn(JSON.stringify({ title: "t", points }));

  test("API entries that are switched on are counted", () => {
    expect(entries({})).toBe(0);
    expect(entries({ a: entry(), b: { data: { send_push: {} } } })).toBe(1);
    expect(entries({ a: entry(), b: entry({ is_deactivated: true }) })).toBe(1);
    expect(entries({ a: entry(), b: entry({ is_deactivated: false }) })).toBe(2);
  });

  test("a journey that can't take people in is a refusal, one nothing is known of isn't", () => {
    const refused = (of: object) => cannotEnter(of, "entry")?.message.split("\n")[0];
    expect(refused({ status: "paused", apiEntries: 1 })).toBe(
      "illegal-move: entry: nobody can be entered: the journey is paused",
    );
    expect(refused({ status: "running", apiEntries: 0 })).toMatch(/no API entry point that is switched on/);
    expect(refused({ status: "running", apiEntries: 2 })).toMatch(/2 API entry points/);
    for (const fine of [
      {},
      { status: "running" },
      { status: "unknown" },
      { status: UNKNOWN, apiEntries: UNKNOWN },
      { apiEntries: 1 },
    ]) {
      expect(refused(fine)).toBeUndefined();
    }
    expect(cannotEnter(undefined, "entry")).toBeUndefined();
    expect(cannotEnter(UNKNOWN as never, "entry")).toBeUndefined();
  });
});
