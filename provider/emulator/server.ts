import { setTimeout as pause } from "node:timers/promises";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { deliver, intercept, reset, send, silence } from "./delivery";
import type { Answer, Call, Endpoint, Platform } from "./exchange";
import type { Fault, Faults } from "./faults";
import type { Hooks } from "./hooks";
import type { Journal, JournalEntry } from "./journal";
import type { Persistence } from "./persist";
import type { World } from "./world";

/** Largest body taken, in bytes: far beyond what either platform would. */
const bodyLimit = 64 * 1024 * 1024;

export interface ServerParts {
  platforms: readonly Platform[];
  world: World;
  journal: Journal;
  hooks: Hooks;
  faults: Faults;
  persistence: Persistence;
  /** Whether the journal keeps bodies. */
  journalBodies: boolean;
}

/** Puts the platforms behind one HTTP server; it does not listen yet. */
export function createServer(parts: ServerParts): FastifyInstance {
  const app = fastify({ logger: false, bodyLimit, forceCloseConnections: true, exposeHeadRoutes: false });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  for (const platform of parts.platforms) {
    for (const endpoint of platform.endpoints) {
      app.route({
        method: endpoint.method,
        url: endpoint.path,
        handler: (request, reply) => serve(parts, platform, endpoint, toCall(request), reply),
      });
    }
  }
  const routes = parts.platforms.map((platform) => ({ platform, patterns: platform.endpoints.map(toPattern) }));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    const route = routes.find(({ platform }) => platform.serves(path)) ?? routes[0]!;
    const allowed = route.patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    return serve(parts, route.platform, unknownEndpoint(route.platform, allowed), toCall(request), reply);
  });
  return app;
}

/** One request from arrival to answer: journal, hooks, fault, platform, file, hooks, answer. */
async function serve(parts: ServerParts, platform: Platform, endpoint: Endpoint, call: Call, reply: FastifyReply) {
  const entry = enter(parts, platform, endpoint, call);
  if (parts.hooks.any) await parts.hooks.run("before", entry);
  const fault = parts.faults.take(entry);
  if (fault) {
    entry.fault = fault.kind;
    if (fault.kind === "delay") await pause(fault.delayMs ?? 100, undefined, { ref: false });
    if (await endedEarly(parts, endpoint, entry, fault, reply)) return reply;
  }
  const answer = platform.authenticate(call, endpoint) ?? endpoint.answer(call);
  complete(entry, answer);
  if (answer.committed) parts.persistence.save();
  entry.status = answer.status;
  if (parts.hooks.any) await parts.hooks.run("after", entry);
  setStatus(entry, deliver(reply, answer, endpoint, fault));
  return reply;
}

/** Ends the request if its fault does so before the platform would see it. */
async function endedEarly(
  parts: ServerParts,
  endpoint: Endpoint,
  entry: JournalEntry,
  fault: Fault,
  reply: FastifyReply,
): Promise<boolean> {
  const interception = intercept(fault, endpoint);
  if (!interception) return false;
  if (interception.end === "answer") entry.status = interception.answer.status;
  if (parts.hooks.any) await parts.hooks.run("after", entry);
  if (interception.end === "answer") send(reply, interception.answer);
  else if (interception.end === "reset") reset(reply);
  else silence(reply);
  return true;
}

function enter(parts: ServerParts, platform: Platform, endpoint: Endpoint, call: Call): JournalEntry {
  const targets = endpoint.targets?.(call) ?? { ids: [], titles: [] };
  const entry: JournalEntry = {
    n: parts.journal.entries.length + 1,
    time: parts.world.now().toISOString(),
    platform: platform.name,
    endpoint: endpoint.name,
    method: call.method,
    path: call.url,
    ...(parts.journalBodies && call.text !== "" && { body: call.malformed ? call.text : call.body }),
    committed: false,
    ...(targets.ids[0] !== undefined && { id: targets.ids[0] }),
    ...(targets.titles[0] !== undefined && { title: targets.titles[0] }),
    ids: targets.ids,
    titles: targets.titles,
  };
  parts.journal.entries.push(entry);
  return entry;
}

function complete(entry: JournalEntry, answer: Answer): void {
  entry.committed = answer.committed ?? false;
  if (answer.id !== undefined) entry.id = answer.id;
  if (answer.title !== undefined) entry.title = answer.title;
}

function setStatus(entry: JournalEntry, status: number | undefined): void {
  if (status === undefined) delete entry.status;
  else entry.status = status;
}

function toCall(request: FastifyRequest): Call {
  const text = typeof request.body === "string" ? request.body : "";
  const { body, malformed } = parse(text);
  return {
    method: request.method,
    url: request.url,
    params: request.params as Record<string, string>,
    query: request.query as Record<string, string | undefined>,
    authorization: request.headers.authorization,
    text,
    body,
    malformed,
  };
}

function parse(text: string): { body: unknown; malformed: boolean } {
  if (text === "") return { body: undefined, malformed: false };
  try {
    return { body: JSON.parse(text), malformed: false };
  } catch {
    return { body: undefined, malformed: true };
  }
}

function toPattern(endpoint: Endpoint): { method: string; pattern: RegExp } {
  const escaped = endpoint.path.replaceAll("::", "\0").replace(/:[a-z]+/gi, "[^/]+");
  return { method: endpoint.method, pattern: new RegExp(`^${escaped.replaceAll("\0", ":")}$`, "i") };
}

function unknownEndpoint(platform: Platform, allowed: readonly string[]): Endpoint {
  const known = platform.endpoints[0];
  return {
    name: "unknown",
    method: "GET",
    path: "*",
    refusal: (reason, message) => known?.refusal(reason, message) ?? { status: 404 },
    answer: () => platform.unknownRoute(allowed),
  };
}
