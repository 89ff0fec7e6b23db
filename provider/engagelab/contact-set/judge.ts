/** What has to be done about each member, now that the platform was looked at. Pure but for the names of tags. */
import type { Context } from "../../core/resource";
import { formatPath } from "../../core/values";
import type { RemoteContact } from "../api/contact";
import { maskAddresses } from "../api/personal";
import { otherSpellings } from "../contact/compare";
import type { Declared } from "../contact/inputs";
import { KIND as CONTACT } from "../contact/ownership";
import { nothingOwned, type Owned } from "../contact/state";
import { namedTags } from "../contact/tag-names";
import { type Desired, type Target, targetOf } from "../contact/target";
import { decode } from "./content";
import { flag } from "./entry";
import type { Task } from "./task";

export type Verdict =
  | { kind: "create"; row: number; isOurs: boolean }
  | { kind: "update"; row: number; contact: RemoteContact; flags: number }
  | { kind: "done"; row: number; contact: RemoteContact; flags: number }
  /** Somebody deleted it: an upsert would create it anew. */
  | { kind: "gone"; row: number }
  | { kind: "conflict"; row: number; reason: string };

/** What a member is declared to be. */
export function desiredOf({ reading, desired }: Task, row: number): Desired & Declared {
  return { ...decode(reading.contentOf(row)), tagOwnership: desired.tagOwnership ?? "declared" };
}

/** What of a member is the set's to take away. */
export function ownedOf({ comparison, prior }: Task, row: number): Owned {
  const at = comparison.positions[row]!;
  if (at < 0) return nothingOwned;
  return {
    phone: prior.has(at, flag.phone),
    name: prior.has(at, flag.name),
    fields: [...prior.namesOf(at).fields],
    tags: [...prior.namesOf(at).tags],
  };
}

/** Of a member whose address no contact has. */
export function judgeMissing(task: Task, row: number): Verdict {
  const known = knownAs(task, row, undefined);
  return known === "ours" ? { kind: "gone", row } : { kind: "create", row, isOurs: known === "perhaps ours" };
}

/** Of a member whose address some contact has. */
export async function judge(task: Task, row: number, found: readonly RemoteContact[]): Promise<Verdict> {
  const contact = found.find(({ id }) => id === idOf(task, row)) ?? found[0];
  if (!contact) return judgeMissing(task, row);
  // The one whose id the state has is no guess, whoever else uses another spelling.
  if (found.length > 1 && contact.id !== idOf(task, row)) {
    const ids = found.map(({ id }) => id).join(", ");
    return { kind: "conflict", row, reason: `several contacts have this address, in different spellings: ${ids}` };
  }
  const known = knownAs(task, row, contact);
  const before = contact.tags ? contact : { ...contact, tags: await namedTags(contact, task.context) };
  const desired = desiredOf(task, row);
  const { differing } = targetOf(desired, ownedOf(task, row), before);
  for (const tag of otherSpellings(desired.tags ?? [], before.tags ?? [])) task.spellings.add(tag);
  const isOurs = known === "ours" || known === "perhaps ours";
  const flags = flagsOf(task, row, contact, isOurs);
  if (differing.length === 0) return { kind: "done", row, contact, flags };
  if (isOurs || task.desired.adoptExisting) return { kind: "update", row, contact: before as RemoteContact, flags };
  return { kind: "conflict", row, reason: conflictOf(task.context, contact, differing) };
}

/**
 * What the state, or a record, knows of a member: its contact is the one found; a run that was cut off may have
 * created it; or nothing, so that a contact found under its address is somebody else's.
 */
function knownAs(
  { comparison, prior, since }: Task,
  row: number,
  contact: RemoteContact | undefined,
): "ours" | "perhaps ours" | "nothing" {
  const at = comparison.positions[row]!;
  if (at < 0) return "nothing";
  const id = prior.id(at);
  if (id === "") return contact && isOlder(contact, since) ? "nothing" : "perhaps ours";
  if (prior.has(at, flag.gone)) return contact?.id === id ? "ours" : "nothing";
  return !contact || contact.id === id ? "ours" : "nothing";
}

/** The id the state knows; undefined or empty where it knows none. */
export function idOf({ comparison, prior }: Task, row: number): string | undefined {
  const at = comparison.positions[row]!;
  return at < 0 ? undefined : prior.id(at);
}

function isOlder({ createdAt }: RemoteContact, since: number | undefined): boolean {
  return since !== undefined && createdAt !== undefined && Date.parse(createdAt) < since;
}

function flagsOf({ comparison, prior }: Task, row: number, contact: RemoteContact, isOurs: boolean): number {
  const at = comparison.positions[row]!;
  const adopted = isOurs ? at >= 0 && prior.has(at, flag.adopted) : true;
  return (adopted ? flag.adopted : 0) | (contact.unsubscribedAt ? flag.unsubscribed : 0);
}

function conflictOf({ runtime, urn }: Context, { id }: RemoteContact, differing: Target["differing"]): string {
  const where = differing.map(formatPath).join(", ");
  const holder = runtime.run.heldByOther(CONTACT, id, urn);
  if (holder) return `the contact ${id} belongs to ${maskAddresses(holder)}, and differs in ${where}`;
  return `a contact with this address exists (${id}) and differs in ${where}`;
}
