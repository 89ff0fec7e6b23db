// Names a program chooses may be those of members that every JavaScript object has.
import { expect, test } from "vitest";
import { valueAt } from "../../../../provider/core/values";
import { differences } from "../../../../provider/pushwoosh/journey/definition";
import { pointProblems } from "../../../../provider/pushwoosh/journey/points";

test("a member called constructor is there only where it was set", () => {
  expect(valueAt({}, ["constructor"])).toBeUndefined();
  expect(valueAt({ constructor: 1 }, ["constructor"])).toBe(1);
  expect(differences({ a: 1 }, { a: 1, constructor: true })).toEqual([
    { path: ["constructor"], kind: "add", after: true },
  ]);
  expect(differences({ constructor: true }, { a: 1 })).toEqual([
    { path: ["a"], kind: "add", after: 1 },
    { path: ["constructor"], kind: "delete", before: true },
  ]);
});

test("an edge to a point called toString needs such a point", () => {
  const entry = { type: "POINT_TYPE_EVENT", data: { message_bus: {} }, next: "toString" };
  const journey = { title: "Welcome", applicationCode: "APP00-00001", points: { entry } };
  expect(pointProblems(journey).map(({ path }) => path)).toEqual([["points", "entry", "next"]]);
});
