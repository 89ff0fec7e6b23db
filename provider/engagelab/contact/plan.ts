/** The plan of a contact: what differs, which calls that takes, and what a reviewer should know. Pure. */
import type { Change, Plan, PlannedStep } from "../../core/resource";
import { equal, hasUnknown, isUnknown, type Json, type Path } from "../../core/values";
import { identityOf } from "./address";
import { fieldOf, otherSpellings, sameField, sameTags, spellingWarning } from "./compare";
import { type ContactInputs, oddTags } from "./inputs";
import { actualOf, type ContactState, type Owned } from "./state";
import { targetOf } from "./target";

const lookUp: PlannedStep = { name: "look up the address" };

export function planCreate(desired: ContactInputs): Plan {
  return {
    verb: "create",
    changes: [],
    steps: [lookUp, { name: "upsert contact", when: "unless it exists and equals what is declared" }],
    warnings: tagWarnings(desired),
  };
}

/** @param owned what was ever declared, as the state and newer records know it */
export function planUpdate(desired: ContactInputs, state: ContactState, owned: Owned, newerRecord: boolean): Plan {
  const changes = changesOf(desired, state, owned);
  const warnings = [...tagWarnings(desired), ...spellingWarnings(desired, state)];
  if (changes.some(({ replaces }) => replaces)) {
    return { verb: "replace", changes, steps: replacement, warnings: [...replacementWarnings(state), ...warnings] };
  }
  if (isUnknown(desired.email))
    warnings.push("the address isn't known yet; if it turns out to be another one, the contact is replaced");
  const sends = newerRecord || changes.some(({ path }) => !optionKeys.includes(path[0] as never));
  const write: PlannedStep =
    desired.updateMethod === "put"
      ? { name: "update contact", when: "unless it is as declared already" }
      : { name: "upsert contact", when: "unless it is as declared already" };
  const idle = changes.length === 0 && !newerRecord;
  return { verb: idle ? "none" : "update", changes, steps: sends ? [lookUp, write] : [], warnings };
}

const replacement: PlannedStep[] = [
  lookUp,
  { name: "upsert contact", when: "under its new address" },
  { name: "read contact", when: "the one being replaced" },
  { name: "delete contact", when: "the one being replaced; not if it existed before or opted out" },
];

function replacementWarnings({ unsubscribedAt }: ContactState): string[] {
  return [
    unsubscribedAt
      ? "this person opted out: under another address the platform knows nothing of that, and mail may be sent unlawfully"
      : "the new address begins without an opt-out; check that the person agreed to get mail there",
    "for a moment both contacts exist",
  ];
}

function tagWarnings({ tags }: ContactInputs): string[] {
  const odd = tags && !isUnknown(tags) ? oddTags(tags) : [];
  if (odd.length === 0) return [];
  return [`these tag names have other characters than letters, digits and underscores: ${odd.join(", ")}`];
}

function spellingWarnings({ tags }: ContactInputs, { tagNames }: ContactState): string[] {
  const spellings = tags && !hasUnknown(tags) ? otherSpellings(tags, tagNames) : [];
  return spellings.length > 0 ? [spellingWarning(spellings)] : [];
}

const optionKeys = ["tagOwnership", "updateMethod", "adoptExisting", "forceDestroy"] as const;

/** What changed in the declaration, and what is there otherwise than declared. */
export function changesOf(desired: ContactInputs, state: ContactState, owned: Owned): Change[] {
  const applied = JSON.parse(state.appliedInputs) as ContactInputs;
  const changes: Change[] = [...addressChange(desired, applied, state)];
  for (const key of ["phone", "name"] as const) {
    const isDrift = (desired[key] ?? (owned[key] ? "" : state[key])) !== state[key];
    if (desired[key] !== applied[key]) changes.push(change([key], applied[key], desired[key]));
    else if (isDrift) changes.push(change([key], state[key], desired[key]));
  }
  changes.push(...fieldChanges(desired, applied, state, owned), ...tagChange(desired, applied, state, owned));
  for (const key of optionKeys) {
    if (!equal(desired[key], applied[key])) changes.push(change([key], applied[key], desired[key]));
  }
  return changes;
}

function addressChange({ email }: ContactInputs, applied: ContactInputs, state: ContactState): Change[] {
  if (isUnknown(email)) return [change(["email"], applied.email, email)];
  if (identityOf(email) === identityOf(state.email)) return [];
  return [{ ...change(["email"], applied.email, email), replaces: true }];
}

function fieldChanges(desired: ContactInputs, applied: ContactInputs, state: ContactState, owned: Owned): Change[] {
  if (isUnknown(desired.fields)) return [change(["fields"], applied.fields, desired.fields)];
  const keys = new Set([...Object.keys(desired.fields ?? {}), ...Object.keys(applied.fields ?? {}), ...owned.fields]);
  return [...keys].sort().flatMap((key) => {
    const [want, was, is] = [fieldOf(desired.fields, key), fieldOf(applied.fields, key), fieldOf(state.fields, key)];
    const path = ["fields", key];
    if ((want === undefined) !== (was === undefined) || !sameField(want, was)) return [change(path, was, want)];
    return sameField(want, is) ? [] : [change(path, is, want)];
  });
}

function tagChange(desired: ContactInputs, applied: ContactInputs, state: ContactState, owned: Owned): Change[] {
  const { tags } = desired;
  if (hasUnknown(tags)) return [change(["tags"], applied.tags, tags)];
  const isSame = (tags === undefined) === (applied.tags === undefined) && sameTags(tags ?? [], applied.tags ?? []);
  if (!isSame) return [change(["tags"], applied.tags, tags)];
  const target = targetOf({ tags, tagOwnership: desired.tagOwnership }, owned, actualOf(state));
  return target.differing.some(([key]) => key === "tags") ? [change(["tags"], state.tagNames, tags)] : [];
}

function change(path: Path, before: Json | undefined, after: Json | undefined): Change {
  if (before === undefined) return { path, kind: "add", after };
  return after === undefined ? { path, kind: "delete", before } : { path, kind: "update", before, after };
}
