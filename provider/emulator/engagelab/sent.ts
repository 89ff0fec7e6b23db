import { asObject, type Json } from "../exchange";
import type { Account } from "./account";
import type { Property } from "./properties";
import { isTagName } from "./tags";

/** What a client wants of a contact; undefined where it says nothing, null where it says null. */
export interface Sent {
  readonly phone: string | null | undefined;
  readonly name: string | null | undefined;
  readonly fields: Readonly<Record<string, string | null>> | null | undefined;
  /** Names, all of them of tags that exist or may be created. */
  readonly tags: readonly string[] | null | undefined;
}

/** Thrown when one contact can't be taken as sent; nothing has been changed by then. */
export class ContactFault extends Error {}

/** Reads the properties in a member of an upsert or the body of a PUT. @throws ContactFault */
export function readSent(account: Account, json: Json, withTags = true): Sent {
  return {
    phone: readText(json, "phone"),
    name: readText(json, "name"),
    fields: readFields(account, json.fields),
    tags: withTags ? readTags(account, json.tags) : undefined,
  };
}

function readText(json: Json, key: string): string | null | undefined {
  const value = json[key];
  if (value === undefined || value === null || typeof value === "string") return value;
  throw new ContactFault(`${key} must be a string`);
}

function readFields(account: Account, value: unknown): Sent["fields"] {
  if (value === undefined || value === null) return value;
  const given = asObject(value);
  if (!given) throw new ContactFault("fields must be an object");
  const { undefinedField, fieldValues } = account.switches;
  const taken: [string, string | null][] = [];
  for (const [name, content] of Object.entries(given)) {
    const property = account.properties.named(name);
    if (!property && undefinedField === "refused") throw new ContactFault(`field ${name} does not exist`);
    if (!property && undefinedField === "dropped") continue;
    const text = readValue(name, content);
    taken.push([name, text !== null && fieldValues === "formatted" ? formatNumber(property, text) : text]);
  }
  return Object.fromEntries(taken);
}

function readValue(name: string, content: unknown): string | null {
  if (content === null || typeof content === "string") return content;
  if (typeof content === "number" || typeof content === "boolean") return String(content);
  throw new ContactFault(`field ${name} must be a string`);
}

function formatNumber(property: Property | undefined, text: string): string {
  const number = Number(text);
  if (property?.type !== "number" || text.trim() === "" || Number.isNaN(number)) return text;
  return number.toFixed((property.format ?? "0").replace(/^0?\.?/, "").length);
}

function readTags(account: Account, value: unknown): Sent["tags"] {
  if (value === undefined || value === null) return value;
  if (!Array.isArray(value) || !value.every((name) => typeof name === "string")) {
    throw new ContactFault("tags must be an array of strings");
  }
  const { unknownTag } = account.switches;
  return value.filter((name) => {
    if (account.tags.named(name) || unknownTag === "dropped") return account.tags.named(name) !== undefined;
    if (unknownTag === "refused") throw new ContactFault(`tag ${name} does not exist`);
    if (!isTagName(name)) throw new ContactFault(`tag ${name} has a name that is not allowed`);
    return true;
  });
}
