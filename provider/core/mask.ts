/** Keeps the values of secret inputs out of every text a person or a log may see. */
import { isUnknown, type Path, valueAt } from "./values";

export const MASK = "[secret]";

/** Shorter values would mask ordinary words; at their own path they are masked whatever their length. */
const SHORTEST = 4;

export type Masking = (text: string) => string;

/**
 * Masks every text found at or below the secret paths of the given values. They may be very many (a list of people), so
 * they are gathered when there is something to mask, and only those that occur in it are looked at closely.
 */
export function masking(values: readonly unknown[], secretPaths: readonly Path[]): Masking {
  let forms: string[] | undefined;
  return (text) => {
    forms ??= formsOf(values, secretPaths);
    const present = forms.filter((form) => text.includes(form));
    if (!present.length) return text;
    const longestFirst = present.sort((a, b) => b.length - a.length);
    const literal = longestFirst.map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    return text.replace(new RegExp(literal.join("|"), "g"), MASK);
  };
}

function formsOf(values: readonly unknown[], secretPaths: readonly Path[]): string[] {
  const texts = new Set<string>();
  for (const value of values) for (const path of secretPaths) collect(valueAt(value, path), texts);
  return [...new Set([...texts].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]))];
}

function collect(value: unknown, texts: Set<string>): void {
  if (value !== null && typeof value === "object") {
    for (const member of Object.values(value)) collect(member, texts);
  } else if (typeof value === "string" || typeof value === "number") {
    const text = String(value);
    if (text.length >= SHORTEST && !isUnknown(value)) texts.add(text);
  }
}

/** The value with everything at or below a secret path replaced. */
export function maskAt(value: unknown, path: Path, secretPaths: readonly Path[]): unknown {
  if (!secretPaths.length || value === undefined) return value;
  let below = false;
  for (const secret of secretPaths) {
    const shared = Math.min(secret.length, path.length);
    if (!samePrefix(secret, path, shared)) continue;
    if (secret.length <= path.length) return MASK;
    below = true;
  }
  if (!below || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((member, index) => maskAt(member, [...path, index], secretPaths));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, maskAt(member, [...path, key], secretPaths)]),
  );
}

function samePrefix(a: Path, b: Path, length: number): boolean {
  for (let index = 0; index < length; index += 1) if (String(a[index]) !== String(b[index])) return false;
  return true;
}
