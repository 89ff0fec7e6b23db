/** A journey's definition in logical names, and how two of them compare. Pure. */
import { hash } from "node:crypto";
import type { Change } from "../../core/resource";
import { formatPath, isObject, isUnknown, type Json, type JsonObject, type Path, startsWith } from "../../core/values";

/** An edge in its one form: the target's logical name and whatever else the output holds. */
export type Edge = JsonObject & { to: string };

export type LogicalPoint = JsonObject & {
  type: string;
  data: JsonObject;
  title?: string;
  next?: Record<string, Edge>;
};

export interface Definition {
  title: string;
  /** Without `application_code`, which can't change. */
  params: JsonObject;
  points: Record<string, LogicalPoint>;
  comments: Json[];
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3}0*)?)?(Z|[+-]\d\d:?\d\d)$/;

/**
 * The platform may leave out what is empty or write an empty value for what was left out, and may spell an instant in
 * another way. What remains after this is what counts: `undefined` for anything that says nothing.
 */
export function normalise(value: unknown): Json | undefined {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return undefined;
  if (typeof value === "string") return INSTANT.test(value) ? instant(value) : value;
  if (typeof value !== "object") return value as Json;
  if (Array.isArray(value)) return value.length ? value.map((item) => normalise(item) ?? null) : undefined;
  const result: JsonObject = {};
  let empty = true;
  for (const key of Object.keys(value)) {
    const member = normalise((value as JsonObject)[key]);
    if (member === undefined) continue;
    result[key] = member;
    empty = false;
  }
  return empty ? undefined : result;
}

function instant(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : new Date(time).toISOString();
}

/** The differences between two values, leaf by leaf; both sides as written, equality after normalising. */
export function differences(before: unknown, after: unknown, path: Path = []): Change[] {
  const found: Change[] = [];
  if (!alike(before, after)) compare(before, after, path, found);
  return found;
}

/** Two values that differ. `inList`: an item that says nothing still has its place. */
function compare(before: unknown, after: unknown, path: Path, found: Change[], inList = false): void {
  const [a, b] = [saying(before, inList), saying(after, inList)];
  if (a === undefined || (a === null && b !== undefined)) found.push({ path, kind: "add", after: after as Json });
  else if (b === undefined || b === null) found.push({ path, kind: "delete", before: before as Json });
  else if (isObject(a) && isObject(b)) {
    const differ = Object.keys({ ...a, ...b }).filter((key) => !alike(own(a, key), own(b, key)));
    for (const key of differ.sort()) compare(own(a, key), own(b, key), [...path, key], found);
  } else if (Array.isArray(a) && Array.isArray(b)) {
    for (let at = 0; at < Math.max(a.length, b.length); at++) {
      if (at >= a.length || at >= b.length || !alike(a[at], b[at])) compare(a[at], b[at], [...path, at], found, true);
    }
  } else found.push({ path, kind: "update", before: before as Json, after: after as Json });
}

/** Whether two values are the same after normalising, found without making anything: most are. */
function alike(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length && before.every((item, at) => alike(item, after[at]));
  }
  if (isObject(before) && isObject(after)) {
    for (const key in before) if (!alike(before[key], own(after, key))) return false;
    for (const key in after) if (!Object.hasOwn(before, key) && says(after[key])) return false;
    return true;
  }
  const [a, b] = [saying(before), saying(after)];
  return a === b || sameScalar(a, b);
}

/** Whether anything of a value remains after normalising. */
function says(value: unknown): boolean {
  if (value === null || typeof value !== "object") return normalise(value) !== undefined;
  if (Array.isArray(value)) return value.length > 0;
  for (const key in value) if (says((value as JsonObject)[key])) return true;
  return false;
}

/** The value as it counts, one level deep: a scalar normalised, an object or list as it is, or nothing. */
function saying(value: unknown, inList = false): Json | undefined {
  const known =
    value !== null && typeof value === "object" ? (says(value) ? (value as Json) : undefined) : normalise(value);
  return known ?? (inList && value !== undefined ? null : undefined);
}

/** 64-bit integers travel as text on some paths: `5` and `"5"` say the same. */
function sameScalar(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a === "number" && typeof b === "string") return String(a) === b;
  if (typeof a === "string" && typeof b === "number") return a === String(b);
  return false;
}

/** Every leaf that says something, with its path. An empty item of an array says that the array is so long. */
export function leaves(value: unknown, path: Path = []): { path: Path; value: Json }[] {
  const plain = path.length ? (value as Json | undefined) : normalise(value);
  if (plain === undefined) return [];
  if (Array.isArray(plain)) return plain.flatMap((item, index) => leaves(item, [...path, index]));
  if (isObject(plain)) return Object.keys(plain).flatMap((key) => leaves(plain[key], [...path, key]));
  return [{ path, value: plain }];
}

