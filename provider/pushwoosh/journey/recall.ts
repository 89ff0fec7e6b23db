/** How a record that is newer than the state changes the belief. Pure. */
import type { RecordedStep } from "../../core/records";
import { type Action, statusFrom, target } from "./lifecycle";
import type { Believed } from "./state";
import type { PointIds } from "./wire";

/** Folds the steps of a record that is newer than the state into the belief. */
export function recall(believed: Believed, steps: readonly RecordedStep[]): Believed {
  let next: Believed = { ...believed, newerRecord: true };
  for (const step of steps) next = recallStep(next, step);
  return { ...next, interrupted: next.pause !== undefined };
}

function recallStep(believed: Believed, { step, outcome, data }: RecordedStep): Believed {
  const open = outcome === undefined || outcome === "unknown";
  const pointIds = (data.pointIds as PointIds | undefined) ?? believed.pointIds;
  if (step === "replace" || step === "put back" || step === "create") {
    if (outcome === "refused") return believed;
    const known = new Set([...believed.marks, ...((data.marks as string[] | undefined) ?? [])]);
    const putDigest = typeof data.digest === "string" ? data.digest : undefined;
    return { ...believed, pointIds, marks: known, put: open ? "perhaps" : "done", putDigest };
  }
  const action = step as Action;
  if (outcome === "refused") return believed;
  if (open) {
    if (action === "start" && believed.pause) return believed;
    if (action === "pause" && data.resume === true) return { ...believed, pause: "perhaps" };
    return {
      ...believed,
      status: "unknown",
      source: "unknown",
      uncertain: action,
      everRan: believed.everRan || action === "start",
    };
  }
  const status = statusFrom(data.status);
  const pause =
    action === "pause" && data.resume === true
      ? "ours"
      : action === "start" || action === "finish"
        ? undefined
        : believed.pause;
  return {
    ...believed,
    status: status === "unknown" ? target[action] : status,
    source: "answered",
    pause,
    uncertain: undefined,
    everRan: believed.everRan || action === "start",
  };
}
