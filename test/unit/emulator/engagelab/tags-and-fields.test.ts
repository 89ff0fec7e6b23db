import { describe, expect, it } from "vitest";
import type { Emulator } from "../../../../provider/emulator/index";
import type { Body } from "../client";
import { add, call, get, lists, notFound, startWith, unknownId } from "./client";

const tags = `${lists}/tags`;
const tag = (emulator: Emulator, name: unknown) => call(emulator, "POST", tags, { name });
const created = async (emulator: Emulator, name: string) =>
  ((await tag(emulator, name)).body.result as Body).tag_id as string;

describe("tags", () => {
  it("are created with an id", async () => {
    const emulator = await startWith();
    const { status, body } = await tag(emulator, "myCustomTag");
    const time = "2030-01-01T08:00:00+0800";
    const tag_id = expect.stringMatching(/^[0-9a-f]{24}$/);
    expect([status, body]).toEqual([
      200,
      { result: { tag_id, tag_name: "myCustomTag", create_time: time, update_time: time } },
    ]);
    expect(await call(emulator, "POST", tags, { tag_name: "other" })).toMatchObject({ status: 200 });
    expect(emulator.engagelab.tags()).toEqual(["myCustomTag", "other"]);
    expect(emulator.journal[0]).toMatchObject({ endpoint: "tag.create", title: "myCustomTag", committed: true });
  });

  it("refuse a name that is taken with a code under 401, or answer the tag when switched", async () => {
    const emulator = await startWith();
    await tag(emulator, "a");
    const taken = [401, { code: 32603, message: "tag name already exist" }];
    const again = await tag(emulator, "a");
    expect([again.status, again.body]).toEqual(taken);
    const renamed = await call(emulator, "PUT", `${tags}/${await created(emulator, "b")}`, { name: "a" });
    expect([renamed.status, renamed.body]).toEqual(taken);
    const lenient = await startWith({ takenTagName: "answered" });
    expect(await created(lenient, "a")).toBe(await created(lenient, "a"));
  });

  it.each(["", "a b", "a-b", "x".repeat(65), 7, undefined])("refuse the name %j", async (name) => {
    const emulator = await startWith();
    expect(await tag(emulator, name)).toMatchObject({ status: 400, body: { code: 99400 } });
  });

  it("are renamed and deleted for all contacts", async () => {
    const emulator = await startWith();
    const contact = await add(emulator, "ada@example.com", { tags: ["old", "other"] });
    const [id] = ((await get(emulator, contact)).body.result as Body).tag_ids as string[];
    expect((await call(emulator, "PUT", `${tags}/${id}`, { name: "new" })).body).toEqual({ count: 1 });
    expect((await get(emulator, contact)).body).toMatchObject({ result: { tag_names: ["new", "other"] } });
    expect((await call(emulator, "PUT", `${tags}/${id}`, {})).body).toEqual({ count: 1 });
    expect((await call(emulator, "DELETE", `${tags}/${id}`)).body).toEqual({ count: 1 });
    expect((await get(emulator, contact)).body).toMatchObject({
      result: { tag_names: ["other"], tag_ids: { length: 1 } },
    });
    await created(emulator, "new");
    expect(emulator.engagelab.contact(contact).tags).toEqual(["other"]);
  });

  it("answer an unknown id", async () => {
    const emulator = await startWith();
    const strict = await startWith({ unknownId: "404" });
    for (const method of ["PUT", "DELETE"]) {
      const answer = await call(emulator, method, `${tags}/${unknownId}`, { name: "a" });
      expect([answer.status, answer.body]).toEqual([200, notFound]);
      expect((await call(strict, method, `${tags}/${unknownId}`, { name: "a" })).status).toBe(404);
    }
  });

  it("are listed by page and part of the name, unless switched off", async () => {
    const emulator = await startWith();
    for (const name of ["vip", "beta", "VIP2"]) await tag(emulator, name);
    const listed = async (query: string) => {
      const { body } = await call(emulator, "GET", `${tags}?${query}`);
      return [(body.result as Body[]).map((row) => row.tag_name), body.total, body.count];
    };
    expect(await listed("limit=1&offset=1")).toEqual([["beta"], 3, 1]);
    expect(await listed("tag_name=vip")).toEqual([["vip", "VIP2"], 2, 2]);
    expect((await call(await startWith({ tagList: "off" }), "GET", tags)).status).toBe(405);
  });
});

describe("properties", () => {
  const fields = `${lists}/fields`;
  const create = (emulator: Emulator, body: Body) =>
    call(emulator, "POST", fields, { field_name: "xiao", field_type: 0, visible: true, ...body });

  it.each<[Body, Body]>([
    [{ field_type: 0 }, { type: "text", visible: true }],
    [
      { field_type: 1, format: ".00", visible: false },
      { type: "number", format: ".00", visible: false },
    ],
    [
      { field_type: 2, format: "DD/MM/YYYY" },
      { type: "date", format: "DD/MM/YYYY" },
    ],
    [
      { field_type: 3, format: "MM/DD" },
      { type: "birthday", format: "MM/DD" },
    ],
    [
      { field_type: 4, options: ["a", "b"] },
      { type: "dropdown", options: ["a", "b"] },
    ],
  ])("are created of %j", async (body, expected) => {
    const emulator = await startWith();
    const answer = await create(emulator, body);
    expect(answer).toMatchObject({ status: 200, body: { result: { field_id: 7, field_name: "xiao", ...body } } });
    expect(emulator.engagelab.properties().at(-1)).toMatchObject({ id: 7, name: "xiao", ...expected });
    expect(emulator.journal[0]).toMatchObject({ endpoint: "field.create", id: "7", title: "xiao", committed: true });
    await add(emulator, "ada@example.com", { fields: { xiao: "x" } });
    expect(emulator.engagelab.contact("ada@example.com").fields).toEqual({ xiao: "x" });
  });

  it.each<Body>([
    { field_name: "a-b" },
    { field_name: "标" },
    { field_name: "x".repeat(65) },
    { field_name: "email" },
    { field_name: "CREATETIME" },
    { field_name: "Age" },
    { field_type: 5 },
    { field_type: "0" },
    { visible: "yes" },
    { format: "0" },
    { field_type: 1, format: "0.0" },
    { field_type: 4 },
    { field_type: 4, options: [] },
    { field_type: 4, options: [1] },
    { field_type: 4, options: Array(11).fill("a") },
  ])("are not created of %j", async (body) => {
    const emulator = await startWith();
    expect(await create(emulator, body)).toMatchObject({ status: 400, body: { code: 99400 } });
    expect(emulator.engagelab.properties().map(({ name }) => name)).toEqual(["Gender", "Birthday", "Age"]);
  });

  it("begin with Gender, Birthday and Age", async () => {
    expect((await startWith()).engagelab.properties()).toEqual([
      { id: 4, name: "Gender", type: "text", visible: true },
      { id: 5, name: "Birthday", type: "birthday", visible: true, format: "MM/DD" },
      { id: 6, name: "Age", type: "number", visible: true, format: "0" },
    ]);
  });

  it("number at most 50 with Email, Name and Phone", async () => {
    const emulator = await startWith({ predefinedFields: "none" });
    expect(emulator.engagelab.properties()).toEqual([]);
    for (let index = 0; index < 47; index += 1) {
      expect((await create(emulator, { field_name: `f${index}` })).status).toBe(200);
    }
    expect((await create(emulator, { field_name: "f47" })).status).toBe(400);
  });
});
