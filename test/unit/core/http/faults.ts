/** A small HTTP server that answers, or fails, as told: one behaviour per request, the last one for all further ones. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export type Behaviour = (response: ServerResponse, request: IncomingMessage, body: string) => void;

export interface FaultServer {
  base: string;
  /** What arrived, in order. */
  requests: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[];
  connections: number;
  sockets: Set<Socket>;
  close(): Promise<void>;
}

export async function startFaults(...behaviours: Behaviour[]): Promise<FaultServer> {
  const server = createServer();
  const faults: FaultServer = { base: "", requests: [], connections: 0, sockets: new Set(), close: () => stop(server) };
  server.on("connection", (socket: Socket) => {
    faults.connections += 1;
    faults.sockets.add(socket);
    socket.on("close", () => faults.sockets.delete(socket));
  });
  server.on("request", listener(faults, behaviours));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  faults.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return faults;
}

export function listener(faults: Pick<FaultServer, "requests">, behaviours: Behaviour[]): RequestListener {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const behave = behaviours[Math.min(faults.requests.length, behaviours.length - 1)];
    faults.requests.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    behave?.(response, request, body);
  };
  return (request, response) => void answer(request, response);
}

export async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, headers).end(body);
  };
}

export const ok = json(200, { fine: true });

export const hang: Behaviour = () => {};

export const resetBeforeHeaders: Behaviour = (_response, request) => {
  request.socket.resetAndDestroy();
};

export const resetAfterHeaders: Behaviour = (response, request) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  response.flushHeaders();
  setTimeout(() => request.socket.resetAndDestroy(), 20);
};

/** Fewer bytes than announced, then an orderly end. */
export const cutBody: Behaviour = (response, request) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  response.write('{"journeys":[{"id":');
  setTimeout(() => request.socket.end(), 20);
};

/** No announced length: only the JSON itself shows that something is missing. */
export const cutBodyWithoutLength: Behaviour = (response) => {
  response.writeHead(200, { "content-type": "application/json", connection: "close" });
  response.end('{"journeys":[{"id":');
};

export const hangInBody: Behaviour = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  response.write("{");
};
