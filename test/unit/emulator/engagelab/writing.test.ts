import { describe, expect, it } from "vitest";
import type { EngagelabSwitches } from "../../../../provider/emulator/index";
import type { Body } from "../client";
import { add, get, put, startWith, upsert } from "./client";

const full = { phone: "1", name: "Ada", fields: { Age: "12", Gender: "f" }, tags: ["a", "b"] };
const empty = { phone: null, name: null, fields: {}, tags: [] };

/** A contact with everything set, after one more write by PUT or by upsert. */
async function after(way: "put" | "upsert", sent: Body, switches: EngagelabSwitches = {}): Promise<Body> {
  const emulator = await startWith(switches);
  const id = await add(emulator, "ada@example.com", full);
  if (way === "put") expect((await put(emulator, id, sent)).status).toBe(200);
  else
    expect((await upsert(emulator, [{ email: "ada@example.com", ...sent }])).updated).toEqual({
      "ada@example.com": id,
    });
  const { phone, name, fields, tags } = emulator.engagelab.contact(id);
  return { phone, name, fields, tags };
}

const clears = { phone: "", name: "", fields: { Age: "" } };
const nulls = { phone: null, name: null, fields: { Age: null } };

describe.each(["put", "upsert"] as const)("%s", (way) => {
  it.each<[string, Body, EngagelabSwitches, Body]>([
    ["keeps what isn't sent", { name: "Eve" }, {}, { ...full, name: "Eve" }],
    ["merges fields", { fields: { Age: "13" } }, {}, { ...full, fields: { Age: "13", Gender: "f" } }],
    ["replaces fields", { fields: { Age: "13" } }, { putFields: "replaced" }, { ...full, fields: { Age: "13" } }],
    ["clears by an empty text", clears, {}, { ...full, phone: null, name: null, fields: { Gender: "f" } }],
    ["ignores an empty text", clears, { emptyText: "ignored" }, full],
    [
      "stores an empty text",
      clears,
      { emptyText: "stored" },
      { ...full, phone: "", name: "", fields: { Age: "", Gender: "f" } },
    ],
    ["keeps at null", { ...nulls, tags: null }, {}, full],
    ["keeps fields at null", { fields: null }, {}, full],
    ["clears at null", nulls, { nullValue: "clears" }, { ...full, phone: null, name: null, fields: { Gender: "f" } }],
    ["clears fields at null", { fields: null }, { nullValue: "clears" }, { ...full, fields: {} }],
    ["replaces tags", { tags: ["b", "c"] }, {}, { ...full, tags: ["b", "c"] }],
    [
      "takes other values as text",
      { fields: { Age: 7, Gender: true } },
      {},
      { ...full, fields: { Age: "7", Gender: "true" } },
    ],
  ])("%s", async (_, sent, switches, expected) => expect(await after(way, sent, switches)).toEqual(expected));
});

it("empties what a full PUT leaves out", async () => {
  expect(await after("put", {}, { putScope: "full" })).toEqual(empty);
  expect(await after("put", { name: null, fields: null, tags: null }, { putScope: "full" })).toEqual(empty);
  expect(await after("put", { fields: { Age: "1" } }, { putScope: "full" })).toEqual({
    ...empty,
    fields: { Age: "1" },
  });
  expect(await after("upsert", {}, { putScope: "full" })).toEqual({ ...empty, tags: full.tags });
});

it("appends tags in a PUT when switched", async () => {
  expect((await after("put", { tags: ["b", "c"] }, { putTags: "appended" })).tags).toEqual(["a", "b", "c"]);
});

it("replaces fields in an upsert alone when switched", async () => {
  const fields = { Age: "1" };
  expect((await after("upsert", { fields }, { upsertFields: "replaced" })).fields).toEqual(fields);
  expect((await after("put", { fields }, { upsertFields: "replaced" })).fields).toEqual({ ...full.fields, ...fields });
});

it.each([
  ["count", { count: 1 }],
  ["result", { result: { name: "Eve", tag_names: ["a", "b"], tag_ids: [expect.any(String), expect.any(String)] } }],
  ["bare", { name: "Eve", user_id: 1, tag_names: ["a", "b"], tags: [expect.any(String), expect.any(String)] }],
] as const)("answers a PUT as %s", async (putAnswer, expected) => {
  const emulator = await startWith({ putAnswer });
  const id = await add(emulator, "ada@example.com", full);
  const { body } = await put(emulator, id, { name: "Eve" });
  expect(body).toMatchObject(expected);
  if (putAnswer === "bare") expect(body.tags).toEqual(((await get(emulator, id)).body.result as Body).tag_ids);
});

