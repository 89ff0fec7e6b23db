/** What is kept of a contact. Everything personal in it is a secret output. */
import { z } from "zod";
import { canonicalJson, equal } from "../../core/values";
import type { RemoteContact } from "../api/contact";
import { fieldText, sameTags } from "./compare";
import type { ContactInputs } from "./inputs";

export const STATE_VERSION = 1;

const ownedShape = z.object({
  phone: z.boolean(),
  name: z.boolean(),
  fields: z.array(z.string()),
  tags: z.array(z.string()),
});

/** What the program ever declared and has not given back: only that is ever taken away again. */
export type Owned = z.infer<typeof ownedShape>;

export const nothingOwned: Owned = { phone: false, name: false, fields: [], tags: [] };

export const contactOutputs = z.object({
  contactId: z.string().describe("The platform's id of the contact."),
  listId: z
    .number()
    .optional()
    .describe("The account's list. Known as soon as the platform has shown a contact in this run."),
  email: z.string().describe("Address, as the platform spells it where that is known."),
  phone: z.string().describe("Phone number as last seen; empty where there is none."),
  name: z.string().describe("Name as last seen; empty where there is none."),
  fields: z.record(z.string(), z.string()).describe("All properties that aren't empty, as last seen."),
  tagNames: z.array(z.string()).describe("All tags of the contact as last seen, sorted."),
  createdAt: z.string().optional().describe("Creation time, ISO 8601, once it was read."),
  unsubscribedAt: z.string().optional().describe("When the person opted out, ISO 8601. Nothing here can change it."),
  adopted: z.boolean().describe("Whether the contact existed before: then a delete only releases it."),
  owned: ownedShape.describe("What was declared and may be taken away again."),
  appliedInputs: z.string().describe("The inputs last applied, as JSON text."),
  stamp: z.string().describe("The record this state covers."),
  stateVersion: z.number().describe("Version of this state's form."),
});

export type ContactState = z.infer<typeof contactOutputs>;

/** Outputs that hold personal data. */
export const secretOutputs = ["email", "phone", "name", "fields", "appliedInputs"] as const;

/** What a contact is known to be: as read, or as a write must have left it. */
export interface Actual {
  phone: string;
  name: string;
  fields: RemoteContact["fields"];
  /** undefined where nothing tells the names. */
  tags: string[] | undefined;
}

export const nobody: Actual = { phone: "", name: "", fields: {}, tags: [] };

export function actualOf({ phone, name, fields, tagNames }: ContactState): Actual {
  return { phone, name, fields, tags: tagNames };
}

/** What a state is made of. */
export interface Known {
  desired: ContactInputs;
  id: string;
  actual: Actual;
  /** The contact as read, where it was. */
  remote?: RemoteContact;
  owned: Owned;
  adopted: boolean;
  stamp: string;
  /** The account's list, where the contact itself doesn't tell. */
  listId?: number;
  prior?: ContactState;
}

export function stateOf({ desired, id, actual, remote, owned, adopted, stamp, listId, prior }: Known): ContactState {
  const list = remote?.listId ?? prior?.listId ?? listId;
  const createdAt = remote?.createdAt ?? prior?.createdAt;
  const unsubscribedAt = remote ? remote.unsubscribedAt : prior?.unsubscribedAt;
  return {
    contactId: id,
    ...(list !== undefined && { listId: list }),
    email: remote?.email ?? prior?.email ?? desired.email.trim(),
    phone: actual.phone,
    name: actual.name,
    fields: fieldTexts(actual.fields),
    tagNames: [...(actual.tags ?? prior?.tagNames ?? [])].sort(),
    ...(createdAt && { createdAt }),
    ...(unsubscribedAt && { unsubscribedAt }),
    adopted,
    owned,
    appliedInputs: canonicalJson(desired),
    stamp,
    stateVersion: STATE_VERSION,
  };
}

function fieldTexts(fields: Actual["fields"]): Record<string, string> {
  const texts = Object.entries(fields).map(([key, value]) => [key, fieldText(value)] as const);
  return Object.fromEntries(texts.filter(([, text]) => text !== "").sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether a row shows what the state says. */
export function isAsKnown(row: RemoteContact, state: ContactState): boolean {
  return (
    row.phone === state.phone &&
    row.name === state.name &&
    equal(fieldTexts(row.fields), state.fields) &&
    (!row.tags || sameTags(row.tags, state.tagNames))
  );
}
