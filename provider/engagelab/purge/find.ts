/** Whom a purge is about: listed to the end, and each looked at again here. */
import type { Context } from "../../core/resource";
import { engagelab } from "../api/client";
import type { Condition } from "../api/condition";
import type { RemoteContact } from "../api/contact";
import { RefusedList } from "../api/contacts";
import { pages } from "../contact/listing";
import { matcher } from "./matching";

/** A contact the condition holds for: no more of it is kept than its delete needs. */
export type Match = Pick<RemoteContact, "id" | "listId" | "email" | "unsubscribedAt">;

export interface Found {
  matching: Match[];
  /** Contacts the platform listed although the condition doesn't hold for them, in the narrowest reading. */
  others: number;
}

/**
 * Every contact the condition holds for, by the platform's listing and by a look at each.
 *
 * @param onProgress told after each page how many contacts were listed
 * @throws JourneysError `invalid-input` for a condition that can't be checked; nothing has been sent
 */
export async function findMatching(
  condition: Condition,
  context: Context,
  onProgress?: (contacts: number) => void,
): Promise<Found> {
  const matches = matcher(condition);
  try {
    return await list(condition, matches, context, onProgress);
  } catch (error) {
    const partly = partlyKnown(condition);
    if (!(error instanceof RefusedList) || error.code !== "refused" || !partly) throw error;
    return list(partly, matches, context, onProgress);
  }
}

async function list(
  condition: Condition,
  matches: (contact: RemoteContact) => boolean,
  context: Context,
  onProgress?: (contacts: number) => void,
): Promise<Found> {
  const found: Found = { matching: [], others: 0 };
  const { signal } = context;
  for await (const contacts of pages(context.runtime.use(engagelab), { condition, onProgress, signal })) {
    for (const contact of contacts) {
      const { id, listId, email, unsubscribedAt } = contact;
      if (matches(contact)) found.matching.push({ id, listId, email, unsubscribedAt });
      else found.others += 1;
    }
  }
  return found;
}

/** A platform that can't compare whole addresses may find them as parts; what else it finds so is left out here. */
function partlyKnown({ relation, items }: Condition): Condition | undefined {
  if (!items.every(({ field, operator }) => field === "Email" && operator === "==")) return undefined;
  return { relation, items: items.map((item) => ({ ...item, operator: "contain" })) };
}
