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

/** null, "" and nothing are one; numbers are compared as numbers. */
export function sameField(one: Json | undefined, other: Json | undefined): boolean {
  const [a, b] = [fieldText(one), fieldText(other)];
  return a === b || comparedField(a) === comparedField(b);
}

/**
 * A field's value as it is compared: numbers by value, because the platform may write them in a format of its own. Those
 * of more digits than a JavaScript number holds, such as a customer's, are compared digit by digit.
 */
export function comparedField(value: string): string {
  if (value === "" || plainNumber.test(value) || !maybeNumber.test(value)) return value;
  const number = Number(value);
  if (!value.trim() || !Number.isFinite(number)) return value;
  const { sign = "", whole = "", fraction = "" } = decimal.exec(value)?.groups ?? {};
  if (whole.length + fraction.length > EXACT_DIGITS) return `${sign}${whole}.${fraction}`;
  return String(number === 0 ? 0 : number);
}

/** Digits a JavaScript number holds, whatever they are. */
export const EXACT_DIGITS = 15;
const plainNumber = /^(?:0|-?[1-9]\d{0,14})$/;
const maybeNumber = /^[\s\d+.-]/;
/** Without the zeros that say nothing. */
const decimal = /^\s*\+?(?<sign>-?)0*(?<whole>\d*)(?:\.(?<fraction>\d*?)0*)?\s*$/;

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

/** Declared tags that a contact has in other letters: they count as the same, and somebody may not have meant that. */
export function otherSpellings(declared: readonly string[], actual: readonly string[]): string[] {
  const has = new TagSet(actual);
  return declared.flatMap((tag) => {
    const found = has.find(tag);
    return found === undefined || found === tag ? [] : [`${tag} (there: ${found})`];
  });
}

export function spellingWarning(spellings: readonly string[]): string {
  return `these tags differ from those on the platform in letter case only, and count as the same: ${spellings.join(", ")}`;
}
