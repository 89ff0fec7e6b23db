/** Deleting a contact: the one meant, by id, and nobody who was there before or opted out. */
import { JourneysError } from "../../core/errors";
import type { Context } from "../../core/resource";
import { type EngagelabClient, engagelab } from "../api/client";
import type { RemoteContact } from "../api/contact";
import { deleteContact, getContact, listPage, PAGE } from "../api/contacts";
import { pathId } from "../api/ids";
import { maskAddresses } from "../api/personal";
import { declarers } from "../declared/declarer";
import { identityOf } from "./address";
import { deletions } from "./deletions";
import type { ContactInputs } from "./inputs";
import { lookup } from "./lookup";
import { KIND, latest } from "./ownership";
import { contactName, engineGone, otherAccount, otherAddress } from "./refusals";
import type { ContactState } from "./state";

export async function remove(_id: string, prior: ContactState, context: Context): Promise<void> {
  const { records } = context.runtime;
  const { contactId: id } = prior;
  const resource = contactName(context.name);
  const released = whyReleased(prior, context);
  if (released) return context.log("info", `${id} is released without a call: ${released}`);
  records.seen(KIND, id, prior.stamp);
  const gone = await deleteGuarded(prior, resource, context);
  if (!gone) return;
  records.forget(KIND, id);
  context.runtime.use(lookup).findings.doubt(identityOf(prior.email));
}

/** Reasons the state and this process know, without any call. */
function whyReleased(prior: ContactState, { runtime, urn }: Context): string | undefined {
  const { contactId: id, adopted, stamp } = prior;
  const holder = runtime.run.heldByOther(KIND, id, urn);
  if (holder) return `${maskAddresses(holder)} declares it`;
  if (runtime.use(latest).isOutdated(id, stamp)) return "its replacement is the same contact";
  if (!adopted || forced(prior)) return undefined;
  return "it existed before it was declared (forceDestroy deletes it all the same)";
}

const optedOut =
  "the person opted out, and the opt-out might be lost with the contact (forceDestroy deletes it all the same)";

function forced({ appliedInputs }: ContactState): boolean {
  return (JSON.parse(appliedInputs) as ContactInputs).forceDestroy === true;
}

/** @returns whether the contact is gone; false if it was released after all */
async function deleteGuarded(prior: ContactState, resource: string, context: Context): Promise<boolean> {
  const { contactId: id, listId } = prior;
  const isSame = (contact: RemoteContact) => identityOf(contact.email) === identityOf(prior.email);
  const subject: Subject = { id, email: prior.email, listId, isSame, isForced: forced(prior), isCounted: true };
  const ended = await deleteConfirmed(subject, resource, context);
  if (ended === "missing" && !context.runtime.use(lookup).findings.sawList(listId)) {
    context.log(
      "warning",
      `${id} was not found, nor any other contact of its list, so nothing was deleted: a wrong account or region looks the same. If it is in another one, delete it there`,
    );
  }
  if (typeof ended === "string") return true;
  context.log("warning", `${id} is released without a delete: ${ended.released}`);
  return false;
}

/** A contact that is to be deleted. */
export interface Subject {
  id: string;
  /** Where it is known: a second way to find out whether the contact is there. */
  email?: string;
  listId?: number;
  /** Whether what the id leads to is who is meant. */
  isSame: (contact: RemoteContact) => boolean;
  /** Whether an opt-out may be lost with it. */
  isForced: boolean;
  /** Another reason to keep it, known once it was looked at. */
  whyReleased?: (contact: RemoteContact) => string | undefined;
  /** Whether it counts against journeys:engagelabMaxDeletions. */
  isCounted: boolean;
}

/** How a delete ended; a contact that was kept after all has a reason. */
export type Ended = "deleted" | "missing" | { released: string };

/** Deletes after a look: the contact meant, in the account meant, nobody who is declared elsewhere, nobody who opted out. */
export async function deleteConfirmed(subject: Subject, resource: string, context: Context): Promise<Ended> {
  const { runtime, signal } = context;
  const { id } = subject;
  pathId(id);
  const counter = runtime.use(deletions);
  if (subject.isCounted) counter.take(resource);
  let deleted = false;
  try {
    const contact = await confirmed(subject, resource, context);
    if (!contact) return "missing";
    checkSame(subject, contact, resource);
    const declarer = await runtime.use(declarers).other(contact.email, context.urn);
    const released = declarer ? `${maskAddresses(declarer)} declares it` : whyKept(subject, contact);
    if (released) return { released };
    if (signal?.aborted) throw engineGone(resource);
    await deleteOnce(id, resource, context);
    deleted = true;
    return "deleted";
  } finally {
    if (subject.isCounted) counter.end(deleted);
  }
}

function whyKept({ whyReleased, isForced }: Subject, contact: RemoteContact): string | undefined {
  return whyReleased?.(contact) ?? (contact.unsubscribedAt && !isForced ? optedOut : undefined);
}

/** A miss by id alone proves nothing: where the address is known, the list has to miss it too, and be the right one. */
async function confirmed({ id, email, listId }: Subject, resource: string, { runtime }: Context) {
  const client = runtime.use(engagelab);
  const contact = await getContact(client, id);
  if (contact) return contact;
  if (email !== undefined) {
    const look = runtime.use(lookup);
    const rows = await look.findAgain(email);
    const { listId: seen } = look.findings;
    if (listId !== undefined && seen !== undefined && seen !== listId) throw otherAccount(resource, listId, seen);
    return rows.find((row) => row.id === id);
  }
  if (!(await findsById(client))) throw readsNobody(resource);
  return getContact(client, id);
}

/** Whether somebody the list shows is found by id as well: some, since the first may be on the way out. */
async function findsById(client: EngagelabClient): Promise<boolean> {
  const { contacts } = await listPage(client, { limit: PAGE, offset: 0 });
  for (const { id } of contacts.slice(0, 5)) if (await getContact(client, id)) return true;
  return false;
}

function readsNobody(resource: string): JourneysError {
  return new JourneysError({
    code: "not-found",
    resource,
    what: "read contact: the platform finds nobody by id, not even those its list shows",
    now: "whether the contact exists is not known; it stays in the state",
    next: "run again; if it stays so, check the address of the API (journeys:engagelabUrl), or ask EngageLab",
  });
}

function checkSame({ isSame, listId }: Subject, contact: RemoteContact, resource: string): void {
  if (!isSame(contact)) throw otherAddress(resource, contact.id);
  if (listId !== undefined && contact.listId !== undefined && contact.listId !== listId) {
    throw otherAccount(resource, listId, contact.listId);
  }
}

/** An unknown outcome, or a miss of what was there a moment ago, is looked at, then tried once more. */
async function deleteOnce(id: string, resource: string, { runtime, signal }: Context): Promise<void> {
  const client = runtime.use(engagelab);
  let open: JourneysError | undefined;
  for (let attempt = 0; attempt < 2; attempt++) {
    const answer = await deleteContact(client, id, signal);
    if (answer.kind === "deleted") return;
    if (answer.kind === "refused" || answer.kind === "notSent") throw answer.error.of(resource);
    open = answer.kind === "unknown" ? answer.error : undefined;
    if (!(await getContact(client, id))) return;
  }
  throw new JourneysError({
    code: open ? open.code : "unexpected-answer",
    resource,
    what: open ? open.parts.what : "delete contact: the platform says that there is none under this id, and shows it",
    now: "the contact is still there; it stays in the state",
    next: "run again when the platform answers",
  });
}
