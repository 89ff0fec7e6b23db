/** Keeps the values of secret inputs out of every text a person or a log may see. */
import { isUnknown, type Path, valueAt } from "./values";

export const MASK = "[secret]";

/** Shorter values would mask ordinary words; at their own path they are masked whatever their length. */
const SHORTEST = 4;

export type Masking = (text: string) => string;

/** Masks every text found at or below the secret paths of the given values. */
export function masking(values: readonly unknown[], secretPaths: readonly Path[]): Masking {
  const texts = new Set<string>();
  for (const value of values) for (const path of secretPaths) collect(valueAt(value, path), texts);
  if (!texts.size) return (text) => text;
  const forms = [...texts].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"), "g");
  return (text) => text.replace(pattern, MASK);
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
