/** Deletes contacts one by one, each after another look at it. */
import type { JourneysError } from "../../core/errors";
import type { Context } from "../../core/resource";
import type { Condition } from "../api/condition";
import { identityOf } from "../contact/address";
import { inTurn } from "../contact/in-turn";
import { deleteConfirmed } from "../contact/remove";
import type { Match } from "./find";
import { matcher } from "./matching";

export interface Purged {
  deleted: number;
  /** Gone already when they were looked at. */
  missing: number;
  /** Kept: they changed, or opted out, since they were listed. */
  kept: number;
  /** Why it stopped before the end, or whom it could not delete. */
  failures: JourneysError[];
}

export interface Purge {
  condition: Condition;
  /** Whom to delete, as listed. */
  contacts: readonly Match[];
  /** Whether people who opted out are deleted too, and their opt-outs with them. */
  forceUnsubscribed: boolean;
  /** Told after each contact that was dealt with. */
  onProgress?: (dealtWith: number) => void;
}

/** Deletes by id, until all are gone or something goes wrong that would go wrong for the next one as well. */
export async function purge(
  { condition, contacts, forceUnsubscribed, onProgress }: Purge,
  context: Context,
): Promise<Purged> {
  const holds = matcher(condition);
  const purged: Purged = { deleted: 0, missing: 0, kept: 0, failures: [] };
  const work = async ({ id, listId, email }: Match) => {
    const subject = {
      id,
      email,
      listId,
      isSame: () => true,
      whyReleased: (contact: Parameters<typeof holds>[0]) =>
        identityOf(contact.email) !== identityOf(email) || !holds(contact) ? "it changed" : undefined,
      isForced: forceUnsubscribed,
      // Whoever gave their number has consented.
      isCounted: false,
    };
    const ended = await deleteConfirmed(subject, `contact ${id}`, context);
    purged[typeof ended === "string" ? ended : "kept"] += 1;
    onProgress?.(purged.deleted + purged.missing + purged.kept);
  };
  purged.failures.push(...(await inTurn(contacts, work, context.signal)));
  return purged;
}
