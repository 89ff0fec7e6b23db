/** What may leave a set without being asked for by number. Pure. */
import { JourneysError } from "../../core/errors";
import { flag } from "./entry";
import { counted } from "./estimate";
import type { Packed } from "./packed";

/** From so many members on a share counts; below it, losing one is a third already. */
const SHARE_FROM = 10;
const MOST_SHARE = 0.3;
const MOST = 100;

export interface Leaving {
  /** Members there were. */
  members: number;
  /** Contacts that would be deleted. */
  deletions: number;
  allowed: number | undefined;
  resource: string;
}

/** Whether so many deletions need consent, whatever was consented to. */
export function needsConsent({ members, deletions }: Pick<Leaving, "members" | "deletions">): boolean {
  return deletions > MOST || (members >= SHARE_FROM && deletions > MOST_SHARE * members);
}

/** Why contacts may not be deleted; undefined if they may. */
export function deletionRefusal({ members, deletions, allowed = 0, resource }: Leaving): JourneysError | undefined {
  if (!needsConsent({ members, deletions }) || allowed >= deletions) return undefined;
  const share = Math.round((100 * deletions) / members);
  return new JourneysError({
    code: "consent-needed",
    resource,
    what: `${counted(deletions, "contact")} of ${counted(members, "member")} (${share} %) would be deleted${
      allowed > 0 ? `, and allowDeletions is ${allowed}` : ""
    }`,
    paths: [["allowDeletions"]],
    now: "nothing was sent",
    next: `check the list: is it complete? If all of them are meant, set allowDeletions: ${deletions}, and remove it afterwards`,
  });
}

/** An empty list is more likely a fault than a wish. */
export function emptyRefusal(
  members: number,
  allowed: number | undefined,
  resource: string,
): JourneysError | undefined {
  if (allowed !== undefined && allowed >= members) return undefined;
  return new JourneysError({
    code: "consent-needed",
    resource,
    what: `the list is empty${members > 0 ? `, where it had ${counted(members, "member")}` : ""}`,
    paths: [["allowDeletions"]],
    now: "nothing was sent",
    next: `check the list; if it is meant to be empty, set allowDeletions: ${members}, and remove it afterwards`,
  });
}

/** Whether a member's contact is released without a call: it existed before, or its person opted out. */
export function isReleased(prior: Packed, at: number, forceDestroy: boolean | undefined): boolean {
  return prior.has(at, flag.gone) || (!forceDestroy && prior.has(at, flag.adopted | flag.unsubscribed));
}
