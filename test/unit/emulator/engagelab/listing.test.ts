import { describe, expect, it } from "vitest";
import {
  add,
  call,
  get,
  list,
  lists,
  names,
  notFound,
  people,
  put,
  remove,
  seedPeople,
  startWith,
  upsert,
  where,
} from "./client";

describe("paging", () => {
  it("gives ten from the first on, unless told otherwise", async () => {
    const emulator = await startWith();
    seedPeople(emulator, 12);
    expect(names(await list(emulator))).toEqual(people(10).map((email) => email.split("@")[0]));
    expect(names(await list(emulator, "limit=3&offset=10"))).toEqual(["p10", "p11"]);
    expect((await list(emulator, "offset=12")).body).toEqual({ result: [], total: 12, count: 0 });
  });

  it("lists all without a body too", async () => {
    const emulator = await startWith();
    seedPeople(emulator, 2);
    expect((await call(emulator, "POST", `${lists}/list_members`)).body).toMatchObject({ total: 2, count: 2 });
    const text = { text: "{" };
    expect((await call(emulator, "POST", `${lists}/list_members`, undefined, text)).body).toMatchObject({
      code: 99400,
    });
  });

  it.each(["limit=0", "limit=101", "offset=-1", "limit=ten", "offset=1.5", "limit="])("refuses %s", async (query) => {
    const emulator = await startWith();
    expect(await list(emulator, query)).toMatchObject({ status: 400, body: { code: 99400 } });
  });

  it.each([
    ["limit=0", 1],
    ["limit=101", 100],
    ["offset=-1", 10],
    ["limit=ten", 10],
  ])("clamps %s when switched", async (query, count) => {
    const emulator = await startWith({ pageRange: "clamped" });
    seedPeople(emulator, 120);
    expect((await list(emulator, query)).body).toMatchObject({ count, result: { length: count } });
  });

  it("keeps the order of creation over changes and deletes", async () => {
    const emulator = await startWith();
    const ids = seedPeople(emulator, 6);
    await remove(emulator, ids[0]!);
    await remove(emulator, ids[3]!);
    await put(emulator, ids[1]!, { name: "changed" });
    await put(emulator, ids[5]!, { name: "changed" });
    await add(emulator, "q@example.com");
    expect(names(await list(emulator))).toEqual(["p1", "p2", "p4", "p5", "q"]);
    expect((await list(emulator, "limit=1")).body).toMatchObject({ result: [{ name: "changed" }] });
  });

  it("pages through 100,000 contacts and finds one among them", async () => {
    const emulator = await startWith({}, { journalBodies: false });
    seedPeople(emulator, 100_000);
    const seen = new Set<string>();
    for (let offset = 0; offset < 100_000; offset += 2_500) {
      for (const name of names(await list(emulator, `limit=100&offset=${offset}`))) seen.add(name);
    }
    expect(seen.size).toBe(4_000);
    expect(names(await list(emulator, "offset=99998&limit=100"))).toEqual(["p99998", "p99999"]);
    expect(names(await list(emulator, "", where("Email", "==", "p77777@example.com")))).toEqual(["p77777"]);
  });
});

describe("order", () => {
  it("is newest first when switched", async () => {
    const emulator = await startWith({ listOrder: "newest-first" });
    seedPeople(emulator, 5);
    expect(names(await list(emulator, "limit=2&offset=1"))).toEqual(["p3", "p2"]);
  });

  it("changes per call when shuffled, each contact once, and follows from the seed", async () => {
    const calls = async (seed: number) => {
      const emulator = await startWith({ listOrder: "shuffled" }, { seed });
      seedPeople(emulator, 60);
      const pages: string[][] = [];
      for (let page = 0; page < 4; page += 1) pages.push(names(await list(emulator, "limit=100")));
      return pages;
    };
    const first = await calls(1);
    for (const page of first) expect(new Set(page).size).toBe(60);
    expect(new Set(first.map(String)).size).toBe(4);
    expect(await calls(1)).toEqual(first);
    expect(await calls(2)).not.toEqual(first);
  });
});

