import { describe, expect, it } from "vitest";
import { type FaultKind, faultKinds, parseFault } from "../../../provider/emulator/index";
import { create, created, definition, move, type Seen, send, start } from "./client";

/** What each fault leaves of a create: whether it was committed, and what the client sees (a status, or no answer). */
const outcomes: Record<FaultKind, { committed: boolean; sees: number | "no answer"; body?: unknown }> = {
  delay: { committed: true, sees: 200 },
  refuse: { committed: false, sees: 400, body: { code: 9 } },
  "401": { committed: false, sees: 401, body: { code: 16 } },
  "403": { committed: false, sees: 403, body: { code: 7 } },
  "404": { committed: false, sees: 404, body: { code: 5 } },
  "429": { committed: false, sees: 429, body: { code: 8 } },
  "500-before": { committed: false, sees: 500, body: { code: 13 } },
  "500-after": { committed: true, sees: 500, body: { code: 13 } },
  "html-502": { committed: false, sees: 502 },
  "html-502-after": { committed: true, sees: 502 },
  "drop-before": { committed: false, sees: "no answer" },
  "drop-after": { committed: true, sees: "no answer" },
  "cut-after": { committed: true, sees: "no answer" },
  truncate: { committed: true, sees: 200 },
  hang: { committed: false, sees: "no answer" },
  "hang-after": { committed: true, sees: "no answer" },
};

async function attempt(call: Promise<Seen>): Promise<Seen | undefined> {
  try {
    return await call;
  } catch {
    return undefined;
  }
}

describe.each(Object.entries(outcomes))("%s", (kind, { committed, sees, body }) => {
  it("commits and answers as named, once", async () => {
    const emulator = await start();
    const fault = emulator.fault({ kind: kind as FaultKind, endpoint: "journey.create", delayMs: 20 });
    const patience = new AbortController();
    const call = send(emulator, "POST", "/api/v3/journeygateway", definition(), { signal: patience.signal });
    if (kind.startsWith("hang")) {
      await expect.poll(() => [fault.hits, emulator.writes()]).toEqual([1, committed ? 1 : 0]);
      patience.abort(new Error("no answer came"));
    }
    if (sees === "no answer") {
      await expect(call).rejects.toThrow(kind.startsWith("hang") ? "no answer came" : /fetch failed|terminated/);
    }
    const answer = await attempt(call);

    expect(answer?.status ?? "no answer").toBe(sees);
    if (body) expect(answer?.body).toMatchObject(body as object);
    expect(emulator.pushwoosh.journeys()).toHaveLength(committed ? 1 : 0);
    expect(emulator.writes()).toBe(committed ? 1 : 0);
    expect(emulator.journal[0]).toMatchObject({ fault: kind, committed, title: "Welcome" });
    expect(emulator.journal[0]?.status).toBe(kind === "cut-after" ? 200 : answer?.status);
    expect(fault.hits).toBe(1);
    expect((await create(emulator)).status).toBe(200);
  });
});

it("has an outcome for every kind", () => expect(Object.keys(outcomes).sort()).toEqual(Object.keys(faultKinds).sort()));

it("truncates the JSON of a complete answer", async () => {
  const emulator = await start();
  emulator.fault({ kind: "truncate" });
  const { text } = await create(emulator);
  expect(text.length).toBeGreaterThan(10);
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
});

it("answers HTML in place of a 502's JSON", async () => {
  const emulator = await start();
  emulator.fault({ kind: "html-502" });
  const { text, headers } = await create(emulator);
  expect([text.startsWith("<html>"), headers.get("content-type")]).toEqual([true, "text/html"]);
});

it.each([
  [undefined, "1"],
  [7, "7"],
  ["Wed, 21 Oct 2037 07:28:00 GMT", "Wed, 21 Oct 2037 07:28:00 GMT"],
  [false, null],
] as const)("sends Retry-After %s", async (retryAfter, header) => {
  const emulator = await start();
  emulator.fault({ kind: "429", ...(retryAfter !== undefined && { retryAfter }) });
  expect((await create(emulator)).headers.get("retry-after")).toBe(header);
});

