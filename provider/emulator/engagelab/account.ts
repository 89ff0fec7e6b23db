import type { World } from "../world";
import { type Author, type Contact, type Properties, versions, type WriteAction } from "./contact";
import { Readings } from "./lag";
import { ContactProperties, type Property } from "./properties";
import type { EngagelabSwitches } from "./switches";
import { ContactTable } from "./table";
import { type Tag, Tags } from "./tags";

/** A contact that was deleted, and by whom. */
export interface Deletion {
  /** In milliseconds. */
  readonly time: number;
  readonly by: Author;
  readonly contact: Contact;
}

/** Everything one account holds, and the changes it can undergo. The rules of who may do what are the endpoints'. */
export class Account {
  readonly contacts = new ContactTable();
  readonly tags: Tags;
  readonly properties: ContactProperties;
  readonly readings: Readings;
  readonly deletions: Deletion[] = [];
  private serial = 0;

  constructor(
    readonly listId: number,
    readonly switches: Required<EngagelabSwitches>,
    private readonly world: World,
    private readonly nextId: () => string,
  ) {
    this.tags = new Tags(world);
    this.properties = new ContactProperties(switches.predefinedFields);
    this.readings = new Readings(this.contacts, world, switches);
  }

  /** The contact an address belongs to, under the switch's idea of equal addresses. */
  find(email: string): Contact | undefined {
    const found = this.contacts.addressed(email);
    return this.switches.emailIdentity === "case-sensitive"
      ? found.find((contact) => contact.email === email)
      : found[0];
  }

  create(
    email: string,
    properties: Properties,
    by: Author,
    action: WriteAction,
    unsubscribedAt: number | null = null,
  ): Contact {
    this.serial += 1;
    const now = this.now();
    const contact: Contact = {
      id: this.nextId(),
      serial: this.serial,
      email: this.switches.emailIdentity === "lower-cased" ? email.toLowerCase() : email,
      phone: properties.phone,
      name: properties.name,
      fields: properties.fields,
      tags: properties.tags,
      createdAt: now,
      updatedAt: now,
      unsubscribedAt,
      by,
      action,
      previous: undefined,
    };
    this.put(contact);
    return contact;
  }

  /** Puts a new version of a contact in the place of the one given, which must be the present one. */
  change(
    contact: Contact,
    changes: Partial<Properties> & { readonly unsubscribedAt?: number | null },
    by: Author,
    action: WriteAction,
  ): Contact {
    const changed = { ...contact, ...changes, updatedAt: this.now(), by, action, previous: contact };
    this.put(changed);
    return changed;
  }

  remove(contacts: readonly Contact[], by: Author): void {
    if (contacts.length === 0) return;
    this.contacts.remove(contacts);
    this.readings.note({ remove: contacts });
    const time = this.now();
    for (const contact of contacts) this.deletions.push({ time, by, contact });
  }

  now(): number {
    return this.world.now().getTime();
  }

  clear(): void {
    this.contacts.clear();
    this.tags.clear();
    this.properties.clear();
    this.readings.settle();
    this.deletions.length = 0;
  }

  save(): SavedAccount {
    return {
      serial: this.serial,
      contacts: this.contacts.all().map(saveContact),
      tags: this.tags.all(),
      properties: this.properties.all(),
      deletions: this.deletions.map((deletion) => ({ ...deletion, contact: saveContact(deletion.contact) })),
    };
  }

  /** Takes a saved state back; a lag that was under way then is over. */
  restore(saved: SavedAccount): void {
    this.clear();
    this.serial = saved.serial;
    for (const contact of saved.contacts) this.contacts.put(restoreContact(contact));
    for (const tag of saved.tags) this.tags.put(tag);
    for (const property of saved.properties) this.properties.put(property);
    for (const { contact, ...deletion } of saved.deletions) {
      this.deletions.push({ ...deletion, contact: restoreContact(contact) });
    }
    this.readings.settle();
  }

  private put(contact: Contact): void {
    this.contacts.put(contact);
    this.readings.note({ put: contact });
  }
}

/** A contact's versions, the oldest first: a chain would nest too deep for JSON. */
type SavedContact = Omit<Contact, "previous">[];

/** An account as the file keeps it. */
export interface SavedAccount {
  readonly serial: number;
  readonly contacts: readonly SavedContact[];
  readonly tags: readonly Tag[];
  readonly properties: readonly Property[];
  readonly deletions: readonly (Omit<Deletion, "contact"> & { readonly contact: SavedContact })[];
}

function saveContact(contact: Contact): SavedContact {
  return versions(contact).map(({ previous, ...version }) => version);
}

function restoreContact(saved: SavedContact): Contact {
  let contact: Contact | undefined;
  for (const version of saved) contact = { ...version, previous: contact };
  if (!contact) throw new Error("The saved state has a contact without any version.");
  return contact;
}
