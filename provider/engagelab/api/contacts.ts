/** Contacts: batch upsert, detail, update, delete and list. Delete by condition isn't here: resources never call it. */
import { JourneysError } from "../../core/errors";
import { JsonText } from "../../core/http";
import { isObject, type Json, type JsonObject } from "../../core/values";
import type { Answer, Open, Refused } from "./answer";
import { type EngagelabClient, hasResult } from "./client";
import { type Condition, toWire } from "./condition";
import { idText, type RemoteContact, readContact, type WireContact } from "./contact";
import { pathId } from "./ids";

const root = "/v1/marketing/lists";

/** Most members one upsert takes. */
export const MOST_MEMBERS = 1000;
/** Most rows one page has. */
export const PAGE = 100;

/** Whether `tags` take the place of those a contact has, or are added. Skipping them is never what a program means. */
export type TagFlag = 0 | 1;

/** A contact on its way: who it is, and the JSON it is sent as. */
export interface WireMember {
  /** The lower-cased address. */
  identity: string;
  text: string;
}

export function wireMember(member: WireContact & { email: string }): WireMember {
  return { identity: identityIn(member.email), text: JSON.stringify(member) };
}

/** Where a member of an upsert came back. */
export type MemberAnswer =
  | { kind: "created" | "updated"; id: string }
  /** With a reason, as the platform words it. */
  | { kind: "failed"; reason: string };

/** By lower-cased address. Who is in several lists counts as failed. */
export type Upserted = ReadonlyMap<string, MemberAnswer>;

export type UpsertAnswer = { kind: "done"; upserted: Upserted } | Refused | Open;

/**
 * Adds contacts or, by address, updates them. Half of them may fail under a status of 200.
 *
 * @param members asked for when the limits let the call go
 */
export async function upsertContacts(
  client: EngagelabClient,
  members: () => readonly WireMember[],
  tagFlag: TagFlag,
  signal?: AbortSignal,
): Promise<UpsertAnswer> {
  const answer = await client.send({
    method: "POST",
    path: `${root}/members`,
    body: () => {
      const list = members().map(({ text }) => text);
      return new JsonText(`{"members":[${list.join(",")}],"tag_flag":${tagFlag},"update_existing":true}`);
    },
    repeat: "not-processed",
    signal,
    does: "upsert contacts",
    expects: (body) => "created_count" in body || "updated_count" in body || "error_count" in body,
    personal: () => members().map(personalIn),
  });
  return answer.kind === "done" ? { kind: "done", upserted: upsertedIn(answer.body) } : answer;
}

/** What of a member no message may repeat: all but its tags. */
export function personalIn({ text }: WireMember): JsonObject {
  const { tags: _, ...personal } = JSON.parse(text) as JsonObject;
  return personal;
}

function upsertedIn({ created_members, updated_members, error_members }: JsonObject): Upserted {
  const found = new Map<string, MemberAnswer>();
  const take = (list: Json | undefined, answer: (entry: JsonObject) => MemberAnswer) => {
    for (const entry of Array.isArray(list) ? list : []) {
      if (isObject(entry) && typeof entry.email === "string") found.set(identityIn(entry.email), answer(entry));
    }
  };
  take(updated_members, ({ member_id }) => ({ kind: "updated", id: idText(member_id) }));
  take(created_members, ({ member_id }) => ({ kind: "created", id: idText(member_id) }));
  take(error_members, ({ message }) => ({ kind: "failed", reason: idText(message) }));
  return found;
}

function identityIn(email: string): string {
  return email.trim().toLowerCase();
}

/** The contact of an id; undefined when the platform says that there is none. @throws JourneysError */
export async function getContact(client: EngagelabClient, id: string): Promise<RemoteContact | undefined> {
  const answer = await client.send({
    method: "GET",
    path: `${root}/members/${pathId(id)}`,
    repeat: "always",
    does: "read contact",
    expects: (body) => hasResult(body) || isNobody(body),
  });
  if (answer.kind === "refused" && answer.missing) return undefined;
  if (answer.kind !== "done") throw answer.error;
  if (isNobody(answer.body)) return undefined;
  const contact = readContact(answer.body.result);
  if (!contact || contact.id !== id) throw unexpected("read contact", "it answers for another contact, or for none");
  return contact;
}

