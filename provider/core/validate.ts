/**
 * Checks inputs against their declared shape, in words a person understands. A preview holds unknown values: whatever
 * depends on one is left for the run in which it is known, so that a preview never shows an error that isn't one.
 */
import { z } from "zod";
import { invalidInput, type Problem } from "./errors";
import { MASK } from "./mask";
import { nearest } from "./suggest";
import { hasUnknown, isUnknown, type Path, startsWith, valueAt } from "./values";

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** Everything that is wrong with the shape of a value, in the order of its declaration. */
export function validate(schema: z.ZodType, value: unknown, secretPaths: readonly Path[] = []): Problem[] {
  const result = schema.safeParse(value, { error: explain });
  if (result.success) return [];
  return result.error.issues
    .flatMap((issue) => certain(issue, value, []))
    .map((issue) => ({ path: shownPath(issue, secretPaths), reason: reason(issue, value, secretPaths) }));
}

/** A name nobody declared, within a secret value, may be a part of the secret. */
function shownPath({ issue, path }: Finding, secretPaths: readonly Path[]): (string | number)[] {
  if (issue.code !== "unrecognized_keys") return path;
  const isWithin = secretPaths.some((secret) => secret.length < path.length && startsWith(path, secret));
  return isWithin ? [...path.slice(0, -1), MASK] : path;
}

/**
 * A value that has the shape, with its defaults filled in: for arguments that are all known.
 *
 * @param name what it is an argument of, for the error
 * @throws JourneysError `invalid-input` naming everything that is wrong
 */
export function parsed<Shape extends z.ZodType>(
  name: string,
  shape: Shape,
  given: unknown,
  secretPaths: readonly Path[] = [],
): z.output<Shape> {
  const problems = validate(shape, given, secretPaths);
  if (problems.length > 0) throw invalidInput(name, problems);
  return shape.parse(given);
}

/** One thing that is wrong whatever the unknown values turn out to be, at its path from the root. */
interface Finding {
  path: (string | number)[];
  issue: Issue;
  /** Further shapes that would have been right at the same place. */
  alternatives?: string[];
  text?: string;
}

function certain(issue: Issue, root: unknown, base: Path): Finding[] {
  const path = [...base, ...issue.path.map((key) => (typeof key === "symbol" ? String(key) : key))];
  if (dependsOnUnknown(issue, root, path)) return [];
  if (issue.code === "unrecognized_keys") {
    const texts = issue.message.split("\n");
    return issue.keys.map((key, index) => ({ path: [...path, key], issue, text: texts[index] ?? texts[0] }));
  }
  if (issue.code === "invalid_key" || issue.code === "invalid_element") {
    return issue.issues.map((inner) => ({
      path,
      issue,
      text: issue.code === "invalid_key" ? `this name ${inner.message}` : inner.message,
    }));
  }
  if (issue.code === "invalid_union" && issue.errors.length) return nearestBranch(issue, root, path);
  return [{ path, issue }];
}

/** Of several shapes the one that was most likely meant: the one whose faults lie deepest, then the one with fewest. */
function nearestBranch(issue: z.core.$ZodIssueInvalidUnion, root: unknown, path: (string | number)[]): Finding[] {
  const branches = issue.errors.map((issues) => issues.flatMap((inner) => certain(inner, root, path)));
  if (branches.some((findings) => findings.length === 0)) return [];
  const meant = branches.filter((findings) => !findings.some((finding) => finding.path.length === path.length));
  if (meant.length) return meant.reduce((best, findings) => (findings.length < best.length ? findings : best));
  const alternatives = branches.flatMap((findings) => findings.flatMap(({ issue: inner }) => expected(inner) ?? []));
  return [{ path, issue: branches[0]![0]!.issue, alternatives: [...new Set(alternatives)] }];
}

function dependsOnUnknown(issue: Issue, root: unknown, path: Path): boolean {
  let at = root;
  if (isUnknown(at)) return true;
  for (const key of path) {
    if (at === null || typeof at !== "object") break;
    at = (at as Record<string | number, unknown>)[key];
    if (isUnknown(at)) return true;
  }
  // A wrong type is wrong whatever a part of the value turns out to be, and so is a wrong name at the root; anything
  // else may hang on that part (zod names the faults of one of several shapes as if there were no other).
  if (["invalid_type", "invalid_union", "invalid_key"].includes(issue.code)) return false;
  if (issue.code === "unrecognized_keys" && path.length === 0) return false;
  return hasUnknown(valueAt(root, path));
}

function reason({ issue, path, alternatives, text }: Finding, root: unknown, secretPaths: readonly Path[]): string {
  if (text) return text;
  const wanted = alternatives?.length ? alternatives : expected(issue);
  if (!wanted) return issue.message;
  const value = valueAt(root, path);
  const expectation = wanted.length > 1 ? `${wanted.slice(0, -1).join(", ")} or ${wanted.at(-1)}` : wanted[0]!;
  if (value === undefined) return `is required: ${expectation}`;
  const isSecret = secretPaths.some((secret) => startsWith(path, secret));
  return `must be ${expectation}, not ${isSecret ? MASK : shown(value)}${isSecret ? "" : meant(issue, value)}`;
}

function meant(issue: Issue, value: unknown): string {
  const options = issue.code === "invalid_value" ? issue.values : tagOptions(issue);
  const word = typeof value === "string" && options ? nearest(value, options.map(String)) : undefined;
  return word === undefined ? "" : `; did you mean ${JSON.stringify(word)}?`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
  undefined: "left out",
  never: "left out",
};

function expected(issue: Issue): string[] | undefined {
  if (issue.code === "invalid_type") return [typeNames[issue.expected] ?? `a ${issue.expected}`];
  if (issue.code === "invalid_value") return issue.values.map((value) => JSON.stringify(value));
  return tagOptions(issue)?.map((value) => JSON.stringify(value));
}

/** The tags a discriminated union knows, where none of them fits. */
function tagOptions(issue: Issue): unknown[] | undefined {
  return issue.code === "invalid_union" && "options" in issue ? issue.options : undefined;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value !== null && typeof value === "object") return "an object";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

/** Words for the issues zod says in its own; a message the declaration gives wins over these. */
function explain(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unrecognized(key, allowedKeys(issue))).join("\n");
    case "too_small":
      return `must ${bound(issue.origin, "at least", issue.minimum)}`;
    case "too_big":
      return `must ${bound(issue.origin, "at most", issue.maximum)}`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_format":
      return `must be ${formatNames[issue.format] ?? `text of the form ${issue.pattern ?? issue.format}`}`;
    default:
      return undefined;
  }
}

const formatNames: Readonly<Record<string, string>> = {
  uuid: "a UUID",
  guid: "a UUID",
  email: "an e-mail address",
  url: "a URL",
  datetime: "a date and time such as 2030-01-31T09:00:00Z",
  date: "a date such as 2030-01-31",
};

function bound(origin: string, least: string, limit: number | bigint): string {
  if (origin === "string")
    return limit === 1 && least === "at least" ? "not be empty" : `have ${least} ${limit} characters`;
  if (origin === "array" || origin === "set") return `have ${least} ${limit} ${Number(limit) === 1 ? "item" : "items"}`;
  return `be ${least} ${limit}`;
}

function allowedKeys(issue: RawIssue): string[] {
  return issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
}

function unrecognized(key: string, allowed: string[]): string {
  const close = nearest(key, allowed);
  if (close) return `is not known here; did you mean ${JSON.stringify(close)}?`;
  return allowed.length ? `is not known here; known are ${allowed.join(", ")}` : "is not known here";
}
