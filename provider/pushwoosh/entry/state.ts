/** What is kept of an entry. */
import { z } from "zod";
import type { Context } from "../../core/resource";
import { canonicalJson } from "../../core/values";
import type { EntryInputs } from "./inputs";
import { countOf, type Part } from "./parts";

export const KIND = "pushwoosh-journey-entry";
export const STATE_VERSION = 1;

const entryOutcome = z.enum(["accepted", "partial", "unknown"]);

export const entryPart = z.object({
  start: z.number().describe("Its place in the list; 0 for a filter."),
  people: z.number().optional().describe("How many people it holds. Missing for a filter."),
  digest: z.string().describe("Keyed digest of journey, attributes and people: it doesn't say who they are."),
  outcome: z
    .enum(["unsent", "accepted", "unknown", "assumed"])
    .describe("`assumed`: nobody knows, and `onUnknown` said to take it as entered."),
  requestId: z.string().optional().describe("The platform's id of the accepted request."),
  enteredAt: z.string().optional().describe("When the platform accepted it, ISO 8601."),
});

export const entryOutputs = z.object({
  entryId: z.string().describe("Id of this entry. It is ours: the platform has none that can be asked for."),
  journeyId: z.string().describe("UUID of the journey the people were entered into."),
  requestIds: z.array(z.string()).describe("The platform's ids of the accepted requests, in the order of the parts."),
  enteredAt: z.string().optional().describe("When the last part was accepted, ISO 8601."),
  outcome: entryOutcome.describe(
    "`accepted`: every part was. `partial`: parts were not sent. `unknown`: of a part nobody knows.",
  ),
  peopleEntered: z
    .number()
    .optional()
    .describe("How many people the accepted parts hold. Missing for a filter. The platform enters them later."),
  parts: z.array(entryPart).describe("The parts, by their place in the list; nobody is named."),
  appliedInputs: z.string().describe("The inputs last applied, as JSON text."),
  stateVersion: z.number().describe("Version of this state's form."),
});

/** What a program can read, and what later runs need. */
export interface EntryState extends z.infer<typeof entryOutputs> {
  /** The key of the parts' digests. */
  key: string;
  /** The record this state covers. */
  stamp: string;
}

/** What an entry stands at: everything a state is made from. */
export interface Standing {
  id: string;
  journeyId: string;
  key: string;
  applied: EntryInputs;
  parts: Part[];
}

export function standingOf(state: EntryState): Standing {
  const { entryId: id, journeyId, key, parts } = state;
  return { id, journeyId, key, parts, applied: JSON.parse(state.appliedInputs) };
}

export function toState({ id, journeyId, key, applied, parts }: Standing, stamp: string): EntryState {
  const entered = parts.filter(({ outcome }) => outcome === "accepted" || outcome === "assumed");
  const times = parts.flatMap(({ enteredAt }) => enteredAt ?? []).sort();
  return {
    entryId: id,
    journeyId,
    requestIds: parts.flatMap(({ requestId }) => requestId ?? []),
    enteredAt: times.at(-1),
    outcome: outcomeOf(parts),
    peopleEntered: countOf(parts) === undefined ? undefined : countOf(entered),
    parts,
    appliedInputs: canonicalJson(applied),
    key,
    stamp,
    stateVersion: STATE_VERSION,
  };
}

function outcomeOf(parts: readonly Part[]): z.infer<typeof entryOutcome> {
  if (parts.some(({ outcome }) => outcome === "unknown")) return "unknown";
  return parts.some(({ outcome }) => outcome === "unsent") ? "partial" : "accepted";
}

export function entryName({ name }: Pick<Context, "name">): string {
  return `journey entry "${name ?? "?"}"`;
}
