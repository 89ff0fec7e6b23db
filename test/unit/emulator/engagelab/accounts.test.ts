import { describe, expect, it } from "vitest";
import { startEmulator } from "../../../../provider/emulator/index";
import { send } from "../client";
import { add, basic, call, get, list, lists, members, notFound, seedPeople, startWith, upsert } from "./client";

const quota = "/v1/account/quota";
const accounts = [
  { apiUser: "one", apiKey: "k:1", listId: 1 },
  { apiUser: "also-one", apiKey: "ké", listId: 1 },
  { apiUser: "two", apiKey: "k2", listId: 2 },
  { apiUser: "one", apiKey: "k:1", listId: 3, region: "tr" },
] as const;

describe("credentials", () => {
  const refused = [401, { code: 30000, message: "Authentication failed" }];
  it.each([
    undefined,
    "",
    "Basic",
    "Basic ",
    `basic ${basic().slice(6)}`,
    `Bearer ${basic().slice(6)}`,
    "Basic user:key",
    basic("user"),
    basic(":key"),
    basic("user:"),
    basic().replace(/=*$/, "===="),
    basic("user:ke").replace(/=+$/, ""),
    `${basic()} `.replace(" ", "  "),
    `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString("base64")}`,
  ])("of the form %j are turned away everywhere", async (authorization) => {
    const emulator = await startWith();
    for (const [method, path] of [
      ["GET", quota],
      ["POST", members],
      ["DELETE", `${members}/delete`],
      ["GET", "/v1/nowhere"],
    ] as const) {
      const answer = await send(emulator, method, path, undefined, { authorization });
      expect([answer.status, answer.body]).toEqual(refused);
    }
  });

  it("are any while no accounts are given, for one account in both data centres", async () => {
    const emulator = await startWith();
    const id = await add(emulator, "ada@example.com");
    expect(
      (await call(emulator, "GET", `/tr${members}/${id}`, undefined, { authorization: basic("x:y") })).body,
    ).toMatchObject({
      result: { list_id: 40001 },
    });
  });

  it.each([
    [{ authStatus: "200" }, 200, "Authentication failed"],
    [{ authMessage: "Unauthorized." }, 401, "Unauthorized."],
    [{ authMessage: "Authentication failed." }, 401, "Authentication failed."],
  ] as const)("are turned away as %j", async (switches, status, message) => {
    const emulator = await startWith(switches);
    const answer = await send(emulator, "GET", quota, undefined, { authorization: "Basic no" });
    expect([answer.status, answer.body]).toEqual([status, { code: 30000, message }]);
  });

  it("open the account they belong to, in their data centre only", async () => {
    const emulator = await startWith({}, { accounts });
    const read = (path: string, credentials: string) =>
      call(emulator, "POST", `${path}${lists}/list_members`, {}, { authorization: basic(credentials) });
    emulator.engagelab.seed([{ email: "ada@example.com" }]);
    emulator.engagelab.seed([{ email: "ada@example.com" }, { email: "eve@example.com" }], 2);
    expect((await read("", "one:k:1")).body).toMatchObject({ total: 1, result: [{ list_id: 1 }] });
    expect((await read("", "also-one:ké")).body).toMatchObject({ total: 1 });
    expect((await read("", "two:k2")).body).toMatchObject({ total: 2, result: [{ list_id: 2 }, { list_id: 2 }] });
    expect((await read("/tr", "one:k:1")).body).toMatchObject({ total: 0 });
    expect(await read("/tr", "two:k2")).toMatchObject({ status: 401, body: { code: 30000 } });
    expect(await read("", "two:k1")).toMatchObject({ status: 401 });
    expect([emulator.engagelab.url("sg"), emulator.engagelab.url("tr")]).toEqual([emulator.url, `${emulator.url}/tr`]);
  });

  it("keep accounts apart", async () => {
    const emulator = await startWith({}, { accounts });
    const [id] = emulator.engagelab.seed([{ email: "ada@example.com", tags: ["a"] }], 2);
    const asOne = { authorization: basic("one:k:1") };
    expect((await call(emulator, "GET", `${members}/${id}`, undefined, asOne)).body).toEqual(notFound);
    expect((await call(emulator, "DELETE", `${members}/delete`, {}, asOne)).body).toEqual({ count: 0 });
    expect([emulator.engagelab.count(), emulator.engagelab.count(1), emulator.engagelab.count(2)]).toEqual([1, 0, 1]);
    expect([emulator.engagelab.tags(1), emulator.engagelab.tags(2)]).toEqual([[], ["a"]]);
    emulator.engagelab.seed([{ email: "ada@example.com" }]);
    expect(() => emulator.behind.contact("ada@example.com")).toThrow(/Several contacts/);
    expect(emulator.engagelab.contact("ada@example.com", 2).id).toBe(id);
    expect(() => emulator.engagelab.contacts(9)).toThrow(/no EngageLab account with the list_id 9/);
  });

  it("must be usable to be accepted", async () => {
    for (const apiUser of ["", "a:b"]) {
      await expect(startEmulator({ accounts: [{ apiUser, apiKey: "k", listId: 1 }] })).rejects.toThrow(/apiUser/);
    }
  });
});

