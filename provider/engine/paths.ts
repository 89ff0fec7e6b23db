/** Property paths: `a.b[0]`, `a["x.y"]`, with `*` for every member; and the comparison of two values by path. */
import { equal, isMap, isSecret, type Props } from "./values.js";

/** Keys of maps and indices of lists, outermost first. */
export type Path = (string | number)[];

/** One difference between two values. `before` is absent for an addition, `after` for a deletion. */
export interface PropertyChange {
  path: Path;
  kind: "add" | "update" | "delete";
  before?: unknown;
  after?: unknown;
}

/** Reads a path as a program writes it. Throws on an unclosed bracket. */
export function parsePath(source: string): Path {
  const path: Path = [];
  const part = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|\.?([^.[\]"]+)/gy;
  while (part.lastIndex < source.length) {
    const start = part.lastIndex;
    const match = part.exec(source);
    if (!match) throw new Error(`"${source}" is not a property path: it can't be read from position ${start}.`);
    const [, quoted, index, word] = match;
    if (quoted !== undefined) path.push(quoted.replaceAll(/\\(.)/g, "$1"));
    else if (index !== undefined) path.push(index === "*" ? "*" : Number(index));
    else path.push(word ?? "");
  }
  return path;
}

/** Writes a path the way `parsePath` reads it. */
export function formatPath(path: Path): string {
  const parts = path.map((key) => {
    if (typeof key === "number") return `[${key}]`;
    return /^[\w$-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  });
  return parts.join("").replace(/^\./, "");
}

/** Whether a pattern (with `*`) and a path meet: one is the other, or lies above it. */
export function pathsMeet(pattern: Path, path: Path): boolean {
  const length = Math.min(pattern.length, path.length);
  return Array.from({ length }).every(
    (_, index) => pattern[index] === "*" || String(pattern[index]) === String(path[index]),
  );
}

/** The differences between two property maps, one per leaf. Secrets and values of different kinds are compared as a whole. */
export function compare(before: Props, after: Props): PropertyChange[] {
  const changes: PropertyChange[] = [];
  compareMembers(before, after, [], changes);
  return changes;
}

function compareMembers<T extends Props | unknown[]>(before: T, after: T, path: Path, changes: PropertyChange[]): void {
  const [olds, news] = [before as Props, after as Props];
  for (const key of Object.keys({ ...olds, ...news })) {
    const at = [...path, Array.isArray(after) ? Number(key) : key];
    if (!Object.hasOwn(news, key)) changes.push({ path: at, kind: "delete", before: olds[key] });
    else if (!Object.hasOwn(olds, key)) changes.push({ path: at, kind: "add", after: news[key] });
    else compareValues(olds[key], news[key], at, changes);
  }
}

function compareValues(before: unknown, after: unknown, path: Path, changes: PropertyChange[]): void {
  if (Array.isArray(before) && Array.isArray(after)) compareMembers(before, after, path, changes);
  else if (isMap(before) && isMap(after) && !isSecret(before) && !isSecret(after))
    compareMembers(before, after, path, changes);
  else if (!equal(before, after)) changes.push({ path, kind: "update", before, after });
}

/**
 * What `ignoreChanges` asks for: the old value at each path stands in place of the new one; what the old inputs don't have is
 * taken away. Nothing is changed in place.
 */
export function keepOld(olds: Props, news: Props, patterns: readonly string[]): Props {
  return patterns.reduce((result, pattern) => keepAt(olds, result, parsePath(pattern)) as Props, news);
}

const absent = Symbol("absent");

function keepAt(old: unknown, next: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return old;
  if (!isContainer(old) && !isContainer(next)) return next;
  const keys = key === "*" ? Object.keys({ ...members(old), ...members(next) }) : [String(key)];
  return keys.reduce((result, member) => {
    const kept = keepAt(memberOf(old, member), memberOf(result, member), rest);
    return kept === memberOf(result, member) ? result : withMember(result, member, kept);
  }, next);
}

const isContainer = (value: unknown): value is Props | unknown[] => Array.isArray(value) || isMap(value);
const members = (value: unknown): Props => (isContainer(value) ? { ...value } : {});
const memberOf = (value: unknown, key: string): unknown =>
  isContainer(value) && Object.hasOwn(value, key) ? (value as Props)[key] : absent;

function withMember(container: unknown, key: string, value: unknown): unknown {
  // A path below something that isn't there: nothing to keep it in, so nothing is kept.
  if (!isContainer(container)) return container;
  if (Array.isArray(container)) {
    const index = Number(key);
    if (value === absent) return container.filter((_, at) => at !== index);
    return Object.assign([...container], { [index]: value });
  }
  const { [key]: _, ...others } = container;
  return value === absent ? others : { ...container, [key]: value };
}
