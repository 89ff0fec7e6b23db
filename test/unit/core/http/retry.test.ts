import { afterEach, describe, expect, it } from "vitest";
import { quick, read, serve, stopServers, unusedPort, write } from "./calls";
import { cutBody, hang, json, ok, resetBeforeHeaders } from "./faults";

afterEach(stopServers);

describe("a repeat", () => {
  it("follows a read's passing failures, with growing full-jitter waits", async () => {
    const faults = await serve(resetBeforeHeaders, json(503, {}), cutBody, hang, ok);
    const client = quick();
    expect(await client.send(read(faults.base))).toMatchObject({ kind: "answered" });
    expect(client.waits).toEqual([500, 2000, 8000, 20_000]);
  });

  it("takes a random part of each wait", async () => {
    const faults = await serve(json(503, {}));
    const client = quick({ random: () => 0.25 });
    await client.send(read(faults.base));
    expect(client.waits).toEqual([125, 500, 2000, 5000]);
  });

  it("ends after five attempts, and says so", async () => {
    const faults = await serve(json(503, { message: "down" }));
    const reply = await quick().send(read(faults.base));
    expect(reply).toMatchObject({ kind: "unknown", status: 503, message: "HTTP 503: down; tried 5 times" });
    expect(faults.requests).toHaveLength(5);
  });

  it("never follows a read's refusal", async () => {
    const faults = await serve(json(404, {}));
    await quick().send(read(faults.base));
    expect(faults.requests).toHaveLength(1);
  });

  it("follows a write's 429", async () => {
    const faults = await serve(json(429, {}), json(429, {}), ok);
    expect(await quick().send(write(faults.base))).toMatchObject({ kind: "answered" });
    expect(faults.requests).toHaveLength(3);
  });

  it("follows a write that wasn't sent, and does not take it for sent", async () => {
    const client = quick();
    const reply = await client.send(write(`http://127.0.0.1:${await unusedPort()}`));
    expect(reply).toMatchObject({ kind: "notSent" });
    expect((reply as { message: string }).message).toBe("the connection was refused (ECONNREFUSED); tried 5 times");
    expect(client.waits).toHaveLength(4);
  });

  it("doesn't take a call for not sent when only its last attempt wasn't", async () => {
    const faults = await serve(resetBeforeHeaders);
    const reply = await quick({ sleep: faults.close }).send(read(faults.base));
    expect(reply).toMatchObject({ kind: "unknown" });
    expect((reply as { message: string }).message).toContain("an earlier attempt was sent");
  });

  it("isn't tried for what can't change", async () => {
    const client = quick();
    const reply = await client.send(
      read("http://127.0.0.1:1", { headers: { authorization: "Api s3cret-token\nx: y" } }),
    );
    expect(reply).toMatchObject({ kind: "notSent", final: true });
    expect(client.waits).toEqual([]);
  });
});

describe("Retry-After", () => {
  it.each([429, 503])("in seconds sets the wait after %i", async (status) => {
    const faults = await serve(json(status, {}, { "retry-after": "7" }), ok);
    const client = quick({ random: () => 0 });
    expect(await client.send(read(faults.base))).toMatchObject({ kind: "answered" });
    expect(client.waits).toEqual([7000]);
  });

  it("as a date sets the wait", async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const faults = await serve(json(429, {}, { "retry-after": date }), ok);
    const client = quick({ random: () => 0 });
    await client.send(read(faults.base));
    expect(client.waits[0]).toBeGreaterThan(30_000);
    expect(client.waits[0]).toBeLessThanOrEqual(60_000);
  });

  it("of 120 s is waited for", async () => {
    const faults = await serve(json(429, {}, { "retry-after": "120" }), ok);
    const client = quick({ random: () => 0 });
    expect(await client.send(write(faults.base))).toMatchObject({ kind: "answered" });
    expect(client.waits).toEqual([120_000]);
  });

  it("beyond 120 s ends the call at once, and the message names it", async () => {
    const faults = await serve(json(429, { message: "slow down" }, { "retry-after": "121" }));
    const reply = await quick().send(write(faults.base));
    expect(reply).toMatchObject({ kind: "refused", status: 429, retryAfter: 121 });
    expect((reply as { message: string }).message).toContain("slow down; the platform asks to wait 121 s");
    expect(faults.requests).toHaveLength(1);
  });

  it("that can't be read is ignored", async () => {
    const faults = await serve(json(429, {}, { "retry-after": "soon" }), ok);
    const client = quick();
    await client.send(read(faults.base));
    expect(client.waits).toEqual([500]);
  });
});

describe("an outage", () => {
  it("isn't stormed: the retries of all calls together stay within the budget", async () => {
    const faults = await serve(json(503, {}));
    const client = quick();
    const replies = await Promise.all(Array.from({ length: 100 }, () => client.send(read(faults.base))));
    expect(replies.every((reply) => reply.kind === "unknown")).toBe(true);
    const retries = faults.requests.length - 100;
    expect(retries).toBeGreaterThan(0);
    expect(retries).toBeLessThanOrEqual(10 + 100 * 0.2);
    const messages = replies.map((reply) => (reply as { message: string }).message);
    expect(messages.some((message) => message.includes("too many calls fail"))).toBe(true);
  });

  it("finds no more than the reserve, however much went well before", async () => {
    const faults = await serve(...Array.from({ length: 100 }, () => ok), json(503, {}));
    const client = quick();
    for (let i = 0; i < 100; i++) await client.send(read(faults.base));
    await Promise.all(Array.from({ length: 50 }, () => client.send(read(faults.base))));
    expect(faults.requests.length - 150).toBeLessThanOrEqual(10 + 50 * 0.2);
  });

  it("that is over is forgotten: calls that go well earn retries again", async () => {
    const client = quick();
    const down = await serve(json(503, {}));
    for (let i = 0; i < 10; i++) await client.send(read(down.base));
    const exhausted = down.requests.length;
    const up = await serve(ok);
    for (let i = 0; i < 5; i++) await client.send(read(up.base));
    await client.send(read(down.base));
    expect(down.requests.length - exhausted).toBeGreaterThan(1);
  });

  it("doesn't use up what calls the platform paces itself need", async () => {
    const behaviours = Array.from({ length: 60 }, (_, i) => (i % 3 < 2 ? json(429, {}, { "retry-after": "1" }) : ok));
    const faults = await serve(...behaviours);
    const client = quick();
    for (let i = 0; i < 20; i++) expect(await client.send(write(faults.base))).toMatchObject({ kind: "answered" });
  });
});
