import { getEventListeners } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { HttpClient } from "../../../../provider/core/http";
import { quick, read, serve, stopServers, write } from "./calls";
import { json, ok } from "./faults";

afterEach(stopServers);

describe("a request", () => {
  it("carries method, path under the base's prefix, JSON and headers", async () => {
    const faults = await serve(ok);
    const request = write(`${faults.base}/eu/`, { path: "/v1/a?b=c", headers: { authorization: "Api s3cret-token" } });
    const reply = await quick().send(request);
    expect(reply).toMatchObject({ kind: "answered", status: 200, body: { fine: true } });
    expect((reply as { headers: object }).headers).toMatchObject({ "content-type": "application/json" });
    const [arrived] = faults.requests;
    expect(arrived).toMatchObject({ method: "POST", url: "/eu/v1/a?b=c", body: '{"title":"Welcome"}' });
    expect(arrived?.headers).toMatchObject({
      authorization: "Api s3cret-token",
      "content-type": "application/json",
      "user-agent": "pulumi-journeys",
    });
  });

  it("asks a function for its body when the limits let it go, not before", async () => {
    const faults = await serve(ok);
    const client = quick({ concurrency: 1 });
    const asked: number[] = [];
    const lazy = () => {
      asked.push(faults.requests.length);
      return { late: true };
    };
    await Promise.all([client.send(write(faults.base)), client.send(write(faults.base, { body: lazy }))]);
    expect(asked).toEqual([1]);
    expect(faults.requests[1]).toMatchObject({ body: '{"late":true}' });
  });

  it("without a body announces none", async () => {
    const faults = await serve(ok);
    await quick().send(read(faults.base));
    expect(faults.requests[0]?.headers).not.toHaveProperty("content-type");
  });

  it("gets the answer, not the early hints before it", async () => {
    const faults = await serve((response, request, body) => {
      response.writeEarlyHints({ link: "</style.css>; rel=preload" });
      ok(response, request, body);
    });
    const reply = await quick().send(read(faults.base));
    expect(reply).toMatchObject({ kind: "answered", status: 200 });
    expect((reply as { headers: object }).headers).not.toHaveProperty("link");
  });

  it("reuses connections", async () => {
    const faults = await serve(ok);
    const client = quick();
    for (let i = 0; i < 20; i++) await client.send(read(faults.base));
    // Two, since a connection rests for a turn of the event loop before it is used again.
    expect(faults.connections).toBeLessThanOrEqual(2);
  });

  it("refuses a base URL that would send a credential in the clear", async () => {
    await expect(quick().send(read("http://journey.example.com"))).rejects.toMatchObject({
      code: "invalid-configuration",
    });
  });
});

describe("an abort", () => {
  it("before sending sends nothing", async () => {
    const faults = await serve(ok);
    const reply = await quick().send(write(faults.base, { signal: AbortSignal.abort() }));
    expect(reply).toMatchObject({ kind: "notSent" });
    expect(faults.requests).toHaveLength(0);
  });

  it("while the connection comes about sends nothing, also not later", async () => {
    const controller = new AbortController();
    const faults = await serve(ok);
    const client = quick();
    const reply = client.send(write(faults.base, { signal: controller.signal }));
    controller.abort();
    expect(await reply).toMatchObject({ kind: "notSent" });
    await client.send(write(faults.base, { path: "/later" }));
    await client.close();
    expect(faults.requests.map(({ url }) => url)).toEqual(["/later"]);
  });

  it("is no longer listened for when the call has ended", async () => {
    const { signal } = new AbortController();
    const faults = await serve(ok);
    await quick().send(read(faults.base, { signal }));
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("lets a write that was sent end with its answer, without a repeat", async () => {
    const controller = new AbortController();
    const faults = await serve((response, request, body) => {
      controller.abort();
      setTimeout(() => ok(response, request, body), 20);
    });
    const reply = await quick().send(write(faults.base, { signal: controller.signal }));
    expect(reply).toMatchObject({ kind: "answered" });
    expect(faults.requests).toHaveLength(1);
  });

  it("gives up a read that was sent, without a repeat", async () => {
    const controller = new AbortController();
    const faults = await serve(() => controller.abort());
    const reply = await quick().send(read(faults.base, { signal: controller.signal }));
    expect(reply).toMatchObject({ kind: "unknown", message: "stopped by this run" });
    expect(faults.requests).toHaveLength(1);
  });

  it("while waiting for the next attempt ends the wait", async () => {
    const controller = new AbortController();
    const faults = await serve((response, request, body) => {
      json(429, { message: "slow down" }, { "retry-after": "100" })(response, request, body);
      setTimeout(() => controller.abort(), 50);
    });
    const client = new HttpClient({ rate: 0, concurrency: 0, secrets: () => [] });
    const reply = await client.send(write(faults.base, { signal: controller.signal }));
    expect(reply).toMatchObject({ kind: "refused", status: 429 });
    expect((reply as { message: string }).message).toContain("stopped by this run before another attempt");
  });

  it("while waiting for the limits sends nothing, and leaves their place to others", async () => {
    const controller = new AbortController();
    let answerFirst = () => {};
    const faults = await serve((response, request, body) => {
      answerFirst = () => ok(response, request, body);
    }, ok);
    const client = quick({ concurrency: 1, headersTimeout: 5000 });
    const first = client.send(write(faults.base));
    const waiting = Array.from({ length: 20 }, () => client.send(write(faults.base, { signal: controller.signal })));
    const last = client.send(write(faults.base));
    await expect.poll(() => faults.requests.length).toBe(1);
    controller.abort();
    const replies = await Promise.all(waiting);
    expect(replies.every((reply) => reply.kind === "notSent")).toBe(true);
    answerFirst();
    expect(await Promise.all([first, last])).toMatchObject([{ kind: "answered" }, { kind: "answered" }]);
    expect(faults.requests).toHaveLength(2);
  });
});

it("runs at most so many requests at once", async () => {
  let running = 0;
  let most = 0;
  const faults = await serve((response, request, body) => {
    running += 1;
    most = Math.max(most, running);
    setTimeout(() => {
      running -= 1;
      ok(response, request, body);
    }, 10);
  });
  const client = quick({ concurrency: 3 });
  await Promise.all(Array.from({ length: 12 }, () => client.send(read(faults.base))));
  expect(most).toBe(3);
});

it("tells of attempts, their ends and waits", async () => {
  const faults = await serve(json(503, { message: "down" }), ok);
  const events: object[] = [];
  const request = read(faults.base);
  await quick({ onRequest: (event) => events.push(event) }).send(request);
  expect(events).toEqual([
    { kind: "attempt", request, attempt: 1 },
    { kind: "ended", request, attempt: 1, outcome: "unknown" },
    { kind: "waiting", request, attempt: 1, seconds: 0.5, reason: "HTTP 503: down" },
    { kind: "attempt", request, attempt: 2 },
    { kind: "ended", request, attempt: 2, outcome: "answered" },
  ]);
});

it("sends nothing once closed", async () => {
  const faults = await serve(ok);
  const client = quick();
  await client.send(read(faults.base));
  await client.close();
  expect(await client.send(read(faults.base))).toMatchObject({ kind: "notSent", message: "this run is over" });
  expect(faults.requests).toHaveLength(1);
});
