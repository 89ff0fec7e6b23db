/** A run for people, as it goes on: a line per resource with its changes, what providers say, errors, and a summary. */
import { stripVTControlCharacters } from "node:util";
import type { EngineEvent, Operation, OperationResult, Step, StepOp } from "./events.js";
import { formatPath, type PropertyChange } from "./paths.js";

export interface DisplayOptions {
  /** ANSI colours. Default: only if the stream is a terminal. */
  color?: boolean;
  /** How many changed properties of a resource are printed. Default: 12. */
  maxChanges?: number;
}

const colors: Record<string, number> = { "+": 32, "~": 33, "-/+": 35, "-": 31, error: 31, warning: 33 };

const titles: Record<Operation, string> = {
  preview: "Previewing",
  up: "Updating",
  refresh: "Refreshing",
  destroy: "Destroying",
};

/** How steps are shown: their sign, and the words for their count in a preview, in a refresh, and otherwise. */
const kinds: Record<StepOp, [sign: string, preview: string, refresh: string, done: string]> = {
  create: ["+", "to create", "", "created"],
  update: ["~", "to update", "changed outside", "updated"],
  replace: ["-/+", "to replace", "", "replaced"],
  delete: ["-", "to delete", "gone", "deleted"],
  read: [">", "to read", "", "read"],
  same: [" ", "unchanged", "unchanged", "unchanged"],
  "delete-replaced": ["-", "", "", ""],
};

/** Makes a handler for `onEvent` that writes to a stream. Unchanged resources are only counted. */
export function display(
  stream: NodeJS.WritableStream & { isTTY?: boolean },
  options: DisplayOptions = {},
): (event: EngineEvent) => void {
  const { color = stream.isTTY === true, maxChanges = 12 } = options;
  const paint = (text: string, key: string) => (color && colors[key] ? `\x1b[${colors[key]}m${text}\x1b[0m` : text);
  const write = (text: string) => stream.write(`${text}\n`);
  return (event) => {
    if (event.type === "operation-started") {
      write(
        `${titles[event.operation]} stack "${event.stack}" of project "${event.project}" (local engine, not the Pulumi CLI)`,
      );
    } else if (event.type === "output") {
      write(`    ${event.source === "program" ? "program " : ""}| ${stripVTControlCharacters(event.text)}`);
    } else if (event.type === "diagnostic") {
      write(`  ${paint(event.severity, event.severity)}: ${event.message.replaceAll("\n", "\n    ")}`);
    } else if (event.type === "step-finished" && event.step.op !== "same") {
      write(stepLines(event.step, maxChanges, paint).join("\n"));
    } else if (event.type === "operation-finished") {
      write(resultLines(event.result).join("\n"));
    }
  };
}

function stepLines(step: Step, maxChanges: number, paint: (text: string, key: string) => string): string[] {
  const { op, type, name, changes, replaceKeys, retained, error } = step;
  const [sign] = kinds[op];
  const forced = replaceKeys?.length ? ` (forced by ${replaceKeys.join(", ")})` : "";
  const kept = retained ? " (only from the state)" : "";
  const shown = changes
    .slice(0, maxChanges)
    .map((change) => paint(`        ${changeLine(change, op)}`, signOf(change)));
  if (changes.length > maxChanges) shown.push(`        … and ${changes.length - maxChanges} more`);
  return [
    `  ${paint(`${sign.padEnd(3)} ${op.padEnd(8)}`, sign)} ${shortType(type)} ${name}${forced}${kept}${error ? paint(" FAILED", "error") : ""}`,
    ...shown,
  ];
}

const signOf = ({ kind }: PropertyChange) => ({ add: "+", update: "~", delete: "-" })[kind];

function changeLine({ path, kind, before, after }: PropertyChange, op: StepOp): string {
  const at = formatPath(path);
  if (op === "create") return `${at}: ${brief(after)}`;
  if (kind === "add") return `+ ${at}: ${brief(after)}`;
  return kind === "delete" ? `- ${at}: ${brief(before)}` : `~ ${at}: ${brief(before)} → ${brief(after)}`;
}

/** `pulumi-nodejs:dynamic/journeys/pushwoosh:Journey` → `journeys/pushwoosh:Journey` */
const shortType = (type: string) => type.replace(/^pulumi-nodejs:dynamic\//, "");

function brief(value: unknown): string {
  const text = value === "[secret]" || value === "[unknown]" ? value : (JSON.stringify(value) ?? "undefined");
  return text.length > 100 ? `${text.slice(0, 97)}…` : text;
}

function resultLines({ operation, outputs, summary, durationMs, ok }: OperationResult): string[] {
  const column = operation === "preview" ? 1 : operation === "refresh" ? 2 : 3;
  const counts = (Object.keys(kinds) as StepOp[])
    .filter((op) => summary[op])
    .map((op) => `${summary[op]} ${kinds[op][column]}`);
  const outputLines = Object.entries(outputs).map(
    ([key, { value, secret }]) => `    ${key}: ${secret ? "[secret]" : brief(value)}`,
  );
  return [
    ...(operation === "up" && ok && outputLines.length > 0 ? ["  Outputs", ...outputLines] : []),
    `  ${ok ? "Done" : "Failed"}: ${counts.join(", ") || (ok ? "no resources" : "nothing was changed")}, in ${(durationMs / 1000).toFixed(1)} s`,
    "",
  ];
}
