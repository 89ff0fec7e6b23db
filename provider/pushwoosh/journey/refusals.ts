/** Why a move isn't made: what happened, to which journey, what is true now, what to do next. */
import { JourneysError } from "../../core/errors";
import { formatPath, type Path } from "../../core/values";
import type { JourneyInputs, JourneyStatus } from "./inputs";
import type { Believed } from "./state";

export const journeyName = (title: string): string => `journey "${title}"`;

const nothingSent = "nothing was sent";

/** A new journey is a draft; `paused` and `finished` would need it to run first, and people to enter. */
export function cannotStartAs(
  desired: JourneyInputs,
  status: "paused" | "finished",
  from: JourneyStatus | "new",
): JourneysError {
  return new JourneysError({
    code: "illegal-move",
    resource: journeyName(desired.title),
    what: `a ${from === "new" ? "new journey" : "draft"} can't become ${status}: it would have to run first, and people would enter`,
    paths: [["status"]],
    now: nothingSent,
    next: `declare status "draft" or "running"; once it has run, declare "${status}"`,
  });
}

export function illegalMove(desired: JourneyInputs, from: JourneyStatus, why: string, next: string): JourneysError {
  return new JourneysError({
    code: "illegal-move",
    resource: journeyName(desired.title),
    what: `it is ${from}, and ${why}`,
    paths: [["status"]],
    now: nothingSent,
    next,
  });
}

export function editNeedsConsent(desired: JourneyInputs, status: JourneyStatus, paths: readonly Path[]): JourneysError {
  const state = status === "unknown" ? "its state is unknown, so it may be running" : "it is running";
  return new JourneysError({
    code: "consent-needed",
    resource: journeyName(desired.title),
    what: `${state}, and an edit has to pause it: people whose wait ends meanwhile may be lost`,
    paths,
    now: nothingSent,
    next:
      'set editWhileRunning: "pause-and-resume" to allow pause, replace and start; or declare status "paused" first' +
      (status === "unknown" ? "; or say its state with adoptStatus" : ""),
  });
}

export function stateNeeded(desired: JourneyInputs, what: string): JourneysError {
  return new JourneysError({
    code: "consent-needed",
    resource: journeyName(desired.title),
    what,
    paths: [["adoptStatus"]],
    now: nothingSent,
    next: "look at the journey in Pushwoosh and say its state with adoptStatus",
  });
}

export function finishedNeedsReplacement(
  desired: JourneyInputs,
  status: JourneyStatus,
  edited: boolean,
): JourneysError {
  const what = edited ? "can't be edited" : "can't come back";
  const replaceable = desired.status !== "paused" && desired.status !== "finished";
  return new JourneysError({
    code: "consent-needed",
    resource: journeyName(desired.title),
    what: `it is ${status}: such a journey ${what}`,
    paths: [edited ? ["points"] : ["status"]],
    now: nothingSent,
    next: replaceable
      ? 'set onFinished: "replace" to make a new copy (its audience enters again), or declare what it is'
      : `a new copy can't be declared ${desired.status}: declare "running" with onFinished: "replace", or declare what it is`,
  });
}

/** Seen in an answer of this run, or saved from an earlier one; a run that made calls says itself what is true after them. */
export function editedOutside(
  desired: JourneyInputs,
  paths: readonly Path[],
  { status, live, outside, baseline }: Believed,
): JourneysError {
  const has = (definition = baseline) => Object.keys(definition.points).length > 0;
  const showsNone = has(baseline) && !has(live ?? outside);
  return new JourneysError({
    code: "edited-outside",
    resource: journeyName(desired.title),
    what: showsNone
      ? "Pushwoosh answered without its points: somebody else removed them, or the answer leaves them out"
      : `somebody else changed it in Pushwoosh: ${paths.map(formatPath).join(", ")}`,
    paths: showsNone ? [["points"]] : paths,
    now: `it is ${status}; nothing was overwritten`,
    next: showsNone
      ? "look at it in Pushwoosh; overwriteOutsideEdits: true replaces it, whatever is there"
      : "take the change over into the program, or set overwriteOutsideEdits: true to replace it",
  });
}

