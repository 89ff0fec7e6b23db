/** What a set will do. Pure: previews print it, updates run it. */
import type { JourneysError } from "../../core/errors";
import type { Change, Planned, PlannedStep } from "../../core/resource";
import { equal, isObject, isUnknown, type Json, type JsonObject } from "../../core/values";
import { oddTags } from "../contact/inputs";
import type { Differences } from "./comparison";
import { counted, durationText, type Estimate, estimate } from "./estimate";
import { deletionRefusal, emptyRefusal, isReleased, needsConsent } from "./guards";
import { contactSetInputs, type SetInputs } from "./inputs";
import type { Packed } from "./packed";
import type { Reading } from "./rows";

export interface Facts {
  desired: SetInputs;
  /** Undefined while a preview can't know the members. */
  reading: Reading | undefined;
  /** Undefined for a new set. */
  applied?: SetInputs;
  prior: Packed;
  comparison: Differences | undefined;
  accountSize?: number;
  /** Requests a second; 0 for no limit. */
  rate: number;
  /** An earlier run was cut off, or its state was lost. */
  isUnsettled: boolean;
  resource: string;
}

/** Members that leave, by what becomes of their contacts. */
export interface Leaving {
  /** Positions in the state of contacts to delete. */
  deleted: number[];
  /** How many contacts stay although removed members are deleted. */
  released: number;
}

export function leaving({ removed }: Differences, prior: Packed, { onRemoval, forceDestroy }: SetInputs): Leaving {
  const deleted = onRemoval === "delete" ? removed.filter((at) => !isReleased(prior, at, forceDestroy)) : [];
  return { deleted, released: removed.length - deleted.length };
}

export function planSet(facts: Facts): Planned {
  const { desired, applied, reading, comparison, prior, isUnsettled } = facts;
  const verb = applied ? "update" : "create";
  const changes = applied ? inputChanges(applied, desired) : [];
  if (!reading || !comparison) {
    const steps = [{ name: "look up and send members", when: "when they are known" }];
    return { plan: { verb, changes, steps, warnings: [] } };
  }
  const leave = leaving(comparison, prior, desired);
  const refusal = refusalOf(facts, reading, leave);
  if (refusal) return { refusal };
  const { added, again, changed, removed, unchanged } = comparison;
  const touched = added.length + again.length + changed.length + removed.length;
  if (touched > 0 && applied) changes.push(...memberChanges(prior.count, reading.count, changes.length > 0));
  const isIdle = applied !== undefined && changes.length === 0 && !isUnsettled;
  const steps = touched > 0 ? stepsFor(facts, comparison, leave) : [];
  if (steps.length > 0 && unchanged > 0) steps.push({ name: `${counted(unchanged, "member")} unchanged` });
  return {
    plan: { verb: isIdle ? "none" : verb, changes, steps, warnings: warningsOf(facts, reading, comparison, leave) },
  };
}

function refusalOf({ desired, prior, resource }: Facts, reading: Reading, leave: Leaving): JourneysError | undefined {
  // What a preview can't know yet is judged by the update, which plans once more.
  if ([desired.onRemoval, desired.forceDestroy, desired.allowDeletions].some(isUnknown)) return undefined;
  const allowed = desired.allowDeletions;
  if (reading.count === 0) {
    const refusal = emptyRefusal(prior.count, allowed, resource);
    if (refusal) return refusal;
  }
  return deletionRefusal({ members: prior.count, deletions: leave.deleted.length, allowed, resource });
}

