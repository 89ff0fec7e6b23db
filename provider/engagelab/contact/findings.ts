/** What this process has seen of contacts by address, and how long that holds. */
import type { RemoteContact } from "../api/contact";
import { identityOf } from "./address";

interface Finding {
  contacts: readonly RemoteContact[];
  at: number;
  /** Its place in the order of findings and doubts: a clock doesn't tell those of one millisecond apart. */
  moment: number;
}

/** A listing that was read to its end and whose rows were counted: who isn't in it isn't there. */
interface Listing {
  at: number;
  moment: number;
  /** Whether a row of this address would have been kept. */
  covers: (identity: string) => boolean;
}

const nobody: readonly RemoteContact[] = [];

export class Findings {
  readonly #known = new Map<string, Finding>();
  /** Addresses whose contact may just have changed: only a new look tells. */
  readonly #doubtful = new Set<string>();
  /** Doubts about many people at once: an entry for each of a hundred thousand would cost more than all else. */
  #doubts: { moment: number; covers: (identity: string) => boolean }[] = [];
  #moment = 0;
  readonly #lists = new Set<number>();
  #listing: Listing | undefined;

  constructor(private readonly freshFor: () => number) {}

  /** Contacts of an address; undefined where nothing recent tells. */
  of(identity: string, now = Date.now()): readonly RemoteContact[] | undefined {
    if (this.#doubtful.has(identity)) return undefined;
    const known = this.#known.get(identity);
    if (known) return this.#holds(known, identity, now) ? known.contacts : undefined;
    const listing = this.#listing;
    return listing && this.#holds(listing, identity, now) && listing.covers(identity) ? nobody : undefined;
  }

  /** Whether it is recent, and nobody doubted it since. */
  #holds({ at, moment }: Finding | Listing, identity: string, now: number): boolean {
    if (at < now - this.freshFor()) return false;
    return !this.#doubts.some((doubt) => doubt.moment > moment && doubt.covers(identity));
  }

  /** These are all contacts of the address. */
  settle(identity: string, contacts: readonly RemoteContact[]): void {
    this.#doubtful.delete(identity);
    this.#known.set(identity, { contacts, at: Date.now(), moment: ++this.#moment });
    for (const contact of contacts) this.glimpse(contact);
  }

  /** A contact was seen that nobody asked for; its list tells which account this is. */
  glimpse({ listId }: RemoteContact): void {
    if (listId !== undefined) this.#lists.add(listId);
  }

  listed(covers: (identity: string) => boolean): void {
    this.#listing = { at: Date.now(), moment: ++this.#moment, covers };
    this.#doubtful.clear();
    this.#doubts = [];
  }

  doubt(identity: string): void {
    this.#doubtful.add(identity);
  }

  /** What was seen of these people so far tells nothing any more: they are about to be written. */
  doubtAll(covers: (identity: string) => boolean): void {
    this.#doubts.push({ moment: ++this.#moment, covers });
  }

  /** Whether a contact of this list was seen: then the account is the one a state speaks of. */
  sawList(listId: number | undefined): boolean {
    return listId !== undefined && this.#lists.has(listId);
  }

  /** The account's list, where all that was seen agree on it. */
  get listId(): number | undefined {
    return this.#lists.size === 1 ? [...this.#lists][0] : undefined;
  }
}

/** Rows by what makes an address one person. */
export function byIdentity(contacts: Iterable<RemoteContact>): Map<string, RemoteContact[]> {
  const found = new Map<string, RemoteContact[]>();
  for (const contact of contacts) {
    const identity = identityOf(contact.email);
    const others = found.get(identity);
    if (!others) found.set(identity, [contact]);
    else if (!others.some(({ id }) => id === contact.id)) others.push(contact);
  }
  return found;
}
