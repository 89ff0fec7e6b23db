/** Reading contacts: one by id or address, or those a condition holds for. */
import { z } from "zod";
import { invalidInput, JourneysError } from "../../core/errors";
import { parsed } from "../../core/validate";
import type { EngagelabClient } from "../api/client";
import { type Condition, type ConditionArgs, conditionShape } from "../api/condition";
import type { RemoteContact } from "../api/contact";
import { getContact as contactById } from "../api/contacts";
import { isSafeId } from "../api/ids";
import { addressFault } from "../contact/address";
import { fieldText } from "../contact/compare";
import { pages } from "../contact/listing";
import { Lookup } from "../contact/lookup";
import { usualPace } from "../contact/pace";
import { Registry } from "../contact/registry";

/** A contact as it was read. Address, phone, name and fields are personal data. */
export interface FoundContact {
  contactId: string;
  /** The account's list. */
  listId?: number;
  email: string;
  phone?: string;
  name?: string;
  /** Properties that have a value. */
  fields: Record<string, string>;
  /** Left out where the platform shows ids of tags only. */
  tagNames?: string[];
  /** ISO 8601. */
  createdAt?: string;
  /** When the person opted out, ISO 8601. */
  unsubscribedAt?: string;
}

/** One of both. */
export interface GetContactArgs {
  contactId?: string;
  email?: string;
}

const getArgs = z.strictObject({ contactId: z.string().optional(), email: z.string().optional() });

/**
 * One contact, or undefined if there is none.
 *
 * @throws JourneysError `invalid-input` for arguments, `already-exists` where several contacts have the address
 */
export async function getContact(client: EngagelabClient, given: GetContactArgs): Promise<FoundContact | undefined> {
  const { contactId, email } = parsed("getContact", getArgs, given);
  if ((contactId === undefined) === (email === undefined)) {
    throw invalidInput("getContact", [{ path: ["contactId"], reason: "is required, or email instead, and not both" }]);
  }
  if (contactId !== undefined) {
    const reason = "must have letters and digits only, and a digit at least";
    if (!isSafeId(contactId)) throw invalidInput("getContact", [{ path: ["contactId"], reason }]);
    const contact = await contactById(client, contactId);
    return contact && toPublic(contact);
  }
  const reason = addressFault(email!);
  if (reason) throw invalidInput("getContact", [{ path: ["email"], reason }]);
  const found = await new Lookup(client, new Registry(), usualPace()).find(email!);
  if (found.length > 1) throw several(found.map(({ id }) => id));
  return found[0] && toPublic(found[0]);
}

export interface ListContactsArgs {
  /** Which contacts; all of them without it. How the platform matches is its own affair: check what you decide by. */
  condition?: ConditionArgs;
  /** The most contacts to read. Default: 1,000. */
  limit?: number;
  /** Contacts to leave out at the beginning, in the platform's order. Default: 0. */
  offset?: number;
}

const listArgs = z.strictObject({
  condition: conditionShape.optional(),
  limit: z.int().min(1).default(1000),
  offset: z.int().min(0).default(0),
});

export interface ContactList {
  contacts: FoundContact[];
  /** Whether there are more. */
  truncated: boolean;
}

/** The first contacts, and whether there are more. */
export async function listContacts(client: EngagelabClient, given: ListContactsArgs = {}): Promise<ContactList> {
  const { condition, limit, offset } = parsed("listContacts", listArgs, given);
  const contacts: FoundContact[] = [];
  for await (const contact of stream(client, condition, offset)) {
    if (contacts.length === limit) return { contacts, truncated: true };
    contacts.push(contact);
  }
  return { contacts, truncated: false };
}

/** How far a reading has come. */
export interface Progress {
  contacts: number;
  /** How many there are in all, where that can be told: not under a condition. */
  total?: number;
}

export interface StreamOptions {
  /** Told after each page, before its contacts are handed out. */
  onProgress?: (progress: Progress) => void;
  /** Ends the reading before its next page; that is an error then. */
  signal?: AbortSignal;
}

/** Every contact a condition holds for. Arguments are checked at once, the first call is made when one is asked for. */
export function streamContacts(
  client: EngagelabClient,
  given: Pick<ListContactsArgs, "condition"> = {},
  options: StreamOptions = {},
): AsyncGenerator<FoundContact, void, undefined> {
  const { condition } = parsed("contacts", listArgs, given);
  return stream(client, condition, 0, options);
}

async function* stream(
  client: EngagelabClient,
  condition: Condition | undefined,
  from: number,
  { onProgress, signal }: StreamOptions = {},
): AsyncGenerator<FoundContact, void, undefined> {
  const listing = pages(client, {
    condition,
    from,
    signal,
    onProgress: (contacts, total) => onProgress?.({ contacts, ...(total !== undefined && { total }) }),
  });
  for (let step = await listing.next(); ; step = await listing.next()) {
    if (!step.done) yield* step.value.map(toPublic);
    else {
      const { unique, total } = step.value;
      if (!condition && total !== undefined && from + unique < total) throw incomplete(unique, total);
      return;
    }
  }
}

export function toPublic(contact: RemoteContact): FoundContact {
  const { id, listId, email, phone, name, fields, tags, createdAt, unsubscribedAt } = contact;
  return {
    contactId: id,
    ...(listId !== undefined && { listId }),
    email,
    ...(phone && { phone }),
    ...(name && { name }),
    fields: Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, fieldText(value)])),
    ...(tags && { tagNames: tags }),
    ...(createdAt && { createdAt }),
    ...(unsubscribedAt && { unsubscribedAt }),
  };
}

function several(ids: readonly string[]): JourneysError {
  return new JourneysError({
    code: "already-exists",
    what: `getContact: several contacts have this address, in different spellings: ${ids.join(", ")}`,
    now: "which one is meant is not guessed",
    next: "ask by contactId",
  });
}

function incomplete(unique: number, total: number): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: `list contacts: the list ended after ${unique} contacts, of ${total} it says there are`,
    now: "nothing tells who the others are; contacts may have changed meanwhile, or the platform lists no more",
    next: "run again; if it stays so, ask EngageLab, or read them with conditions (listContacts)",
  });
}
