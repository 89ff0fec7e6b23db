import { describe, expect, test } from "vitest";
import type { Condition } from "../../../../provider/engagelab/api/condition";
import type { RemoteContact } from "../../../../provider/engagelab/api/contact";
import { matcher } from "../../../../provider/engagelab/purge/matching";

const ada: RemoteContact = {
  id: "1",
  email: "Ada@Example.com",
  phone: "0123",
  name: "Ada",
  fields: { Age: "12.0", City: "Paris", Code: "0012", Number: "12345678901234567" },
  tags: ["vip", "early"],
  tagIds: [],
};
const nobody: RemoteContact = { id: "2", email: "n@x.org", phone: "", name: "", fields: {}, tags: [], tagIds: [] };

type Given = [field: string, operator: Condition["items"][number]["operator"], value: string];
const condition = (relation: "and" | "or", ...given: Given[]): Condition => ({
  relation,
  items: given.map(([field, operator, value]) => ({ field, operator, value })),
});
const holds = (contact: RemoteContact, ...given: Given) => matcher(condition("and", given))(contact);

test.each<[...Given, boolean, boolean]>([
  ["Email", "==", "ada@example.COM", true, false],
  ["Email", "!=", "ada@example.COM", false, true],
  ["Email", "contain", "EXAMPLE", true, false],
  ["Email", "does not contain", "EXAMPLE", false, true],
  ["domain", "==", "example.com", true, false],
  ["Name", "==", "Ada", true, false],
  ["Name", "exist", "", true, false],
  ["Phone", "==", "123", false, false],
  ["Age", "==", "12", true, false],
  ["Age", "!=", "12", false, true],
  ["Age", "==", "012", false, false],
  ["Code", "==", "12", false, false],
  ["Code", "==", "0012", true, false],
  ["Code", "!=", "12", false, true],
  ["Number", "==", "12345678901234568", false, false],
  ["Number", "==", "12345678901234567", true, false],
  ["Age", ">", "11.5", true, false],
  ["Age", ">", "12", false, false],
  ["Age", ">=", "12", true, false],
  ["Age", "<", "100", true, false],
  ["Age", "<=", "12", true, false],
  ["City", "<", "5", false, false],
  ["tag", "==", "vip", true, false],
  ["tag", "!=", "vip", false, true],
  ["tag", "contain", "earl", true, false],
  ["Unknown", "==", "x", false, false],
  ["toString", "exist", "", false, false],
] as const)("%s %s %j", (field, operator, value, ofAda, ofNobody) => {
  expect([holds(ada, field, operator, value), holds(nobody, field, operator, value)]).toEqual([ofAda, ofNobody]);
});

test("letter case counts, and never in favour of a delete", () => {
  expect(holds(ada, "Name", "==", "ada")).toBe(false);
  expect(holds(ada, "Name", "contain", "da")).toBe(true);
  expect(holds(ada, "Name", "contain", "DA")).toBe(false);
  expect(holds(ada, "Name", "!=", "ada")).toBe(false);
  expect(holds(ada, "Name", "does not contain", "DA")).toBe(false);
  expect(holds(ada, "tag", "==", "VIP")).toBe(false);
  expect(holds(ada, "tag", "!=", "VIP")).toBe(false);
});

test("of one relation all or one must hold", () => {
  const given: Given[] = [
    ["Name", "==", "Ada"],
    ["City", "==", "Rome"],
  ];
  expect(matcher(condition("and", ...given))(ada)).toBe(false);
  expect(matcher(condition("or", ...given))(ada)).toBe(true);
});

test("where only ids of tags are shown, nothing asked of tags holds", () => {
  const unnamed = { ...ada, tags: undefined };
  for (const operator of ["==", "!=", "exist"] as const) expect(holds(unnamed, "tag", operator, "vip")).toBe(false);
  expect(matcher(condition("or", ["Name", "==", "Ada"], ["tag", "!=", "x"]))(unnamed)).toBe(false);
});

describe("a condition that can't be checked is refused, and its value not repeated", () => {
  test.each<Given>([
    ["email", "==", "canary@example.com"],
    ["TAG", "==", "canary"],
    ["createTime", ">", "canary"],
    ["unsubscribeTime", "exist", "canary"],
    ["Segment", "==", "canary"],
    ["campaign", "==", "canary"],
    ["Name", ">", "canary"],
    ["Birthday", ">", "03/30"],
    ["Email", "contain", ""],
    ["Name", "does not contain", "  "],
    ["tag", "==", ""],
  ])("%s %s %j", (...given) => {
    expect(() => matcher(condition("and", given))).toThrow(/invalid-input.*where\[0\]/);
    expect(() => matcher(condition("and", given))).not.toThrow(/canary|03\/30/);
  });

  test("and so is one without any item", () => {
    expect(() => matcher(condition("and"))).toThrow(/which contacts are meant/);
  });
});
