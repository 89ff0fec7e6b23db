/** What a program declares of an entry of people into a journey. */
import { z } from "zod";
import type { Problem } from "../../core/errors";
import { isUnknown } from "../../core/values";
import { code } from "../api/codes";
import type { Selector } from "../api/entries";
import { triggersShape } from "../once";

/** People a call may enter without `maxUsers` being raised. */
export const MOST_USERS = 1000;
/** People a part holds. */
export const PART_SIZE = 500;

const people = z.array(code).min(1).optional().meta({ secret: true });

/** What is known of a journey before people are sent to it. */
export const journeySight = z.strictObject({
  status: z.string().optional().describe("Its lifecycle state, as far as it is known: `running`."),
  apiEntries: z.int().min(0).optional().describe("How many API entry points it has that are switched on."),
});

export const entryInputs = z
  .strictObject({
    journeyId: z
      .guid()
      .describe("UUID of the journey. It must be running, with exactly one API entry point that is switched on."),
    users: people.describe("User ids. Exactly one of `users`, `hwids` and `filter` is given. Personal data: secret."),
    hwids: people.describe("Device ids (HWIDs). Personal data: secret."),
    filter: code
      .optional()
      .describe(
        "Expression of the platform's segmentation language. How many match isn't known beforehand, so it needs `maxUsers: \"unlimited\"`.",
      ),
    attributes: z
      .record(code, z.string())
      .optional()
      .describe("Values for the attributes configured on the API entry point, the same for everyone."),
    triggers: triggersShape,
    maxUsers: z
      .union([z.int().min(1), z.literal("unlimited")])
      .optional()
      .describe("The most people this may enter. Default: 1,000."),
    partSize: z
      .int()
      .min(1)
      .optional()
      .describe(
        "People sent in one call: a longer list is sent in parts, and if the outcome of a call stays unknown, so does that of its part only. Default: 500. The platform documents no maximum.",
      ),
    onUnknown: z
      .enum(["accept", "resend"])
      .optional()
      .describe(
        "What to do about a part an earlier run reported as unknown: take it as entered, or send it again (whoever did enter may enter twice). Left out: neither, and the run fails until it is said. It holds for every such part while it is declared: take it out once it is done.",
      ),
    journey: journeySight
      .optional()
      .describe(
        "What is known of the journey, checked before anything is sent; a `Journey` passes it along. Its changes are no changes of the entry.",
      ),
  })
  .describe("People put into a running journey, once.");

export type EntryInputs = z.infer<typeof entryInputs>;

const selectors = ["users", "hwids", "filter"] as const;

/** What the shape can't say. */
export function entryProblems(inputs: EntryInputs): Problem[] {
  const given = selectors.filter((name) => inputs[name] !== undefined);
  if (given.length === 0) return [{ path: ["users"], reason: "is required, or hwids or filter instead" }];
  if (given.length > 1)
    return [{ path: [given[1]!], reason: `can't be given beside ${given[0]}: exactly one of users, hwids and filter` }];
  const name = given[0]!;
  const value = inputs[name];
  if (isUnknown(value) || isUnknown(inputs.maxUsers)) return [];
  return Array.isArray(value) ? listProblems(name, value, inputs.maxUsers ?? MOST_USERS) : filterProblems(inputs);
}

function listProblems(name: string, people: readonly string[], most: number | "unlimited"): Problem[] {
  const problems = new Set(people).size === people.length ? [] : repeated(name, people);
  if (most !== "unlimited" && people.length > most) {
    const reason = `has ${people.length} people, and at most ${most} may be entered: raise maxUsers if all of them are meant`;
    problems.push({ path: [name], reason });
  }
  return problems;
}

function repeated(name: string, people: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const first = new Map<string, number>();
  people.forEach((person, index) => {
    if (isUnknown(person)) return;
    const before = first.get(person);
    if (before === undefined) first.set(person, index);
    else
      problems.push({
        path: [name, index],
        reason: `is the same as ${name}[${before}]: this person would enter twice`,
      });
  });
  return problems;
}

function filterProblems({ maxUsers }: EntryInputs): Problem[] {
  if (maxUsers === "unlimited") return [];
  const reason = 'may match any number of people: set maxUsers: "unlimited" if everyone it matches is meant';
  return [{ path: ["filter"], reason }];
}

/** The people declared; undefined while they aren't known. */
export function selectorOf(inputs: EntryInputs): Selector | undefined {
  const { users, hwids, filter } = inputs;
  if (filter !== undefined) return isUnknown(filter) ? undefined : { kind: "filter", expression: filter };
  const people = users ?? hwids;
  if (!Array.isArray(people) || people.some(isUnknown)) return undefined;
  return { kind: users ? "users" : "hwids", people };
}
