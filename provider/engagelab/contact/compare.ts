/** When what is declared and what is there are the same. Pure. */
import type { Json, JsonObject } from "../../core/values";

/** A value of a field as text, as it is sent. */
export function fieldText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The value of a property, whatever its name: every object has a `constructor`, and few people have one. */
export function fieldOf(fields: JsonObject | undefined, name: string): Json | undefined {
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** null, "" and nothing are one; numbers are compared as numbers, since the platform may write them in its own format. */
export function sameField(one: Json | undefined, other: Json | undefined): boolean {
  const [a, b] = [fieldText(one), fieldText(other)];
  if (a === b) return true;
  if (!a.trim() || !b.trim()) return false;
  const [x, y] = [Number(a), Number(b)];
  return Number.isFinite(x) && x === y;
}

/** Tags are a set. A name is also found where it only differs in letter case. */
export class TagSet {
  readonly #exact: Set<string>;
  readonly #folded: Map<string, string>;

  constructor(readonly names: readonly string[]) {
    this.#exact = new Set(names);
    this.#folded = new Map(names.map((name) => [name.toLowerCase(), name]));
  }

  /** The name as it is in the set. */
  find(name: string): string | undefined {
    return this.#exact.has(name) ? name : this.#folded.get(name.toLowerCase());
  }

  has(name: string): boolean {
    return this.find(name) !== undefined;
  }
}

export function sameTags(one: readonly string[], other: readonly string[]): boolean {
  const [a, b] = [new TagSet(one), new TagSet(other)];
  return one.every((name) => b.has(name)) && other.every((name) => a.has(name));
}
