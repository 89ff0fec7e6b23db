import { describe, expect, it } from "vitest";
import type { Emulator } from "../../../../provider/emulator/index";
import { call, get, members, notFound, people, put, remove, seedPeople, startWith, unknownId, where } from "./client";

const bulk = (emulator: Emulator, body?: unknown, path = `${members}/delete`) => call(emulator, "DELETE", path, body);

describe("by id", () => {
  it("takes this one contact", async () => {
    const emulator = await startWith();
    const ids = seedPeople(emulator, 3);
    expect((await remove(emulator, ids[1]!)).body).toEqual({ count: 1 });
    expect(emulator.engagelab.contacts().map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    expect(emulator.engagelab.deletions()).toMatchObject([{ by: "api", contact: { id: ids[1], email: people(3)[1] } }]);
  });

  it.each([
    ["count-0", 200, { count: 0 }],
    ["200", 200, notFound],
    ["404", 404, notFound],
  ] as const)("answers an unknown id as %s", async (unknownDelete, status, body) => {
    const emulator = await startWith({ unknownDelete });
    expect(await remove(emulator, unknownId)).toMatchObject({ status, body });
    expect(emulator.writes()).toBe(0);
  });
});

describe.each([
  ["200", [200, notFound], [200, notFound]],
  ["404", [404, notFound], [404, notFound]],
  ["404-text", [404, "not found"], [404, "not found"]],
  ["null-result", [200, { result: null }], [200, notFound]],
] as const)("an unknown id as %s", (form, onGet, onPut) => {
  it("is what GET and PUT say", async () => {
    const emulator = await startWith({ unknownId: form });
    const read = await get(emulator, unknownId);
    const written = await put(emulator, unknownId, {});
    expect([
      [read.status, read.body],
      [written.status, written.body],
    ]).toEqual([onGet, onPut]);
  });
});

describe("by condition", () => {
  it("takes those it holds for and counts them", async () => {
    const emulator = await startWith();
    seedPeople(emulator, 30);
    const condition = { relation: "or", items: people(3).map((value) => ({ field_name: "Email", op: "==", value })) };
    expect((await bulk(emulator, { condition })).body).toEqual({ count: 3 });
    expect((await bulk(emulator, { condition })).body).toEqual({ count: 0 });
    expect((await bulk(emulator, { condition: where("Email", "contain", "p2") })).body).toEqual({ count: 10 });
    expect([emulator.engagelab.count(), emulator.engagelab.deletions().length, emulator.writes()]).toEqual([17, 13, 2]);
  });

  const vacuous: [string, unknown][] = [
    ["no body", undefined],
    ["an empty object", {}],
    ["a null condition", { condition: null }],
    ["an empty condition", { condition: {} }],
    ["no items", { condition: { relation: "and", items: [] } }],
  ];
  it.each(vacuous)("deletes everybody with %s", async (_, body) => {
    const emulator = await startWith();
    seedPeople(emulator, 25);
    expect((await bulk(emulator, body)).body).toEqual({ count: 25 });
    expect([emulator.engagelab.count(), emulator.engagelab.deletions().length]).toEqual([0, 25]);
    seedPeople(emulator, 1);
    expect((await bulk(emulator, body)).body).toEqual({ count: 1 });
    expect([emulator.engagelab.count(), emulator.engagelab.deletions().length]).toEqual([0, 26]);
  });

  it.each(vacuous)("refuses, or deletes nobody, with %s when switched", async (_, body) => {
    const refusing = await startWith({ unconditionalDelete: "refused" });
    const idle = await startWith({ unconditionalDelete: "nothing" });
    for (const emulator of [refusing, idle]) seedPeople(emulator, 2);
    expect(await bulk(refusing, body)).toMatchObject({ status: 400, body: { code: 99400 } });
    expect((await bulk(idle, body)).body).toEqual({ count: 0 });
    expect([refusing.engagelab.count(), idle.engagelab.count()]).toEqual([2, 2]);
    expect((await bulk(idle, { condition: where("Email", "==", "p0@example.com") })).body).toEqual({ count: 1 });
  });

  it.each(["delete", "DELETE", "%64elete", ""])("is what the id %j leads to", async (id) => {
    const emulator = await startWith();
    seedPeople(emulator, 3);
    expect((await remove(emulator, id)).body).toEqual({ count: 3 });
    expect(emulator.engagelab.count()).toBe(0);
  });

  it("takes no body that is not JSON", async () => {
    const emulator = await startWith();
    seedPeople(emulator, 2);
    expect(await call(emulator, "DELETE", `${members}/delete`, undefined, { text: "{" })).toMatchObject({
      status: 400,
    });
    expect(await bulk(emulator, [])).toMatchObject({ status: 400 });
    expect(emulator.engagelab.count()).toBe(2);
  });
});