describe("tag names nobody has created", () => {
  it.each([
    ["created", true, ["known", "fresh"], ["known", "fresh"]],
    ["dropped", true, ["known"], ["known"]],
    ["refused", false, ["known"], ["known"]],
  ] as const)("%s", async (unknownTag, isTaken, tags, all) => {
    const emulator = await startWith({ unknownTag });
    emulator.engagelab.seed([{ email: "ada@example.com", name: "before", tags: ["known"] }]);
    const sent = { name: "after", tags: ["known", "fresh"] };
    const { updated, errors } = await upsert(emulator, [{ email: "ada@example.com", ...sent }]);
    expect([Object.keys(updated), Object.keys(errors)]).toEqual(
      isTaken ? [["ada@example.com"], []] : [[], ["ada@example.com"]],
    );
    const { id, name, tags: present } = emulator.engagelab.contact("ada@example.com");
    expect([name, present, emulator.engagelab.tags()]).toEqual([isTaken ? "after" : "before", tags, all]);
    expect((await put(emulator, id, sent)).body).toMatchObject(isTaken ? { count: 1 } : { code: 99400 });
  });

  it("are held to the rules of names", async () => {
    const emulator = await startWith();
    const tags = ["a-b", "a b", "", "x".repeat(65)];
    const { errors } = await upsert(
      emulator,
      tags.map((tag, index) => ({ email: `p${index}@example.com`, tags: [tag] })),
    );
    expect(Object.keys(errors)).toHaveLength(4);
    expect((await upsert(emulator, [{ email: "a@example.com", tags: ["标签_1", "x".repeat(64)] }])).errors).toEqual({});
  });
});

describe("fields that are no property", () => {
  const fields = { Age: "1", Colour: "red", ["__proto__"]: "x" };
  it.each([
    ["dropped", true, { Age: "1" }],
    ["stored", true, fields],
    ["refused", false, {}],
  ] as const)("%s", async (undefinedField, isTaken, expected) => {
    const emulator = await startWith({ undefinedField });
    emulator.engagelab.seed([{ email: "ada@example.com" }]);
    const { errors } = await upsert(emulator, [{ email: "ada@example.com", fields }]);
    expect((await upsert(emulator, [{ email: "eve@example.com", fields: { Age: "1" } }])).errors).toEqual({});
    const { id, fields: present } = emulator.engagelab.contact("ada@example.com");
    expect([Object.keys(errors).length, present]).toEqual([isTaken ? 0 : 1, expected]);
    expect((await put(emulator, id, { fields })).body).toMatchObject(isTaken ? { count: 1 } : { code: 99400 });
  });

  it("include all but the three reserved ones when none are predefined", async () => {
    const emulator = await startWith({ predefinedFields: "none" });
    await add(emulator, "ada@example.com", { fields: { Age: "1", Gender: "f", Birthday: "01/02" } });
    expect(emulator.engagelab.contact("ada@example.com").fields).toEqual({});
  });
});

it("rewrites numbers in the property's format when switched", async () => {
  const write = async (fieldValues: "kept" | "formatted") => {
    const emulator = await startWith({ fieldValues });
    await add(emulator, "ada@example.com", { fields: { Age: "12.0", Gender: "1.50" } });
    await add(emulator, "eve@example.com", { fields: { Age: "old" } });
    expect(emulator.engagelab.contact("eve@example.com").fields).toEqual({ Age: "old" });
    return emulator.engagelab.contact("ada@example.com").fields;
  };
  expect(await write("kept")).toEqual({ Age: "12.0", Gender: "1.50" });
  expect(await write("formatted")).toEqual({ Age: "12", Gender: "1.50" });
});

it.each<Body>([{ phone: 1 }, { name: [] }, { fields: [] }, { fields: { Age: {} } }, { tags: "a" }, { tags: [1] }])(
  "takes no %j",
  async (sent) => {
    const emulator = await startWith();
    const id = await add(emulator, "ada@example.com", full);
    expect((await put(emulator, id, sent)).body).toMatchObject({ code: 99400 });
    expect(Object.keys((await upsert(emulator, [{ email: "ada@example.com", ...sent }])).errors)).toHaveLength(1);
    expect(emulator.engagelab.contact(id)).toMatchObject({ ...full, history: { length: 1 } });
  },
);
