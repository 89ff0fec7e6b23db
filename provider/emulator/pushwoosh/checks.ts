import { asObject, type Call, type Json } from "../exchange";
import { Refusal } from "../refusal";
import { statisticsRefusal } from "./errors";

/** Checks of the message statistics' bodies. Each throws a Refusal whose text names the field. */

export function readBody(call: Call): Json {
  const body = asObject(call.body);
  if (!body) throw refused("request body must be a JSON object");
  return body;
}

export function refused(message: string): Refusal {
  return new Refusal(statisticsRefusal("refused", message));
}

/** The object under `filters`, which must be there. */
export function readFilters(body: Json): Json {
  const filters = asObject(body.filters);
  if (!filters) throw refused("filters must be provided");
  return filters;
}

/** A text that isn't empty; undefined when it is missing or empty. */
export function readText(from: Json, name: string): string | undefined {
  const value = from[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw refused(`${name} must be a string`);
  return value;
}

export function requireText(from: Json, name: string): string {
  const value = readText(from, name);
  if (value === undefined) throw refused(`${name} must be provided`);
  return value;
}

/** A list that isn't empty; undefined when it is missing or empty. */
export function readList(from: Json, name: string): readonly unknown[] | undefined {
  const value = from[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw refused(`${name} must be an array`);
  return value.length > 0 ? value : undefined;
}

/** A list of texts out of a vocabulary. */
export function readChoices(from: Json, name: string, known: ReadonlySet<string>): readonly string[] | undefined {
  return readList(from, name)?.map((value) => {
    if (typeof value !== "string" || !known.has(value))
      throw refused(`unknown value ${JSON.stringify(value)} in ${name}`);
    return value;
  });
}

/** Ids as numbers; numeric strings are taken as 64-bit numbers are. */
export function readIds(from: Json, name: string): readonly number[] | undefined {
  return readList(from, name)?.map((value) => toId(value, name));
}

export function toId(value: unknown, name: string): number {
  const id = typeof value === "string" && value !== "" ? Number(value) : value;
  if (!Number.isInteger(id)) throw refused(`${name} must hold integers`);
  return id as number;
}

/** A whole number between 0 and the documented maximum. */
export function readNumber(
  from: Json,
  name: string,
  byDefault: number | undefined,
  maximum = Number.MAX_SAFE_INTEGER,
): number {
  const value = from[name] ?? byDefault;
  if (value === undefined) throw refused(`${name} must be provided`);
  if (!Number.isInteger(value) || (value as number) < 0) throw refused(`${name} must be a non-negative integer`);
  if ((value as number) > maximum) throw refused(`${name} must not exceed ${maximum}`);
  return value as number;
}

/** How a method writes dates. */
export type DateForm = "day" | "second" | "iso";

const dateForms: Record<DateForm, { pattern: RegExp; name: string }> = {
  day: { pattern: /^\d{4}-\d\d-\d\d$/, name: "YYYY-MM-DD" },
  second: { pattern: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, name: "YYYY-MM-DD HH:MM:SS" },
  iso: { pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, name: "YYYY-MM-DDTHH:MM:SS.000Z" },
};

/** A span of time, both ends included, in milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** `date_from` and `date_to` in the method's own form; undefined when neither is there. */
export function readSpan(from: Json, form: DateForm): Span | undefined {
  const first = readDate(from, "date_from", form);
  const last = readDate(from, "date_to", form);
  if (first === undefined && last === undefined) return undefined;
  if (first === undefined || last === undefined) throw refused("date_from and date_to must be provided together");
  if (last < first) throw refused("date_from must not be after date_to");
  return { from: first, to: last + (form === "day" ? 86_400_000 : 1000) - 1 };
}

function readDate(from: Json, name: string, form: DateForm): number | undefined {
  const text = readText(from, name);
  if (text === undefined) return undefined;
  const { pattern, name: written } = dateForms[form];
  const time = Date.parse(form === "second" ? `${text.replace(" ", "T")}Z` : text);
  if (!pattern.test(text) || Number.isNaN(time)) throw refused(`${name} must have the format ${written}`);
  return time;
}

/** Whether a time lies in the span; any does where there is none. */
export function within(span: Span | undefined, time: number): boolean {
  return span === undefined || (time >= span.from && time <= span.to);
}