/** Success without a contact. An answer that says nothing at all doesn't say that either. */
function isNobody({ result, code }: JsonObject): boolean {
  return result === null || (result === undefined && code !== undefined);
}

/** Sets everything of a contact but its address. What it answers isn't documented in one way: read it again. */
export async function updateContact(
  client: EngagelabClient,
  id: string,
  contact: Omit<WireContact, "email">,
): Promise<Answer> {
  const { tags: _, ...personal } = contact;
  return client.send({
    method: "PUT",
    path: `${root}/members/${pathId(id)}`,
    body: contact as unknown as Json,
    repeat: "not-processed",
    does: "update contact",
    personal: () => [personal],
  });
}

/** Deletes one contact by id. That there was none is a success too, in each of the forms it may be said. */
export async function deleteContact(
  client: EngagelabClient,
  id: string,
  signal?: AbortSignal,
): Promise<{ kind: "deleted" } | { kind: "missing" } | Refused | Open> {
  const answer = await client.send({
    method: "DELETE",
    path: `${root}/members/${pathId(id)}`,
    repeat: "not-processed",
    signal,
    does: "delete contact",
  });
  if (answer.kind === "refused" && answer.missing) return { kind: "missing" };
  if (answer.kind !== "done") return answer;
  return { kind: answer.body.count === 0 ? "missing" : "deleted" };
}

/** One page of the list. */
export interface ContactPage {
  contacts: RemoteContact[];
  /** How many rows came, readable or not. */
  rows: number;
  /** All contacts; under a condition perhaps its matches, perhaps not. */
  total: number | undefined;
}

export interface PageRequest {
  condition?: Condition;
  limit: number;
  offset: number;
  signal?: AbortSignal;
}

/** The documentation has two spellings of the path; one of them works, and is kept for the run. */
const listPaths = ["list_members", "listMembers"] as const;
const pathIndex = new WeakMap<EngagelabClient, number>();

/** @throws RefusedList where the platform refuses the condition; JourneysError for anything else */
export async function listPage(client: EngagelabClient, request: PageRequest): Promise<ContactPage> {
  const index = pathIndex.get(client) ?? 0;
  const answer = await sendList(client, request, listPaths[index]!);
  if (answer.kind === "done") return readPage(answer.body);
  const isUnknownPath = answer.kind === "refused" && answer.code === undefined && [404, 405].includes(answer.status);
  if (isUnknownPath && !pathIndex.has(client)) {
    const again = await sendList(client, request, listPaths[1]);
    if (again.kind === "done") {
      pathIndex.set(client, 1);
      return readPage(again.body);
    }
  }
  if (answer.kind === "refused") throw new RefusedList(answer);
  throw answer.error;
}

/** The list was refused: under a condition perhaps because of its operator. */
export class RefusedList extends JourneysError {
  readonly answer: Refused;

  constructor(answer: Refused) {
    super(answer.error.parts);
    this.answer = answer;
  }
}

function sendList(
  client: EngagelabClient,
  { condition, limit, offset, signal }: PageRequest,
  path: string,
): Promise<Answer> {
  return client.send({
    method: "POST",
    path: `${root}/${path}?limit=${limit}&offset=${offset}`,
    body: condition ? { condition: toWire(condition) } : {},
    repeat: "always",
    does: condition ? "search contacts" : "list contacts",
    expects: (body) => rowsIn(body) !== undefined,
    personal: () => condition?.items.filter(({ field }) => field !== "tag").map(({ value }) => value) ?? [],
    signal,
  });
}

function rowsIn(body: JsonObject): Json[] | undefined {
  const rows = body.result ?? body.list;
  return Array.isArray(rows) ? rows : undefined;
}

function readPage(body: JsonObject): ContactPage {
  const rows = rowsIn(body) ?? [];
  const contacts = rows.map((row) => {
    const contact = readContact(row);
    if (!contact) throw unexpected("list contacts", "a row has no id or no address");
    return contact;
  });
  return { contacts, rows: rows.length, total: typeof body.total === "number" ? body.total : undefined };
}

function unexpected(does: string, what: string): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: `${does}: the answer is not as documented: ${what}`,
    now: "nothing was decided from it",
    next: "check journeys:engagelabUrl or journeys:engagelabRegion; if they are right, report the difference",
  });
}
