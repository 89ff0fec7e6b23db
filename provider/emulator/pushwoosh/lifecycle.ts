import { asObject } from "../exchange";
import type { Journey, JourneyStatus, LifecycleAction } from "./journey";
import type { PushwooshSwitches } from "./switches";

type Moves = Readonly<Record<JourneyStatus, Partial<Record<LifecycleAction, JourneyStatus>>>>;

/** The documented moves and the likely ones; whatever isn't here is refused. */
const strict: Moves = {
  STATUS_DRAFT: { start: "STATUS_RUNNING", archive: "STATUS_ARCHIVED" },
  STATUS_RUNNING: { pause: "STATUS_PAUSED", finish: "STATUS_FINISHED" },
  STATUS_PAUSED: { start: "STATUS_RUNNING", finish: "STATUS_FINISHED", draft: "STATUS_DRAFT" },
  STATUS_FINISHED: { archive: "STATUS_ARCHIVED" },
  STATUS_ARCHIVED: {},
};

/** As strict, and: archive from anywhere, draft from anything that doesn't run, a move to the same status does nothing. */
const permissive: Moves = {
  STATUS_DRAFT: { ...strict.STATUS_DRAFT, draft: "STATUS_DRAFT" },
  STATUS_RUNNING: { ...strict.STATUS_RUNNING, start: "STATUS_RUNNING", archive: "STATUS_ARCHIVED" },
  STATUS_PAUSED: { ...strict.STATUS_PAUSED, pause: "STATUS_PAUSED", archive: "STATUS_ARCHIVED" },
  STATUS_FINISHED: { ...strict.STATUS_FINISHED, finish: "STATUS_FINISHED", draft: "STATUS_DRAFT" },
  STATUS_ARCHIVED: { archive: "STATUS_ARCHIVED", draft: "STATUS_DRAFT" },
};

/** Where a lifecycle call takes a journey; undefined when it is refused. */
export function target(
  profile: Required<PushwooshSwitches>["transitions"],
  from: JourneyStatus,
  action: LifecycleAction,
): JourneyStatus | undefined {
  return (profile === "strict" ? strict : permissive)[from][action];
}

/** Whether a journey in this status takes a new definition. */
export function editable(profile: Required<PushwooshSwitches>["transitions"], status: JourneyStatus): boolean {
  if (status === "STATUS_RUNNING") return profile === "permissive";
  return status === "STATUS_DRAFT" || status === "STATUS_PAUSED";
}

/**
 * Whether a journey has something to start from. Entries of further kinds may exist under keys that aren't known, so
 * only a journey without any kind of point is known to have none.
 */
export function mayHaveEntry(journey: Journey): boolean {
  return journey.definition.points.some((point) => Object.keys(asObject(point.point_data) ?? {}).length > 0);
}
