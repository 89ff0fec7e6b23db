/**
 * Contacts as the CSV file of a set that is already as it declares: taking them over sends nothing. What such a file
 * can't say in so many words is left out, since an empty cell says nothing of a contact. Pure.
 */
import { csvLine } from "../../core/csv";
import { addressFault, holdsAddress, identityOf } from "../contact/address";
import { fieldOf, fieldText } from "../contact/compare";
import { fieldFault, tagFault } from "../contact/inputs";
import type { FoundContact } from "../reading/functions";
import { unusable } from "./csv";

/** Between the tags of one cell, as a set's source has it by default. */
const TAG_SEPARATOR = ";";

export interface CsvExport {
  /** With their line ends; the first names the columns. */
  lines: string[];
  contacts: number;
  /** How many of them opted out, which no such file can say. */
  unsubscribed: number;
  /** Properties that have a column, sorted. */
  properties: string[];
  /** Tags that are written, each once. */
  tags: number;
  /** Addresses of the first ones. */
  sample: string[];
  /** Contacts without a line: their address is none a set may declare, or several contacts share it. Ids. */
  withoutLine: string[];
  /** Contacts of whom a value, a tag or a property was left out. Ids. */
  withoutValue: string[];
}

const SAMPLE = 3;

export function csvOf(contacts: readonly FoundContact[]): CsvExport {
  const { declarable, withoutLine } = sift(contacts);
  const withoutValue = new Set<string>();
  const properties = propertiesOf(declarable, withoutValue);
  const tags = new Set<string>();
  const header = ["email", "phone", "name", "tags", ...properties.map((name) => `fields.${name}`)];
  const lines = [csvLine(header)];
  for (const contact of declarable) {
    const cell = (value = "") => {
      if (value === "" || isWritable(value)) return value;
      withoutValue.add(contact.contactId);
      return "";
    };
    const own = (contact.tagNames ?? []).filter((tag) => isWritableTag(tag) || !withoutValue.add(contact.contactId));
    if (!contact.tagNames) withoutValue.add(contact.contactId);
    for (const tag of own) tags.add(tag);
    const values = properties.map((name) => cell(fieldText(fieldOf(contact.fields, name))));
    lines.push(csvLine([contact.email, cell(contact.phone), cell(contact.name), own.join(TAG_SEPARATOR), ...values]));
  }
  return {
    lines,
    contacts: declarable.length,
    unsubscribed: declarable.filter(({ unsubscribedAt }) => unsubscribedAt).length,
    properties,
    tags: tags.size,
    sample: declarable.slice(0, SAMPLE).map(({ email }) => email),
    withoutLine,
    withoutValue: [...withoutValue],
  };
}

/** One wrong line makes a whole file unusable, so contacts a set can't declare get none. */
function sift(contacts: readonly FoundContact[]): { declarable: FoundContact[]; withoutLine: string[] } {
  const owners = new Map<string, number>();
  for (const { email } of contacts) owners.set(identityOf(email), (owners.get(identityOf(email)) ?? 0) + 1);
  const isDeclarable = ({ email }: FoundContact) =>
    addressFault(email) === undefined && isWritable(email) && owners.get(identityOf(email)) === 1;
  return {
    declarable: contacts.filter(isDeclarable),
    withoutLine: contacts.filter((contact) => !isDeclarable(contact)).map(({ contactId }) => contactId),
  };
}

/** Properties a column can be named by; those who have a value of any other are noted. */
function propertiesOf(contacts: readonly FoundContact[], withoutValue: Set<string>): string[] {
  const isColumn = (name: string) => fieldFault(name) === undefined && isWritable(name) && !holdsAddress(name);
  const columns = new Set<string>();
  for (const { contactId, fields } of contacts) {
    for (const name of Object.keys(fields)) {
      if (isColumn(name)) columns.add(name);
      else withoutValue.add(contactId);
    }
  }
  return [...columns].sort();
}

/** Readers take white space off both ends, and control characters, or what no UTF-8 can say, for faults. */
function isWritable(text: string): boolean {
  return text === text.trim() && !unusable.test(Buffer.from(text).toString());
}

function isWritableTag(tag: string): boolean {
  return isWritable(tag) && tagFault(tag) === undefined && !tag.includes(TAG_SEPARATOR);
}
