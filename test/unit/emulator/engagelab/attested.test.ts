import { describe, expect, it } from "vitest";
import {
  add,
  call,
  get,
  list,
  members,
  notFound,
  post,
  put,
  remove,
  startWith,
  unknownId,
  upsert,
  where,
} from "./client";

describe("tags by tag_flag", () => {
  const three = ["t1", "t2", "t3"];
  const other = ["t3", "t4", "t5"];
  it.each([
    [0, three, [], []],
    [0, three, null, three],
    [0, three, undefined, three],
    [0, three, other, other],
    [1, three, [], three],
    [1, three, null, three],
    [1, three, undefined, three],
    [1, three, other, ["t1", "t2", "t3", "t4", "t5"]],
    [2, three, [], three],
    [2, three, null, three],
    [2, three, undefined, three],
    [2, three, other, three],
    [2, [], other, []],
  ])("%s: %j and %j sent", async (flag, before, sent, after) => {
    const emulator = await startWith();
    await add(emulator, "ada@example.com", { tags: before });
    const { updated } = await upsert(emulator, [{ email: "ada@example.com", tags: sent }], { tag_flag: flag });
    expect(Object.keys(updated)).toEqual(["ada@example.com"]);
    expect(emulator.engagelab.contact("ada@example.com").tags).toEqual(after);
  });

  it("appends without a flag", async () => {
    const emulator = await startWith();
    await add(emulator, "ada@example.com", { tags: ["t1"] });
    await post(emulator, { members: [{ email: "ada@example.com", tags: ["t2"] }], update_existing: true });
    expect(emulator.engagelab.contact("ada@example.com").tags).toEqual(["t1", "t2"]);
  });
});

it("splits a batch into created, updated and failed members, with ids, under status 200", async () => {
  const emulator = await startWith();
  const known = await add(emulator, "known@example.com");
  const given = ["new@example.com", "known@example.com", "not an address"].map((email) => ({ email }));
  const answer = await post(emulator, { members: given, tag_flag: 0, update_existing: true });
  const id = expect.stringMatching(/^[0-9a-f]{24}$/);
  expect(answer).toMatchObject({ status: 200 });
  expect(answer.body).toEqual({
    created_count: 1,
    created_members: [{ email: "new@example.com", member_id: id }],
    updated_count: 1,
    updated_members: [{ email: "known@example.com", member_id: known }],
    error_count: 1,
    error_members: [{ email: "not an address", message: expect.any(String) }],
  });
  expect(emulator.engagelab.count()).toBe(2);
});

it("answers a contact's detail under result", async () => {
  const emulator = await startWith();
  const fields = { Birthday: "03/30", Age: "12" };
  const id = await add(emulator, "ada@example.com", { phone: "13681312919", fields, tags: ["testTag"] });
  emulator.advance({ hours: 9, seconds: 5 });
  emulator.behind.contact(id).unsubscribe();
  expect((await get(emulator, id)).body).toEqual({
    result: {
      member_id: id,
      list_id: 40001,
      email: "ada@example.com",
      phone: "13681312919",
      name: null,
      fields,
      tag_ids: [expect.stringMatching(/^[0-9a-f]{24}$/)],
      tag_names: ["testTag"],
      create_time: "2030-01-01T08:00:00+0800",
      update_time: "2030-01-01T17:00:05+0800",
      unsubscribe_time: "2030-01-01T17:00:05+0800",
    },
  });
});

it("answers an update with a count, and one of an unknown id with a code under status 200", async () => {
  const emulator = await startWith();
  const id = await add(emulator, "ada@example.com");
  expect(await put(emulator, id, { name: "Ada" })).toMatchObject({ status: 200, body: { count: 1 } });
  expect((await get(emulator, id)).body).toMatchObject({ result: { name: "Ada" } });
  const unknown = await put(emulator, unknownId, { name: "Ada" });
  expect([unknown.status, unknown.body]).toEqual([200, notFound]);
});

it("lists pages by limit and offset in the query, with total and count", async () => {
  const emulator = await startWith();
  const ids = emulator.engagelab.seed(["a", "b", "c"].map((name) => ({ email: `${name}@example.com` })));
  const { status, body } = await list(emulator, "limit=2&offset=1");
  expect(status).toBe(200);
  expect(body).toMatchObject({ result: [{ member_id: ids[1] }, { member_id: ids[2] }], total: 3, count: 2 });
  expect(Object.keys(body).sort()).toEqual(["count", "result", "total"]);
  expect((body.result as unknown[])[0]).toEqual((await get(emulator, ids[1]!)).body.result);
  expect((await list(emulator, "", where("Email", "contain", "a@example"))).body).toMatchObject({ total: 1, count: 1 });
});

it("answers a delete with a count", async () => {
  const emulator = await startWith();
  const id = await add(emulator, "ada@example.com");
  expect(await remove(emulator, id)).toMatchObject({ status: 200, body: { count: 1 } });
  expect([emulator.engagelab.count(), (await get(emulator, id)).body]).toEqual([0, notFound]);
});

it("turns credentials away with a code under status 401", async () => {
  const emulator = await startWith({}, { accounts: [{ apiUser: "user", apiKey: "other", listId: 7 }] });
  const answer = await call(emulator, "POST", members, {});
  expect([answer.status, answer.body]).toEqual([401, { code: 30000, message: "Authentication failed" }]);
});
