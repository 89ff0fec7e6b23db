import type { Emulator, EmulatorOptions, EngagelabSwitches } from "../../../../provider/emulator/index";
import { type Body, type Seen, send, start } from "../client";

export const lists = "/v1/marketing/lists";
export const members = `${lists}/members`;
export const unknownId = "ffffffffffffffffffffffff";
export const notFound = { code: 30036, message: "resource not found" };

/** The header for credentials, as a client forms it. */
export const basic = (credentials = "user:key") => `Basic ${Buffer.from(credentials).toString("base64")}`;

/** An emulator with the given switches of the contact half, on a clock that stands still. */
export const startWith = (engagelab: EngagelabSwitches = {}, options: EmulatorOptions = {}) =>
  start({ engagelab, clock: () => new Date("2030-01-01T00:00:00Z"), ...options });

export const call = (
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
  options: Parameters<typeof send>[4] = {},
): Promise<Seen> => send(emulator, method, path, body, { authorization: basic(), ...options });

/** What an upsert answers. */
export interface Upserted {
  created: Record<string, string>;
  updated: Record<string, string>;
  errors: Record<string, string>;
}

export const post = (emulator: Emulator, body: Body) => call(emulator, "POST", members, body);

/** Upserts members and returns the ids (and messages) by address. */
export async function upsert(emulator: Emulator, given: Body[], flags: Body = {}): Promise<Upserted> {
  const { status, body, text } = await post(emulator, { members: given, update_existing: true, tag_flag: 0, ...flags });
  if (status !== 200) throw new Error(`upsert was refused: ${text}`);
  const byEmail = (part: string, value: string): Record<string, string> => {
    const entries = body[`${part}_members`] as Record<string, string>[];
    if (entries.length !== body[`${part}_count`]) throw new Error(`${part}_count does not agree: ${text}`);
    return Object.fromEntries(entries.map((entry) => [entry.email, entry[value]])) as Record<string, string>;
  };
  return {
    created: byEmail("created", "member_id"),
    updated: byEmail("updated", "member_id"),
    errors: byEmail("error", "message"),
  };
}

/** Adds a contact by the API and returns its id. */
export async function add(emulator: Emulator, email: string, properties: Body = {}): Promise<string> {
  const { created, errors } = await upsert(emulator, [{ email, ...properties }]);
  const id = created[email];
  if (id === undefined) throw new Error(`${email} was not created: ${errors[email]}`);
  return id;
}

export const put = (emulator: Emulator, id: string, body: Body) => call(emulator, "PUT", `${members}/${id}`, body);
export const get = (emulator: Emulator, id: string) => call(emulator, "GET", `${members}/${id}`);
export const remove = (emulator: Emulator, id: string) => call(emulator, "DELETE", `${members}/${id}`);

/** One page of the list. */
export const list = (emulator: Emulator, query = "", condition?: Body) =>
  call(emulator, "POST", `${lists}/list_members${query && `?${query}`}`, condition ? { condition } : {});

export const where = (field_name: string, op: string, value: string, ...more: [string, string, string][]): Body => ({
  relation: "and",
  items: [[field_name, op, value] as const, ...more].map((item) => ({
    field_name: item[0],
    op: item[1],
    value: item[2],
  })),
});

/** Local parts of the addresses that a page of the list holds, in order. */
export const names = (page: Seen, key = "result"): string[] =>
  (page.body[key] as Body[]).map((row) => String(row.email).replace(/@.*/, ""));

/** `p0@example.com`, `p1@example.com`, … */
export const people = (count: number) => Array.from({ length: count }, (_, index) => `p${index}@example.com`);
export const seedPeople = (emulator: Emulator, count: number) =>
  emulator.engagelab.seed(people(count).map((email) => ({ email })));
