import { describe, expect, it } from "vitest";
import type { Emulator, EngagelabSwitches } from "../../../../provider/emulator/index";
import { call, list, lists, names, startWith, where } from "./client";

/** Ada, Bob and Cy, an hour apart, with a property of each kind. */
async function three(switches: EngagelabSwitches = {}): Promise<Emulator> {
  const emulator = await startWith(switches);
  const field = (body: object) => call(emulator, "POST", `${lists}/fields`, { visible: true, ...body });
  await field({ field_name: "Since", field_type: 2, format: "DD/MM/YYYY" });
  await field({ field_name: "Plan", field_type: 4, options: ["free", "paid"] });
  const seed = (name: string, phone: string | null, fields: Record<string, string>, tags: string[]) =>
    emulator.engagelab.seed([{ email: `${name}@${name}.example.com`, name, phone, fields, tags }]);
  seed("Ada", "188", { Age: "9", Birthday: "03/30", Since: "31/01/2029", Plan: "free", Gender: "F" }, ["vip"]);
  emulator.advance({ hours: 1 });
  seed("Bob", null, { Age: "12.0", Birthday: "11/02", Since: "01/02/2029", Plan: "paid" }, ["vip", "beta"]);
  emulator.advance({ hours: 1 });
  seed("Cy", "0188", {}, []);
  emulator.behind.contact("cy@cy.example.com").unsubscribe();
  return emulator;
}

const found = async (emulator: Emulator, ...condition: Parameters<typeof where>) => {
  const page = await list(emulator, "", where(...condition));
  if (page.status !== 200) return page.body.code;
  expect(page.body.total).toBe((page.body.result as unknown[]).length);
  return names(page);
};

it.each([
  ["Email", "==", "ADA@ada.example.com", ["Ada"]],
  ["Email", "==", "ada", []],
  ["Email", "!=", "Ada@Ada.example.com", ["Bob", "Cy"]],
  ["Email", "contain", "B.EX", ["Bob"]],
  ["Email", "does not contain", "b.ex", ["Ada", "Cy"]],
  ["Phone", "contain", "188", ["Ada", "Cy"]],
  ["Phone", "does not contain", "0", ["Ada", "Bob"]],
  ["Phone", "exist", "", ["Ada", "Cy"]],
  ["Name", "==", "bob", ["Bob"]],
  ["Gender", "==", "f", ["Ada"]],
  ["Gender", "!=", "f", ["Bob", "Cy"]],
  ["Age", "==", "12", ["Bob"]],
  ["Age", "!=", "12", ["Ada", "Cy"]],
  ["Age", ">", "9", ["Bob"]],
  ["Age", ">=", "9", ["Ada", "Bob"]],
  ["Age", "<", "12", ["Ada"]],
  ["Age", "<=", "12", ["Ada", "Bob"]],
  ["Birthday", ">", "03/30", ["Bob"]],
  ["Since", "<", "01/02/2029", ["Ada"]],
  ["Since", "==", "01/02/2029", ["Bob"]],
  ["Plan", "==", "paid", ["Bob"]],
  ["Plan", "!=", "paid", ["Ada", "Cy"]],
  ["Plan", "exist", "", ["Ada", "Bob"]],
  ["tag", "==", "vip", ["Ada", "Bob"]],
  ["tag", "!=", "beta", ["Ada", "Cy"]],
  ["tag", "contain", "bet", ["Bob"]],
  ["tag", "exist", "", ["Ada", "Bob"]],
  ["domain", "==", "bob.example.com", ["Bob"]],
  ["createTime", ">=", "2030-01-01T09:00:00+0800", ["Bob", "Cy"]],
  ["unsubscribeTime", "exist", "", ["Cy"]],
  ["unsubscribeTime", "<", "2030-01-01T09:00:00+0800", []],
])("%s %s %s", async (field, op, value, expected) => {
  expect(await found(await three(), field, op, value)).toEqual(expected);
});

