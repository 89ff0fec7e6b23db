import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Reply } from "../../../../provider/core/http";
import { quick, serve, stopServers, write } from "./calls";
import {
  type Behaviour,
  cutBody,
  cutBodyWithoutLength,
  hang,
  hangInBody,
  json,
  ok,
  resetAfterHeaders,
  resetBeforeHeaders,
  text,
} from "./faults";

afterEach(stopServers);

const inPieces: Behaviour = (response) => {
  const bytes = Buffer.from('{"name":"Zoë"}');
  const within = bytes.indexOf("ë") + 1;
  response.writeHead(200, { "content-type": "application/json", "content-length": bytes.length });
  response.write(bytes.subarray(0, within));
  setTimeout(() => response.end(bytes.subarray(within)), 20);
};

describe("a write ends, after one request,", () => {
  const cases: [string, Behaviour, object][] = [
    ["answered with JSON", ok, { kind: "answered", status: 200, body: { fine: true } }],
    ["answered in pieces, cut within a letter", inPieces, { kind: "answered", status: 200, body: { name: "Zoë" } }],
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
    [
      "unknown at half an answer, of which nothing is repeated",
      text(200, '{"result":[{"email":"ada@example.com","name":"Ada'),
      { kind: "unknown", message: /^HTTP 200 with a body that is not JSON: it looks like JSON that was cut off$/ },
    ],
    [
      "unknown at half an answer under 500, of which nothing is repeated",
      text(500, '[{"email":"ada@example.com","na'),
      { kind: "unknown", message: /^HTTP 500: it looks like JSON that was cut off$/ },
    ],
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
