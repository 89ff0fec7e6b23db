/** Points whose structure the vendor documents, typed; and how a declared point reads in one form. */
import type { Problem } from "../../core/errors";
import { nearest } from "../../core/suggest";
import {
  hasUnknown,
  isObject,
  isUnknown,
  type Json,
  type JsonObject,
  type Path,
  UNKNOWN,
  valueAt,
} from "../../core/values";
import type { Definition, Edge, LogicalPoint } from "./definition";
import type { JourneyInputs, PointInput } from "./inputs";

/** What every typed point takes besides its own settings. */
export interface PointOptions {
  /** Where people go next: a logical name, or output name → logical name. */
  next?: PointInput["next"];
  title?: string;
  /** The logical name this point had before. */
  formerly?: string;
}

/** Settings of an audience entry. Times are ISO 8601. Source: vendor, point reference. */
export interface StartBySegment {
  application_code: string;
  /** Segment (filter) code. */
  filter_code: string;
  /** Recurring-entry schedule, in the platform's own form. */
  repeat?: JsonObject;
  /** Earliest moment of entry, ISO 8601. */
  start_at?: string;
  /** `true`: the entry is switched off. Default: false. */
  is_deactivated?: boolean;
}

/** Settings of an event entry. Source: vendor, point reference. */
export interface MessageBus {
  event_name: string;
  application_code: string;
  /** Conditions on the event's attributes, in the platform's own form. */
  event_conditions?: JsonObject[];
  /** When the trigger listens, in the platform's own form. */
  active_period?: JsonObject;
  /** Rules for repeated entry, in the platform's own form. */
  multi_entry?: JsonObject;
  /** Enrol the users named in an event attribute instead of the one who triggered. */
  attribute_entry?: { enabled: boolean; attribute_name: string };
  allow_reenter?: boolean;
}

/** People who match a segment enter. */
export function startBySegment(data: StartBySegment, options: PointOptions = {}): PointInput {
  return point("POINT_TYPE_START_BY_SEGMENT", "start_by_segment", { ...data }, options);
}

/** People who trigger an event enter. */
export function startByEvent(data: MessageBus, options: PointOptions = {}): PointInput {
  return point("POINT_TYPE_EVENT", "message_bus", { ...data }, options);
}

/**
 * People sent by the start-by-API call enter. The vendor documents the key, but neither the fields nor the type's
 * name: pass the fields of an API answer; the type is inferred from its siblings and can be given.
 */
export function startByApi(
  data: JsonObject = {},
  options: PointOptions & { /** Default: `POINT_TYPE_START_BY_API` (inferred). */ type?: string } = {},
): PointInput {
  const { type = "POINT_TYPE_START_BY_API", ...rest } = options;
  return point(type, "start_by_api", data, rest);
}

function point(type: string, key: string, data: object, options: PointOptions): PointInput {
  return { type, data: { [key]: data as Json }, role: "entry", ...options };
}

const entryKeys = new Set(["start_by_segment", "message_bus", "start_by_api"]);

/** Whether people enter the journey here: the documented entry keys tell, for others the declared role does. */
export function isEntry(declared: Pick<PointInput, "data" | "role">): boolean {
  return declared.role === "entry" || Object.keys(declared.data ?? {}).some((key) => entryKeys.has(key));
}

/** The declared journey in the form that is compared and sent. */
export function definitionOf(inputs: JourneyInputs): Definition {
  if (isUnknown(inputs.points)) return { ...definitionOf({ ...inputs, points: {} }), points: UNKNOWN as never };
  const points: Record<string, LogicalPoint> = {};
  for (const [name, declared] of Object.entries(inputs.points ?? {})) points[name] = logicalPoint(declared);
  return { title: inputs.title, params: inputs.params ?? {}, points, comments: inputs.comments ?? [] };
}

function logicalPoint(declared: PointInput): LogicalPoint {
  if (isUnknown(declared)) return declared as never;
  const { role: _, formerly: __, next, ...rest } = declared;
  const point = rest as LogicalPoint;
  if (next === undefined) return point;
  if (isUnknown(next)) return { ...point, next: next as never };
  return { ...point, next: typeof next === "string" ? { default: { to: next } } : mapEdges(next) };
}

function mapEdges(next: Exclude<PointInput["next"], string | undefined>): Record<string, Edge> {
  return Object.fromEntries(
    Object.entries(next).map(([output, edge]) => [output, typeof edge === "string" ? { to: edge } : (edge as Edge)]),
  );
}

/**
 * The path of a leaf as the program wrote it: an edge written as a bare name has no `to`, and often no output. Looked up
 * in the first of these inputs that has such an edge.
 */
