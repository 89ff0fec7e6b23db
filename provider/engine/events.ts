/** What an operation tells while it runs, and what it hands back. */
import type { PropertyChange } from "./paths.js";

export type Operation = "preview" | "up" | "refresh" | "destroy";

/**
 * What happens to one resource. `delete-replaced` is the deletion of the old one after its replacement was created (or, with
 * `deleteBeforeReplace`, before). In a refresh, `update` and `delete` say what changed outside, and only the state follows.
 */
export type StepOp = "create" | "same" | "update" | "replace" | "delete" | "delete-replaced" | "read";

/** One resource's part in an operation. Secrets in it are the text "[secret]", unknowns "[unknown]". */
export interface Step {
  op: StepOp;
  urn: string;
  type: string;
  name: string;
  /** Of the resource before a change, or after its creation. */
  id?: string;
  /** Differences between former and new inputs (in a refresh: between recorded and actual outputs). */
  changes: PropertyChange[];
  /** For `replace`: the properties which force it. */
  replaceKeys?: string[];
  /** For `delete` and `delete-replaced`: dropped from the state without a call (`retainOnDelete`). */
  retained?: boolean;
  /** Set if the step failed: why. */
  error?: string;
}

export interface Diagnostic {
  severity: "info" | "warning" | "error";
  message: string;
  urn?: string;
}

/** A line that the program or the provider process printed. */
export interface OutputLine {
  source: "program" | "provider";
  stream: "stdout" | "stderr";
  text: string;
}

export type EngineEvent =
  | { type: "operation-started"; operation: Operation; project: string; stack: string }
  | ({ type: "output" } & OutputLine)
  | ({ type: "diagnostic" } & Diagnostic)
  | { type: "program-started"; pid: number }
  | { type: "provider-started"; pid: number }
  | { type: "step-started"; step: Step }
  | { type: "step-finished"; step: Step }
  | { type: "operation-finished"; result: OperationResult };

/** What an operation did, or in a preview would do. */
export interface OperationResult {
  operation: Operation;
  ok: boolean;
  /** In the order in which they ended; default providers are left out. */
  steps: Step[];
  /** Steps by kind; the deletions which replacements bring are not counted. */
  summary: Partial<Record<StepOp, number>>;
  /** How many steps are of another kind than `same` and `read`. */
  changed: number;
  /** Outputs of the stack. In a preview, what is not known yet is the text "[unknown]". */
  outputs: Record<string, { value: unknown; secret: boolean }>;
  /** What program and provider printed, line by line. */
  output: OutputLine[];
  /** The part of it that speaks to people: what the provider printed on stdout. */
  messages: string[];
  diagnostics: Diagnostic[];
  /** The first error; there is one exactly if `ok` is false. */
  failure?: string;
  durationMs: number;
}

/** A result with what follows from its steps, its output and its diagnostics. */
export function resultOf(
  facts: Pick<OperationResult, "operation" | "steps" | "outputs" | "output" | "diagnostics">,
  started: number,
): OperationResult {
  const { steps, output, diagnostics } = facts;
  const summary: OperationResult["summary"] = {};
  for (const { op, error } of steps) {
    if (op !== "delete-replaced" && error === undefined) summary[op] = (summary[op] ?? 0) + 1;
  }
  const failure = diagnostics.find(({ severity }) => severity === "error")?.message;
  const messages = output.filter(({ source, stream }) => source === "provider" && stream === "stdout");
  return {
    ...facts,
    ok: failure === undefined,
    summary,
    changed: steps.filter(({ op }) => op !== "same" && op !== "read").length,
    messages: messages.map(({ text }) => text),
    ...(failure === undefined ? {} : { failure }),
    durationMs: Math.round(performance.now() - started),
  };
}

/** Thrown by `orThrow`; carries the whole result. */
export class OperationFailed extends Error {
  constructor(readonly result: OperationResult) {
    const errors = result.diagnostics.filter((diagnostic) => diagnostic.severity === "error");
    super(`${result.operation} failed: ${errors.map((error) => error.message).join("\n")}`);
    this.name = "OperationFailed";
  }
}

/** Gives a result back if the operation succeeded, else throws `OperationFailed` with every error in its message. */
export function orThrow(result: OperationResult): OperationResult {
  if (!result.ok) throw new OperationFailed(result);
  return result;
}
