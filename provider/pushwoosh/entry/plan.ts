/** What an entry will do. Pure: previews print it, updates run it. */
import type { Change, Planned } from "../../core/resource";
import { hasUnknown, isUnknown } from "../../core/values";
import { asksAgain, changesOf, countText, forcing } from "../once";
import type { EntryInputs } from "./inputs";
import { type Meaning, meaningOf, type Part, placeOf, type Share, shares, whoIn } from "./parts";
import { cannotEnter } from "./sight";
import type { Standing } from "./state";

/** An entry that is made, or gone on with after an earlier run was cut off. */
export function planEntry(desired: EntryInputs, begun: Standing | undefined, resource: string): Planned {
  const toSend = begun ? sendable(desired, begun) : shares(desired);
  const refusal = begun && toSend.length === 0 ? undefined : cannotEnter(desired.journey, resource);
  if (refusal) return { refusal };
  const isKnown = begun !== undefined || toSend.length > 0;
  const steps = isKnown ? stepsFor(toSend) : [{ name: "enter people", when: "who is known when it runs" }];
  const warnings = begun ? [goesOn(begun), ...warningsOf(desired, begun)] : saidBeforehand(desired);
  return { plan: { verb: "create", changes: [], steps, warnings } };
}

/**
 * An entry that was made: only changed triggers make a new one.
 *
 * @param isSaved whether the saved state says the same; false where an earlier run was cut off before it was saved
 */
export function planChange(desired: EntryInputs, prior: Standing, resource: string, isSaved: boolean): Planned {
  const changes = changesOf(prior.applied, desired, inputNames, ["users", "hwids"]);
  const again = asksAgain(desired, prior.applied);
  if (again === "yes") return planAgain(desired, prior, changes, resource);
  const toSend = sendable(desired, prior);
  const refusal = toSend.length > 0 ? cannotEnter(desired.journey, resource) : undefined;
  const warnings = [
    ...(isSaved ? [] : ["an earlier run was cut off before what it did was saved: that is made good"]),
    ...recordedOnly(prior.applied, desired),
    ...warningsOf(desired, prior),
  ];
  if (again === "not known yet") warnings.push("whether people are entered again is decided when triggers are known");
  if (refusal) warnings.push(`${whoIn(toSend)} can't be entered yet: ${refusal.parts.what}`);
  const steps = refusal ? [] : stepsFor(toSend);
  const idle = isSaved && changes.length === 0 && steps.length === 0 && undecided(desired, prior).length === 0;
  return { plan: { verb: idle && !takesOver(desired, prior) ? "none" : "update", changes, steps, warnings } };
}

function planAgain(desired: EntryInputs, prior: Standing, changes: Change[], resource: string): Planned {
  const made = planEntry(desired, undefined, resource);
  if (made.refusal) return made;
  const unsent = prior.parts.filter(({ outcome }) => outcome === "unsent");
  const unknown = prior.parts.filter(({ outcome }) => outcome === "unknown");
  const warnings = [
    ...(unsent.length ? [`never sent in the entry before, which ends here: ${whoIn(unsent)}`] : []),
    ...(unknown.length
      ? [`nobody knows whether the entry before entered ${whoIn(unknown)}; if it did, they may enter twice`]
      : []),
    ...made.plan.warnings,
  ];
  return { plan: { verb: "replace", changes: forcing(changes), steps: made.plan.steps, warnings } };
}

const inputNames = [
  "journeyId",
  "users",
  "hwids",
  "filter",
  "attributes",
  "triggers",
  "maxUsers",
  "partSize",
  "onUnknown",
] as const;

/** Parts that may be sent now: not sent yet, or to be sent again, and still about the same people. */
export function sendable(
  desired: EntryInputs,
  { parts, key }: Standing,
  meant: Meaning = meaningOf(desired, key),
): Part[] {
  return parts.filter(
    (part) =>
      (part.outcome === "unsent" || (part.outcome === "unknown" && desired.onUnknown === "resend")) &&
      meant(part) !== undefined,
  );
}

/** Parts nobody knows the outcome of, and nobody has said what to do about. */
export function undecided(desired: EntryInputs, { parts, key }: Standing): Part[] {
  const meant = meaningOf(desired, key);
  return parts.filter(
    (part) =>
      part.outcome === "unknown" && desired.onUnknown !== "accept" && !(desired.onUnknown === "resend" && meant(part)),
  );
}

function takesOver(desired: EntryInputs, { parts }: Standing): boolean {
  return desired.onUnknown === "accept" && parts.some(({ outcome }) => outcome === "unknown");
}

function stepsFor(parts: readonly Share[]) {
  if (parts.length === 0) return [];
  const calls = parts.length === 1 ? "1 call" : `${parts.length} calls`;
  return [{ name: `enter ${whoIn(parts)} (${calls})` }];
}

function goesOn({ parts }: Standing): string {
  const entered = parts.filter(({ outcome }) => outcome === "accepted");
  return `an earlier run was cut off after entering ${entered.length ? whoIn(entered) : "nobody for certain"}: it goes on from there`;
}

/** Changes that would have meant something before the people were sent. */
function recordedOnly(applied: EntryInputs, desired: EntryInputs): string[] {
  const changed = changesOf(applied, desired, ["journeyId", "users", "hwids", "filter", "attributes"], []);
  if (changed.length === 0) return [];
  const names = changed.map(({ path: [name], before, after }) =>
    name === "users" || name === "hwids" ? `${name} (${listChange(before, after)})` : String(name),
  );
  return [`${names.join(", ")} changed: recorded without a call, since only a change of triggers enters people`];
}

function listChange(before: unknown, after: unknown): string {
  if (before === undefined || after === undefined) return after === undefined ? "no longer given" : countText(after);
  if (hasUnknown(after)) return "not known yet";
  const known = new Set(before as string[]);
  const added = (after as string[]).filter((person) => !known.has(person)).length;
  return `now ${countText(after)}, ${added} of them new`;
}

/** A decision that is still there from before, or was made in advance, is about calls that nobody has looked at. */
function saidBeforehand({ onUnknown }: EntryInputs): string[] {
  if (onUnknown === undefined || isUnknown(onUnknown)) return [];
  const what =
    onUnknown === "resend"
      ? "a call that gets lost is sent again by the next run, and whoever did enter enters twice"
      : "whoever is in a call that gets lost is taken as entered by the next run";
  return [`onUnknown: "${onUnknown}" is said before anything is unknown: ${what}`];
}

function warningsOf(desired: EntryInputs, standing: Standing): string[] {
  const { parts, key } = standing;
  if (hasUnknown({ ...desired, journey: undefined })) return [];
  const meant = meaningOf(desired, key);
  const stuck = parts.filter((part) => part.outcome === "unsent" && !meant(part));
  const open = undecided(desired, standing);
  const decided = parts.filter((part) => part.outcome === "unknown" && !open.includes(part));
  const then = desired.onUnknown === "resend" ? "is sent again: whoever did enter enters twice" : "is taken as entered";
  return [
    ...(stuck.length
      ? [
          `never entered, and not entered now: ${whoIn(stuck)}. What is declared of them has changed since. ` +
            "Put it back to have them entered, or change triggers to enter the whole list",
        ]
      : []),
    ...decided.map((part) => `${placeOf(part, parts, standing.applied)}, of which nobody knows, ${then}`),
    ...open.map((part) => `nobody knows whether ${placeOf(part, parts, standing.applied)} entered: say onUnknown`),
  ];
}
