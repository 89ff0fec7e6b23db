import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FaultKind, parseFault } from "../../../../provider/emulator/index";
import {
  add,
  call,
  get,
  list,
  members,
  people,
  post,
  put,
  remove,
  seedPeople,
  startWith,
  upsert,
  where,
} from "./client";

const ada = "ada@example.com";
const body = { members: [{ email: ada }], tag_flag: 0, update_existing: true };

describe("faults", () => {
  it.each<[FaultKind, boolean, number | "no answer", object?]>([
    ["delay", true, 200],
    ["refuse", false, 400, { code: 99400 }],
    ["401", false, 401, { code: 30000 }],
    ["403", false, 403, { code: 99403 }],
    ["404", false, 404],
    ["429", false, 429, { code: 99429 }],
    ["500-before", false, 500, { code: 99500 }],
    ["500-after", true, 500, { code: 99500 }],
    ["html-502", false, 502],
    ["html-502-after", true, 502],
    ["drop-before", false, "no answer"],
    ["drop-after", true, "no answer"],
    ["cut-after", true, "no answer"],
    ["truncate", true, 200],
    ["hang", false, "no answer"],
    ["hang-after", true, "no answer"],
  ])("%s", async (kind, committed, sees, expected) => {
    const emulator = await startWith();
    emulator.fault({ kind, endpoint: "contact.upsert", delayMs: 20 });
    const patience = new AbortController();
    const answering = call(emulator, "POST", members, body, { signal: patience.signal }).catch(() => undefined);
    await expect.poll(() => emulator.journal[0]?.fault).toBe(kind);
    if (kind.startsWith("hang")) patience.abort();
    const answer = await answering;
    expect(answer?.status ?? "no answer").toBe(sees);
    if (expected) expect(answer?.body).toMatchObject(expected);
    expect([emulator.engagelab.count(), emulator.writes()]).toEqual(committed ? [1, 1] : [0, 0]);
    expect(emulator.journal[0]).toMatchObject({ platform: "engagelab", fault: kind, committed, title: ada });
    expect((await post(emulator, body)).status).toBe(200);
  });

  it("hit by address, wherever it is named, and by id", async () => {
    const emulator = await startWith();
    const [, one, two] = seedPeople(emulator, 3);
    const fault = emulator.fault({ kind: "500-before", email: "P1@example.com", times: Number.POSITIVE_INFINITY });
    const statuses = async () => [
      (await post(emulator, { ...body, members: people(2).map((email) => ({ email })) })).status,
      (await get(emulator, one!)).status,
      (await put(emulator, one!, {})).status,
      (await list(emulator, "", where("Email", "==", "p1@example.com"))).status,
      (await call(emulator, "DELETE", `${members}/delete`, { condition: where("Email", "==", "P1@example.com") }))
        .status,
      (await remove(emulator, one!)).status,
    ];
    expect(await statuses()).toEqual([500, 500, 500, 500, 500, 500]);
    expect((await get(emulator, two!)).status).toBe(200);
    fault.clear();
    emulator.fault({ kind: "500-before", id: one!, times: Number.POSITIVE_INFINITY });
    expect(await statuses()).toEqual([500, 500, 500, 500, 500, 500]);
    expect((await list(emulator)).status).toBe(200);
    expect(emulator.requests({ email: "p1@example.com" })).toBe(12);
    expect(emulator.engagelab.count()).toBe(3);
  });

  it("hit by endpoint", async () => {
    const emulator = await startWith();
    const id = await add(emulator, ada);
    const endpoints: [string, string, string][] = [
      ["contact.get", "GET", `${members}/${id}`],
      ["contact.update", "PUT", `${members}/${id}`],
      ["contact.delete", "DELETE", `${members}/${id}`],
      ["contact.deleteByCondition", "DELETE", `${members}/delete`],
      ["contact.list", "POST", "/v1/marketing/lists/list_members"],
      ["tag.create", "POST", "/v1/marketing/lists/tags"],
      ["tag.rename", "PUT", "/v1/marketing/lists/tags/1"],
      ["tag.delete", "DELETE", "/v1/marketing/lists/tags/1"],
      ["tag.list", "GET", "/v1/marketing/lists/tags"],
      ["field.create", "POST", "/v1/marketing/lists/fields"],
      ["quota", "GET", "/v1/account/quota"],
    ];
    for (const [endpoint, method, path] of endpoints) {
      const fault = emulator.fault({ kind: "403", endpoint });
      const sent = method === "GET" ? undefined : {};
      expect((await call(emulator, method, path, sent)).status).toBe(403);
      expect((await call(emulator, method, `/tr${path}`, sent)).status).not.toBe(403);
      expect([endpoint, fault.hits, emulator.requests({ endpoint })]).toEqual([endpoint, 1, 2]);
    }
  });

  it("hit by the name of a tag or a property", async () => {
    const emulator = await startWith();
    emulator.fault({ kind: "403", title: "vip", times: 2 });
    emulator.fault({ kind: "403", title: "Plan" });
    const lists = "/v1/marketing/lists";
    const tag = async (name: string) => (await call(emulator, "POST", `${lists}/tags`, { name })).status;
    expect([await tag("vip"), await tag("beta"), await tag("vip"), await tag("vip")]).toEqual([403, 200, 403, 200]);
    const field = { field_name: "Plan", field_type: 0, visible: true };
    expect((await call(emulator, "POST", `${lists}/fields`, field)).status).toBe(403);
  });

  it("are read from text with an address", () => {
    expect(parseFault(`kind=429,endpoint=contact.upsert,email=${ada}`)).toMatchObject({ email: ada });
  });
});

