/** Create, replace, the five lifecycle calls, statistics as a probe, and the list no documentation mentions. */

import { JourneysError } from "../../core/errors";
import { failure } from "../../core/http";
import { isObject, type Json, type JsonObject } from "../../core/values";
import type { Answer } from "../journey/belief";
import type { JourneyStatus } from "../journey/inputs";
import { type Action, statusFrom } from "../journey/lifecycle";
import { readAnswer, type WireJourney } from "../journey/wire";
import type { Method, PushwooshClient } from "./client";
import { readJourneyStatistics } from "./statistics";

const root = "/api/v3/journeygateway";
const api = (name: string): Method => ({ name, host: "journey", scheme: "Api" });

/** How a writing call ended. An answer that isn't a journey counts as unknown: the call may well have worked. */
export type Written =
  | { kind: "answered"; answer: Answer }
  | { kind: "refused" | "unknown" | "notSent"; error: JourneysError };

export async function createJourney(client: PushwooshClient, journey: WireJourney): Promise<Written> {
  return write(client, "journey.create", "create journey", "POST", root, journey as unknown as Json);
}

/** Replaces the whole definition: what isn't sent is gone. */
export async function replaceJourney(client: PushwooshClient, id: string, journey: WireJourney): Promise<Written> {
  const path = `${root}/${encodeURIComponent(id)}`;
  return write(client, "journey.update", "replace definition", "PUT", path, journey as unknown as Json, id);
}

export async function moveJourney(client: PushwooshClient, action: Action, id: string): Promise<Written> {
  return write(client, `journey.${action}`, `${action} journey`, "POST", `${root}/${action}`, { uuid: id }, id);
}

async function write(
  client: PushwooshClient,
  name: string,
  does: string,
  method: "POST" | "PUT",
  path: string,
  body: Json,
  id?: string,
): Promise<Written> {
  const reply = await client.send(api(name), { method, path, body, repeat: "not-processed", does });
  if (reply.kind !== "answered") return { kind: reply.kind, error: failure(reply, { name: does, method, path }) };
  const answer = readAnswer(reply.body);
  if (answer && (id === undefined || answer.info.uuid === id)) return { kind: "answered", answer };
  const what = answer ? `answered for another journey (${answer.info.uuid})` : "the answer holds no journey";
  return { kind: "unknown", error: unexpected(does, what) };
}

function unexpected(does: string, what: string): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: `${does}: ${what}`,
    now: "the call may or may not have taken effect",
    next: "check journeys:pushwooshJourneyUrl, then run again",
  });
}

/** What statistics tell of a journey's existence: it is there under this title, or nothing certain. */
export async function probeJourney(
  client: PushwooshClient,
  id: string,
): Promise<{ title: string } | { error: JourneysError }> {
  try {
    const { title } = await readJourneyStatistics(client, { journeyId: id });
    return title ? { title } : { error: unnamed() };
  } catch (error) {
    if (error instanceof JourneysError) return { error };
    throw error;
  }
}

function unnamed(): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: "read journey statistics: the answer does not name the journey",
    now: "whether the journey is there is not known",
    next: "check the journey's id and journeys:pushwooshJourneyUrl",
  });
}

/** A credential that isn't there or isn't accepted says nothing of one journey: it would make all of them unreadable. */
export function isAboutSettings({ code }: JourneysError): boolean {
  return code === "unauthorized" || code === "missing-configuration" || code === "invalid-configuration";
}

/** One row of the list. */
export interface ListedJourney {
  id: string;
  title: string;
  status: JourneyStatus;
  createdAt?: string;
  /** What else the row holds, under the platform's own names. */
  further?: JsonObject;
}

const MOST_PAGES = 1000;

/**
 * Every journey the token sees, read to the last page.
 *
 * @throws JourneysError for a page that fails or doesn't look like the list: half a list decides nothing.
 */
export async function listJourneys(client: PushwooshClient): Promise<ListedJourney[]> {
  const rows: ListedJourney[] = [];
  const seen = new Set<string>();
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { items, pages } = await readPage(client, page);
    // A journey made meanwhile moves others to the next page; a page of nothing new is no page.
    const fresh = items.filter(({ id }) => !seen.has(id));
    if (items.length > 0 && fresh.length === 0) throw badList(`page ${page} holds only what came before`);
    for (const { id } of fresh) seen.add(id);
    rows.push(...fresh);
    if (page >= pages) return rows;
  }
  throw badList(`more than ${MOST_PAGES} pages`);
}

async function readPage(client: PushwooshClient, page: number): Promise<{ items: ListedJourney[]; pages: number }> {
  const path = `/api/journey?page=${page}`;
  const reply = await client.send(api("journey.list"), {
    method: "GET",
    path,
    repeat: "always",
    does: "list journeys",
  });
  if (reply.kind !== "answered") throw failure(reply, { name: "list journeys", method: "GET", path, repeat: "always" });
  const { body } = reply;
  const items = isObject(body) && isObject(body.payload) ? body.payload.items : undefined;
  const count = isObject(body) && isObject(body._metadata) ? body._metadata.page_count : undefined;
  const pages = typeof count === "number" || (typeof count === "string" && count !== "") ? Number(count) : Number.NaN;
  if (!Array.isArray(items) || !Number.isInteger(pages)) throw badList("a page without items or page_count");
  return { items: items.map(readRow), pages };
}

function readRow(row: Json): ListedJourney {
  if (!isObject(row) || typeof row.id !== "string") throw badList("a row without an id");
  const { id, title, status, createdAt, ...further } = row;
  return {
    id,
    title: typeof title === "string" ? title : "",
    status: statusFrom(status),
    createdAt: typeof createdAt === "string" ? createdAt : undefined,
    ...(Object.keys(further).length > 0 && { further }),
  };
}

function badList(what: string): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: `list journeys: ${what}; this method is undocumented and may have changed`,
    now: "nothing was decided from it",
    next: "set journeys:pushwooshUseUndocumentedList to false and report the change",
  });
}