export function asWritten(path: Path, ...written: readonly JourneyInputs[]): Path {
  if (path.length !== 5 || path[0] !== "points" || path[2] !== "next" || path[4] !== "to") return path;
  for (const inputs of written) {
    const next = valueAt(inputs, path.slice(0, 3));
    if (typeof next === "string" && path[3] === "default") return path.slice(0, 3);
    const edge = valueAt(next, path.slice(3, 4));
    if (edge !== undefined) return typeof edge === "string" ? path.slice(0, 4) : path;
  }
  return path;
}

/** What is wrong with the canvas. A value not known yet gives no problem: it may turn out right. */
export function pointProblems(inputs: JourneyInputs): Problem[] {
  if (!isObject(inputs.points)) return [];
  const problems: Problem[] = [];
  const points = Object.entries(inputs.points);
  for (const [name, declared] of points) {
    if (!isObject(declared)) continue;
    dataProblems(name, declared as unknown as PointInput, inputs.applicationCode, problems);
    edgeProblems(name, declared as unknown as PointInput, inputs.points, problems);
    formerProblems(name, declared as unknown as PointInput, inputs.points, problems);
  }
  const entryPossible = points.some(
    ([, declared]) => isUnknown(declared) || isUnknown(declared?.data) || isEntry(declared),
  );
  if (points.length > 0 && !entryPossible) {
    problems.push({
      path: ["points"],
      reason: 'no entry: nobody could enter. Add an entry point, or mark one with role: "entry"',
    });
  }
  if (points.length === 0 && inputs.status === "running") {
    problems.push({
      path: ["points"],
      reason: "no entry: a journey without points can't be started. Add an entry point",
    });
  }
  return problems;
}

function dataProblems(name: string, declared: PointInput, applicationCode: string, problems: Problem[]): void {
  if (!isObject(declared.data)) return;
  const keys = Object.keys(declared.data);
  if (keys.length !== 1) {
    const found = keys.length ? `has ${keys.length}: ${keys.join(", ")}` : "is empty";
    problems.push({ path: ["points", name, "data"], reason: `must hold exactly one key, ${found}` });
    return;
  }
  const key = keys[0]!;
  const settings = declared.data[key];
  const code = isObject(settings) ? settings.application_code : undefined;
  if (typeof code === "string" && !isUnknown(code) && !isUnknown(applicationCode) && code !== applicationCode) {
    problems.push({
      path: ["points", name, "data", key, "application_code"],
      reason: `is "${code}", but the journey belongs to application "${applicationCode}"`,
    });
  }
}

function edgeProblems(name: string, declared: PointInput, points: object, problems: Problem[]): void {
  const { next } = declared;
  if (next === undefined || isUnknown(next)) return;
  const edges = typeof next === "string" ? [["", next] as const] : Object.entries(next);
  for (const [output, edge] of edges) {
    const target = typeof edge === "string" ? edge : (edge as Edge | undefined)?.to;
    const path = ["points", name, "next", ...(output ? [output] : [])];
    if (typeof target !== "string" || isUnknown(target)) continue;
    if (!Object.hasOwn(points, target)) {
      problems.push({ path, reason: `leads to "${target}", which is not a point here${whichPoint(target, points)}` });
    } else if (target === name) {
      problems.push({ path, reason: `leads back to "${name}" itself` });
    }
  }
}

/** The point that was probably meant, or all there are. */
function whichPoint(name: string, points: object): string {
  const close = nearest(name, Object.keys(points));
  return close === undefined ? `. Points: ${Object.keys(points).join(", ")}` : `; did you mean "${close}"?`;
}

function formerProblems(
  name: string,
  declared: PointInput,
  points: Record<string, PointInput>,
  problems: Problem[],
): void {
  const { formerly } = declared;
  if (typeof formerly !== "string" || isUnknown(formerly)) return;
  const path = ["points", name, "formerly"];
  if (formerly !== name && Object.hasOwn(points, formerly)) {
    problems.push({
      path,
      reason: `names "${formerly}", which is a point here: that one keeps its own UUID. Once the rename is applied, remove formerly; to swap two names, go through a third in a run of its own`,
    });
  }
  const twin = Object.entries(points).find(([other, point]) => other < name && point?.formerly === formerly);
  if (twin) problems.push({ path, reason: `names "${formerly}", as does point "${twin[0]}"` });
}

/** Whether the canvas holds anything a preview doesn't know yet. */
export function isPartlyUnknown(inputs: JourneyInputs): boolean {
  return (
    hasUnknown(inputs.points) || hasUnknown(inputs.params) || hasUnknown(inputs.comments) || isUnknown(inputs.title)
  );
}