it("never holds a credential", async () => {
  const emulator = await startWith();
  await call(emulator, "POST", members, body, { authorization: `Basic ${btoa("canary:canary")}` });
  const held = JSON.stringify([emulator.journal, emulator.engagelab.contacts()]);
  expect(held).toContain(ada);
  expect(held).not.toMatch(/canary|Y2FuYXJ5/);
});

describe("acts of others", () => {
  it("change a contact without a request", async () => {
    const emulator = await startWith();
    const id = await add(emulator, ada, { name: "Ada", fields: { Age: "1" }, tags: ["a"] });
    emulator.advance({ seconds: 1 });
    const behind = emulator.behind.contact("ADA@example.com");
    behind
      .edit((contact) => {
        contact.name = "Eve";
        contact.phone = "1";
        contact.fields.Age = "2";
      })
      .tag("b", "c")
      .untag("a", "nobody's")
      .unsubscribe();
    expect((await get(emulator, id)).body).toMatchObject({
      result: {
        name: "Eve",
        phone: "1",
        fields: { Age: "2" },
        tag_names: ["b", "c"],
        unsubscribe_time: "2030-01-01T08:00:01+0800",
        update_time: "2030-01-01T08:00:01+0800",
      },
    });
    expect([emulator.writes(), emulator.requests({ endpoint: "contact.*" })]).toEqual([1, 2]);
    expect((await upsert(emulator, [{ email: ada, name: "Ada" }])).updated).toEqual({ [ada]: id });
    expect(emulator.engagelab.contact(id).unsubscribedAt).not.toBeNull();
  });

  it("delete it, or delete it and add it again without its opt-out", async () => {
    const emulator = await startWith();
    const id = await add(emulator, ada, { name: "Ada", tags: ["a"] });
    const again = emulator.behind.contact(ada).unsubscribe().recreate();
    expect(again).not.toBe(id);
    expect(emulator.engagelab.contacts()).toMatchObject([
      { id: again, name: "Ada", tags: ["a"], unsubscribedAt: null, history: [{ by: "outside", action: "create" }] },
    ]);
    const behind = emulator.behind.contact(again);
    behind.delete();
    expect(emulator.engagelab.count()).toBe(0);
    expect(() => behind.tag("a")).toThrow(/deleted meanwhile/);
    expect(() => emulator.behind.contact(ada)).toThrow(/no contact with the address or id/);
    expect(emulator.engagelab.deletions().map(({ by, contact }) => [by, contact.id])).toEqual([
      ["outside", id],
      ["outside", again],
    ]);
  });
});

