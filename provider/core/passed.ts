/**
 * What a program's class hands to the host beside the inputs proper. A host that gets no URN from the engine learns it
 * here. Diffs ignore these keys, resources never see them, outputs keep them for reads and deletes; two leading
 * underscores keep them out of the engine's displays and out of exported resources.
 */
import { isUnknown, type JsonObject, type Path, parsePath } from "./values";

export const passedKeys = {
  urn: "__ownUrn",
  /** A list of path texts. */
  secretPaths: "__secretPaths",
  portableDigest: "__portableDigest",
} as const;

/** Where a dynamic resource carries the text that names its provider. */
export const PROVIDER_KEY = "__provider";

export interface Passed {
  urn?: string;
  secretPaths: readonly Path[];
  portableDigest?: string;
}

const keys: ReadonlySet<string> = new Set([...Object.values(passedKeys), PROVIDER_KEY]);

export function readPassed(properties: JsonObject): Passed {
  const paths = properties[passedKeys.secretPaths];
  return {
    urn: knownText(properties[passedKeys.urn]),
    secretPaths: Array.isArray(paths) ? paths.filter((path) => typeof path === "string").map(parsePath) : [],
    portableDigest: knownText(properties[passedKeys.portableDigest]),
  };
}

/** The inputs or outputs proper. */
export function withoutPassed(properties: JsonObject): JsonObject {
  const proper: JsonObject = {};
  for (const key in properties) if (!keys.has(key)) proper[key] = properties[key] as JsonObject[string];
  return proper;
}

/** What was passed, as it was, to be kept in outputs. */
export function passedOnly(properties: JsonObject): JsonObject {
  const passed: JsonObject = {};
  for (const key of Object.values(passedKeys)) {
    const value = properties[key];
    if (value !== undefined) passed[key] = value;
  }
  return passed;
}

/** The last part of a URN: the name the program gave. */
export function nameOf(urn: string | undefined): string | undefined {
  return urn?.split("::").slice(3).join("::") || undefined;
}

function knownText(value: unknown): string | undefined {
  return typeof value === "string" && !isUnknown(value) ? value : undefined;
}
