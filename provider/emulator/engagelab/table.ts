import type { Contact } from "./contact";

/** Contacts in order of creation, found by id and address; nothing is copied or sorted when they are read. */
export class ContactTable {
  private rows: Contact[] = [];
  private readonly byId = new Map<string, Contact>();
  /** By lower-cased address; several where letter case tells contacts apart. */
  private readonly byAddress = new Map<string, readonly Contact[]>();

  get size(): number {
    return this.rows.length;
  }

  all(): readonly Contact[] {
    return this.rows;
  }

  get(id: string): Contact | undefined {
    return this.byId.get(id);
  }

  /** Contacts whose address is this one, letter case aside. */
  addressed(email: string): readonly Contact[] {
    return this.byAddress.get(email.toLowerCase()) ?? [];
  }

  /** Adds the newest contact, or puts a new version in the place of the one before. */
  put(contact: Contact): void {
    const address = contact.email.toLowerCase();
    const others = this.byAddress.get(address)?.filter(({ id }) => id !== contact.id) ?? [];
    this.byAddress.set(address, [...others, contact]);
    if (this.byId.has(contact.id)) this.rows[this.place(contact)] = contact;
    else this.rows.push(contact);
    this.byId.set(contact.id, contact);
  }

  /** Takes contacts out that are in; one costs a search and a shift, many cost one pass. */
  remove(contacts: readonly Contact[]): void {
    if (contacts.length === 1) this.rows.splice(this.place(contacts[0]!), 1);
    else {
      const gone = new Set(contacts.map(({ id }) => id));
      this.rows = this.rows.filter(({ id }) => !gone.has(id));
    }
    for (const { id, email } of contacts) {
      this.byId.delete(id);
      const address = email.toLowerCase();
      const others = this.byAddress.get(address)?.filter((contact) => contact.id !== id) ?? [];
      if (others.length > 0) this.byAddress.set(address, others);
      else this.byAddress.delete(address);
    }
  }

  clear(): void {
    this.rows = [];
    this.byId.clear();
    this.byAddress.clear();
  }

  /** Where a contact stands; serials only grow along the rows. */
  private place({ serial }: Contact): number {
    let low = 0;
    let high = this.rows.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.rows[middle]!.serial < serial) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
