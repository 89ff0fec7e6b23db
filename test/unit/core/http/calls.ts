/** What tests of the client call and are answered by. */
import { createServer } from "node:net";
import { HttpClient, type HttpOptions, type HttpRequest } from "../../../../provider/core/http";
import { type Behaviour, type FaultServer, startFaults } from "./faults";

const cleanups: (() => Promise<void>)[] = [];

/** Stops what `serve` started; for afterEach. */
export async function stopServers(): Promise<void> {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
}

export async function serve(...behaviours: Behaviour[]): Promise<FaultServer> {
  const faults = await startFaults(...behaviours);
  cleanups.push(faults.close);
  return faults;
}

/** A client without limits that doesn't wait, and notes how long it would have. */
export function quick(options: Partial<HttpOptions> = {}): HttpClient & { waits: number[] } {
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

export function read(base: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { base, method: "GET", path: "/thing", repeat: "always", name: "read thing", ...more };
}

export function write(base: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const body = { title: "Welcome" };
  return { base, method: "POST", path: "/thing", body, repeat: "not-processed", name: "create thing", ...more };
}

export async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
