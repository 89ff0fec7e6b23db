/** How a record that is newer than the state changes the belief. Pure. */
import type { RecordedStep } from "../../core/record";
import type { Json, JsonObject } from "../../core/values";
import { sourceOf } from "./belief";
import { type JourneyInputs, journeyInputs } from "./inputs";
import { type Action, statusFrom, target } from "./lifecycle";
import { type Believed, noPut } from "./state";
import type { PointIds } from "./wire";

/** Folds the steps of a record that is newer than the state into the belief. */
export function recall(believed: Believed, steps: readonly RecordedStep[]): Believed {
  let next: Believed = { ...believed, newerRecord: true };
  for (const step of steps) next = recallStep(next, step);
  return { ...next, interrupted: next.pause !== undefined };
}

function recallStep(believed: Believed, { step, outcome, data }: RecordedStep): Believed {
  if (outcome === "refused") return believed;
  const told = { ...believed, applied: counted(believed.applied, data.adoptStatus) };
  const open = outcome !== "answered";
  if (step === "put back") return open ? { ...told, put: "perhaps" } : { ...told, ...noPut, putBack: false };
  if (step === "replace" || step === "create") return recallReplace(told, open, data);
  const action = step as Action;
  return open ? recallOpen(told, action, data.resume === true) : recallMove(told, action, data);
}

/** The run that sent this step had heard what `adoptStatus` says: it counts once. */
function counted(applied: JourneyInputs, adoptStatus: Json | undefined): JourneyInputs {
  const said = journeyInputs.shape.adoptStatus.safeParse(adoptStatus);
  return said.success && said.data ? { ...applied, adoptStatus: said.data } : applied;
}

function recallReplace(believed: Believed, open: boolean, data: JsonObject): Believed {
  const { baseline, applied } = believed;
  const next: Believed = {
    ...believed,
    pointIds: withSent(believed.pointIds, data.pointIds as PointIds | undefined),
    marks: new Set([...believed.marks, ...((data.marks as string[] | undefined) ?? [])]),
    put: open ? "perhaps" : "done",
    putDigest: typeof data.digest === "string" ? data.digest : undefined,
  };
  if (open) return next;
  const status = statusFrom(data.status);
  if (status !== "unknown") Object.assign(next, { status, source: "answered" });
  if (data.lacking !== true) return next;
  return { ...next, putBack: true, former: { definition: baseline, applied, pointIds: believed.pointIds } };
}

/** A UUID that has a name in the state keeps it: a renamed point is known by its former name until the rename is saved. */
function withSent(known: PointIds, sent: PointIds = {}): PointIds {
  const named = new Set(Object.values(known));
  const added = Object.entries(sent).filter(([name, id]) => Object.hasOwn(known, name) || !named.has(id));
  return { ...known, ...Object.fromEntries(added) };
}

function recallOpen(believed: Believed, action: Action, resume: boolean): Believed {
  if (action === "start" && believed.pause) return believed;
  if (action === "pause" && resume) return { ...believed, pause: "perhaps" };
  const everRan = believed.everRan || action === "start";
  return { ...believed, status: "unknown", source: "unknown", uncertain: action, everRan };
}

function recallMove(believed: Believed, action: Action, data: JsonObject): Believed {
  const status = statusFrom(data.status);
  const settles = action === "start" || action === "finish" || action === "archive";
  return {
    ...believed,
    status: status === "unknown" ? target[action] : status,
    source: sourceOf(status),
    pause: action === "pause" && data.resume === true ? "ours" : settles ? undefined : believed.pause,
    uncertain: undefined,
    everRan: believed.everRan || action === "start",
  };
}
