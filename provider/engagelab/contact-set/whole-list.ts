/** The account's whole list, for what nothing but all of it tells. */
import type { Context } from "../../core/resource";
import { engagelab } from "../api/client";
import type { RemoteContact } from "../api/contact";
import { pages } from "../contact/listing";
import { counted } from "./estimate";
import { incompleteList } from "./refusals";

/**
 * Hands over every contact once. A list that shows fewer contacts than it says there are decides nothing; a second pass
 * may fill the gaps.
 */
export async function eachListed(
  take: (contact: RemoteContact) => void | Promise<void>,
  resource: string,
  { runtime, signal, log }: Context,
): Promise<void> {
  const seen = new Set<string>();
  let total: number | undefined;
  for (let pass = 0; pass < 2; pass++) {
    const listing = pages(runtime.use(engagelab), { signal });
    for (let step = await listing.next(); ; step = await listing.next()) {
      if (step.done) {
        total = step.value.total;
        break;
      }
      for (const contact of step.value) {
        if (seen.has(contact.id)) continue;
        seen.add(contact.id);
        await take(contact);
      }
      if (seen.size % 10_000 === 0) log("info", `${counted(seen.size, "contact")} listed`);
    }
    if (total === undefined || seen.size >= total) return;
  }
  throw incompleteList(seen.size, total).of(resource);
}
