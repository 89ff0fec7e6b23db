/** A contact as EngageLab shows it, and as it is sent. */
import { isObject, type Json, type JsonObject } from "../../core/values";
import { readTime } from "./times";

/** A contact as read. The platform writes what isn't set as null; here it is "". */
export interface RemoteContact {
  id: string;
  /** The account's list: tells one account from another. */
  listId?: number;
  /** As the platform spells it. */
  email: string;
  phone: string;
  name: string;
  /** Property name to value; empty ones are left out. The values are the platform's own, texts as a rule. */
  fields: JsonObject;
  /** Names; undefined where an answer has ids only. */
  tags: string[] | undefined;
  tagIds: string[];
  createdAt?: string;
  /** Set once the person opted out. */
  unsubscribedAt?: string;
}

/** A contact as sent: what is left out the platform leaves alone, `""` empties. */
export interface WireContact {
  email?: string;
  phone?: string | null;
  name?: string | null;
  fields?: JsonObject;
  /** Names. */
  tags?: string[];
}

/** A row of an answer; undefined where it has no id or no address. */
export function readContact(row: unknown): RemoteContact | undefined {
  if (!isObject(row)) return undefined;
  const id = idText(row.member_id);
  const email = typeof row.email === "string" ? row.email.trim() : "";
  if (!id || !email) return undefined;
  return {
    id,
    ...(typeof row.list_id === "number" && { listId: row.list_id }),
    email,
    phone: plain(row.phone),
    name: plain(row.name),
    fields: readFields(row.fields),
    tags: texts(row.tag_names),
    tagIds: texts(row.tag_ids) ?? [],
    createdAt: readTime(row.create_time),
    unsubscribedAt: readTime(row.unsubscribe_time),
  };
}

export function idText(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function plain(value: Json | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

function readFields(value: Json | undefined): JsonObject {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null && member !== ""));
}

function texts(value: Json | undefined): string[] | undefined {
  return Array.isArray(value) ? value.filter((member) => typeof member === "string") : undefined;
}
