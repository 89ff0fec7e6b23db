/**
 * The run's look-ups of contacts by address, batched: ten addresses a search, or the whole list where that is cheaper.
 * The platform has no look-up by address, and its filters are documented by example only; so a search has to prove
 * itself by bringing back a contact the list has shown, and only then does a miss mean that there is none.
 */
import { setTimeout as delay } from "node:timers/promises";
import { JourneysError } from "../../core/errors";
import type { Runtime } from "../../core/runtime";
import { type EngagelabClient, engagelab } from "../api/client";
import { MOST_ITEMS, ofAddresses } from "../api/condition";
import type { RemoteContact } from "../api/contact";
import { listPage, PAGE, RefusedList } from "../api/contacts";
import { identityOf } from "./address";
import { byIdentity, Findings } from "./findings";
import { pages } from "./listing";
import { type Pace, pace } from "./pace";
import { type Registry, registry } from "./registry";

/** Up to so many contacts a listing keeps all rows; beyond, those of declared addresses. */
const KEEP_ALL = 20_000;
/** A search for whole addresses that goes on for longer doesn't filter. */
const MOST_SEARCH_PAGES = 20;

/** Who waits for addresses. */
interface Asker {
  answer: (identity: string, contacts: readonly RemoteContact[]) => void;
  fail: (error: unknown) => void;
}

interface Wanted {
  spelling: string;
  askers: Asker[];
}

/** What the first page of the list tells. */
interface Overview {
  total: number;
  /** A contact that exists: by it searches prove themselves. */
  sample?: RemoteContact;
}

/** How addresses are searched for: as documented, as attested, or not at all. */
type Operator = "==" | "contain" | undefined;

export class Lookup {
  readonly findings: Findings;
  readonly #wanted = new Map<string, Wanted>();
  /** Whoever asks for many waits for the first page: of a small account it tells everything. */
  readonly #afterFirstPage: { ask: () => void; fail: (error: unknown) => void }[] = [];
  #draining = false;
  #overview: Overview | undefined;
  #operator: Operator = "==";
  #proved = false;
  #searches = 0;
  #listingFailed = false;

  constructor(
    private readonly client: EngagelabClient,
    private readonly registry: Registry,
    private readonly pace: Pace,
  ) {
    this.findings = new Findings(() => pace.fresh);
  }

  /** How many contacts the account has, as far as this run has seen. */
  get accountSize(): number | undefined {
    const total = this.#overview?.total;
    return total === undefined || Number.isNaN(total) ? undefined : total;
  }

  /** All contacts of an address: none, one, or several where the platform tells spellings apart. */
  find(email: string): Promise<readonly RemoteContact[]> {
    return new Promise((resolve, reject) => {
      this.#ask(email, identityOf(email), { answer: (_identity, contacts) => resolve(contacts), fail: reject });
    });
  }

  /** Answers at once where something recent tells. */
  #ask(email: string, identity: string, asker: Asker, now?: number): void {
    const known = this.findings.of(identity, now);
    if (known) {
      this.registry.met(identity);
      asker.answer(identity, known);
      return;
    }
    const wanted = this.#wanted.get(identity);
    if (wanted) wanted.askers.push(asker);
    else this.#wanted.set(identity, { spelling: email.trim(), askers: [asker] });
    if (!this.#draining) void this.#drain();
  }

  /** The same, whatever was seen before: a write may have changed it. */
  findAgain(email: string): Promise<readonly RemoteContact[]> {
    this.findings.doubt(identityOf(email));
    return this.find(email);
  }

