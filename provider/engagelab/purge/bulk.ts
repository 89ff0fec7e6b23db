/** The one use of the delete by condition: a few whole addresses, listed first, counted after. */
import { setTimeout as delay } from "node:timers/promises";
import { invalidInput, JourneysError } from "../../core/errors";
import type { Context } from "../../core/resource";
import { deleteByAddresses } from "../api/bulk-delete";
import { engagelab } from "../api/client";
import { type Condition, MOST_ITEMS } from "../api/condition";
import { addressFault, identityOf } from "../contact/address";
import { pace } from "../contact/pace";
import { engineGone } from "../contact/refusals";
import { type Found, findMatching } from "./find";

/**
 * The addresses of a condition that asks for nothing but whole addresses.
 *
 * @throws JourneysError `invalid-input` for any other condition; nothing has been sent
 */
export function wholeAddresses({ relation, items }: Condition): string[] {
  const addresses = items.map(({ value }) => value);
  const isWhole = items.every(
    ({ field, operator, value }) => field === "Email" && operator === "==" && addressFault(value) === undefined,
  );
  const isEach = relation === "or" || items.length === 1;
  const isOnce = new Set(addresses.map(identityOf)).size === addresses.length;
  if (items.length >= 1 && items.length <= MOST_ITEMS && isWhole && isEach && isOnce) return addresses;
  const reason =
    `with --bulk-endpoint must be 1 to ${MOST_ITEMS} comparisons Email == and a whole address, each address once, ` +
    "with --relation or where there are several";
  throw invalidInput("contacts purge", [{ path: ["where"], reason }]);
}

/**
 * Deletes those listed in one call, and looks whether they are gone and nobody else.
 *
 * @throws JourneysError where the listing shows anybody but the addresses' owners; nothing has been deleted then. Where
 * the count or another listing afterwards isn't as it must be, it says what is known.
 */
export async function purgeInBulk(
  condition: Condition,
  { matching, others }: Found,
  forceUnsubscribed: boolean,
  context: Context,
): Promise<number> {
  const addresses = wholeAddresses(condition);
  if (others > 0 || matching.length > addresses.length) throw moreThanAsked(matching.length + others, addresses.length);
  if (!forceUnsubscribed && matching.some(({ unsubscribedAt }) => unsubscribedAt)) throw optedOut();
  if (matching.length === 0) return 0;
  if (context.signal?.aborted) throw engineGone();
  const answer = await deleteByAddresses(context.runtime.use(engagelab), addresses);
  if (answer.kind === "refused" || answer.kind === "notSent") throw answer.error;
  const left = await leftAfter(condition, context).catch((error: unknown) => {
    throw error instanceof JourneysError ? notCounted(error, answer.kind === "done") : error;
  });
  const count = answer.kind === "done" ? answer.count : undefined;
  if (count !== undefined && count > matching.length) throw tooManyGone(count, matching.length);
  if (left > 0) throw someLeft(left, matching.length, answer.kind === "done");
  return matching.length;
}

/** How many are still listed; a list may lag behind, so it is asked again for a while. */
async function leftAfter(condition: Condition, context: Context): Promise<number> {
  for (const wait of context.runtime.use(pace).lag) {
    const { matching } = await findMatching(condition, context);
    if (matching.length === 0) return 0;
    await delay(wait);
  }
  return (await findMatching(condition, context)).matching.length;
}

function moreThanAsked(listed: number, asked: number): JourneysError {
  return new JourneysError({
    code: "guard-tripped",
    what: `the platform lists ${listed} contacts for ${asked} addresses, and not only those: its comparison isn't what this needs`,
    now: "nothing was deleted",
    next: "run again without --bulk-endpoint: then each contact is looked at before it is deleted",
  });
}

function optedOut(): JourneysError {
  return new JourneysError({
    code: "consent-needed",
    what: "some of these people opted out, and their opt-outs would be lost with the contacts",
    now: "nothing was deleted",
    next: "leave them out of --where; or run without --bulk-endpoint, which passes them over; or add --force-unsubscribed",
  });
}

function tooManyGone(count: number, listed: number): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: `the platform says that it deleted ${count} contacts, where ${listed} were listed`,
    now: "they are gone, and perhaps others as well",
    next: "look at the account at once, do not use --bulk-endpoint again, and ask EngageLab",
  });
}

function notCounted({ parts }: JourneysError, isAnswered: boolean): JourneysError {
  return new JourneysError({
    code: "outcome-unknown",
    what: `who is left after the delete could not be listed: ${parts.what}`,
    now: isAnswered ? "the platform says that it deleted them" : "the delete was sent, and its answer was lost",
    next: "put that right, and run again without --confirm-count to see who is left",
  });
}

function someLeft(left: number, listed: number, isAnswered: boolean): JourneysError {
  return new JourneysError({
    code: isAnswered ? "unexpected-answer" : "outcome-unknown",
    what: `${left} of ${listed} contacts are still listed after the delete${isAnswered ? "" : ", whose answer was lost"}`,
    now: "the others are gone",
    next: `run again with --confirm-count ${left}, without --bulk-endpoint`,
  });
}
