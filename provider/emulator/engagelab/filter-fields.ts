import type { Account } from "./account";
import type { Contact } from "./contact";
import type { Property } from "./properties";
import { wireTime } from "./times";

/** Something a filter can ask about. */
export interface FilterField {
  /** What a contact has of it: nothing, one text or, for tags, several. */
  readonly values: (contact: Contact) => readonly string[];
  /** Makes texts comparable; only fields that have it can be searched for a part. */
  readonly fold?: (text: string) => string;
  /** Makes values sortable; only fields that have it know less and more. NaN for a text that is no such value. */
  readonly rank?: (text: string) => number;
  /** True for the contact's address. */
  readonly isAddress?: boolean;
}

/** The field of a name: a system property or a property of the account's. */
export function filterField(account: Account, name: string): FilterField | undefined {
  const system = systemFields(account);
  const key = account.switches.systemNames === "exact" ? name : findKey(system, name);
  if (key !== undefined && Object.hasOwn(system, key)) return system[key];
  const property = account.properties.named(name);
  return property && propertyField(account, property);
}

function findKey(fields: object, name: string): string | undefined {
  return Object.keys(fields).find((key) => key.toLowerCase() === name.toLowerCase());
}

function systemFields(account: Account): Record<string, FilterField> {
  const fold = folding(account);
  const time = (read: (contact: Contact) => number | null): FilterField => ({
    values: (contact) => present(read(contact)).map(wireTime),
    rank: (text) => Date.parse(text.replace(/\+0800$/, "+08:00")),
  });
  return {
    Email: { values: ({ email }) => [email], fold, isAddress: true },
    Phone: { values: ({ phone }) => present(phone), fold },
    Name: { values: ({ name }) => present(name), fold },
    tag: { values: ({ tags }) => account.tags.living(tags).map((tag) => tag.name), fold },
    domain: { values: ({ email }) => [email.slice(email.indexOf("@") + 1)], fold },
    createTime: time(({ createdAt }) => createdAt),
    updateTime: time(({ updatedAt }) => updatedAt),
    unsubscribeTime: time(({ unsubscribedAt }) => unsubscribedAt),
  };
}

function propertyField(account: Account, property: Property): FilterField {
  const values = ({ fields }: Contact) => (Object.hasOwn(fields, property.name) ? present(fields[property.name]) : []);
  switch (property.type) {
    case "text":
      return { values, fold: folding(account) };
    case "number":
      return { values, rank: (text) => (text.trim() === "" ? Number.NaN : Number(text)) };
    case "date":
    case "birthday":
      return { values, rank: (text) => rankDate(text, property.format ?? "MM/DD") };
    case "dropdown":
      return { values };
  }
}

function folding({ switches }: Account): (text: string) => string {
  return switches.textMatch === "exact" ? (text) => text : (text) => text.toLowerCase();
}

/** A date or birthday as a number that grows with it. */
function rankDate(text: string, format: string): number {
  const parts = text.split("/");
  const names = format.split("/");
  if (parts.length !== names.length || !parts.every((part) => /^\d+$/.test(part))) return Number.NaN;
  const part = (name: string) => Number(parts[names.indexOf(name)] ?? 0);
  return (part("YYYY") * 100 + part("MM")) * 100 + part("DD");
}

function present<Value>(value: Value | null | undefined): Value[] {
  return value === null || value === undefined ? [] : [value];
}
