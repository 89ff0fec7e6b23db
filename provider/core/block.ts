/** One resource's plan as the short block of text a preview and a run show. */
import { type Masking, maskAt } from "./mask";
import type { Change, Plan } from "./resource";
import { formatPath, isUnknown, type Json, type Path } from "./values";

export interface BlockParts {
  /** `journey "Welcome series"`. */
  resource: string;
  plan: Plan;
  secretPaths: readonly Path[];
  mask: Masking;
  /** Columns; default 120. */
  width?: number;
}

const WIDTH = 120;
/** More changes than these are counted, not listed. */
const MOST_CHANGES = 25;
/** The least room a value gets, however long its path is. */
const LEAST_VALUE = 12;

const signs = { add: "+", update: "~", delete: "-" } as const;

/** The block's lines, or nothing for a resource that stays as it is and has nothing to warn of. */
export function renderBlock(parts: BlockParts): string | undefined {
  const { plan, resource, mask } = parts;
  if (plan.verb === "none" && !plan.warnings.length) return undefined;
  const width = parts.width ?? WIDTH;
  const lines = [mask(plan.verb === "none" ? `${resource}: no changes` : `${plan.verb} ${resource}`)];
  for (const change of plan.changes.slice(0, MOST_CHANGES)) lines.push(changeLine(change, parts, width));
  const more = plan.changes.length - MOST_CHANGES;
  if (more > 0) lines.push(`  … and ${more} more ${more === 1 ? "change" : "changes"}`);
  plan.steps.forEach((step, index) => {
    const when = step.when ? ` (${step.when})` : "";
    lines.push(...wrap(`  ${index + 1}. `, mask(`${step.name}${when}`), width));
  });
  if (plan.verb !== "none" && !plan.steps.length) lines.push("  no call is needed");
  for (const warning of plan.warnings) lines.push(...wrap("  warning: ", mask(warning), width));
  return lines.join("\n");
}

function changeLine(change: Change, { secretPaths, mask }: BlockParts, width: number): string {
  const head = `  ${signs[change.kind]} ${mask(formatPath(change.path))}: `;
  const tail = change.replaces ? " (forces a replacement)" : "";
  const room = width - head.length - tail.length;
  const before = maskAt(change.before, change.path, secretPaths) as Json | undefined;
  const after = maskAt(change.after, change.path, secretPaths) as Json | undefined;
  if (change.kind === "add") return `${head}${cut(valueText(after, mask), room)}${tail}`;
  if (change.kind === "delete") return `${head}${cut(valueText(before, mask), room)}${tail}`;
  const [from, to] = both(valueText(before, mask), valueText(after, mask), room - " → ".length);
  return `${head}${from} → ${to}${tail}`;
}

function valueText(value: Json | undefined, mask: Masking): string {
  if (value === undefined) return "(none)";
  return isUnknown(value) ? "(known after apply)" : mask(JSON.stringify(value));
}

/** Two values side by side; where they are too long, what they have in common at the front goes first. */
function both(from: string, to: string, room: number): [string, string] {
  if (from.length + to.length <= room) return [from, to];
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared += 1;
  const half = Math.floor(room / 2);
  const skip = shared > 16 && shared > half / 2 ? shared - 8 : 0;
  const shown = (text: string) => (skip ? `…${text.slice(skip)}` : text);
  const [left, right] = [shown(from), shown(to)];
  if (left.length <= half) return [left, cut(right, room - left.length)];
  if (right.length <= half) return [cut(left, room - right.length), right];
  return [cut(left, half), cut(right, half)];
}

function cut(text: string, room: number): string {
  const limit = Math.max(room, LEAST_VALUE);
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** Breaks a text between words; further lines are indented below the first word. */
function wrap(head: string, text: string, width: number): string[] {
  const indent = " ".repeat(head.length);
  const lines: string[] = [];
  let line = head;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const isFresh = line === head || line === indent;
    if (!isFresh && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line += isFresh ? word : ` ${word}`;
  }
  return [...lines, line];
}
