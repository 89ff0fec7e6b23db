/** Dates as programs give them, written as each method wants them. */
import { z } from "zod";
import type { Problem } from "../../core/errors";

/** A `Date`, or ISO 8601 text: `2030-01-31` for the whole day, `2030-01-31T09:00:00Z`; without a zone it is UTC. */
export type DateInput = Date | string;

const isoText = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[-+]\d\d:?\d\d)?)?$/;

const dateInput = z.union([z.date(), z.string()]).refine((value) => instantOf(value, "from") !== undefined, {
  message: "must be a Date or ISO 8601 text such as 2030-01-31 or 2030-01-31T09:00:00Z",
});

/** The two ends of a span, for the arguments of a method. */
export const dateSpan = {
  from: dateInput.optional().describe("Start: a `Date` or ISO 8601 text (UTC where no zone is given). Goes with `to`."),
  to: dateInput
    .optional()
    .describe("End: a `Date` or ISO 8601 text; a day without a time means the whole day. Goes with `from`."),
};

export interface DateSpan {
  from?: DateInput;
  to?: DateInput;
}

/** `day`: 2030-01-31. `second`: 2030-01-31 09:00:00. `instant`: 2030-01-31T09:00:00.000Z. */
export type DateForm = "day" | "second" | "instant";

/** Both ends or none, and in order. */
export function spanProblems({ from, to }: DateSpan): Problem[] {
  if (from === undefined && to === undefined) return [];
  if (from === undefined) return [{ path: ["from"], reason: "is required with to" }];
  if (to === undefined) return [{ path: ["to"], reason: "is required with from" }];
  const first = instantOf(from, "from");
  const last = instantOf(to, "to");
  if (first === undefined || last === undefined || first <= last) return [];
  return [{ path: ["from"], reason: "is later than to" }];
}

/** The ends under the names every method of the statistics has for them; undefined where none are given. */
export function writeSpan({ from, to }: DateSpan, form: DateForm): { date_from: string; date_to: string } | undefined {
  if (from === undefined || to === undefined) return undefined;
  return { date_from: write(from, "from", form), date_to: write(to, "to", form) };
}

function write(value: DateInput, end: "from" | "to", form: DateForm): string {
  const iso = new Date(instantOf(value, end) as number).toISOString();
  if (form === "day") return iso.slice(0, 10);
  return form === "second" ? `${iso.slice(0, 10)} ${iso.slice(11, 19)}` : `${iso.slice(0, 19)}.000Z`;
}

/** Milliseconds; undefined for what is no date. The methods know whole seconds, so a day ends with its last one. */
function instantOf(value: DateInput, end: "from" | "to"): number | undefined {
  const instant = typeof value === "string" ? parseText(value, end) : value.getTime();
  // Years of more digits have a form of their own, which no method knows.
  return instant >= FIRST && instant <= LAST ? instant : undefined;
}

const FIRST = Date.parse("0000-01-01T00:00:00Z");
const LAST = Date.parse("9999-12-31T23:59:59.999Z");

function parseText(value: string, end: "from" | "to"): number {
  const [, day, time, zone = "Z"] = isoText.exec(value.trim()) ?? [];
  if (day === undefined) return Number.NaN;
  const instant = Date.parse(`${day}T${time ?? (end === "from" ? "00:00:00" : "23:59:59")}${zone}`);
  // A 30th of February would silently become a day in March.
  const real = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== day ? Number.NaN : instant;
}
