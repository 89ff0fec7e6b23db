/** What there is of a set's members now. That somebody is gone takes more than one miss: a wrong account looks the same. */
import type { Context, Outcome } from "../../core/resource";
import { engagelab } from "../api/client";
import { MOST_ITEMS } from "../api/condition";
import type { RemoteContact } from "../api/contact";
import { getContact, listPage, PAGE } from "../api/contacts";
import { identityOf } from "../contact/address";
import { lookup } from "../contact/lookup";
import { KIND as CONTACT } from "../contact/ownership";
import { otherAccount } from "../contact/refusals";
import { namedTags } from "../contact/tag-names";
import { unseen } from "../contact/unseen";
import { comparedOf } from "./content";
import { Digester } from "./digests";
import { type Entry, flag } from "./entry";
import { counted } from "./estimate";
import type { SetInputs } from "./inputs";
import { Packed } from "./packed";
import { readings } from "./source";
import { appliedOf, KIND, type SetState, setName, toState } from "./state";
import { eachListed } from "./whole-list";

export async function read(id: string, state: SetState, context: Context): Promise<Outcome<SetState>> {
  const { run, records } = context.runtime;
  const prior = Packed.decode(state.memberDigests);
  const applied = appliedOf(state);
  records.seen(KIND, id, state.stamp);
  run.claimMany(CONTACT, (contact) => prior.holds(contact), context.urn);
  if (prior.count === 0) return { id, state };
  const sighting = new Sighting(prior, state, applied, context);
  const { listId, accountSize } = await sighting.look();
  if (!sighting.isSure) return { id, state };
  const members = sighting.members();
  run.claimMany(CONTACT, (contact) => members.holds(contact), context.urn);
  sighting.report();
  const { key, stamp } = state;
  return { id, state: toState({ id, key, members, applied, listId: state.listId ?? listId, accountSize, stamp }) };
}

/** What was seen of each member. */
class Sighting {
  readonly #entries: (Entry | undefined)[];
  readonly #digester: Digester;
  readonly #resource: string;
  #changed = 0;
  #missing = 0;
  #recreated = 0;
  /** Whether any member was seen under the id the state knows. */
  #isMet = false;
  isSure = true;

  constructor(
    private readonly prior: Packed,
    private readonly state: SetState,
    private readonly applied: SetInputs,
    private readonly context: Context,
  ) {
    this.#entries = new Array(prior.count);
    this.#digester = new Digester(state.key, applied.tagOwnership === "exclusive");
    this.#resource = setName(context);
  }

  /** Looks at every member, by listing or by searches, whichever takes fewer calls. */
  async look(): Promise<{ listId?: number; accountSize?: number }> {
    const { runtime } = this.context;
    const { findings } = runtime.use(lookup);
    const { contacts, total } = await listPage(runtime.use(engagelab), { limit: PAGE, offset: 0 });
    for (const contact of contacts) findings.glimpse(contact);
    const addresses = await this.#addresses();
    const listing = Math.ceil((total ?? Number.POSITIVE_INFINITY) / PAGE);
    const singly = Math.ceil(addresses.length / MOST_ITEMS) + (this.prior.count - addresses.length);
    if (listing <= singly) await eachListed((contact) => this.see(contact), this.#resource, this.context);
    else
      for (const same of (await runtime.use(lookup).findAll(addresses)).values())
        for (const each of same) await this.see(each);
    const { listId } = this.state;
    if (listId !== undefined && findings.listId !== undefined && findings.listId !== listId) {
      throw otherAccount(this.#resource, listId, findings.listId);
    }
    const isOtherAccount = listId !== undefined && !findings.sawList(listId);
    if (!isOtherAccount) await this.#confirmMissing();
    // While the state knows no list, only members themselves tell that this is their account.
    if (isOtherAccount || (listId === undefined && !this.#isMet)) this.#unsure();
    return { listId: findings.listId, accountSize: total };
  }

  /** Addresses of members: the state has none, but the file may still be there. */
  async #addresses(): Promise<string[]> {
    const { sourceDigest: _, ...inputs } = this.applied;
    const reading = await this.context.runtime.use(readings).read(inputs as SetInputs);
    if (reading.problems.length > 0) return [];
    return reading.identities.filter((identity) => {
      this.#digester.address(identity);
      return this.prior.find(this.#digester) !== undefined;
    });
  }

  async see(contact: RemoteContact): Promise<void> {
    const { prior, context } = this;
    const { runtime } = context;
    runtime.use(lookup).findings.glimpse(contact);
    const identity = identityOf(contact.email);
    this.#digester.address(identity);
    const at = prior.find(this.#digester);
    if (at === undefined) return;
    const isOther = prior.id(at) !== contact.id && prior.id(at) !== "";
    // Several spellings of one address: the one the state knows counts, whichever is seen first.
    if (isOther && this.#entries[at]) return;
    if (this.#entries[at] && this.#entries[at].id !== contact.id) this.#recreated -= 1;
    const before = prior.entry(at);
    const named = contact.tags ? contact : { ...contact, tags: await namedTags(contact, context) };
    const text = named.tags || !(before.flags & flag.tags) ? this.#text(named, before) : undefined;
    if (text !== undefined) this.#digester.content(identity, text);
    const { high, low } = text === undefined ? before.content : this.#digester;
    const kept = before.flags & ~(flag.gone | flag.unsubscribed);
    const flags = kept | (contact.unsubscribedAt ? flag.unsubscribed : 0) | (isOther ? flag.adopted : 0);
    if (prior.id(at) === contact.id) this.#isMet = true;
    if (isOther) this.#recreated += 1;
    else if (high !== before.content.high || low !== before.content.low) this.#changed += 1;
    this.#entries[at] = { ...before, id: contact.id, content: { high, low }, flags };
  }

  #text(contact: RemoteContact, { flags, names: { fields, tags } }: Entry): string {
    const has = (one: number) => (flags & one) !== 0;
    const attributes = {
      phone: has(flag.phone),
      name: has(flag.name),
      fields,
      tags: has(flag.tags) ? tags : undefined,
    };
    return comparedOf(contact, attributes, this.applied.tagOwnership === "exclusive");
  }

  /** Whoever wasn't seen is asked for by id: one miss of a list or a search proves nothing. */
  async #confirmMissing(): Promise<void> {
    const client = this.context.runtime.use(engagelab);
    for (let at = 0; at < this.prior.count; at++) {
      if (this.#entries[at]) continue;
      const entry = this.prior.entry(at);
      const contact = entry.id === "" ? undefined : await getContact(client, entry.id);
      if (contact) await this.see(contact);
      if (this.#entries[at]) continue;
      if (!(entry.flags & flag.gone)) this.#missing += 1;
      this.#entries[at] = { ...entry, flags: entry.flags | flag.gone };
    }
  }

  #unsure(): void {
    this.isSure = false;
    this.context.runtime.use(unseen).tell(`no contact of ${this.#resource} was found`, this.state.listId, this.context);
  }

  members(): Packed {
    return Packed.of(Array.from(this.#entries, (entry, at) => entry ?? this.prior.entry(at)));
  }

  report(): void {
    const say = (count: number, what: string) => {
      if (count > 0) this.context.log("warning", `${counted(count, "member")} ${what}`);
    };
    say(this.#changed, "changed outside of this program");
    say(
      this.#recreated,
      "deleted and created again outside: if the person had opted out, the new contact knows nothing of it",
    );
    say(this.#missing, "deleted outside: the next run creates them again, without any opt-out they had");
  }
}
