/** What a plan warns of: what can't be undone, what may be lost, and what can't be seen. Pure. */
import { formatPath, type Path, valueAt } from "../../core/values";
import { normalise } from "./definition";
import type { JourneyInputs } from "./inputs";

export function adoptionWarnings(desired: JourneyInputs): string[] {
  const warnings = ["adopting writes nothing: the declared definition is taken as it is until an edit can compare it"];
  if (!desired.adoptStatus) warnings.push("its state is not known unless the list is enabled: say it with adoptStatus");
  return warnings;
}

/** What is known of other people's work is named before it is gone. */
export function overwriting(outside: readonly Path[]): string {
  const known = outside.length > 0 ? `, and this run's replace overwrites ${outside.map(formatPath).join(", ")}` : "";
  return `overwriteOutsideEdits is set: what others change in Pushwoosh is overwritten unseen${known}`;
}

export const irreversible = "finish can't be undone";
export const pauseLoss = "people whose wait ends while it is paused may be lost";

export function lossWarnings(desired: JourneyInputs): string[] {
  const audience = Object.values(desired.points).some(
    (point) =>
      point.data && "start_by_segment" in point.data && !normalise(valueAt(point.data, ["start_by_segment", "repeat"])),
  );
  return audience
    ? [pauseLoss, "a one-time audience does not enter again after the start; the API offers no choice"]
    : [pauseLoss];
}

export const unseenEdits = (what: string) =>
  `the API doesn't show ${what}: edits made in Pushwoosh since the last answer are overwritten unseen`;
