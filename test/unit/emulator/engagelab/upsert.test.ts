import { describe, expect, it } from "vitest";
import { add, people, post, startWith, upsert } from "./client";

const ada = "ada@example.com";

describe("an existing contact under update_existing false", () => {
  const run = async (switches: Parameters<typeof startWith>[0], flag = 0) => {
    const emulator = await startWith(switches);
    await add(emulator, ada, { name: "before", tags: ["a"] });
    const sent = [{ email: ada, name: "after", tags: ["b"] }];
    const result = await upsert(emulator, sent, { update_existing: false, tag_flag: flag });
    const { name, tags } = emulator.engagelab.contact(ada);
    return { updated: Object.keys(result.updated), errors: Object.keys(result.errors), name, tags };
  };

  it("keeps its properties, and its tags go by the flag", async () => {
    expect(await run({})).toEqual({ updated: [ada], errors: [], name: "before", tags: ["b"] });
    expect(await run({}, 1)).toMatchObject({ tags: ["a", "b"] });
    expect(await run({}, 2)).toMatchObject({ tags: ["a"] });
  });
  it("keeps its tags too when switched", async () => {
    expect(await run({ untouchedTags: "kept" })).toMatchObject({ updated: [ada], tags: ["a"] });
  });
  it("is listed nowhere, or as an error, when switched", async () => {
    expect(await run({ untouched: "nowhere" })).toEqual({ updated: [], errors: [], name: "before", tags: ["b"] });
    expect(await run({ untouched: "error" })).toMatchObject({ updated: [], errors: [ada], name: "before" });
  });
});

it.each([
  ["none", []],
  ["applied", ["a"]],
] as const)("gives a new contact under flag 2 tags: %s", async (skippedTagsOfNew, tags) => {
  const emulator = await startWith({ skippedTagsOfNew });
  await upsert(emulator, [{ email: ada, tags: ["a"] }], { tag_flag: 2 });
  expect(emulator.engagelab.contact(ada).tags).toEqual(tags);
  expect(emulator.engagelab.tags()).toEqual(tags);
});

describe("addresses that differ in letter case", () => {
  it.each([
    ["case-insensitive", ["Ada@Example.com"], ["Ada@Example.com"]],
    ["lower-cased", [ada], [ada]],
    ["case-sensitive", ["Ada@Example.com", ada], []],
  ] as const)("%s", async (emailIdentity, stored, updated) => {
    const emulator = await startWith({ emailIdentity });
    await upsert(emulator, [{ email: "Ada@Example.com" }]);
    const second = await upsert(emulator, [{ email: ada }]);
    expect(emulator.engagelab.contacts().map(({ email }) => email)).toEqual(stored);
    expect(Object.keys(second.updated)).toEqual(updated);
    const third = await upsert(emulator, [{ email: ada }, { email: "Ada@Example.com" }]);
    expect(Object.keys(third.updated)).toHaveLength(stored.length);
  });
});

describe("an address twice in one request", () => {
  const twice = [
    { email: ada, name: "first" },
    { email: "ADA@example.com", name: "second" },
  ];
  it("ends as the last one says, under one entry", async () => {
    const emulator = await startWith();
    const { created, updated, errors } = await upsert(emulator, twice);
    expect([Object.keys(created), updated, errors]).toEqual([["ADA@example.com"], {}, {}]);
    expect(emulator.engagelab.contact(ada).name).toBe("second");
  });
  it("is an error for the second one when switched", async () => {
    const emulator = await startWith({ duplicateMember: "error" });
    const { created, errors } = await upsert(emulator, twice);
    expect([Object.keys(created), Object.keys(errors)]).toEqual([[ada], ["ADA@example.com"]]);
    expect(emulator.engagelab.contact(ada).name).toBe("first");
  });
});

