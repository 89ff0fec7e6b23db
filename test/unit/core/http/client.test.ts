import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { HttpClient, type HttpOptions, type HttpRequest, type Reply } from "../../../../provider/core/http";
import {
  type Behaviour,
  cutBody,
  cutBodyWithoutLength,
  type FaultServer,
  hang,
  hangInBody,
  json,
  ok,
  resetAfterHeaders,
  resetBeforeHeaders,
  startFaults,
  text,
} from "./faults";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
});

async function serve(...behaviours: Behaviour[]): Promise<FaultServer> {
  const faults = await startFaults(...behaviours);
  cleanups.push(faults.close);
  return faults;
}

/** A client without limits that doesn't wait, and notes how long it would have. */
function quick(options: Partial<HttpOptions> = {}): HttpClient & { waits: number[] } {
  const waits: number[] = [];
  const client = new HttpClient({
    rate: 0,
    concurrency: 0,
    headersTimeout: 200,
    bodyTimeout: 200,
    secrets: () => ["s3cret-token"],
    random: () => 1,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
    ...options,
  });
  return Object.assign(client, { waits });
}

function read(base: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { base, method: "GET", path: "/thing", repeat: "always", name: "read thing", ...more };
}

function write(base: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const body = { title: "Welcome" };
  return { base, method: "POST", path: "/thing", body, repeat: "not-processed", name: "create thing", ...more };
}

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

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

  it("without a body announces none", async () => {
    const faults = await serve(ok);
    await quick().send(read(faults.base));
    expect(faults.requests[0]?.headers).not.toHaveProperty("content-type");
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

describe("a write ends, after one request,", () => {
  const cases: [string, Behaviour, object][] = [
    ["answered with JSON", ok, { kind: "answered", status: 200, body: { fine: true } }],
    ["answered without a body", text(204, ""), { kind: "answered", status: 204, body: undefined }],
    ["answered with a blank body", text(200, "\n"), { kind: "answered", status: 200, body: undefined }],
    [
      "refused with the gateway's code and message",
      json(400, { code: 9, message: "journey is running", details: [] }),
      { kind: "refused", status: 400, code: 9, message: "journey is running", body: { code: 9 } },
    ],
    [
      "refused with a code written as a string",
      json(401, { code: "32603", message: "tag name already exist" }),
      { kind: "refused", status: 401, code: 32603 },
    ],
    [
      "refused with `error`",
      json(404, { error: "account not found" }),
      { kind: "refused", message: "account not found" },
    ],
    ["refused in plain text", text(404, "not found"), { kind: "refused", status: 404, message: "not found" }],
    ["refused without a word", text(403, ""), { kind: "refused", status: 403, message: "no reason given" }],
    ["refused as a conflict", json(409, {}), { kind: "refused", status: 409 }],
    ["unknown at 408", json(408, {}), { kind: "unknown", status: 408 }],
    ["unknown at 499", json(499, {}), { kind: "unknown", status: 499 }],
    [
      "unknown at 500, with its body",
      json(500, { code: 13, message: "internal" }),
      { kind: "unknown", status: 500, message: "HTTP 500: internal", body: { code: 13 } },
    ],
    [
      "unknown at a proxy's page",
      text(502, "<html><head><title>502 Bad Gateway</title></head></html>", { "content-type": "text/html" }),
      { kind: "unknown", status: 502, message: "HTTP 502: 502 Bad Gateway" },
    ],
    ["unknown at a 2xx page", text(200, "<p>maintenance</p>"), { kind: "unknown", status: 200 }],
    ["unknown at half a JSON", cutBodyWithoutLength, { kind: "unknown", status: 200 }],
    ["unknown at a cut body", cutBody, { kind: "unknown" }],
    ["unknown at a reset", resetBeforeHeaders, { kind: "unknown" }],
    ["unknown at a reset in the body", resetAfterHeaders, { kind: "unknown" }],
    ["unknown without an answer", hang, { kind: "unknown", message: /no answer came in time/ }],
    ["unknown when the body stops", hangInBody, { kind: "unknown", message: /stopped before its end/ }],
  ];
  it.each(cases)("%s", async (_name, behaviour, expected) => {
    const faults = await serve(behaviour);
    const reply = await quick().send(write(faults.base));
    const { message, ...rest } = expected as { message?: string | RegExp };
    expect(reply).toMatchObject(rest);
    if (message) expect((reply as { message: string }).message).toMatch(message);
    expect(faults.requests).toHaveLength(1);
  });

  it("refused at a redirection, which is not followed, naming the base URL", async () => {
    const faults = await serve(text(302, "", { location: "https://login.example.com/sso?ticket=1" }), ok);
    const reply = await quick().send(write(faults.base));
    expect(reply).toMatchObject({ kind: "refused", status: 302 });
    expect((reply as { message: string }).message).toContain("https://login.example.com/sso, which is not followed");
    expect((reply as { message: string }).message).toContain("base URL");
    expect((reply as { message: string }).message).not.toContain("ticket");
    expect(faults.requests).toHaveLength(1);
  });
});

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
    const reply = await quick({ sleep: () => faults.close().catch(() => undefined) }).send(read(faults.base));
    cleanups.length = 0;
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

  it("doesn't use up what calls the platform paces itself need", async () => {
    const behaviours = Array.from({ length: 60 }, (_, i) => (i % 3 < 2 ? json(429, {}, { "retry-after": "1" }) : ok));
    const faults = await serve(...behaviours);
    const client = quick();
    for (let i = 0; i < 20; i++) expect(await client.send(write(faults.base))).toMatchObject({ kind: "answered" });
  });
});