it.each([
  ["matches", 1],
  ["all", 3],
] as const)("counts %s in the total of a filtered page", async (filteredTotal, total) => {
  const emulator = await startWith({ filteredTotal });
  seedPeople(emulator, 3);
  expect((await list(emulator, "", where("Email", "==", "p1@example.com"))).body).toMatchObject({ total, count: 1 });
});

it("answers under list when switched", async () => {
  const emulator = await startWith({ listKey: "list" });
  seedPeople(emulator, 1);
  expect((await list(emulator)).body).toEqual({ list: [expect.any(Object)], total: 1, count: 1 });
});

it.each([
  ["list_members", [200, 404]],
  ["listMembers", [404, 200]],
  ["both", [200, 200]],
] as const)("serves the list at %s", async (listPath, statuses) => {
  const emulator = await startWith({ listPath });
  const answers = [await list(emulator), await call(emulator, "POST", `${lists}/listMembers`, {})];
  expect(answers.map(({ status }) => status)).toEqual(statuses);
  for (const { status, text } of answers) if (status === 404) expect(text).toBe("not found");
});

it("ends at its reach when that is limited", async () => {
  const emulator = await startWith({ listReach: 5 });
  seedPeople(emulator, 8);
  expect((await list(emulator, "limit=3&offset=3")).body).toMatchObject({ total: 8, count: 2 });
  expect((await list(emulator, "offset=5")).body).toMatchObject({ total: 8, count: 0 });
});

describe("lag", () => {
  const counts = async (emulator: Awaited<ReturnType<typeof startWith>>, calls: number) => {
    const seen: unknown[] = [];
    for (let index = 0; index < calls; index += 1) seen.push((await list(emulator)).body.total);
    return seen;
  };

  it("hides creates, changes and deletes for some calls", async () => {
    const emulator = await startWith({ lagCalls: 2 });
    const id = await add(emulator, "ada@example.com");
    expect(await counts(emulator, 3)).toEqual([0, 0, 1]);
    await put(emulator, id, { name: "Ada" });
    const seen: unknown[] = [];
    for (let index = 0; index < 3; index += 1) {
      const { body } = await list(emulator, "", where("Email", "==", "ada@example.com"));
      seen.push((body.result as { name: string }[])[0]?.name);
    }
    expect(seen).toEqual([null, null, "Ada"]);
    await remove(emulator, id);
    expect(await counts(emulator, 3)).toEqual([1, 1, 0]);
  });

  it("hides for some time", async () => {
    const emulator = await startWith({ lagMs: 5000 });
    await add(emulator, "ada@example.com");
    expect(await counts(emulator, 2)).toEqual([0, 0]);
    emulator.advance({ seconds: 5 });
    await add(emulator, "eve@example.com");
    expect(await counts(emulator, 1)).toEqual([1]);
  });

  it("leaves the detail and the writes alone, unless the detail is to lag too", async () => {
    const scoped = await startWith({ lagCalls: 1 });
    const id = await add(scoped, "ada@example.com");
    expect((await get(scoped, id)).body).toMatchObject({ result: { member_id: id } });
    expect((await upsert(scoped, [{ email: "ada@example.com" }])).updated).toEqual({ "ada@example.com": id });

    const both = await startWith({ lagCalls: 1, lagScope: "list-and-detail" });
    const other = await add(both, "ada@example.com");
    expect((await get(both, other)).body).toEqual(notFound);
    expect((await get(both, other)).body).toMatchObject({ result: { member_id: other } });
  });

  it("does not hide what was seeded, and ends with a reset", async () => {
    const emulator = await startWith({ lagCalls: 3 });
    seedPeople(emulator, 2);
    expect(await counts(emulator, 1)).toEqual([2]);
    await add(emulator, "ada@example.com");
    emulator.reset();
    expect(await counts(emulator, 5)).toEqual([0, 0, 0, 0, 0]);
  });
});