describe("what it holds", () => {
  it("is a snapshot with the history of writes", async () => {
    const emulator = await startWith();
    const id = await add(emulator, ada, { name: "Ada", tags: ["a"] });
    const before = emulator.engagelab.contact(id);
    await put(emulator, id, { name: "Eve", fields: { Age: "1" } });
    emulator.behind.contact(id).tag("b");
    expect({ ...before }).toEqual({
      id,
      listId: 40001,
      email: ada,
      phone: null,
      name: "Ada",
      fields: {},
      tags: ["a"],
      createdAt: "2030-01-01T08:00:00+0800",
      updatedAt: "2030-01-01T08:00:00+0800",
      unsubscribedAt: null,
    });
    expect(before.history).toHaveLength(1);
    expect(emulator.engagelab.contact(ada).history).toMatchObject([
      { by: "api", action: "upsert", name: "Ada", fields: {}, tags: ["a"] },
      { by: "api", action: "update", name: "Eve", fields: { Age: "1" }, tags: ["a"] },
      { by: "outside", action: "tag", name: "Eve", tags: ["a", "b"] },
    ]);
  });

  it("can be filled, once per address", async () => {
    const emulator = await startWith();
    const seed = { email: ada, phone: "1", name: "Ada", fields: { Colour: "red" }, tags: ["a"], unsubscribed: true };
    const [id] = emulator.engagelab.seed([seed, { email: "eve@example.com" }]);
    expect(emulator.engagelab.contact(ada)).toMatchObject({
      id,
      phone: "1",
      fields: { Colour: "red" },
      tags: ["a"],
      unsubscribedAt: "2030-01-01T08:00:00+0800",
    });
    expect(emulator.engagelab.properties().at(-1)).toMatchObject({ name: "Colour", type: "text" });
    expect(() => emulator.engagelab.seed([{ email: "new@example.com" }, { email: "ADA@example.com" }])).toThrow(
      /already/,
    );
    expect([emulator.engagelab.count(), emulator.requests(), emulator.writes()]).toEqual([2, 0, 0]);
  });

  it("comes back from a file, and no id twice", async () => {
    const folder = mkdtempSync(join(tmpdir(), "emulator-"));
    try {
      const options = { persist: join(folder, "state.json") };
      const switches = { ids: "decimal", lagCalls: 2 } as const;
      const first = await startWith(switches, options);
      const id = await add(first, ada, { tags: ["a"], fields: { Age: "1" } });
      const other = await add(first, "eve@example.com");
      await put(first, id, { name: "Ada" });
      await remove(first, other);
      await call(first, "POST", "/v1/marketing/lists/fields", { field_name: "Plan", field_type: 0, visible: true });
      first.behind.contact(id).unsubscribe();
      first.engagelab.seed([{ email: "seed@example.com" }]);
      const before = [first.engagelab.contacts(), first.engagelab.deletions(), first.engagelab.properties()];
      const { history } = first.engagelab.contact(id);
      await first.close();

      const second = await startWith(switches, options);
      expect([second.engagelab.contacts(), second.engagelab.deletions(), second.engagelab.properties()]).toEqual(
        before,
      );
      expect([second.engagelab.contact(id).history, second.engagelab.tags()]).toEqual([history, ["a"]]);
      expect((await list(second)).body).toMatchObject({ total: 2 });
      expect(await add(second, "new@example.com")).toBe("4");
      expect(second.engagelab.contacts().at(-1)?.email).toBe("new@example.com");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is forgotten on reset", async () => {
    const emulator = await startWith({ callsPerMinute: 2 });
    await add(emulator, ada, { tags: ["a"] });
    await call(emulator, "POST", "/v1/marketing/lists/fields", { field_name: "Plan", field_type: 0, visible: true });
    emulator.reset();
    expect([emulator.engagelab.contacts(), emulator.engagelab.tags(), emulator.journal]).toEqual([[], [], []]);
    expect(emulator.engagelab.properties()).toHaveLength(3);
    expect((await post(emulator, body)).status).toBe(200);
  });
});
