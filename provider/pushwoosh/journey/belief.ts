/** What is sent, and how each answer changes the belief. Pure. */
import { formatPath, type Json, type JsonObject, type Path } from "../../core/values";
import { type Definition, leaves, mark, marks, merge, missing, showsOurs } from "./definition";
import { editOf } from "./edit";
import { assignIds } from "./identity";
import type { JourneyInputs, JourneyStatus } from "./inputs";
import { type Action, statusFrom, target } from "./lifecycle";
import { matchIds } from "./match";
import type { Step } from "./plan";
import { definitionOf } from "./points";
import { renameIn } from "./prepare";
import { type Believed, definitionDigest, furtherInfo, noPut, type StatusSource } from "./state";
import { fromWire, idOf, type PointIds, toWire, type WireJourney } from "./wire";

/** What an answer says. */
export interface Answer {
  info: JsonObject;
  journey: WireJourney;
  /** Whether it holds a list of points at all, be it an empty one. */
  showsPoints: boolean;
}

/** What a replace or create of this declaration sends, with the ids it sends. */
export function toSend(
  desired: JourneyInputs,
  believed: Believed,
): { definition: Definition; pointIds: PointIds; body: WireJourney } {
  const want = definitionOf(desired);
  const definition = merge(want, definitionOf(believed.applied), believed.baseline);
  const kept = Object.keys(definition.points).filter(
    (name) => believed.pointIds[name] !== undefined || Object.hasOwn(want.points, name),
  );
  const pointIds = assignIds(kept, believed.pointIds, believed.key);
  return { definition, pointIds, body: toWire(definition, desired.applicationCode, pointIds) };
}

/** What a record notes of a replace: its digest, its point ids, and marks of each value it sets or takes away. */
export function notesOfReplace(
  desired: JourneyInputs,
  believed: Believed,
  { definition: sent, pointIds }: { definition: Definition; pointIds: PointIds },
  secret: readonly Path[],
): JsonObject {
  const { baseline, key } = believed;
  const noted = marksOfReplace(sent, baseline, key, secret);
  const formers = formerNames(desired);
  if (formers) {
    const [before, after] = [renameIn(baseline, formers), renameIn(sent, formers)];
    const hidden = secret.map(([root = "", name = "", ...rest]) => [root, formers(String(name)), ...rest]);
    noted.push(...marksOfReplace(after, before, key, [...secret, ...hidden]));
  }
  return { digest: definitionDigest(definitionOf(desired)), pointIds, marks: noted };
}

function marksOfReplace(sent: Definition, baseline: Definition, key: string, secret: readonly Path[]): string[] {
  const absent = new Set(missing(baseline, sent).map(formatPath));
  const gone = leaves(baseline).filter(({ path }) => absent.has(formatPath(path)));
  return [...marks(sent, key, secret), ...gone.map(({ path }) => mark(path, null, key))];
}

/** From a name to the one before, if any point has one: should the rename be taken back, these are our values still. */
function formerNames({ points }: JourneyInputs): ((name: string) => string) | undefined {
  if (!Object.values(points).some(({ formerly }) => formerly !== undefined)) return undefined;
  return (name) => (Object.hasOwn(points, name) && points[name]?.formerly) || name;
}

