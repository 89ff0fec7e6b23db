/**
 * The plan of a journey: which calls, in which order, from what is believed to what is declared. Pure. It is asked
 * again after each answer, with the belief that answer left, so that what a preview shows and what an update does come
 * from the same table.
 */
import type { JourneysError } from "../../core/errors";
import { isUnknown } from "../../core/values";
import { type Edit, editOf } from "./edit";
import type { JourneyInputs } from "./inputs";
import { type Action, target } from "./lifecycle";
import { unknownFormers } from "./prepare";
import * as refuse from "./refusals";
import type { Believed } from "./state";
import { adoptionWarnings, irreversible, lossWarnings, overwriting, pauseLoss, unseenEdits } from "./warnings";

/** One call. */
export interface Step {
  action: Action | "create" | "adopt" | "replace" | "put back";
  /** The observation it depends on. */
  when?: string;
  /** A pause that an edit takes back by a start. */
  forEdit?: boolean;
}

export interface JourneyPlan {
  steps: Step[];
  warnings: string[];
  /** Why nothing is done at all; found before the first call, or after an answer that changed the belief. */
  refusal?: JourneysError;
  /** A new journey is made, and this one deleted. */
  replacement?: boolean;
}

const plan = (steps: Step[], warnings: string[] = []): JourneyPlan => ({ steps, warnings });
const refused = (refusal: JourneysError): JourneyPlan => ({ steps: [], warnings: [], refusal });

/** The calls for a journey that isn't there yet. */
export function planCreate(desired: JourneyInputs): JourneyPlan {
  const { status } = desired;
  if (desired.adoptId !== undefined) return plan([{ action: "adopt" }], adoptionWarnings(desired));
  if (status === "paused" || status === "finished") return refused(refuse.cannotStartAs(desired, status, "new"));
  return plan([{ action: "create" }, ...when(status === "running", { action: "start" })]);
}

/** The calls for a journey that is there. `believed` comes from `prepare`. */
export function planUpdate(desired: JourneyInputs, believed: Believed): JourneyPlan {
  if (desired.applicationCode !== believed.applied.applicationCode) return planReplacement(desired, believed);
  const over = believed.status === "finished" || believed.status === "archived";
  if (!over && adoptsAnother(desired, believed)) return refused(refuse.otherIdAdopted(desired, believed.id));
  if (believed.pause && believed.interrupted) return settlePause(desired, believed);
  if (believed.uncertain && target[believed.uncertain] === desired.status)
    return settleCall(desired, believed, believed.uncertain);
  const edit = editOf(desired, believed);
  if (edit.outside.length > 0 && !desired.overwriteOutsideEdits) {
    return refused(refuse.editedOutside(desired, edit.outside, believed));
  }
  const seenPaused = believed.pauseRefused && believed.status === "paused" && believed.source === "assumed";
  if (seenPaused && !desired.overwriteOutsideEdits) return refused(refuse.pausedOutside(desired));
  if (edit.changed && edit.unmatched.length > 0 && (believed.live || !canLook(believed))) {
    return refused(refuse.pointsWithoutIds(desired, edit.unmatched, believed.live !== undefined));
  }
  const drafted = byStatus(desired, believed, edit);
  if (desired.overwriteOutsideEdits) drafted.warnings.push(overwriting(edit.outside));
  if (edit.changed) drafted.warnings.push(...unknownFormers(desired, believed));
  return drafted.refusal && edit.onlyUnknown ? plan([], [...drafted.warnings, hedge(drafted.refusal)]) : drafted;
}

/** Asked for by a change of `adoptId`; one that was replaced since keeps the id in the program. */
function adoptsAnother({ adoptId }: JourneyInputs, { id, applied }: Believed): boolean {
  return adoptId !== undefined && !isUnknown(adoptId) && adoptId !== id && adoptId !== applied.adoptId;
}

/** A pause would show the live definition. */
const canLook = ({ status, pauseRefused }: Believed) => (status === "running" || status === "unknown") && !pauseRefused;

const hedge = (refusal: JourneysError) =>
  `a value isn't known yet; if it differs, this will be refused: ${refusal.parts.what}`;

/** Puts right what a failed operation left: the former definition back, and nothing left paused. */
export function planPutRight(believed: Believed): JourneyPlan {
  return plan([...when(believed.putBack, { action: "put back" }), ...when(believed.pause, { action: "start" })]);
}