describe("addresses", () => {
  const domain = (text: string) => `a@${text}`;
  it.each([
    "a@b.co",
    `${"x".repeat(96)}@example.com`,
    domain(`${"x".repeat(63)}.com`),
    domain("a-b.c9.museum"),
    "a'b+c@example.com",
  ])("takes %s", async (email) => {
    expect((await upsert(await startWith(), [{ email }])).errors).toEqual({});
  });
  it.each([
    "",
    "a@b.c",
    "abcdef",
    "@example.com",
    "a@b@example.com",
    "a b@example.com",
    `${"x".repeat(97)}@example.com`,
    `${"x".repeat(90)}@${"y".repeat(40)}.com`,
    domain(`${"x".repeat(64)}.com`),
    domain("-a.com"),
    domain("a-.com"),
    domain("a..com"),
    domain("exämple.com"),
    domain("example.c0m"),
    domain("example"),
    domain("example.xn--p1ai"),
    domain(`example.${"x".repeat(21)}`),
  ])("does not take %j", async (email) => {
    const emulator = await startWith();
    const { errors, created } = await upsert(emulator, [{ email }, { email: ada }]);
    expect([Object.keys(errors), Object.keys(created)]).toEqual([[email], [ada]]);
  });
  it("fail the whole request when switched", async () => {
    const emulator = await startWith({ invalidEmail: "request" });
    const answer = await post(emulator, { members: [{ email: ada }, { email: "nobody" }], update_existing: true });
    expect(answer).toMatchObject({ status: 400, body: { code: 99400 } });
    expect([emulator.engagelab.count(), emulator.writes()]).toEqual([0, 0]);
    expect(Object.keys((await upsert(emulator, [{ email: ada }])).created)).toEqual([ada]);
  });
  it("are required of each member", async () => {
    const emulator = await startWith();
    const answer = await post(emulator, { members: [{ name: "Ada" }, null, 7], update_existing: true });
    expect(answer.body).toMatchObject({ error_count: 3, created_count: 0 });
    expect(emulator.writes()).toBe(0);
  });
});

describe("a request", () => {
  const member = { email: ada };
  it.each([
    [{ members: [], update_existing: true }],
    [{ members: {}, update_existing: true }],
    [{ update_existing: true }],
    [{ members: [member] }],
    [{ members: [member], update_existing: "true" }],
    [{ members: [member], update_existing: true, tag_flag: 3 }],
    [{ members: [member], update_existing: true, tag_flag: "0" }],
    [{ members: people(1001).map((email) => ({ email })), update_existing: true }],
  ])("is refused under a code of the emulator's own (%#)", async (body) => {
    const emulator = await startWith();
    expect(await post(emulator, body)).toMatchObject({ status: 400, body: { code: 99400 } });
    expect([emulator.engagelab.count(), emulator.writes()]).toEqual([0, 0]);
  });

  it("takes 1,000 members", async () => {
    const emulator = await startWith();
    const { created } = await upsert(
      emulator,
      people(1000).map((email) => ({ email })),
    );
    expect([Object.keys(created).length, emulator.engagelab.count()]).toEqual([1000, 1000]);
  });

  it("takes fewer members, or bytes, when switched", async () => {
    const few = await startWith({ maxMembers: 2 });
    await expect(
      upsert(
        few,
        people(3).map((email) => ({ email })),
      ),
    ).rejects.toThrow(/at most 2/);
    expect(
      Object.keys(
        (
          await upsert(
            few,
            people(2).map((email) => ({ email })),
          )
        ).created,
      ),
    ).toHaveLength(2);
    const small = await startWith({ maxBodyBytes: 200 });
    expect(await post(small, { members: people(9).map((email) => ({ email })), update_existing: true })).toMatchObject({
      status: 413,
      body: { code: 99413 },
    });
    expect(
      Object.keys(
        (
          await upsert(
            small,
            people(2).map((email) => ({ email })),
          )
        ).created,
      ),
    ).toHaveLength(2);
  });
});
