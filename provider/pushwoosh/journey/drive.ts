/**
 * Drives a journey from what is believed to what is declared: take the plan's first step, learn from its outcome, plan
 * again. Every decision is the plan's; this only acts. After a failure it puts right what can be, then reports.
 */
import { JourneysError } from "../../core/errors";
import type { OperationRecord, StepOutcome } from "../../core/record";
import type { Context } from "../../core/resource";
import { formatPath, type Json, type JsonObject, type Path, parsePath } from "../../core/values";
import type { PushwooshClient } from "../api/client";
import { moveJourney, replaceJourney } from "../api/journeys";
import { learn, notesOfReplace, toSend } from "./belief";
import { missing } from "./definition";
import { editOf } from "./edit";
import type { JourneyInputs, JourneyStatus } from "./inputs";
import { type Action, statusFrom } from "./lifecycle";
import { planPutRight, planUpdate, type Step } from "./plan";
import { asWritten, definitionOf } from "./points";
import { droppedLeaves, engineGone, journeyName } from "./refusals";
import { type Failed, learnFailure } from "./setback";
import type { Believed } from "./state";
import { toWire } from "./wire";

export interface Operation {
  desired: JourneyInputs;
  client: PushwooshClient;
  context: Context;
  record: OperationRecord;
}

export interface Ended {
  believed: Believed;
  failure?: JourneysError;
}

/** An edit takes three calls, putting it right two more, an interrupted one before it one; more means two sides fight. */
const MOST_CALLS = 12;
/** Putting it right after that: the former definition, and a start. */
const MOST_REPAIRS = 3;

export async function drive(operation: Operation, start: Believed): Promise<Ended> {
  const { desired } = operation;
  const shown = new Set(planUpdate(desired, start).steps.map(({ action }) => action));
  let ended: Ended & { stop?: boolean } = { believed: start };
  let replaced = false;
  for (let calls = 0; calls < MOST_CALLS + MOST_REPAIRS && !ended.stop; calls++) {
    const { believed } = ended;
    const failure = ended.failure ?? (calls < MOST_CALLS ? undefined : endless(desired));
    const plan = failure ? planPutRight(believed) : planUpdate(desired, believed);
    if (plan.refusal) {
      ended = { believed: withOutside(believed, plan.refusal), failure: plan.refusal };
      continue;
    }
    const step = plan.steps[0];
    if (!step) return conclude(desired, { believed, failure });
    const halt = failure ? undefined : mayNotBegin(operation, believed, step, shown, replaced);
    ended = halt ? { believed, failure: halt } : await take(operation, { believed, failure }, step);
    replaced ||= step.action === "replace" && !ended.failure;
  }
  return conclude(desired, ended);
}

/** What somebody else made of it is kept beside what was last answered, so that later previews refuse without a call. */
function withOutside(believed: Believed, refusal: JourneysError): Believed {
  return refusal.code === "edited-outside" && believed.live ? { ...believed, outside: believed.live } : believed;
}

function endless(desired: JourneyInputs): JourneysError {
  return new JourneysError({
    code: "guard-tripped",
    resource: journeyName(desired.title),
    what: `after ${MOST_CALLS} calls it still isn't as declared`,
    next: "see in Pushwoosh whether somebody else is changing it, then run again",
  });
}

/** Replaced, and different again: a second pause could end the same way, and each costs people. */
function notKept(desired: JourneyInputs, believed: Believed): JourneysError {
  return new JourneysError({
    code: "guard-tripped",
    resource: journeyName(desired.title),
    what: "its definition was replaced, and the answer to the next call shows it otherwise again",
    paths: editOf(desired, believed).paths,
    next: "see in Pushwoosh whether somebody else is changing it; values that Pushwoosh writes in a form of its own: declare them so, or list their paths in mayBeDropped",
  });
}

/** Reasons to begin no further step; a journey we paused is started again all the same. */
function mayNotBegin(
  { desired, context }: Operation,
  believed: Believed,
  step: Step,
  shown: Set<string>,
  replaced: boolean,
): JourneysError | undefined {
  const resource = journeyName(desired.title);
  if (context.signal?.aborted && !believed.pause) {
    return engineGone(resource, step.action);
  }
  if (replaced && (step.action === "pause" || step.action === "replace")) return notKept(desired, believed);
  const takesBack = step.action === "start" && believed.pause !== undefined;
  if (takesBack || shown.has(step.action)) return undefined;
  return new JourneysError({
    code: "guard-tripped",
    resource,
    what: `an answer changed the plan: it would now take ${step.action}, which was not shown`,
    next: "preview again: the new plan shows every step",
  });
}

async function take(
  operation: Operation,
  { believed, failure }: Ended,
  step: Step,
): Promise<Ended & { stop?: boolean }> {
  const result = await call(operation, believed, step);
  if ("failed" in result) {
    const setback = learnFailure(operation.desired, believed, step, result.failed, result.afterUnknown);
    for (const warning of setback.warnings) operation.context.log("warning", warning);
    return { ...setback, failure: failure ?? setback.failure };
  }
  const { next, lacking } = result;
  if (step.action === "replace") {
    if (lacking.length === 0) return { believed: next, failure };
    const error = droppedLeaves(operation.desired, lacking, "");
    return { believed: { ...next, putBack: next.former !== undefined }, failure: error };
  }
  // A replace whose answer was lost has shown itself: it is done after all.
  const resolved = failure?.code === "outcome-unknown" && believed.put === "perhaps" && next.put === "done";
  return { believed: next, failure: resolved ? undefined : failure };
}