describe("a kept-alive connection", () => {
  it("closed by the server while idle is replaced, without a failed call", async () => {
    const faults = await serve(ok);
    const client = quick();
    await client.send(write(faults.base));
    for (const socket of faults.sockets) socket.end();
    await expect.poll(() => faults.sockets.size).toBe(0);
    expect(await client.send(write(faults.base))).toMatchObject({ kind: "answered" });
    expect(faults.connections).toBe(2);
  });

  it("closed at the moment it is used again leaves the outcome unknown, and a write isn't repeated", async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      let seen = 0;
      socket.on("error", () => undefined);
      socket.on("data", () => {
        seen += 1;
        if (seen === 1) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        else socket.destroy();
      });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    const client = quick();
    try {
      expect(await client.send(write(base))).toMatchObject({ kind: "answered" });
      await new Promise((resolve) => setTimeout(resolve, 20)); // until the connection counts as idle
      expect(await client.send(write(base))).toMatchObject({ kind: "unknown" });
      expect(connections).toBe(1);
    } finally {
      await client.close();
      server.close();
    }
  });
});

describe("an abort", () => {
  it("before sending sends nothing", async () => {
    const faults = await serve(ok);
    const reply = await quick().send(write(faults.base, { signal: AbortSignal.abort() }));
    expect(reply).toMatchObject({ kind: "notSent" });
    expect(faults.requests).toHaveLength(0);
  });

  it("after sending leaves the outcome unknown, without a repeat", async () => {
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
    const client = new HttpClient({ secrets: () => [] });
    const reply = await client.send(write(faults.base, { signal: controller.signal }));
    expect(reply).toMatchObject({ kind: "refused", status: 429 });
    expect((reply as { message: string }).message).toContain("stopped by this run before another attempt");
  });

  it("while waiting for the limits sends nothing, and leaves their place to others", async () => {
    const controller = new AbortController();
    const faults = await serve((response, request, body) => setTimeout(() => ok(response, request, body), 50));
    const client = quick({ concurrency: 1 });
    const first = client.send(write(faults.base));
    const waiting = Array.from({ length: 20 }, () => client.send(write(faults.base, { signal: controller.signal })));
    const last = client.send(write(faults.base));
    controller.abort();
    const replies = await Promise.all(waiting);
    expect(replies.every((reply) => reply.kind === "notSent")).toBe(true);
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

describe("credentials", () => {
  const authorization = `Basic ${Buffer.from("api-user:pass-w0rd/é").toString("base64")}`;
  const echo: Behaviour = (response, request, body) => {
    const heard = `you sent ${request.headers.authorization}, and s3cret-token`;
    json(400, { message: heard, details: [{ "s3cret-token": heard }] })(response, request, body);
  };
  it.each<[string, Behaviour]>([
    ["a refusal", echo],
    [
      "a proxy's page",
      (response, request) => text(502, `<p>${request.headers.authorization}</p>`)(response, request, ""),
    ],
    [
      "a 2xx that isn't JSON",
      (response, request) => text(200, `! ${request.headers.authorization}`)(response, request, ""),
    ],
    [
      "a redirection",
      (response) => text(302, "", { location: "https://a.example/s3cret-token" })(response, {} as never, ""),
    ],
  ])("echoed in %s never come out", async (_name, behaviour) => {
    const faults = await serve(behaviour);
    const reply: Reply = await quick().send(write(faults.base, { headers: { authorization } }));
    const out = JSON.stringify(reply);
    expect(out).toContain("[redacted]");
    for (const canary of ["s3cret-token", "pass-w0rd", authorization.slice(6)]) expect(out).not.toContain(canary);
  });
});