/** The paths of `wanted` that `actual` lacks or has otherwise, except where that is allowed. */
export function missing(wanted: Definition, actual: Definition, allowed: readonly Path[] = []): Path[] {
  return differences(actual, wanted)
    .filter((change) => change.kind !== "delete")
    .flatMap((change) => (change.kind === "add" ? leafPaths(change) : [change.path]))
    .filter((path) => !allowed.some((prefix) => startsWith(path, prefix)));
}

/**
 * What to send: all that is declared, and what the platform added that the program never set. A leaf the program once
 * set and no longer does is left out.
 */
export function merge(
  declared: Definition,
  applied: Definition | undefined,
  baseline: Definition | undefined,
): Definition {
  if (!baseline) return declared;
  return mergeValue(
    declared as unknown as JsonObject,
    applied as unknown as JsonObject,
    baseline as unknown as JsonObject,
  ) as unknown as Definition;
}

function mergeValue(declared: Json, applied: Json | undefined, baseline: Json | undefined): Json {
  if (isObject(declared) && isObject(baseline)) {
    const was = isObject(applied) ? applied : {};
    const result: JsonObject = {};
    for (const key of Object.keys(declared)) {
      result[key] = mergeValue(declared[key]!, own(was, key), own(baseline, key));
    }
    for (const key of Object.keys(baseline)) {
      if (Object.hasOwn(result, key) || Object.hasOwn(was, key) || normalise(baseline[key]) === undefined) continue;
      result[key] = baseline[key]!;
    }
    return result;
  }
  if (Array.isArray(declared) && Array.isArray(baseline) && declared.length === baseline.length) {
    const was = Array.isArray(applied) ? applied : [];
    return declared.map((item, index) => mergeValue(item, was[index], baseline[index]));
  }
  return declared;
}

/** A member by a name somebody chose, which may be that of a member every object has. */
const own = (value: JsonObject, key: string): Json | undefined => (Object.hasOwn(value, key) ? value[key] : undefined);

/**
 * Short keyed marks of every leaf: enough to recognise our own values in an answer without keeping them. Secret leaves
 * are left out.
 */
export function marks(definition: Definition, key: string, secret: readonly Path[] = []): string[] {
  return leaves(definition)
    .filter(({ path }) => !secret.some((prefix) => startsWith(path, prefix) || startsWith(prefix, path)))
    .map(({ path, value }) => mark(path, value, key));
}

/** A number and its text have the same mark: some paths write 64-bit integers as text. */
export function mark(path: Path, value: Json, key: string): string {
  const text = JSON.stringify(typeof value === "number" ? String(value) : value);
  return hash("sha256", `${key}\n${formatPath(path)}\n${text}`, "base64url").slice(0, 12);
}

/**
 * Paths somebody else changed: the live value is neither what the platform last answered us, nor what a record of ours
 * says we sent, nor what the program declares.
 */
export function outsideEdits(live: Definition, baseline: Definition, declared: Definition, ours: Ours): Path[] {
  const unlike = new Set(differences(declared, live).flatMap(leafPaths).map(formatPath));
  return changedLeaves(baseline, live)
    .filter(({ path, value }) => unlike.has(formatPath(path)) && !isOurs(path, value, ours))
    .map(({ path }) => path);
}

/** Paths at which the live definition holds what a record says we sent, and what is to be there now does not. */
export function strayLeaves(live: Definition, wanted: Definition, ours: Ours): Path[] {
  return changedLeaves(wanted, live)
    .filter(({ path, value }) => value !== null && isOurs(path, value, ours))
    .map(({ path }) => path);
}

/** Whether the live definition shows anything that differs from the last answer and that we sent. */
export function showsOurs(live: Definition, baseline: Definition, ours: Ours): boolean {
  return changedLeaves(baseline, live).some(({ path, value }) => isOurs(path, value, ours));
}

/** What our records say we sent. */
interface Ours {
  key: string;
  marks: ReadonlySet<string>;
}

const isOurs = (path: Path, value: Json, { key, marks }: Ours) => marks.has(mark(path, value, key));

/** Every leaf that differs, with its value after; null for one that is gone. */
function changedLeaves(before: Definition, after: Definition): { path: Path; value: Json }[] {
  return differences(before, after).flatMap((change) => {
    if (change.kind === "delete") return leafPaths(change).map((path) => ({ path, value: null as Json }));
    return leavesOf(change);
  });
}

/** The leaves that came or went with a change. An item of an array may be empty and still be one. */
function leavesOf({ kind, before, after, path }: Change): { path: Path; value: Json }[] {
  const found = leaves(normalise(kind === "delete" ? before : after), path);
  return found.length ? found : [{ path, value: null }];
}

export const leafPaths = (change: Change): Path[] => leavesOf(change).map(({ path }) => path);

/** Whether a difference between two declarations may exist only because a value isn't known yet. */
export function restsOnUnknown(change: Change): boolean {
  return isUnknown(change.after);
}
