/** Ids in paths. A delete of the contact "delete" would be a delete by condition, without one: of everybody. */
import { JourneysError } from "../../core/errors";

const idForm = /^(?=.*[0-9])[0-9A-Za-z]{1,64}$/;

/** Whether an id can stand in a path: letters and digits, and a digit at least, so that it is no word. */
export function isSafeId(id: string): boolean {
  return idForm.test(id);
}

/** @throws JourneysError `guard-tripped`; nothing has been sent */
export function pathId(id: string): string {
  if (isSafeId(id)) return encodeURIComponent(id);
  throw new JourneysError({
    code: "guard-tripped",
    what: `${JSON.stringify(id)} can't be an id of EngageLab: in a path it could mean every contact of the account`,
    now: "nothing was sent",
    next: "look at the state: the id must have letters and digits only, and a digit at least",
  });
}
