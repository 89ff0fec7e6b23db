import type { Properties } from "./contact";
import type { Sent } from "./sent";

/** How what is sent and what is there become one. */
export interface MergeRules {
  /** What isn't sent: kept, or emptied. */
  readonly scope: "partial" | "full";
  readonly fields: "merged" | "replaced";
  readonly emptyText: "clears" | "ignored" | "stored";
  readonly nullValue: "keeps" | "clears";
}

/** Phone, name and fields after a write. */
export function merge(before: Properties, sent: Sent, rules: MergeRules): Omit<Properties, "tags"> {
  return {
    phone: mergeText(before.phone, sent.phone, rules),
    name: mergeText(before.name, sent.name, rules),
    fields: mergeFields(before.fields, sent.fields, rules),
  };
}

function mergeText(before: string | null, sent: string | null | undefined, rules: MergeRules): string | null {
  if (sent === undefined) return rules.scope === "full" ? null : before;
  if (sent === null) return rules.scope === "full" || rules.nullValue === "clears" ? null : before;
  if (sent !== "" || rules.emptyText === "stored") return sent;
  return rules.emptyText === "clears" ? null : before;
}

function mergeFields(before: Properties["fields"], sent: Sent["fields"], rules: MergeRules): Properties["fields"] {
  if (sent === undefined) return rules.scope === "full" ? {} : before;
  if (sent === null) return rules.scope === "full" || rules.nullValue === "clears" ? {} : before;
  const isReplaced = rules.scope === "full" || rules.fields === "replaced";
  const merged = new Map(isReplaced ? [] : Object.entries(before));
  for (const [name, value] of Object.entries(sent)) {
    if (value === null) {
      if (rules.nullValue === "clears") merged.delete(name);
    } else if (value !== "" || rules.emptyText === "stored") merged.set(name, value);
    else if (rules.emptyText === "clears") merged.delete(name);
  }
  return Object.fromEntries(merged);
}