/** Leaves that were set and are not in the live definition. */
export function lackingIn(desired: JourneyInputs, { live }: Believed) {
  if (!live) return [];
  const lacking = missing(definitionOf(desired), live, (desired.mayBeDropped ?? []).map(parsePath));
  return lacking.map((path) => asWritten(path, desired));
}

/** How a step ended: what was learned, and of a replace what is lacking; or what failed, perhaps after an unknown outcome. */
type Called = { next: Believed; lacking: Path[] } | { failed: Failed; afterUnknown: boolean };

/** Sends a step, noted before and after. A call whose outcome is unknown is repeated once: all of these may be. */
async function call(operation: Operation, believed: Believed, step: Step): Promise<Called> {
  const { record, desired } = operation;
  const { notes, send } = request(operation, believed, step);
  const said: JsonObject = desired.adoptStatus ? { adoptStatus: desired.adoptStatus } : {};
  const unnoted = await note(record, step.action, { ...notes, ...said });
  // What we paused is started again even where no note can be made of it: repeating that start does no harm.
  const takesBack = step.action === "start" && believed.pause !== undefined;
  if (unnoted && !takesBack) return { failed: { kind: "notSent", error: unnoted }, afterUnknown: false };
  const ended = async (outcome: StepOutcome, data?: JsonObject) => {
    if (!unnoted) await record.end(outcome, data);
  };
  let written = await send();
  const afterUnknown = written.kind === "unknown";
  if (written.kind === "unknown") {
    const again = await send();
    if (again.kind !== "notSent") written = again;
  }
  if (written.kind !== "answered") {
    await ended(written.kind === "unknown" || afterUnknown ? "unknown" : "refused");
    return { failed: written, afterUnknown };
  }
  const next = learn(desired, believed, step, written.answer);
  warnOfState(operation.context, written.answer.info.status, next.status);
  const lacking = step.action === "replace" ? lackingIn(desired, next) : [];
  const status = String(written.answer.info.status ?? "");
  await ended("answered", {
    status,
    pointIds: next.pointIds,
    ...(lacking.length > 0 && { lacking: true }),
  });
  return { next, lacking };
}

/** A state no documentation names is no error; but what is believed in its place is said. */
export function warnOfState({ log }: Context, answered: Json | undefined, taken: JourneyStatus): void {
  if (!answered || statusFrom(answered) !== "unknown") return;
  log("warning", `Pushwoosh answered a state that is not documented (${JSON.stringify(answered)}): taken as ${taken}`);
}

/** A record that can't be written forbids the step, and fails no more than that: others may have been taken. */
async function note(record: OperationRecord, step: string, data: JsonObject): Promise<JourneysError | undefined> {
  try {
    await record.begin(step, data);
    return undefined;
  } catch (error) {
    if (error instanceof JourneysError) return error;
    throw error;
  }
}

function request({ desired, client, context }: Operation, believed: Believed, step: Step) {
  if (step.action === "replace") {
    const sent = toSend(desired, believed);
    return {
      notes: notesOfReplace(desired, believed, sent, context.secretPaths),
      send: () => replaceJourney(client, believed.id, sent.body),
    };
  }
  if (step.action === "put back") {
    const { definition, applied, pointIds } = believed.former!;
    const body = toWire(definition, applied.applicationCode, pointIds);
    return { notes: {}, send: () => replaceJourney(client, believed.id, body) };
  }
  const action = step.action as Action;
  return { notes: step.forEdit ? { resume: true } : {}, send: () => moveJourney(client, action, believed.id) };
}

/** A failure says what is true now: of the state, and of the definition. */
function conclude(desired: JourneyInputs, { believed, failure }: Ended): Ended {
  if (!failure) return { believed };
  const status = `it is ${believed.status}${believed.source === "answered" ? "" : ` (${believed.source})`}`;
  const definition = definitionNow(believed, failure);
  const left = believed.pause ? `; ${leftPaused(believed)}: run \`up\` as soon as possible` : "";
  const now = [status, definition].filter(Boolean).join("; ") + left;
  return { believed, failure: new JourneysError({ ...failure.parts, resource: journeyName(desired.title), now }) };
}

function leftPaused({ putBack }: Believed): string {
  return putBack
    ? "it was paused by us, its former definition could not be put back, and without that it is not started"
    : "it was paused by us and could not be started again";
}

function definitionNow(believed: Believed, failure: JourneysError): string {
  if (believed.put === "perhaps") return "whether the new definition took effect is not known";
  if (believed.put === "done") return "it has the new definition";
  if (failure.code === "dropped-by-platform") {
    return failure.parts.paths?.length
      ? `it has its former definition again (dropped: ${failure.parts.paths.map(formatPath).join(", ")})`
      : "";
  }
  return "its definition was not replaced";
}