/** An earlier run paused the journey and was cut off: start it first, look at the answer, then plan anew. */
function settlePause(desired: JourneyInputs, believed: Believed): JourneyPlan {
  const settled: Believed = { ...believed, pause: undefined, interrupted: false, putBack: false, status: "running" };
  const first: Step[] = [...when(believed.putBack, { action: "put back" }), { action: "start" }];
  return followed(
    first,
    "unless the answer shows it done",
    [
      "an earlier run paused this journey and was cut off: it is started first",
      ...(believed.putBack ? ["before that its former definition is put back: the present one lost values"] : []),
    ],
    planUpdate(desired, settled),
  );
}

/** Steps that come first, and what the plan will probably be after them. */
function followed(first: Step[], when: string, warnings: string[], rest: JourneyPlan): JourneyPlan {
  return plan(
    [...first, ...rest.steps.map((step) => ({ ...step, when }))],
    [
      ...warnings,
      ...rest.warnings,
      ...(rest.refusal ? [`afterwards this will be refused: ${rest.refusal.parts.what}`] : []),
    ],
  );
}

/** A lifecycle call of an earlier run has an unknown outcome, and leads where the program wants to be: repeat it. */
function settleCall(desired: JourneyInputs, believed: Believed, action: Action): JourneyPlan {
  const rest = planUpdate(desired, { ...believed, uncertain: undefined, status: target[action] });
  const warning = `the outcome of an earlier ${action} is unknown: it is repeated, and a refusal taken as done`;
  return followed([{ action }], "if still needed", [warning], rest);
}

/** The table: what is believed × what is declared × whether the definition changed. */
function byStatus(desired: JourneyInputs, believed: Believed, edit: Edit): JourneyPlan {
  switch (believed.status) {
    case "draft":
      return fromDraft(desired, believed, edit);
    case "running":
      return fromRunning(desired, edit);
    case "paused":
      return fromPaused(desired, believed, edit);
    case "unknown":
      return fromUnknown(desired, believed, edit);
    default:
      return fromFinished(desired, believed, edit);
  }
}

function fromDraft(desired: JourneyInputs, believed: Believed, { changed }: Edit): JourneyPlan {
  const { status } = desired;
  // A replace may make a draft of what an edit paused: it ran, and is to run again.
  if (believed.pause) return plan([...when(changed, { action: "replace" }), { action: "start" }]);
  if (status === "paused" || status === "finished") return refused(refuse.cannotStartAs(desired, status, "draft"));
  return plan(
    [...when(changed, { action: "replace" }), ...when(status === "running", { action: "start" })],
    changed ? [unseenEdits("a draft")] : [],
  );
}

function fromRunning(desired: JourneyInputs, edit: Edit): JourneyPlan {
  const pause: Step = { action: "pause", forEdit: true };
  const replace: Step = { action: "replace", when: "unless somebody else edited it" };
  switch (desired.status) {
    case "draft":
      return refused(
        refuse.illegalMove(
          desired,
          "running",
          "only a paused journey might go back to draft",
          'declare status "paused" first, then "draft"',
        ),
      );
    case "paused":
      return plan(
        [{ action: "pause" }, ...when(edit.changed, replace)],
        edit.changed ? lossWarnings(desired) : [pauseLoss],
      );
    case "finished":
      return edit.changed
        ? plan([pause, replace, { action: "finish" }], [irreversible, ...lossWarnings(desired)])
        : plan([{ action: "finish" }], [irreversible]);
    default:
      if (!edit.changed) return plan([]);
      if (desired.editWhileRunning !== "pause-and-resume")
        return refused(refuse.editNeedsConsent(desired, "running", edit.paths));
      return plan([pause, replace, { action: "start" }], lossWarnings(desired));
  }
}

function fromPaused(desired: JourneyInputs, believed: Believed, edit: Edit): JourneyPlan {
  const { status } = desired;
  const replace = when(edit.changed, { action: "replace" });
  if (believed.pause) return plan([...replace, { action: status === "finished" ? "finish" : "start" }]);
  if (believed.pauseRefused)
    return plan(replace, ["somebody else paused it: it is not started; the next preview shows that as its own step"]);
  const unseen = edit.changed && !believed.live ? [unseenEdits("a paused journey")] : [];
  switch (status) {
    case "running":
      return plan([...replace, { action: "start" }], unseen);
    case "draft":
      return plan(
        [...replace, { action: "draft" }],
        [...unseen, "that a paused journey may go back to draft is not documented"],
      );
    case "finished":
      return plan([...replace, { action: "finish" }], [...unseen, irreversible]);
    default:
      return plan(replace, unseen);
  }
}