  /**
   * Contacts of many addresses, by lower-cased address; those without any are left out.
   *
   * @param identities the same lower-cased, where the caller has them
   */
  findAll(
    emails: readonly string[],
    identities: readonly string[] = emails.map(identityOf),
  ): Promise<Map<string, readonly RemoteContact[]>> {
    return new Promise((resolve, reject) => {
      const found = new Map<string, readonly RemoteContact[]>();
      let open = emails.length;
      if (open === 0) resolve(found);
      const answer = (identity: string, contacts: readonly RemoteContact[]) => {
        if (contacts.length > 0) found.set(identity, contacts);
        open -= 1;
        if (open === 0) resolve(found);
      };
      const asker = { answer, fail: reject };
      const ask = () => {
        const now = Date.now();
        for (let at = 0; at < emails.length; at++) this.#ask(emails[at]!, identities[at]!, asker, now);
      };
      if (this.#overview) return ask();
      this.#afterFirstPage.push({ ask, fail: reject });
      if (!this.#draining) void this.#drain();
    });
  }

  /** Never rejects: whoever asked hears of a failure, and the next one who asks tries again. */
  async #drain(): Promise<void> {
    this.#draining = true;
    try {
      if (this.#wanted.size > 0) await delay(this.pace.gather);
      for (;;) {
        this.#answer();
        if (this.#wanted.size + this.#afterFirstPage.length === 0) return;
        await this.#look();
      }
    } catch (error) {
      const failed = [...this.#wanted.values()];
      this.#wanted.clear();
      for (const { askers } of failed) for (const { fail } of askers) fail(error);
      for (const { fail } of this.#afterFirstPage.splice(0)) fail(error);
    } finally {
      this.#draining = false;
    }
  }

  #answer(): void {
    for (const [identity, { askers }] of this.#wanted) {
      const known = this.findings.of(identity);
      if (!known) continue;
      this.#wanted.delete(identity);
      this.registry.met(identity);
      for (const { answer } of askers) answer(identity, known);
    }
  }

  async #look(): Promise<void> {
    if (!this.#overview?.sample) await this.#firstPage();
    else if (this.#operator === undefined || this.#isListingCheaper(this.#overview)) await this.#list(this.#overview);
    else await this.#search(this.#overview.sample, this.#operator);
  }

  /** Tells how many contacts there are, and of a small account everything. */
  async #firstPage(): Promise<void> {
    const { contacts, rows, total = Number.NaN } = await listPage(this.client, { limit: PAGE, offset: 0 });
    for (const contact of contacts) this.findings.glimpse(contact);
    const found = byIdentity(contacts);
    const unique = new Set(contacts.map(({ id }) => id)).size;
    this.#overview = { total, sample: contacts[0] };
    if (rows < PAGE && unique === (Number.isNaN(total) ? rows : total)) {
      for (const [identity, same] of found) this.findings.settle(identity, same);
      this.findings.listed(() => true);
    } else if (rows === 0) {
      throw contradiction(`the list says that there are ${total} contacts and shows none`);
    }
    for (const { ask } of this.#afterFirstPage.splice(0)) ask();
  }

  /** Cheaper for what is asked for now, or no dearer than all searches so far: then it would have been right before. */
  #isListingCheaper({ total }: Overview): boolean {
    if (this.#listingFailed || Number.isNaN(total)) return false;
    const listing = Math.ceil(total / PAGE);
    const unmet = new Set([...this.#wanted.keys(), ...this.registry.expected.keys()]);
    const searches = Math.ceil(unmet.size / MOST_ITEMS);
    return listing < searches || (unmet.size > MOST_ITEMS && this.#searches >= listing);
  }

  async #list({ total }: Overview): Promise<void> {
    if (this.#listingFailed) throw contradiction("neither its searches nor its list can be relied on");
    const asked = new Set(this.#wanted.keys());
    const isKept = (identity: string) => total <= KEEP_ALL || asked.has(identity) || this.registry.isDeclared(identity);
    const kept: RemoteContact[] = [];
    const listing = pages(this.client, {});
    for (let step = await listing.next(); ; step = await listing.next()) {
      if (step.done) {
        this.#listingFailed = step.value.total !== undefined && step.value.unique < step.value.total;
        break;
      }
      for (const contact of step.value) {
        this.findings.glimpse(contact);
        if (isKept(identityOf(contact.email))) kept.push(contact);
      }
    }
    this.#searches = 0;
    const found = byIdentity(kept);
    for (const [identity, contacts] of found) this.findings.settle(identity, contacts);
    // Who wasn't in an incomplete list has to be searched for.
    if (!this.#listingFailed) this.findings.listed((identity) => total <= KEEP_ALL || asked.has(identity));
  }

  async #search(sample: RemoteContact, operator: "==" | "contain"): Promise<void> {
    const room = this.#proved ? MOST_ITEMS : MOST_ITEMS - 1;
    const chosen = this.#choose(room);
    const texts = [...chosen.values()].flat();
    const rows = await this.#rowsOf(this.#proved ? texts : [...texts, sample.email], operator);
    this.#searches += 1;
    if (!rows || !(this.#proved || rows.some(({ id }) => id === sample.id))) {
      this.#operator = operator === "==" ? "contain" : undefined;
      this.#proved = false;
      return;
    }
    this.#proved = true;
    const found = byIdentity(rows);
    for (const identity of chosen.keys()) this.findings.settle(identity, found.get(identity) ?? []);
    for (const contact of rows) this.findings.glimpse(contact);
  }

  /** Whom to search for: those asked for first, then those expected. Two texts where letter case might matter. */
  #choose(room: number): Map<string, string[]> {
    const chosen = new Map<string, string[]>();
    let free = room;
    const candidates = function* (this: Lookup): Generator<[string, string]> {
      for (const [identity, { spelling }] of this.#wanted) yield [identity, spelling];
      for (const [identity, spelling] of this.registry.expected) {
        if (!this.#wanted.has(identity) && !this.findings.of(identity)) yield [identity, spelling];
      }
    };
    for (const [identity, spelling] of candidates.call(this)) {
      const texts = spelling === identity ? [spelling] : [spelling, identity];
      if (texts.length > free) break;
      chosen.set(identity, texts);
      free -= texts.length;
    }
    return chosen;
  }

  /** Rows of a search; undefined where the platform refuses it, or it doesn't end. */
  async #rowsOf(texts: readonly string[], operator: "==" | "contain"): Promise<RemoteContact[] | undefined> {
    const rows: RemoteContact[] = [];
    try {
      for (let page = 0; page < MOST_SEARCH_PAGES; page++) {
        const request = { condition: ofAddresses(texts, operator), limit: PAGE, offset: page * PAGE };
        const { contacts, rows: count } = await listPage(this.client, request);
        rows.push(...contacts);
        if (count < PAGE) return rows;
      }
    } catch (error) {
      if (!(error instanceof RefusedList) || error.code !== "refused") throw error;
    }
    return undefined;
  }
}

function contradiction(what: string): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: `EngageLab contradicts itself: ${what}`,
    now: "whether the contact exists is not known, and nothing was decided",
    next: "run again; if it stays so, ask EngageLab",
  });
}

/** The process's one look-up. */
export function lookup(runtime: Runtime): Lookup {
  return new Lookup(runtime.use(engagelab), runtime.use(registry), runtime.use(pace));
}
