// One address before several emulators: as one platform that behaves otherwise to each journey.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Emulator } from "../../provider/emulator";

export interface Front {
  url: string;
  close(): void;
}

/** Each emulator has one journey, of the title it is given for; a call goes to the one whose journey it names. */
export async function openFront(behind: ReadonlyMap<string, Emulator>): Promise<Front> {
  const platformOf = (url: string, body: string): Emulator | undefined => {
    const isAbout = ({ pushwoosh }: Emulator) => pushwoosh.journeys().some(({ id }) => (url + body).includes(id));
    return [...behind.values()].find(isAbout) ?? behind.get(JSON.parse(body || "{}").title);
  };
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "GET", url = "/", headers } = request;
    const body = await text(request);
    const platform = platformOf(url, body);
    if (!platform) {
      response.writeHead(500).end(`nobody's call: ${method} ${url}`);
      return;
    }
    const { authorization = "", "content-type": type = "application/json" } = headers;
    const sent = { method, headers: { authorization, "content-type": type }, ...(body && { body }) };
    const answer = await fetch(platform.url + url, sent);
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "application/json" });
    response.end(await answer.text());
  };
  const server = createServer((request, response) => void pass(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