function fromUnknown(desired: JourneyInputs, believed: Believed, edit: Edit): JourneyPlan {
  const { status } = desired;
  if (status === "draft")
    return refused(refuse.stateNeeded(desired, "its state is unknown, so the way to draft is unknown too"));
  if (believed.pauseRefused && status === "paused" && !edit.changed)
    return refused(refuse.stateNeeded(desired, "its state is unknown, and it can't be paused in that state"));
  if (!edit.changed) return plan(callTo(status), status === "finished" ? [irreversible] : []);
  if (status === "finished")
    return refused(
      refuse.stateNeeded(desired, "its state is unknown, and an edit can't be followed by finish blindly"),
    );
  const consent = desired.editWhileRunning === "pause-and-resume";
  if (status !== "paused" && !consent) return refused(refuse.editNeedsConsent(desired, "unknown", edit.paths));
  const replace: Step = { action: "replace", when: "unless somebody else edited it" };
  const start: Step[] = status === "paused" ? [] : [{ action: "start", when: "if it was running" }];
  const pause: Step[] = believed.pauseRefused ? [] : [{ action: "pause", forEdit: status !== "paused" }];
  return plan([...pause, replace, ...start], ["its state is unknown: the answers will tell", ...lossWarnings(desired)]);
}

function callTo(status: "running" | "paused" | "finished" | undefined): Step[] {
  const action = { running: "start", paused: "pause", finished: "finish" } as const;
  return status ? [{ action: action[status] }] : [];
}

function fromFinished(desired: JourneyInputs, believed: Believed, edit: Edit): JourneyPlan {
  const asDeclared = desired.status === undefined || desired.status === believed.status;
  if (asDeclared && !edit.changed)
    return adoptsAnother(desired, believed) ? refused(refuse.otherIdAdopted(desired, believed.id)) : plan([]);
  const replaceable = desired.status !== "paused" && desired.status !== "finished";
  if (desired.onFinished !== "replace" || !replaceable) {
    return refused(refuse.finishedNeedsReplacement(desired, believed.status, asDeclared));
  }
  return planReplacement(desired, believed);
}

/** Marks the steps a replacement takes on the old journey. */
export const onReplaced = "on the journey being replaced";

/** A new journey first, then the old one is deleted: a finish can't be undone, a create can be refused. */
function planReplacement(desired: JourneyInputs, believed: Believed): JourneyPlan {
  const adoptId = adoptsAnother(desired, believed) ? desired.adoptId : undefined;
  const created = planCreate({ ...desired, adoptId });
  if (created.refusal) return created;
  if (refuseDelete(believed)) {
    const because = desired.applicationCode === believed.applied.applicationCode ? "status" : "applicationCode";
    return refused(refuse.replacementNeedsConsent(believed.applied, believed, because));
  }
  const old = planDelete(believed).steps.map((step) => ({ ...step, when: onReplaced }));
  const warnings = [
    "for a moment both journeys exist",
    "the new journey's points have new UUIDs: nobody moves over, and its audience enters again",
    ...created.warnings,
  ];
  return { steps: [...created.steps, ...old], warnings, replacement: true };
}

/** The calls that stand for a delete: the platform only knows finish and archive. */
export function planDelete({ status, uncertain }: Pick<Believed, "status" | "uncertain">): JourneyPlan {
  if (status === "archived") return plan([]);
  if (uncertain === "archive") return plan([{ action: "archive" }]);
  const finish: Step[] =
    status === "running" || status === "paused" || status === "unknown" ? [{ action: "finish" }] : [];
  return plan([...finish, { action: "archive" }], finish.length ? [irreversible] : []);
}

/** A journey that ever ran may only go with consent, and the consent must be in the saved state. */
export function refuseDelete(believed: Believed): JourneysError | undefined {
  const { applied, status } = believed;
  const mayHaveRun = believed.everRan || applied.status === undefined;
  if (status === "archived" || applied.forceDestroy || !mayHaveRun) return undefined;
  return refuse.destroyNeedsConsent(applied, believed);
}

function when(condition: unknown, step: Step): Step[] {
  return condition ? [step] : [];
}
