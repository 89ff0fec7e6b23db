/** How a belief changes: by a record newer than the state, by what a program says, by each answer. Pure. */
import type { RecordedStep } from "../../core/records";
import { isUnknown, type Json, type JsonObject, type Path, parsePath } from "../../core/values";
import { type Definition, type LogicalPoint, leaves, mark, marks, merge, missing } from "./definition";
import { assignIds, matchIds, type Renames } from "./identity";
import type { JourneyInputs } from "./inputs";
import { type Action, statusFrom, target } from "./lifecycle";
import type { Step } from "./plan";
import { definitionOf } from "./points";
import { type Believed, definitionDigest, furtherInfo } from "./state";
import { fromWire, type PointIds, toWire, type WireJourney } from "./wire";

/** What an answer says. */
export interface Answer {
  info: JsonObject;
  journey: WireJourney;
}

/** The belief as a plan needs it: with the program's word on the state, and points under their names of today. */
export function prepare(desired: JourneyInputs, believed: Believed): Believed {
  return renamed(desired, corrected(desired, believed));
}

/** `adoptStatus` counts once, when its value changes. */
function corrected(desired: JourneyInputs, believed: Believed): Believed {
  const said = desired.adoptStatus;
  if (!said || isUnknown(said) || said === believed.applied.adoptStatus) return believed;
  const clean = { ...believed, pause: undefined, interrupted: false, uncertain: undefined };
  return { ...clean, status: said, source: "assumed", everRan: believed.everRan || said !== "draft" };
}

function renamed(desired: JourneyInputs, believed: Believed): Believed {
  const renames = renamesOf(desired, believed.pointIds);
  const given = desired.pointIds && !isUnknown(desired.pointIds) ? desired.pointIds : {};
  const added = Object.entries(given).filter(([name]) => believed.pointIds[name] === undefined);
  if (Object.keys(renames).length === 0) {
    return added.length ? { ...believed, pointIds: { ...believed.pointIds, ...Object.fromEntries(added) } } : believed;
  }
  const names = new Map(Object.entries(renames).map(([now, before]) => [before, now]));
  const rename = (name: string) => names.get(name) ?? name;
  const definition = (value: Definition): Definition => renameIn(value, rename);
  const points = Object.fromEntries(
    Object.entries(believed.applied.points).map(([name, point]) => [rename(name), renameEdges(point, rename)]),
  );
  return {
    ...believed,
    applied: { ...believed.applied, points: points as JourneyInputs["points"] },
    baseline: definition(believed.baseline),
    outside: believed.outside && definition(believed.outside),
    live: believed.live && definition(believed.live),
    pointIds: {
      ...Object.fromEntries(Object.entries(believed.pointIds).map(([name, id]) => [rename(name), id])),
      ...Object.fromEntries(added),
    },
  };
}

function renamesOf(desired: JourneyInputs, known: PointIds): Renames {
  if (isUnknown(desired.points)) return {};
  return Object.fromEntries(
    Object.entries(desired.points).flatMap(([name, { formerly }]) =>
      formerly !== undefined && known[formerly] !== undefined && known[name] === undefined ? [[name, formerly]] : [],
    ),
  );
}

function renameIn(definition: Definition, rename: (name: string) => string): Definition {
  const points = Object.entries(definition.points).map(
    ([name, point]) => [rename(name), renameEdges(point, rename)] as const,
  );
  return { ...definition, points: Object.fromEntries(points) as Record<string, LogicalPoint> };
}

function renameEdges<T extends { next?: unknown }>(point: T, rename: (name: string) => string): T {
  const { next } = point;
  if (next === undefined || isUnknown(next)) return point;
  if (typeof next === "string") return { ...point, next: rename(next) };
  const edges = Object.entries(next as Record<string, string | { to: string }>).map(([output, edge]) => [
    output,
    typeof edge === "string" ? rename(edge) : { ...edge, to: rename(edge.to) },
  ]);
  return { ...point, next: Object.fromEntries(edges) };
}

/** What a replace or create of this declaration sends, with the ids it sends. */
export function toSend(
  desired: JourneyInputs,
  believed: Believed,
): { definition: Definition; pointIds: PointIds; body: WireJourney } {
  const want = definitionOf(desired);
  const definition = merge(want, definitionOf(believed.applied), believed.confirmed ? believed.baseline : undefined);
  const kept = Object.keys(definition.points).filter(
    (name) => believed.pointIds[name] !== undefined || name in want.points,
  );
  const pointIds = assignIds(kept, believed.pointIds, {}, believed.key);
  return { definition, pointIds, body: toWire(definition, desired.applicationCode, pointIds) };
}

/** What a record notes of a replace: its digest, and marks of each value it sets or takes away. */
export function notesOfReplace(
  desired: JourneyInputs,
  believed: Believed,
  sent: Definition,
  secret: readonly Path[],
): JsonObject {
  const gone = leaves(believed.baseline).filter(({ path }) =>
    missing(believed.baseline, sent).some((other) => samePath(path, other)),
  );
  return {
    digest: definitionDigest(definitionOf(desired)),
    marks: [...marks(sent, believed.key, secret), ...gone.map(({ path }) => mark(path, null, believed.key))],
  };
}

