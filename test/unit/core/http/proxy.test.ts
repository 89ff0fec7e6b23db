import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HttpClient } from "../../../../provider/core/http";
import { certificate, key } from "./certificate";
import { type FaultServer, listener, ok, startFaults, stop } from "./faults";

const trusted = getCACertificates("default");
const proxyNames = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
const before = Object.fromEntries(proxyNames.map((name) => [name, process.env[name]]));

const arrived: Pick<FaultServer, "requests"> = { requests: [] };
const tunnels: string[] = [];
/** A server lets go of a connection once it is a tunnel. */
const tunnelSockets = new Set<Socket>();
let platform: Server;
let proxy: Server;
let proxyUrl: string;
let verdict: string;
let client: HttpClient;

beforeAll(async () => {
  // It would agree to HTTP/2, which it can't speak: no client of ours may ask for that.
  const offered = ["h2", "http/1.1"];
  platform = createTlsServer({ cert: certificate, key, ALPNProtocols: offered }, listener(arrived, [ok]));
  proxy = createServer().on("connect", (request, socket: Socket) => {
    tunnels.push(request.url ?? "");
    tunnelSockets.add(socket);
    socket.on("error", () => undefined);
    if (verdict === "hang") return;
    if (verdict !== "200") return void socket.end(`HTTP/1.1 ${verdict} No\r\ncontent-length: 0\r\n\r\n`);
    const onward = connect((platform.address() as AddressInfo).port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => undefined);
    tunnelSockets.add(onward);
  });
  for (const server of [platform, proxy]) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});

beforeEach(() => {
  verdict = "200";
  tunnels.length = 0;
  arrived.requests.length = 0;
  for (const name of proxyNames) delete process.env[name];
  setDefaultCACertificates([...trusted, certificate]);
  client = new HttpClient({
    rate: 0,
    concurrency: 0,
    connectTimeout: 300,
    secrets: () => [],
    sleep: async () => undefined,
  });
});

afterEach(() => client.close());

afterAll(async () => {
  setDefaultCACertificates(trusted);
  for (const name of proxyNames) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  for (const socket of tunnelSockets) socket.destroy();
  await Promise.all([platform, proxy].map(stop));
});

function read(base: string, by = client, signal?: AbortSignal) {
  return by.send({ base, method: "GET", path: "/thing", repeat: "not-processed", name: "read thing", signal });
}

describe("a proxy of the environment", () => {
  it("is asked for a tunnel, through which the request goes", async () => {
    process.env.HTTPS_PROXY = proxyUrl;
    expect(await read("https://journey.test")).toMatchObject({ kind: "answered", body: { fine: true } });
    expect(tunnels).toEqual(["journey.test:443"]);
    expect(arrived.requests).toMatchObject([{ method: "GET", url: "/thing", headers: { host: "journey.test" } }]);
  });

  it("isn't asked for a host in NO_PROXY", async () => {
    process.env.HTTPS_PROXY = proxyUrl;
    process.env.NO_PROXY = "journey.test";
    expect(await read("https://journey.test:1")).toMatchObject({ kind: "notSent" });
    expect(tunnels).toEqual([]);
  });

  it("isn't asked for this machine", async () => {
    process.env.HTTP_PROXY = proxyUrl;
    const local = await startFaults(ok);
    expect(await read(local.base)).toMatchObject({ kind: "answered" });
    expect(tunnels).toEqual([]);
    await local.close();
  });

  it("that refuses means not sent", async () => {
    process.env.HTTPS_PROXY = proxyUrl;
    verdict = "407";
    const reply = await read("https://journey.test");
    expect(reply).toMatchObject({ kind: "notSent" });
    expect((reply as { message: string }).message).toContain("407");
    expect(arrived.requests).toEqual([]);
  });

  it("that never answers means not sent, within the time for connecting", async () => {
    process.env.HTTPS_PROXY = proxyUrl;
    verdict = "hang";
    const controller = new AbortController();
    const once = new HttpClient({
      rate: 0,
      concurrency: 0,
      connectTimeout: 300,
      secrets: () => [],
      sleep: async () => controller.abort(),
    });
    const { signal } = controller;
    expect(await read("https://journey.test", once, signal)).toMatchObject({ kind: "notSent" });
  });

  it("that is no URL is named", async () => {
    process.env.HTTPS_PROXY = "proxy with blanks";
    await expect(read("https://journey.test")).rejects.toMatchObject({ code: "invalid-configuration" });
  });
});

describe("TLS", () => {
  it("with a certificate nobody vouches for means not sent, and isn't tried again", async () => {
    setDefaultCACertificates(trusted);
    process.env.HTTPS_PROXY = proxyUrl;
    const reply = await read("https://journey.test");
    expect(reply).toMatchObject({ kind: "notSent", final: true });
    expect((reply as { message: string }).message).toContain("certificate is not trusted");
    expect(tunnels).toHaveLength(1);
    expect(arrived.requests).toEqual([]);
  });

  it("with a certificate of another host means not sent", async () => {
    process.env.HTTPS_PROXY = proxyUrl;
    expect(await read("https://other.test")).toMatchObject({ kind: "notSent", final: true });
    expect(arrived.requests).toEqual([]);
  });
});
