/**
 * Shapes of answers, read under the names programs see. The platform's own names stand beside them, so each file of
 * this room shows what a method is documented to answer; what nobody declared is kept, whatever it is. A log has a
 * hundred thousand rows, which is why these shapes are plain functions.
 */
import { isObject, type Json, type JsonObject, type Path } from "../../core/values";

/** Reads a value of an answer, or throws `Mismatch`. */
export interface Shape<Value> {
  (value: unknown): Value;
  /** What stands for a value that is missing; without it the member is left out. */
  readonly missing?: () => Value;
}

export type Read<S> = S extends Shape<infer Value> ? Value : never;

/** A value of another form than documented, with its path from the answer's root. */
export class Mismatch extends Error {
  path: Path = [];

  constructor(readonly expected: string) {
    super(`must be ${expected}`);
  }

  below(key: string | number): this {
    this.path = [key, ...this.path];
    return this;
  }
}

/** A figure. It may travel as text; beyond 2^53, where a number would lie, it stays that text. */
export type Figure = number | string;

export const figure: Shape<Figure> = (value) => {
  if (typeof value === "number") return value;
  if (typeof value === "string") return toFigure(value);
  throw new Mismatch("a number");
};

/** The number a text writes, if a number can hold it. */
export function toFigure(written: string): Figure {
  if (!/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(written)) return written;
  const value = Number(written);
  const exact = /^-?\d+$/.test(written) ? Number.isSafeInteger(value) : Number.isFinite(value);
  return exact ? value : written;
}

/** A figure as a number, for sums and bars; what isn't there, or isn't a number, counts as 0. */
export function toNumber(value: Figure | undefined): number {
  const number = Number(value ?? 0);
  return Number.isNaN(number) ? 0 : number;
}

export const text: Shape<string> = (value) => {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new Mismatch("text");
};

export const flag: Shape<boolean> = (value) => {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw new Mismatch("true or false");
};

/** An object whose members are the platform's or the user's own. */
export const open: Shape<JsonObject> = (value) => {
  if (isObject(value)) return value;
  throw new Mismatch("an object");
};

export const anything: Shape<Json> = (value) => value as Json;

/** A list; one that is missing, or null, is empty. */
export function list<Item>(item: Shape<Item>): Shape<Item[]> {
  const read = (value: unknown): Item[] => {
    if (!Array.isArray(value)) throw new Mismatch("a list");
    return value.map((each, index) => at(index, item, each));
  };
  return Object.assign(read, { missing: () => [] });
}

type Members = Readonly<Record<string, readonly [wire: string, shape: Shape<unknown>]>>;
type Lists<M extends Members> = { [Name in keyof M]: Read<M[Name][1]> extends unknown[] ? Name : never }[keyof M];

/** The members under their public names. Only lists are always there: no answer is documented to be complete. */
export type Named<M extends Members> = { [Name in Lists<M>]: Read<M[Name][1]> } & {
  [Name in Exclude<keyof M, Lists<M>>]?: Read<M[Name][1]>;
} & {
  /** What the platform answered beyond its documentation, under its own names. */
  further?: JsonObject;
};

/**
 * An object of an answer: public name → [name on the wire, shape]. A member that is missing or null is left out, a list
 * then empty, because a gateway may write either for "nothing there".
 */
export function named<const M extends Members>(members: M): Shape<Named<M>> {
  const byWire = new Map(Object.entries(members).map(([name, [wire, shape]]) => [wire, { name, shape }]));
  const defaults = Object.entries(members).flatMap(([name, [, { missing }]]) => (missing ? [{ name, missing }] : []));
  return (value) => {
    if (!isObject(value)) throw new Mismatch("an object");
    const read: Record<string, unknown> = {};
    let further: JsonObject | undefined;
    for (const key in value) {
      const member = value[key];
      const known = byWire.get(key);
      if (!known) {
        further ??= {};
        further[key] = member as Json;
      } else if (member !== null && member !== undefined) read[known.name] = at(key, known.shape, member);
    }
    for (const { name, missing } of defaults) read[name] ??= missing();
    if (further) read.further = further;
    return read as Named<M>;
  };
}

function at<Value>(key: string | number, shape: Shape<Value>, value: unknown): Value {
  try {
    return shape(value);
  } catch (error) {
    throw error instanceof Mismatch ? error.below(key) : error;
  }
}
