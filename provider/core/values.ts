/** JSON values with one marker for "not known yet", paths into them, and their canonical text. */
import { hash } from "node:crypto";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };
export type Path = readonly (string | number)[];

/**
 * Stands for a value a preview doesn't know yet. It is a string so that values stay JSON; it is the text Pulumi itself
 * uses for an unknown string, and can't be mistaken for anything a person writes.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const unknownTexts = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && value.length === 36 && unknownTexts.has(value);
}

/** Whether a value is, or contains, an unknown. */
export function hasUnknown(value: unknown): boolean {
  if (value === null || typeof value !== "object") return isUnknown(value);
  for (const key in value) if (hasUnknown((value as Record<string, unknown>)[key])) return true;
  return false;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `points.push.data`, `points["my wait"]`, `comments[0]`: as a reader would write it. */
export function formatPath(path: Path): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(key)) text += text ? `.${key}` : key;
    else text += `[${JSON.stringify(key)}]`;
  }
  return text || "(all)";
}

/** Reads `points.push.data` or `points["my wait"].data[0]` back into keys. */
export function parsePath(text: string): (string | number)[] {
  const keys: (string | number)[] = [];
  const token = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\.?([^.[\]]+)/gy;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new Error(`"${text}" is not a path: can't read it from position ${at}`);
    if (match[1] !== undefined) keys.push(Number(match[1]));
    else keys.push(match[2] !== undefined ? (JSON.parse(match[2]) as string) : (match[3] as string));
  }
  return keys;
}

export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const key of path) {
    if (at === null || typeof at !== "object" || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}

export function startsWith(path: Path, prefix: Path): boolean {
  return prefix.every((key, index) => path[index] === key);
}

/** The same bytes for the same value: object keys sorted, `undefined` members left out. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) {
    // Long lists of ids, in one go.
    if (isTexts(value)) return JSON.stringify(value);
    return `[${value.map(canonicalJson).join(",")}]`;
  }
  let text = "{";
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) text += `${text === "{" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}

function isTexts(values: readonly unknown[]): boolean {
  for (const value of values) if (typeof value !== "string") return false;
  return true;
}

/** SHA-256 of the canonical JSON, hexadecimal. */
export function digest(value: unknown): string {
  return hash("sha256", canonicalJson(value));
}

export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const x = a as Record<string, unknown>;
  const y = b as Record<string, unknown>;
  const keys = Object.keys(x).filter((key) => x[key] !== undefined);
  if (keys.length !== Object.keys(y).filter((key) => y[key] !== undefined).length) return false;
  return keys.every((key) => y[key] !== undefined && equal(x[key], y[key]));
}
