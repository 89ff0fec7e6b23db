/** The belief after a call that was not answered. Pure. */
import { JourneysError } from "../../core/errors";
import type { Written } from "../api/journeys";
import { notesOfReplace, toSend } from "./belief";
import type { JourneyInputs } from "./inputs";
import { type Action, target } from "./lifecycle";
import type { Step } from "./plan";
import { journeyName } from "./refusals";
import type { Believed } from "./state";

/** What came of a call in place of an answer. */
export type Failed = Exclude<Written, { kind: "answered" }>;

export interface Setback {
  believed: Believed;
  failure?: JourneysError;
  /** Nothing more can be put right now. */
  stop?: boolean;
  warnings: string[];
}

export function learnFailure(
  desired: JourneyInputs,
  believed: Believed,
  step: Step,
  failed: Failed,
  afterUnknown: boolean,
): Setback {
  const failure = failed.error.of(journeyName(desired.title));
  const onState = failed.kind === "refused" && failure.code === "refused";
  if (failed.kind === "unknown" || (afterUnknown && !onState)) return outcomeUnknown(desired, believed, step, failure);
  if (step.action === "put back") return notPutBack(believed, failure, onState);
  if (!onState) return { believed, failure, stop: step.action === "start", warnings: [] };
  if (step.action === "replace") {
    const doubted = doubtState(failure, "correct what the platform objects to; or");
    return { believed: afterUnknown ? { ...believed, put: "perhaps" } : believed, failure: doubted, warnings: [] };
  }
  return refusedMove(believed, step.action as Action, step, failure, afterUnknown);
}

/** Nobody knows whether it happened; what follows must hold either way. */
function outcomeUnknown(desired: JourneyInputs, believed: Believed, step: Step, failure: JourneysError): Setback {
  const warnings: string[] = [];
  if (step.action === "replace") {
    const sent = toSend(desired, believed);
    const { marks = [], digest } = notesOfReplace(desired, believed, sent, []);
    const pointIds = { ...believed.pointIds, ...sent.pointIds };
    const known = new Set([...believed.marks, ...(marks as string[])]);
    return {
      believed: { ...believed, pointIds, put: "perhaps", marks: known, putDigest: String(digest) },
      failure,
      warnings,
    };
  }
  if (step.action === "put back") return notPutBack({ ...believed, put: "perhaps" }, failure, false);
  const action = step.action as Action;
  if (action === "pause" && step.forEdit) return { believed: { ...believed, pause: "perhaps" }, failure, warnings };
  if (action === "start" && believed.pause)
    return { believed: { ...believed, pause: "perhaps" }, failure, stop: true, warnings };
  const everRan = believed.everRan || action === "start";
  return {
    believed: { ...believed, status: "unknown", source: "unknown", uncertain: action, everRan },
    failure,
    stop: true,
    warnings,
  };
}

/**
 * A definition that lost values must not start: a lost wait would send everything at once. So a journey we paused stays
 * so, and the next run puts the former definition back first. Refused there too, it is probably running already.
 */
function notPutBack(believed: Believed, failure: JourneysError, onState: boolean): Setback {
  const over = { ...believed, putBack: false, former: undefined };
  if (!believed.pause) return { believed: over, failure, stop: true, warnings: [] };
  if (!onState || !believed.interrupted) return { believed, failure, stop: true, warnings: [] };
  return { believed: over, warnings: [`the former definition could not be put back: ${failure.parts.what}`] };
}

/** The platform refuses the move in the state the journey is in; what that state is, only the context tells. */
function refusedMove(
  believed: Believed,
  action: Action,
  step: Step,
  failure: JourneysError,
  afterUnknown: boolean,
): Setback {
  if (afterUnknown || believed.uncertain === action) return reached(believed, action, step);
  if (action === "start" && believed.pause) return startRefused(believed, failure);
  if (action === "pause" && (believed.status === "running" || believed.status === "unknown")) {
    const outside: Believed = { ...believed, pauseRefused: true, live: undefined };
    return {
      believed: believed.status === "running" ? { ...outside, status: "paused", source: "assumed" } : outside,
      warnings: [],
    };
  }
  return { believed, failure: doubtState(failure), stop: true, warnings: [] };
}

/** Perhaps it is refused because the journey isn't in the state it is believed to be in. */
function doubtState({ parts }: JourneysError, first = ""): JourneysError {
  const next =
    `${first} look at the journey in Pushwoosh; if it is in another state than the one named, say so with adoptStatus ` +
    "(which counts when its value changes: where it says so already, run once without it)";
  return new JourneysError({ ...parts, next: next.trim() });
}

/** Refused after an attempt whose outcome was unknown: that attempt worked. */
function reached(believed: Believed, action: Action, step: Step): Setback {
  const next: Believed = {
    ...believed,
    status: target[action],
    source: "assumed",
    uncertain: undefined,
    live: undefined,
  };
  next.everRan ||= action === "start";
  // Without the pause's answer nothing can be compared: start again first, whose answer shows the definition.
  if (action === "pause" && step.forEdit) Object.assign(next, { pause: "ours", interrupted: true });
  else if (action !== "pause") Object.assign(next, { pause: undefined, interrupted: false });
  return {
    believed: next,
    warnings: [`the answer to ${action} was lost and a repeat was refused: taken as ${target[action]}`],
  };
}

/** We paused it, or perhaps did, and can't start it again. */
function startRefused(believed: Believed, failure: JourneysError): Setback {
  if (believed.interrupted || believed.pause === "perhaps") {
    const running: Believed = {
      ...believed,
      status: "running",
      source: "assumed",
      pause: undefined,
      interrupted: false,
      live: undefined,
    };
    return { believed: running, warnings: ["the start after an unfinished pause was refused: taken as running"] };
  }
  const canPutBack = believed.put === "done" && believed.former !== undefined && !believed.putBack;
  return { believed: { ...believed, putBack: canPutBack }, failure, stop: !canPutBack, warnings: [] };
}
