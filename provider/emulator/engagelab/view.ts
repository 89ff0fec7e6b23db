import type { Account, Deletion } from "./account";
import { type Accounts, type EngagelabRegion, regionPath } from "./accounts";
import { findContact } from "./behind";
import { type Author, type Contact, versions, type WriteAction } from "./contact";
import type { Property } from "./properties";
import { type ContactSeed, seedContacts } from "./seed";
import { wireTime } from "./times";

/** What one write left of a contact. */
export interface ContactEdition {
  /** As answers write it: `2030-01-01T08:00:00+0800`. */
  readonly time: string;
  readonly by: Author;
  readonly action: WriteAction;
  readonly phone: string | null;
  readonly name: string | null;
  readonly fields: Readonly<Record<string, string>>;
  /** Names of the tags that haven't been deleted since. */
  readonly tags: readonly string[];
}

/** A contact as it is at one moment, for assertions. Later changes do not reach it. */
export class ContactSnapshot implements Omit<ContactEdition, "time" | "by" | "action"> {
  readonly id: string;
  readonly listId: number;
  readonly email: string;
  readonly phone: string | null;
  readonly name: string | null;
  readonly fields: Readonly<Record<string, string>>;
  /** Names. */
  readonly tags: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  /** null while subscribed. */
  readonly unsubscribedAt: string | null;
  readonly #account: Account;
  readonly #contact: Contact;

  /** @internal */
  constructor(account: Account, contact: Contact) {
    this.id = contact.id;
    this.listId = account.listId;
    this.email = contact.email;
    this.phone = contact.phone;
    this.name = contact.name;
    this.fields = { ...contact.fields };
    this.tags = tagNames(account, contact);
    this.createdAt = wireTime(contact.createdAt);
    this.updatedAt = wireTime(contact.updatedAt);
    this.unsubscribedAt = contact.unsubscribedAt === null ? null : wireTime(contact.unsubscribedAt);
    this.#account = account;
    this.#contact = contact;
  }

  /** What each write left of it, the first one first. Made when asked for: most assertions over many do not. */
  get history(): readonly ContactEdition[] {
    return versions(this.#contact).map((version) => ({
      time: wireTime(version.updatedAt),
      by: version.by,
      action: version.action,
      phone: version.phone,
      name: version.name,
      fields: { ...version.fields },
      tags: tagNames(this.#account, version),
    }));
  }
}

/** A contact that was deleted. */
export interface ContactDeletion {
  readonly time: string;
  readonly by: Author;
  readonly contact: ContactSnapshot;
}

/** What the EngageLab half holds, and how to fill it. `listId` picks one account; without it, all of them. */
export interface EngagelabView {
  /** Base URL of a data centre; that of `sg` is the emulator's own. */
  url(region: EngagelabRegion): string;
  /** All contacts, the oldest first. */
  contacts(listId?: number): ContactSnapshot[];
  /** How many there are. */
  count(listId?: number): number;
  /** One contact by address (letter case aside) or id. @throws Error if none or several fit. */
  contact(emailOrId: string, listId?: number): ContactSnapshot;
  /** Every deletion, in order. */
  deletions(listId?: number): ContactDeletion[];
  /** Names of all tags, the oldest first. */
  tags(listId?: number): string[];
  /** Properties besides Email, Name and Phone. */
  properties(listId?: number): Property[];
  /**
   * Puts contacts into an account (the first one, unless told otherwise) as if they had always been there.
   * @returns Their ids, in order.
   * @throws Error if an address is taken.
   */
  seed(contacts: readonly ContactSeed[], listId?: number): string[];
}

/** @param changed Called after seeding, so that the file is kept up to date. */
export function createView(accounts: Accounts, url: string, changed: () => void): EngagelabView {
  const chosen = (listId: number | undefined) => (listId === undefined ? accounts.all() : [accounts.get(listId)]);
  return {
    url: (region) => url + regionPath[region],
    contacts: (listId) =>
      chosen(listId).flatMap((account) =>
        account.contacts.all().map((contact) => new ContactSnapshot(account, contact)),
      ),
    count: (listId) => chosen(listId).reduce((sum, account) => sum + account.contacts.size, 0),
    contact: (emailOrId, listId) => {
      const { account, contact } = findContact(accounts, emailOrId, listId);
      return new ContactSnapshot(account, contact);
    },
    deletions: (listId) =>
      chosen(listId).flatMap((account) => account.deletions.map((deletion) => deletionSnapshot(account, deletion))),
    tags: (listId) => chosen(listId).flatMap((account) => account.tags.all().map(({ name }) => name)),
    properties: (listId) => chosen(listId).flatMap((account) => [...account.properties.all()]),
    seed: (contacts, listId) => {
      const ids = seedContacts(accounts.get(listId), contacts);
      changed();
      return ids;
    },
  };
}

function deletionSnapshot(account: Account, { time, by, contact }: Deletion): ContactDeletion {
  return { time: wireTime(time), by, contact: new ContactSnapshot(account, contact) };
}

function tagNames(account: Account, contact: Contact): string[] {
  return account.tags.living(contact.tags).map(({ name }) => name);
}
