/**
 * Delete by condition. Its condition is optional, so a call without one may delete every contact of the account: it
 * takes whole addresses here and nothing else, and is called by `journeys contacts purge --bulk-endpoint` alone.
 */
import { JourneysError } from "../../core/errors";
import { isObject, type Json } from "../../core/values";
import type { Open, Refused } from "./answer";
import type { EngagelabClient } from "./client";
import { MOST_ITEMS, ofAddresses, toWire } from "./condition";

const wholeAddress = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/;

/**
 * Deletes the contacts of one to ten addresses. Which ones is not answered, only how many, and not even that for sure.
 *
 * @throws JourneysError `guard-tripped` where the condition would not be a full one; nothing has been sent
 */
export async function deleteByAddresses(
  client: EngagelabClient,
  addresses: readonly string[],
): Promise<{ kind: "done"; count: number | undefined } | Refused | Open> {
  const answer = await client.send({
    method: "DELETE",
    path: "/v1/marketing/lists/members/delete",
    body: { condition: fullCondition(addresses) },
    repeat: "not-processed",
    does: "delete contacts by condition",
    personal: () => addresses,
  });
  if (answer.kind !== "done") return answer;
  const { count } = answer.body;
  return { kind: "done", count: typeof count === "number" ? count : undefined };
}

/** What is really going to be sent is looked at, not what it was made from. */
function fullCondition(addresses: readonly string[]): Json {
  const condition = toWire(ofAddresses(addresses, "=="));
  const items = isObject(condition) && Array.isArray(condition.items) ? condition.items : [];
  const isFull = items.every(
    (item) =>
      isObject(item) &&
      item.field_name === "Email" &&
      item.op === "==" &&
      typeof item.value === "string" &&
      wholeAddress.test(item.value),
  );
  if (items.length >= 1 && items.length <= MOST_ITEMS && isFull) return condition;
  throw new JourneysError({
    code: "guard-tripped",
    what: `a delete by condition needs 1 to ${MOST_ITEMS} whole addresses: without a full condition it could mean every contact of the account`,
    now: "nothing was sent",
    next: "delete by id instead",
  });
}
