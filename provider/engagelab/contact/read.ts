/** What there is of a contact now. That it is gone takes more than one miss: a wrong account looks the same. */
import type { Context, Outcome } from "../../core/resource";
import type { JsonObject } from "../../core/values";
import { engagelab } from "../api/client";
import type { RemoteContact } from "../api/contact";
import { getContact } from "../api/contacts";
import { identityOf } from "./address";
import { fieldOf, sameField, TagSet } from "./compare";
import type { ContactInputs } from "./inputs";
import { lookup } from "./lookup";
import { KIND, stillOwned } from "./ownership";
import { contactName, otherAccount, otherAddress } from "./refusals";
import { type Actual, type ContactState, isAsKnown, stateOf } from "./state";
import { namedTags } from "./tag-names";
import { unseen } from "./unseen";

export async function read(
  _id: string,
  prior: ContactState,
  context: Context,
): Promise<Outcome<ContactState> | undefined> {
  const { run, records } = context.runtime;
  const resource = contactName(context.name);
  run.claim(KIND, prior.contactId, context.urn);
  records.seen(KIND, prior.contactId, prior.stamp);
  const contact = await present(prior, resource, context);
  if (!contact) return absent(prior, resource, context);
  if (prior.listId !== undefined && contact.listId !== undefined && prior.listId !== contact.listId) {
    throw otherAccount(resource, prior.listId, contact.listId);
  }
  run.claim(KIND, contact.id, context.urn);
  const actual: Actual = { ...contact, tags: await namedTags(contact, context) };
  const applied = JSON.parse(prior.appliedInputs) as ContactInputs;
  const { adopted, stamp } = prior;
  const owned = stillOwned(prior.owned, applied, actual);
  const state = stateOf({ desired: applied, id: contact.id, actual, remote: contact, owned, adopted, stamp, prior });
  return { id: contact.id, state, inputs: seenInputs(applied, actual) };
}

/** The contact under its id, or the one that has its address now. */
async function present(
  prior: ContactState,
  resource: string,
  { runtime, log }: Context,
): Promise<RemoteContact | undefined> {
  const rows = await runtime.use(lookup).find(prior.email);
  const same = rows.find(({ id }) => id === prior.contactId);
  if (same && isAsKnown(same, prior)) return same;
  // A list may lag behind: where it shows something else than expected, the id tells. A miss tells less than a row.
  const byId = (await getContact(runtime.use(engagelab), prior.contactId)) ?? same;
  if (byId && identityOf(byId.email) !== identityOf(prior.email)) throw otherAddress(resource, byId.id);
  if (byId) return byId;
  const other = rows.find(({ id }) => id !== prior.contactId);
  if (other) {
    log(
      "warning",
      `it was deleted and created again outside of this program (${prior.contactId}, now ${other.id}): the new contact is taken over; if the person had opted out, it knows nothing of that`,
    );
  }
  return other;
}

/** Gone only if this very account was seen; else the state stays, with one warning for all. */
function absent(prior: ContactState, resource: string, context: Context): Outcome<ContactState> | undefined {
  const { runtime, log } = context;
  if (runtime.use(lookup).findings.sawList(prior.listId)) {
    log(
      "warning",
      `it (${prior.contactId}) is gone; if the program still declares it, it is created anew, and an opt-out is lost with the old one`,
    );
    return undefined;
  }
  runtime.use(unseen).tell(`${resource} (${prior.contactId}) was not found`, prior.listId, context);
  return { id: prior.contactId, state: prior };
}

/** The inputs as recorded, with what is seen to differ: a refresh then shows exactly that. */
function seenInputs(applied: ContactInputs, actual: Actual): JsonObject {
  const seen: ContactInputs = { ...applied };
  for (const key of ["phone", "name"] as const) if (applied[key] !== undefined) seen[key] = actual[key];
  if (applied.fields) {
    const fields = Object.entries(applied.fields).map(([key, value]) => {
      const is = fieldOf(actual.fields, key);
      return [key, sameField(value, is) ? value : typeof is === "object" ? JSON.stringify(is) : (is ?? "")] as const;
    });
    seen.fields = Object.fromEntries(fields);
  }
  if (applied.tags && actual.tags) seen.tags = seenTags(applied.tags, actual.tags, applied.tagOwnership);
  return seen as unknown as JsonObject;
}

function seenTags(
  applied: readonly string[],
  actual: readonly string[],
  ownership: ContactInputs["tagOwnership"],
): string[] {
  const [has, declared] = [new TagSet(actual), new TagSet(applied)];
  const others = ownership === "exclusive" ? actual.filter((tag) => !declared.has(tag)) : [];
  return [...applied.filter((tag) => has.has(tag)), ...others];
}