it("uses the bodies of the endpoint's family", async () => {
  const emulator = await start();
  emulator.fault({ kind: "403", times: Number.POSITIVE_INFINITY });
  const path = "/api/journey/11111111-2222-4333-8444-555555555555/statistics/external";
  expect((await send(emulator, "GET", path)).body).toEqual({ success: false, message: expect.any(String) });
  expect((await send(emulator, "POST", "/api/v2/messages:list", {})).body).toEqual({ error: expect.any(String) });
  emulator.clearFaults();
  expect((await create(emulator)).status).toBe(200);
});

it("refuses with the code of the refusal switch", async () => {
  const emulator = await start({ pushwoosh: { refusalCode: "10-409" } });
  emulator.fault({ kind: "refuse" });
  expect(await create(emulator)).toMatchObject({ status: 409, body: { code: 10 } });
});

describe("aim", () => {
  it("hits by title, whether the title is in the body or known by the id", async () => {
    const emulator = await start();
    const other = await created(emulator, definition("Other"));
    const mine = await created(emulator, definition("Mine"));
    emulator.fault({ kind: "500-before", title: "Mine", times: 2 });
    expect((await move(emulator, "start", other)).status).toBe(200);
    expect((await move(emulator, "start", mine)).status).toBe(500);
    expect((await create(emulator, definition("Mine"))).status).toBe(500);
    expect((await create(emulator, definition("Mine"))).status).toBe(200);
  });

  it("hits by id and by a beginning of the endpoint's name", async () => {
    const emulator = await start();
    const id = await created(emulator);
    emulator.fault({ kind: "500-before", id, endpoint: "journey.*" });
    emulator.fault({ kind: "401", endpoint: ["messages.list", "messages.log"] });
    expect((await create(emulator)).status).toBe(200);
    expect((await move(emulator, "start", id)).status).toBe(500);
    expect((await send(emulator, "POST", "/api/v2/statistics/getMessageLog", {})).status).toBe(401);
  });

  it("lets requests pass first and stops after its number", async () => {
    const emulator = await start();
    const fault = emulator.fault({ kind: "500-before", after: 1, times: 2 });
    const statuses: number[] = [];
    for (let call = 0; call < 5; call += 1) statuses.push((await create(emulator)).status);
    expect(statuses).toEqual([200, 500, 500, 200, 200]);
    expect(fault.hits).toBe(2);
    fault.clear();
  });

  it("draws by chance from the seed", async () => {
    const run = async (seed: number) => {
      const emulator = await start({ seed });
      emulator.fault({ kind: "500-before", probability: 0.5, times: Number.POSITIVE_INFINITY });
      const statuses: number[] = [];
      for (let call = 0; call < 30; call += 1) statuses.push((await create(emulator)).status);
      return statuses;
    };
    const first = await run(1);
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });
});

describe("as text", () => {
  it("reads every part", () => {
    expect(parseFault("kind=429,endpoint=journey.create,times=2,after=1,retryAfter=3,title=A=B")).toEqual({
      kind: "429",
      endpoint: "journey.create",
      times: 2,
      after: 1,
      retryAfter: 3,
      title: "A=B",
    });
  });
  it.each([
    ["kind=teapot", /no fault of kind "teapot".*drop-after/s],
    ["kind=429,when=now", /"when=now" is not a part/],
    ["kind=429,times=often", /times must be a number/],
    ["times=1", /no fault of kind/],
  ])("refuses %s", (text, message) => expect(() => parseFault(text)).toThrow(message));
});

it("cuts hanging requests when it closes, at once", async () => {
  const emulator = await start();
  emulator.fault({ kind: "hang" });
  const hanging = attempt(create(emulator));
  await expect.poll(() => emulator.requests()).toBe(1);
  const before = performance.now();
  await emulator.close();
  expect(await hanging).toBeUndefined();
  expect(performance.now() - before).toBeLessThan(2000);
});
