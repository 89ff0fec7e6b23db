/** Whether the credential opens the account a set lives in. In a wrong one, everybody would look deleted. */

import type { Context } from "../../core/resource";
import { engagelab } from "../api/client";
import { listPage, PAGE } from "../api/contacts";
import { lookup } from "../contact/lookup";
import { wrongAccount } from "./refusals";

/** @throws JourneysError `invalid-configuration` if no contact of the set's list is to be seen */
export async function sureOfAccount(listId: number | undefined, resource: string, context: Context): Promise<void> {
  if (listId === undefined) return;
  if (!(await seesAccount(listId, context))) throw wrongAccount(resource, listId);
}

/** Whether this run has seen a contact of the list, or sees one now. */
export async function seesAccount(listId: number | undefined, { runtime }: Context): Promise<boolean> {
  const { findings } = runtime.use(lookup);
  if (findings.sawList(listId)) return true;
  const { contacts } = await listPage(runtime.use(engagelab), { limit: PAGE, offset: 0 });
  for (const contact of contacts) findings.glimpse(contact);
  return findings.sawList(listId);
}