it("joins items by and, and by or", async () => {
  const emulator = await three();
  const items = where("tag", "==", "vip", ["Age", ">", "9"], ["Email", "contain", "bob"]).items;
  const page = async (relation: string, given = items) => names(await list(emulator, "", { relation, items: given }));
  expect(await page("and")).toEqual(["Bob"]);
  expect(await page("or")).toEqual(["Ada", "Bob"]);
  const mixed = where("Email", "==", "cy@cy.example.com", ["Age", ">", "9"]).items;
  expect(await page("or", mixed)).toEqual(["Bob", "Cy"]);
  const addresses = ["cy@cy.example.com", "ADA@ada.example.com", "ada@ada.example.com"];
  const whole = addresses.map((value) => ({ field_name: "Email", op: "==", value }));
  expect(await page("or", whole)).toEqual(["Ada", "Cy"]);
  expect(await page("and", whole)).toEqual([]);
  expect(await page("and", whole.slice(1))).toEqual(["Ada"]);
});

it.each([
  [{ relation: "xor", items: where("Email", "==", "a").items }],
  [{ items: where("Email", "==", "a").items }],
  [{ relation: "or", items: Array(11).fill({ field_name: "Email", op: "==", value: "a" }) }],
  [{ relation: "or", items: {} }],
  [{ relation: "or", items: [null] }],
  [where("Email", "=", "a")],
  [where("Email", "contains", "a")],
  [where("Email", ">", "a")],
  [where("Age", "contain", "1")],
  [where("Age", ">", "old")],
  [where("Since", ">", "tomorrow")],
  [where("Since", ">", "02/2029")],
  [where("Plan", ">", "free")],
  [where("Nothing", "==", "a")],
  [where("campaign", "==", "sent")],
  [{ relation: "and", items: [{ field_name: "Age", op: "==", value: 9 }] }],
])("refuses the condition %j", async (condition) => {
  const emulator = await three();
  const path = `${lists}/list_members`;
  expect(await call(emulator, "POST", path, { condition })).toMatchObject({ status: 400, body: { code: 99400 } });
  expect(await call(emulator, "DELETE", `${lists}/members/delete`, { condition })).toMatchObject({ status: 400 });
  expect(emulator.engagelab.count()).toBe(3);
});

describe("switched", () => {
  it("heeds letter case", async () => {
    const emulator = await three({ textMatch: "exact" });
    expect(await found(emulator, "Email", "==", "ada@Ada.example.com")).toEqual([]);
    expect(await found(emulator, "Email", "==", "Ada@Ada.example.com")).toEqual(["Ada"]);
    expect(await found(emulator, "Name", "contain", "b")).toEqual(["Bob"]);
    expect(await found(emulator, "Name", "contain", "B")).toEqual(["Bob"]);
    expect(await found(emulator, "Name", "contain", "a")).toEqual(["Ada"]);
    expect(await found(emulator, "Name", "contain", "O")).toEqual([]);
  });
  it("has no ==", async () => {
    const emulator = await three({ equals: "refused" });
    expect(await found(emulator, "Email", "==", "ada@ada.example.com")).toBe(99400);
    expect(await found(emulator, "Email", "contain", "ada@ada.example.com")).toEqual(["Ada"]);
  });
  it("knows system properties by their exact name only, others always so", async () => {
    const loose = await three();
    expect(await found(loose, "email", "contain", "ada")).toEqual(["Ada"]);
    expect(await found(loose, "Tag", "==", "beta")).toEqual(["Bob"]);
    expect(await found(loose, "age", "==", "9")).toBe(99400);
    const exact = await three({ systemNames: "exact" });
    expect(await found(exact, "email", "contain", "ada")).toBe(99400);
    expect(await found(exact, "Email", "contain", "ada")).toEqual(["Ada"]);
    expect(await found(exact, "Age", "==", "9")).toEqual(["Ada"]);
  });
  it("tells addresses apart by letter case where contacts are", async () => {
    const emulator = await startWith({ emailIdentity: "case-sensitive", textMatch: "exact" });
    emulator.engagelab.seed([{ email: "Ada@example.com" }, { email: "ada@example.com" }]);
    expect(await found(emulator, "Email", "==", "ada@example.com")).toEqual(["ada"]);
    expect(() => emulator.engagelab.contact("ada@example.com")).toThrow(/Several contacts/);
  });
});