/** The belief after an answer to a step. The answer is the whole truth of this moment. */
export function learn(desired: JourneyInputs, believed: Believed, step: Step, answer: Answer): Believed {
  const status = statusFrom(answer.info.status);
  const sent = step.action === "replace" ? toSend(desired, believed) : undefined;
  const pointIds = sent
    ? { ...sent.pointIds, ...matchIds(sent.body.points, sent.pointIds, answer.journey.points) }
    : lostIds(desired, { ...believed, pointIds: adoptIds(believed, answer) }, answer);
  const seen = showsDefinition(believed, step, answer);
  const live = seen ? fromWire(answer.journey, pointIds) : believed.live;
  const next: Believed = {
    ...believed,
    ...infoOf(answer.info),
    id: believed.id,
    status: status === "unknown" ? (step.action in target ? target[step.action as Action] : believed.status) : status,
    source: sourceOf(status),
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
  if (step.action === "replace") return { ...next, ...replaced(desired, believed), baseline: live! };
  if (step.action === "put back" && believed.former) return { ...next, ...restored(believed), baseline: live! };
  return seen ? settlePut(desired, next) : next;
}

/**
 * An answer without any list of points, of a journey that has some, says nothing of its definition. It isn't taken so
 * where the definition is what the call was made for: there it has to be shown.
 */
function showsDefinition({ baseline }: Believed, { action }: Step, { showsPoints }: Answer): boolean {
  const mustShow = action === "replace" || action === "put back" || action === "pause";
  return showsPoints || mustShow || Object.keys(baseline.points).length === 0;
}

/** A state this release doesn't know is answered, but what it comes to is assumed. */
export const sourceOf = (status: JourneyStatus): StatusSource => (status === "unknown" ? "assumed" : "answered");

/** A replace whose answer was lost shows itself, or not, in the next answer. */
function settlePut(desired: JourneyInputs, believed: Believed): Believed {
  if (believed.put !== "perhaps" || !believed.live) return believed;
  if (!editOf(desired, believed).changed)
    return { ...believed, ...replaced(desired, believed), baseline: believed.live };
  return showsOurs(believed.live, believed.baseline, believed) ? believed : { ...believed, ...noPut };
}

function replaced(desired: JourneyInputs, believed: Believed): Partial<Believed> {
  const { definition, pointIds } = before(believed);
  const former = believed.former ?? { definition, applied: believed.applied, pointIds };
  return {
    ...noPut,
    put: "done",
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
  return { ...noPut, putBack: false, former: undefined, applied: believed.former!.applied, confirmed: true };
}

/**
 * Points of a replace whose answer, or even whose record, was lost: an id that only we could have made names its point;
 * where a record says that one was sent, the platform may also have given others.
 */
function lostIds(desired: JourneyInputs, believed: Believed, answer: Answer): PointIds {
  const { body, pointIds } = toSend(desired, believed);
  const there = new Set(answer.journey.points.map(idOf));
  const taken = new Set(Object.values(believed.pointIds).filter((id) => there.has(id)));
  const found = believed.put === "perhaps" ? matchIds(body.points, pointIds, answer.journey.points) : pointIds;
  const named = Object.entries(found).filter(
    ([name, id]) => there.has(id) && !there.has(believed.pointIds[name]) && !taken.has(id),
  );
  return { ...believed.pointIds, ...Object.fromEntries(named) };
}

/** Points of an adopted journey whose ids were not given are found in the first answer that shows them. */
function adoptIds(believed: Believed, answer: Answer): PointIds {
  const names = Object.keys(believed.applied.points).filter((name) => believed.pointIds[name] === undefined);
  if (names.length === 0) return believed.pointIds;
  const guess: PointIds = { ...Object.fromEntries(names.map((name) => [name, `name:${name}`])), ...believed.pointIds };
  const declared = toWire(definitionOf(believed.applied), believed.applied.applicationCode, guess);
  return { ...believed.pointIds, ...matchIds(declared.points, guess, answer.journey.points, "leave") };
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
  const rest = { ...noPut, applied: desired, outside: undefined, former: undefined } as const;
  if (believed.live) return onlyPresent({ ...believed, ...rest, baseline: believed.live, confirmed: true });
  if (believed.put === "done" && believed.putDigest) {
    // The answer of a run that was cut off is lost: what it sent stands in for it, until an answer is seen.
    const baseline = merge(definitionOf(desired), definitionOf(believed.applied), believed.baseline);
    return onlyPresent({ ...believed, ...rest, baseline, confirmed: false });
  }
  return { ...believed, ...rest, baseline: believed.outside ?? believed.baseline };
}

/** A record or an earlier state may name a point that is gone: should one of that name come again, it is another one. */
function onlyPresent(believed: Believed): Believed {
  const { points } = believed.baseline;
  const present = Object.entries(believed.pointIds).filter(([name]) => Object.hasOwn(points, name));
  return { ...believed, pointIds: Object.fromEntries(present) };
}