const samePath = (a: Path, b: Path) => a.length === b.length && a.every((key, index) => key === b[index]);

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

/** The belief after an answer to a step. The answer is the whole truth of this moment. */
export function learn(desired: JourneyInputs, believed: Believed, step: Step, answer: Answer): Believed {
  const status = statusFrom(answer.info.status);
  const sent = step.action === "replace" ? toSend(desired, believed) : undefined;
  const pointIds = sent
    ? { ...sent.pointIds, ...matchIds(sent.body.points, sent.pointIds, answer.journey.points) }
    : adoptIds(believed, answer);
  const live = fromWire(answer.journey, pointIds);
  const next: Believed = {
    ...believed,
    ...infoOf(answer.info),
    id: believed.id,
    status: status === "unknown" ? (step.action in target ? target[step.action as Action] : believed.status) : status,
    source: "answered",
    uncertain: undefined,
    everRan:
      believed.everRan || step.action === "start" || status === "running" || answer.info.is_first_activated === true,
    pointIds,
    live,
  };
  if (step.action === "pause" && step.forEdit) next.pause = "ours";
  // Whatever an earlier run left open about the pause, this answer settles it.
  if (step.action === "start" || step.action === "finish" || step.action === "archive")
    Object.assign(next, { pause: undefined, interrupted: false });
  if (step.action === "replace") return { ...next, ...replaced(desired, believed), baseline: live };
  if (step.action === "put back" && believed.former) return { ...next, ...restored(believed), baseline: live };
  return settlePut(desired, next);
}

/** A replace whose answer was lost shows itself in the next answer. */
function settlePut(desired: JourneyInputs, believed: Believed): Believed {
  if (believed.put !== "perhaps" || !believed.live) return believed;
  const allowed = (desired.mayBeDropped ?? []).map(parsePath);
  if (missing(definitionOf(desired), believed.live, allowed).length > 0) return { ...believed, put: undefined };
  return { ...believed, ...replaced(desired, believed), baseline: believed.live };
}

function replaced(desired: JourneyInputs, believed: Believed): Partial<Believed> {
  const { definition, pointIds } = before(believed);
  const former = believed.former ?? { definition, applied: believed.applied, pointIds };
  return {
    put: "done",
    putDigest: undefined,
    confirmed: true,
    applied: desired,
    outside: undefined,
    former,
    newerRecord: false,
  };
}

function before({ live, baseline, pointIds }: Believed): { definition: Definition; pointIds: PointIds } {
  return { definition: live ?? baseline, pointIds };
}

function restored(believed: Believed): Partial<Believed> {
  return { put: undefined, putBack: false, former: undefined, applied: believed.former!.applied, confirmed: true };
}

/** Points of an adopted journey whose ids were not given are found in the first answer that shows them. */
function adoptIds(believed: Believed, answer: Answer): PointIds {
  const names = Object.keys(believed.applied.points).filter((name) => believed.pointIds[name] === undefined);
  if (names.length === 0) return believed.pointIds;
  const guess: PointIds = { ...Object.fromEntries(names.map((name) => [name, `name:${name}`])), ...believed.pointIds };
  const declared = toWire(definitionOf(believed.applied), believed.applied.applicationCode, guess);
  return { ...believed.pointIds, ...matchIds(declared.points, guess, answer.journey.points) };
}

export function infoOf(info: JsonObject): Pick<Believed, "info" | "createdAt" | "updatedAt"> {
  return { info: furtherInfo(info), createdAt: text(info.created_at), updatedAt: text(info.updated_at) };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value ? value : undefined;
}

/** What is believed of a journey that only a declaration is known of. */
export function declaredOnly(id: string, desired: JourneyInputs, key: string, pointIds: PointIds): Believed {
  return {
    id,
    status: "unknown",
    source: "unknown",
    everRan: true,
    applied: desired,
    baseline: definitionOf(desired),
    confirmed: false,
    key,
    pointIds,
    marks: new Set(),
    interrupted: false,
    newerRecord: false,
    info: {},
  };
}

/** The belief after everything planned is done: what is declared is now what was applied. */
export function settled(desired: JourneyInputs, believed: Believed): Believed {
  const rest = {
    applied: desired,
    outside: undefined,
    put: undefined,
    putDigest: undefined,
    former: undefined,
  } as const;
  if (believed.live) return { ...believed, ...rest, baseline: believed.live, confirmed: true };
  if (believed.put === "done" && believed.putDigest) {
    // The answer of a run that was cut off is lost: what it sent stands in for it, until an answer is seen.
    const baseline = merge(definitionOf(desired), definitionOf(believed.applied), believed.baseline);
    return { ...believed, ...rest, baseline, confirmed: false };
  }
  return { ...believed, ...rest, baseline: believed.outside ?? believed.baseline };
}
