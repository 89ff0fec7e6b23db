/** Updating a contact: never one that is gone, since an upsert would create it anew and lose its opt-out. */
import type { Context, Outcome } from "../../core/resource";
import { engagelab } from "../api/client";
import type { RemoteContact } from "../api/contact";
import { getContact } from "../api/contacts";
import { identityOf } from "./address";
import type { ContactInputs } from "./inputs";
import { lookup } from "./lookup";
import { KIND, latest, notesOf, recall, union, within } from "./ownership";
import {
  contactName,
  engineGone,
  goneMeanwhile,
  otherAccount,
  otherAddress,
  recreatedByUpdate,
  replacedMeanwhile,
} from "./refusals";
import { actualOf, type ContactState, isAsKnown, type Owned, stateOf } from "./state";
import { namedTags } from "./tag-names";
import { type Target, targetOf } from "./target";
import { settleWrite, WriteOpen, type Written, write } from "./write";

export async function update(
  _id: string,
  prior: ContactState,
  desired: ContactInputs,
  context: Context,
): Promise<Outcome<ContactState>> {
  const { records, run } = context.runtime;
  const resource = contactName(context.name);
  run.claim(KIND, prior.contactId, context.urn);
  records.seen(KIND, prior.contactId, prior.stamp);
  const newer = await records.settled(() => records.newer(KIND, prior.contactId, prior.stamp), resource);
  const owned = recall(prior.owned, newer);
  // An option that sends nothing has to get into the state all the same.
  if (newer.length === 0 && targetOf(desired, owned, actualOf(prior)).differing.length === 0) {
    return keep(desired, prior, owned, context);
  }
  const existing = await confirm(prior, resource, context);
  if (context.signal?.aborted) throw engineGone(resource);
  const before = { ...existing, tags: await namedTags(existing, context) };
  const target = targetOf(desired, owned, before);
  return send(desired, prior, existing, before, target, owned, context);
}

/** Nothing is sent: the state takes over what is declared. */
function keep(desired: ContactInputs, prior: ContactState, owned: Owned, { runtime }: Context): Outcome<ContactState> {
  const actual = actualOf(prior);
  const stamp = runtime.records.stamp();
  const { contactId: id, adopted } = prior;
  const known = targetOf(desired, owned, actual).owned;
  runtime.use(latest).gave(id, stamp);
  return { id, state: stateOf({ desired, id, actual, owned: known, adopted, stamp, prior }) };
}

/**
 * The contact, if id and address still belong together.
 *
 * @throws JourneysError `gone` if somebody deleted it; nothing has been sent
 */
export async function confirm(prior: ContactState, resource: string, context: Context): Promise<RemoteContact> {
  const { runtime } = context;
  const { contactId: id, listId } = prior;
  const rows = await runtime.use(lookup).find(prior.email);
  // A list may lag behind: where it shows something else than expected, only the id tells.
  const row = rows.find((each) => each.id === id && isAsKnown(each, prior));
  const contact = row ?? (await getContact(runtime.use(engagelab), id));
  const other = rows.find((each) => each.id !== id);
  if (!contact) throw other ? replacedMeanwhile(resource, id, other.id) : goneMeanwhile(resource, id);
  if (identityOf(contact.email) !== identityOf(prior.email)) throw otherAddress(resource, id);
  if (listId !== undefined && contact.listId !== undefined && listId !== contact.listId) {
    throw otherAccount(resource, listId, contact.listId);
  }
  return contact;
}

async function send(
  desired: ContactInputs,
  prior: ContactState,
  existing: RemoteContact,
  before: Target["wanted"],
  target: Target,
  owned: Owned,
  context: Context,
): Promise<Outcome<ContactState>> {
  const { records } = context.runtime;
  const resource = contactName(context.name);
  const record = records.start({ kind: KIND, operation: "update", urn: context.urn, id: existing.id });
  // Only what is declared for the first time could be forgotten by a kill.
  const declaresMore = !within(target.owned, prior.owned);
  let written: Written = { id: existing.id, how: "updated", again: false, actual: before, remote: existing };
  if (target.differing.length > 0) {
    if (declaresMore) await record.begin("update", notesOf(union(owned, target.owned)));
    const method = desired.updateMethod ?? "upsert";
    try {
      const { id, email } = existing;
      written = await write({ desired, target, email, id, before, method, resource, context });
    } catch (error) {
      if (declaresMore) await record.end(error instanceof WriteOpen ? "unknown" : "refused");
      await record.finish();
      throw error;
    }
    if (declaresMore) await record.end("answered");
  }
  await record.finish();
  const { id } = written;
  settleWrite(prior.email, written, record.stamp, context);
  const isOther = id !== existing.id || written.how === "created";
  const failure = isOther ? recreatedByUpdate(resource, existing.id, id) : written.failure;
  const left = failure || written.unread ? union(owned, target.owned) : target.owned;
  const adopted = isOther ? written.how !== "created" : prior.adopted;
  return { id, state: stateOf({ desired, ...written, owned: left, adopted, stamp: record.stamp, prior }), failure };
}
