/**
 * Property values. They stay in the form they have on the wire: JSON, in which a secret is an object with a signature key and
 * an unknown (known only after the deployment) is a fixed string.
 */
import { isDeepStrictEqual } from "node:util";
import type { Props } from "./struct.js";

export type { Props } from "./struct.js";

/** The key that marks an object as something else than a plain map. */
export const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** The sentinel for an unknown value; the SDK recognises this one only, whatever the type. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknowns = new Set([
  unknown,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

export interface Secret extends Props {
  [signature]: typeof secretSignature;
}

export const isMap = (value: unknown): value is Props =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isUnknown = (value: unknown): boolean => typeof value === "string" && unknowns.has(value);
export const isSecret = (value: unknown): value is Secret => isMap(value) && value[signature] === secretSignature;
const isPlainMap = (value: unknown): value is Props => isMap(value) && value[signature] === undefined;

export const secret = (value: unknown): unknown => (isSecret(value) ? value : { [signature]: secretSignature, value });

/** Whether `test` holds for the value or anything inside it. */
export function contains(value: unknown, test: (value: unknown) => boolean): boolean {
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((member) => contains(member, test));
  return isMap(value) && Object.values(value).some((member) => contains(member, test));
}

/** Rebuilds a value: where `replace` gives something it stands for the whole part. Parts without a change keep their identity. */
export function rewrite(value: unknown, replace: (value: unknown) => { value: unknown } | undefined): unknown {
  const replaced = replace(value);
  if (replaced) return replaced.value;
  if (Array.isArray(value)) {
    const members = value.map((member) => rewrite(member, replace));
    return members.some((member, index) => member !== value[index]) ? members : value;
  }
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, rewrite(member, replace)] as const);
  return entries.some(([key, member]) => member !== value[key]) ? Object.fromEntries(entries) : value;
}

/** The value without secret wrappers, as a provider that doesn't take them gets it. */
export function plain<T>(value: T): T {
  return rewrite(value, (part) => (isSecret(part) ? { value: plain(part.value) } : undefined)) as T;
}

/** For people: secrets and unknowns as words, the rest as it is. */
export function readable(value: unknown): unknown {
  return rewrite(value, (part) => {
    if (isSecret(part)) return { value: "[secret]" };
    return isUnknown(part) ? { value: "[unknown]" } : undefined;
  });
}

export const equal = isDeepStrictEqual;

/**
 * Marks in `news` what is secret in `olds`, by name: maps are compared member by member, anything else becomes secret as a
 * whole if its namesake holds a secret. This is what a provider that doesn't take secrets gets as help; nothing more is marked.
 */
export function markSecrets(news: Props, olds: Props): Props {
  const result = { ...news };
  for (const [key, old] of Object.entries(olds)) {
    if (!Object.hasOwn(news, key) || isSecret(news[key])) continue;
    if (isPlainMap(old) && isPlainMap(news[key])) result[key] = markSecrets(news[key], old);
    else if (contains(old, isSecret)) result[key] = secret(news[key]);
  }
  return result;
}

/** Marks the named top-level outputs (the option `additionalSecretOutputs`). */
export function markNamed(outputs: Props, names: readonly string[]): Props {
  const present = names.filter((name) => Object.hasOwn(outputs, name));
  return { ...outputs, ...Object.fromEntries(present.map((name) => [name, secret(outputs[name])])) };
}