it("answers the quota", async () => {
  expect(await call(await startWith(), "GET", quota)).toMatchObject({
    status: 200,
    body: { result: { account_quota: expect.any(Number), daily_quota: expect.any(Number), daily_quota_used: 0 } },
  });
});

it.each([
  ["PATCH", `${members}/1`, 405],
  ["POST", `${members}/1`, 405],
  ["GET", members, 405],
  ["POST", `/tr${members}/1`, 405],
  ["GET", "/v1/nowhere", 404],
  ["POST", "/v1/marketing/lists/listMembers", 404],
])("has no %s %s", async (method, path, status) => {
  const answer = await call(await startWith(), method, path, method === "GET" ? undefined : {});
  expect([answer.status, answer.text]).toEqual([status, status === 404 ? "not found" : "{}"]);
});

describe("a limit of calls a minute", () => {
  it.each([
    ["429", 429, "20"],
    ["429-bare", 429, null],
    ["200", 200, null],
  ] as const)("answers %s", async (throttledAnswer, status, retryAfter) => {
    const emulator = await startWith({ callsPerMinute: 2, throttledAnswer }, { accounts });
    const as = (credentials: string) => call(emulator, "GET", quota, undefined, { authorization: basic(credentials) });
    await as("one:k:1");
    emulator.advance({ seconds: 40 });
    expect((await as("also-one:ké")).body).toHaveProperty("result");
    const answer = await as("one:k:1");
    expect(answer).toMatchObject({ status, body: { code: 99429, message: expect.stringMatching(/frequency/) } });
    expect(answer.headers.get("retry-after")).toBe(retryAfter);
    expect((await as("two:k2")).body).toHaveProperty("result");
    emulator.advance({ seconds: 20 });
    expect((await as("one:k:1")).body).toHaveProperty("result");
  });
});

it("gives ids of 24 hexadecimal digits by the seed, or short decimals when switched", async () => {
  const ids = async (seed: number) => seedPeople(await startWith({}, { seed }), 2);
  expect(await ids(1)).toEqual(await ids(1));
  expect(await ids(1)).not.toEqual(await ids(2));
  const emulator = await startWith({ ids: "decimal" });
  expect(seedPeople(emulator, 2)).toEqual(["1", "2"]);
  expect((await upsert(emulator, [{ email: "ada@example.com" }])).created).toEqual({ "ada@example.com": "3" });
  expect((await get(emulator, "3")).body).toMatchObject({ result: { member_id: "3" } });
  expect((await list(emulator)).body).toMatchObject({ total: 3 });
});
