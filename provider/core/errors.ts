/**
 * One error family for the whole provider. Each error says what happened, to which resource, what is true now and
 * what to do next; the code is stable and is what the README's troubleshooting table is sorted by.
 */
import { formatPath, type Path } from "./values";

/** Every error code with its meaning; the README's troubleshooting section is checked against this table. */
export const errorCodes = {
  "invalid-input": "An input is wrong. Nothing was sent.",
  "missing-configuration": "A setting or credential is missing. Nothing was sent.",
  "invalid-configuration": "A setting can't be used as it is. Nothing was sent.",
  "records-unusable": "The record folder can't be read or written. Nothing was sent.",
  "held-elsewhere": "Another run still works on this resource.",
  "engine-gone": "The deployment engine went away; no further step was begun.",
  "not-sent": "A request did not leave this machine, or provably did not arrive.",
  refused: "The platform refused a request.",
  unauthorized: "The platform does not accept the credential.",
  forbidden: "The credential lacks a right.",
  "not-found": "The platform does not know what was asked for; that alone never counts as gone.",
  "rate-limited": "The platform asks to wait longer than a run should.",
  "outcome-unknown": "A request was sent and its outcome is not known.",
  "unexpected-answer": "The platform answered something outside its contract.",
  "illegal-move": "The platform's state machine has no such move. Nothing was sent.",
  "consent-needed": "A dangerous move needs an option that allows it. Nothing was sent.",
  "edited-outside": "Somebody else changed it; nothing was overwritten.",
  "paused-outside": "Somebody else paused the journey; nothing was replaced.",
  "dropped-by-platform": "The platform did not keep a value that was set.",
  "already-exists": "What should be created exists already. Nothing was created.",
  "create-unresolved": "An earlier create may or may not have happened; it is not repeated blindly.",
  "partly-done": "Some of several parts failed; the rest is done and saved.",
  gone: "The platform no longer has this resource.",
  "guard-tripped": "A safety limit stopped the run.",
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorParts {
  code: ErrorCode;
  /** What happened, one sentence. */
  what: string;
  /** Which resource, as a reader knows it: `journey "Welcome series"`. */
  resource?: string;
  /** What is true now. */
  now?: string;
  /** What to do next. */
  next?: string;
  /** The input paths concerned. */
  paths?: readonly Path[];
  cause?: unknown;
}

/** The one error class. `message` is the whole text; the parts stay readable for programs and tests. */
export class JourneysError extends Error {
  override readonly name = "JourneysError";
  readonly code: ErrorCode;
  readonly parts: Readonly<ErrorParts>;

  constructor(parts: ErrorParts) {
    super(render(parts), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = parts.code;
    this.parts = parts;
  }

  /** The same error said of a resource, where the thrower did not know it. */
  of(resource: string): JourneysError {
    return this.parts.resource ? this : new JourneysError({ ...this.parts, resource });
  }
}

function render(parts: ErrorParts): string {
  const lines = [`${parts.code}: ${parts.resource ? `${parts.resource}: ` : ""}${parts.what}`];
  if (parts.paths?.length) lines.push(`  where: ${parts.paths.map(formatPath).join(", ")}`);
  if (parts.now) lines.push(`  now:   ${parts.now}`);
  if (parts.next) lines.push(`  next:  ${parts.next}`);
  return lines.join("\n");
}

/** One wrong input: reported together with all others, before any call. */
export interface Problem {
  path: Path;
  reason: string;
}

export function invalidInput(resource: string, problems: readonly Problem[]): JourneysError {
  return new JourneysError({
    code: "invalid-input",
    resource,
    what: problems.map((problem) => `${formatPath(problem.path)}: ${problem.reason}`).join("; "),
    now: "nothing was sent",
    next: "correct the inputs named above and run again",
  });
}