function stepsFor(
  { desired, accountSize, rate }: Facts,
  { added, again, changed }: Differences,
  { deleted, released }: Leaving,
): PlannedStep[] {
  const [creates, updates] = [added.length + again.length, changed.length];
  const sends = creates + updates;
  const cost = estimate({ creates, updates, deletions: deleted.length, accountSize });
  const steps: PlannedStep[] = [];
  if (sends > 0) {
    const parts = [
      added.length ? `${added.length.toLocaleString("en")} added` : "",
      changed.length ? `${changed.length.toLocaleString("en")} changed` : "",
      again.length ? `${again.length.toLocaleString("en")} deleted outside and created again` : "",
    ].filter(Boolean);
    steps.push({ name: `look up ${counted(sends, "address", "addresses")} (${lookUpText(cost)})` });
    steps.push({
      name: `upsert ${counted(sends, "member")}: ${parts.join(", ")} (${counted(cost.upsertCalls, "call")})`,
      when: "those that aren't as declared already",
    });
  }
  if (isUnknown(desired.onRemoval) && released > 0) {
    steps.push({
      name: `let ${counted(released, "removed member")} go, or delete their contacts, as onRemoval then says`,
    });
    return steps;
  }
  if (deleted.length > 0) {
    const calls = counted(cost.deleteCalls, "call");
    steps.push({ name: `delete ${counted(deleted.length, "removed contact")}, each after a look at it (${calls})` });
  }
  if (released > 0) steps.push({ name: `let ${counted(released, "removed member")} go; their contacts stay` });
  const time = durationText(cost.calls, rate);
  const most = cost.isUpperBound ? "at most " : "";
  if (time) steps.push({ name: `in all ${most}${counted(cost.calls, "call")}: ${most}${time} at ${rate} a second` });
  return steps;
}

function lookUpText({ lookUpCalls, isUpperBound }: Estimate): string {
  const calls = counted(lookUpCalls, "call");
  return isUpperBound ? `at most ${calls}, fewer in a small account` : calls;
}

function warningsOf(
  { desired, prior, isUnsettled }: Facts,
  { count }: Reading,
  { again }: Differences,
  leave: Leaving,
): string[] {
  const warnings: string[] = [];
  if (isUnsettled) {
    warnings.push("an earlier run was cut off, or its state was lost: what it may have written is looked at first");
  }
  if (again.length > 0) {
    warnings.push(
      `somebody deleted ${counted(again.length, "contact")} of this set: created again, they know nothing of an opt-out`,
    );
  }
  if (desired.forceDestroy === true && leave.deleted.length > 0) {
    warnings.push(
      "forceDestroy: contacts that existed before or opted out are deleted as well, and opt-outs with them",
    );
  }
  const isNeeded = count === 0 || needsConsent({ members: prior.count, deletions: leave.deleted.length });
  if (desired.allowDeletions !== undefined && !isUnknown(desired.allowDeletions) && !isNeeded) {
    warnings.push("allowDeletions is not needed now: remove it, so that the next mass removal is noticed");
  }
  const odd = oddTags(desired.tags);
  if (odd.length > 0) {
    warnings.push(`these tag names have other characters than letters, digits and underscores: ${odd.join(", ")}`);
  }
  return warnings;
}

/** Members that came, went or drifted, as numbers: of inputs that are people nothing is shown. */
function memberChanges(before: number, after: number, isExplained: boolean): Change[] {
  if (before !== after) return [change(["memberCount"], before, after)];
  return isExplained ? [] : [change(["memberDigests"], "as last seen", "as declared")];
}

/** Changed inputs, each by its own name; people are counted, not shown. */
export function inputChanges(applied: SetInputs, desired: SetInputs): Change[] {
  return Object.keys(contactSetInputs.shape).flatMap((name) => {
    const before = (applied as unknown as JsonObject)[name];
    const after = (desired as unknown as JsonObject)[name];
    if (equal(before, after)) return [];
    if (name === "source" && isObject(before) && isObject(after)) {
      const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
      return keys
        .filter((key) => !equal(before[key], after[key]))
        .map((key) => change([name, key], before[key], after[key]));
    }
    return [change([name], shown(name, before), shown(name, after))];
  });
}

function shown(name: string, value: Json | undefined): Json | undefined {
  return name === "members" && Array.isArray(value) ? counted(value.length, "member") : value;
}

function change(path: string[], before: Json | undefined, after: Json | undefined): Change {
  if (before === undefined) return { path, kind: "add", after };
  return after === undefined ? { path, kind: "delete", before } : { path, kind: "update", before, after };
}