export function pausedOutside(desired: JourneyInputs): JourneysError {
  return new JourneysError({
    code: "paused-outside",
    resource: journeyName(desired.title),
    what: "its pause was refused: somebody else paused it, perhaps to edit it",
    now: "nothing was replaced and nothing was started; the state says paused (assumed)",
    next:
      desired.status === "paused"
        ? "look at it in Pushwoosh: if it is paused, run again; if it isn't, say its state with adoptStatus"
        : "preview again: replace and start are then steps of their own. overwriteOutsideEdits: true replaces at once, without a start",
  });
}

export function pointsWithoutIds(desired: JourneyInputs, names: readonly string[], sent: boolean): JourneysError {
  return new JourneysError({
    code: "invalid-input",
    resource: journeyName(desired.title),
    what: `the UUIDs of these points are not known: ${names.join(", ")}; new ones would throw out the people standing there`,
    paths: [["pointIds"]],
    now: sent ? "the definition was not replaced" : nothingSent,
    next: "give their UUIDs in pointIds (the journey's canvas or an API answer shows them)",
  });
}

export function droppedLeaves(desired: JourneyInputs, paths: readonly Path[], now: string): JourneysError {
  return new JourneysError({
    code: "dropped-by-platform",
    resource: journeyName(desired.title),
    what: `Pushwoosh did not keep ${paths.length} value(s) that were set`,
    paths,
    now,
    next: "correct the names of these fields; if their loss is harmless, list the paths in mayBeDropped",
  });
}

export function otherIdAdopted(desired: JourneyInputs, id: string): JourneysError {
  return new JourneysError({
    code: "invalid-input",
    resource: journeyName(desired.title),
    what: `adoptId names ${desired.adoptId}, but this resource already manages ${id}`,
    paths: [["adoptId"]],
    now: nothingSent,
    next: "remove adoptId; to manage another journey, remove this resource with `pulumi state delete` first, or declare a second one",
  });
}

/** The deployment engine is gone: what was begun is finished, and nothing else is begun. */
export function engineGone(resource: string, action: string, now?: string): JourneysError {
  return new JourneysError({
    code: "engine-gone",
    resource,
    what: `nobody waits for it any more; ${action} was not begun`,
    now,
    next: "run again: it goes on from here",
  });
}

/** Delete is finish and archive: irreversible for a journey that ever ran. */
export function destroyNeedsConsent(
  applied: JourneyInputs,
  believed: { id: string; status: JourneyStatus },
): JourneysError {
  return new JourneysError({
    code: "consent-needed",
    resource: journeyName(applied.title),
    what: `deleting it finishes and archives a journey that ran or may have run (${believed.id})`,
    paths: [["forceDestroy"]],
    now: `it is ${believed.status}; nothing was sent for it. What this run deleted before stays deleted`,
    next: "set forceDestroy: true and run `up`, then delete; or keep the journey with the option retainOnDelete",
  });
}

/** A replacement ends with that delete, and the saved state has to allow it before anything is made. */
export function replacementNeedsConsent(
  applied: JourneyInputs,
  { id, status }: { id: string; status: JourneyStatus },
  because: "applicationCode" | "status",
): JourneysError {
  const change =
    because === "applicationCode"
      ? "a journey's application can't change, so this makes a new one"
      : `it is ${status}, so this makes a new one`;
  return new JourneysError({
    code: "consent-needed",
    resource: journeyName(applied.title),
    what: `${change} and then deletes this one (${id}), which ran or may have run: that can't be undone`,
    paths: [[because], ["forceDestroy"]],
    now: `it is ${status}; ${nothingSent}`,
    next: "take the change back, set forceDestroy: true and run `up`, then make the change again; or, to keep this one, declare the new one as a resource of its own",
  });
}
