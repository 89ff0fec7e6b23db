/** Deleting a set: its contacts stay, or go by the same rules and with the same consent as members that leave. */
import { JourneysError } from "../../core/errors";
import type { Context } from "../../core/resource";
import { KIND as CONTACT } from "../contact/ownership";
import { counted } from "./estimate";
import { deletionRefusal, isReleased, needsConsent } from "./guards";
import type { SetInputs } from "./inputs";
import { type Departed, deleteLeaving } from "./leave";
import { remembered } from "./memory";
import { Packed } from "./packed";
import { appliedOf, KIND, type SetState, setName } from "./state";

export async function remove(id: string, state: SetState, context: Context): Promise<void> {
  const { runtime } = context;
  const resource = setName(context);
  const { onRemoval, allowDeletions, forceDestroy = false } = appliedOf(state);
  runtime.records.seen(KIND, id, state.stamp);
  const { prior } = remembered(id, Packed.decode(state.memberDigests), state.stamp, state.key, context);
  const isOurs = (at: number) => !runtime.run.heldByOther(CONTACT, prior.id(at), context.urn);
  const all = Array.from({ length: prior.count }, (_, at) => at);
  const positions =
    onRemoval === "delete" ? all.filter((at) => !isReleased(prior, at, forceDestroy) && isOurs(at)) : [];
  const refusal = deletionRefusal({
    members: prior.count,
    deletions: positions.length,
    allowed: allowDeletions,
    resource,
  });
  if (refusal) throw mustBeSaved(refusal);
  const isConsented = needsConsent({ members: prior.count, deletions: positions.length });
  const { key, listId } = state;
  const onGone = () => {};
  const departed = await deleteLeaving({
    prior,
    positions,
    key,
    listId,
    forceDestroy,
    isConsented,
    resource,
    context,
    onGone,
  });
  context.log("info", fateOf(prior.count, departed, onRemoval));
  const [first] = departed.failures;
  if (first) throw stoppedMidway(first, resource, departed.deleted);
  runtime.records.forget(KIND, id);
}

/** What became of the set's contacts, and why some stay. */
function fateOf(all: number, { deleted, missing, failures }: Departed, onRemoval: SetInputs["onRemoval"]): string {
  const kept = all - deleted - missing;
  if (onRemoval !== "delete") return `${counted(kept, "contact")} let go and left as they are (onRemoval: "keep")`;
  const why = failures.length > 0 ? "it stopped" : "they existed before, opted out, or are declared elsewhere";
  const others = kept > 0 ? `, ${kept.toLocaleString("en")} not (${why})` : "";
  return `${counted(deleted, "contact")} deleted${missing > 0 ? `, ${missing} gone already` : ""}${others}`;
}

/** An engine hands a delete what was saved: a consent has to get there first. */
function mustBeSaved(refusal: JourneysError): JourneysError {
  return new JourneysError({
    ...refusal.parts,
    now: "nothing was deleted",
    next: `if all of them are meant to go: ${refusal.parts.next?.split("set ").at(-1)?.split(",")[0]}, run \`pulumi up\` so that the consent is saved, then delete; or set onRemoval: "keep" to leave the contacts alone`,
  });
}

function stoppedMidway(error: JourneysError, resource: string, deleted: number): JourneysError {
  return new JourneysError({
    ...error.parts,
    resource,
    now: `${counted(deleted, "contact")} of the set were deleted and stay so; the set stays in the state`,
    next: `${error.parts.next ?? "run again"}; the next run goes on from here`,
  });
}
