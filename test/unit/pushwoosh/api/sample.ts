/** A platform that answers what a test says, and keeps what it was asked. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Config } from "../../../../provider/core/config";
import { PushwooshClient } from "../../../../provider/pushwoosh/api/client";

export interface Asked {
  method: string;
  path: string;
  authorization: string;
  body: unknown;
}

export async function startSample() {
  const asked: Asked[] = [];
  const answers: { status: number; text: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      asked.push({
        method: request.method ?? "",
        path: request.url ?? "",
        authorization: request.headers.authorization ?? "",
        body: text === "" ? undefined : JSON.parse(text),
      });
      const answer = answers.shift() ?? { status: 200, text: "{}" };
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const clientWith = (settings: Record<string, string> = {}) => clientOf(url, settings);
  const client = clientWith();
  return {
    client,
    clientWith,
    asked,
    /** What the next call is answered: a value as JSON, a string as it is. */
    answer(body: unknown, status = 200): void {
      answers.push({ status, text: typeof body === "string" ? body : JSON.stringify(body) });
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await Promise.all([client.close(), new Promise((resolve) => server.close(resolve))]);
    },
  };
}

export function clientOf(url: string, settings: Record<string, string> = {}): PushwooshClient {
  const all: Record<string, string> = {
    pushwooshApiToken: "token",
    pushwooshJourneyUrl: url,
    pushwooshApiUrl: url,
    requestRate: "0",
    requestConcurrency: "0",
    ...settings,
  };
  return new PushwooshClient(new Config({ get: (key) => all[key.replace("journeys:", "")] }, {}));
}

/** The first line of what a call is refused with. */
export async function refusal(call: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof call === "function" ? call() : call);
  } catch (error) {
    return (error as Error).message.split("\n")[0]!;
  }
  return "(not refused)";
}
