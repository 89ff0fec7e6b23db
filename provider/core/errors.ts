/**
 * One error family for the whole provider. Each error says what happened, to which resource, what is true now and
 * what to do next; the code is stable and is what the README's troubleshooting table is sorted by.
 */
import { formatPath, type Path } from "./values";

/** Every error code: what it means, and what to do in general. The README's troubleshooting table is made of it. */
export const errorCodes = {
  "invalid-input": {
    meaning: "An input is wrong. Nothing was sent.",
    next: "Correct the inputs it names; all of them are listed at once.",
  },
  "missing-configuration": {
    meaning: "A setting or credential is missing. Nothing was sent.",
    next: "Set the key it names with `pulumi config set --secret`, or the environment variable beside it.",
  },
  "invalid-configuration": {
    meaning: "A setting can't be used as it is. Nothing was sent.",
    next: "Correct the setting it names; the table of settings has the forms.",
  },
  "records-unusable": {
    meaning: "The record folder can't be read or written. Nothing was sent.",
    next: "Make the folder writable, or set `journeys:recordFolder` to one that is.",
  },
  "newer-state": {
    meaning: "The saved state was written by a newer release of this package. Nothing was sent.",
    next: "Install the release that wrote it, or a newer one: `npm install pulumi-journeys@latest`.",
  },
  "held-elsewhere": {
    meaning: "Another run still works on this resource.",
    next: "Wait for the process it names, or end it, and run again.",
  },
  "engine-gone": {
    meaning: "The deployment engine went away; no further step was begun.",
    next: "Run again: it goes on from where it stopped.",
  },
  "not-sent": {
    meaning: "A request did not leave this machine, or provably did not arrive.",
    next: "Check the network, a proxy in the environment and the address, and run again.",
  },
  refused: {
    meaning: "The platform refused a request.",
    next: "Read the platform's own words in the error; correct what they name.",
  },
  unauthorized: {
    meaning: "The platform does not accept the credential.",
    next: "Check token or API key, its account and its region; for Pushwoosh also `journeys:pushwooshAuthScheme`.",
  },
  forbidden: {
    meaning: "The credential lacks a right.",
    next: "Give the credential access to the application and the operation.",
  },
  "not-found": {
    meaning: "The platform does not know what was asked for; that alone never counts as gone.",
    next: "Check id, account and address. If it was really deleted, remove it with `pulumi state delete`.",
  },
  "rate-limited": {
    meaning: "The platform asks to wait longer than a run should.",
    next: "Wait as long as it says; lower the rate in the settings if it happens often.",
  },
  "outcome-unknown": {
    meaning: "A request was sent and its outcome is not known.",
    next: "Run again: what was begun is looked at before anything is repeated.",
  },
  "unexpected-answer": {
    meaning: "The platform answered something outside its contract.",
    next: "Check the address of the platform; if it is right, report the difference.",
  },
  "illegal-move": {
    meaning: "The platform's state machine has no such move. Nothing was sent.",
    next: "Declare the state it names first, or leave `status` out.",
  },
  "consent-needed": {
    meaning: "A dangerous move needs an option that allows it. Nothing was sent.",
    next: "Read what it would do to people; then set the option it names, or take the change back.",
  },
  "edited-outside": {
    meaning: "Somebody else changed it; nothing was overwritten.",
    next: "Take the change over into the program, or consent with `overwriteOutsideEdits`.",
  },
  "paused-outside": {
    meaning: "Somebody else paused the journey; nothing was replaced.",
    next: "Ask who paused it. Preview again: replace and start are shown as steps of their own.",
  },
  "dropped-by-platform": {
    meaning: "The platform did not keep a value that was set.",
    next: "Correct the value at the path, or list the path in `mayBeDropped`.",
  },
  "already-exists": {
    meaning: "What should be created exists already. Nothing was created.",
    next: "Adopt it (`adoptId`, `adoptExisting`), rename yours, or allow a second one by the option it names.",
  },
  "create-unresolved": {
    meaning: "An earlier create may or may not have happened; it is not repeated blindly.",
    next: "Look on the platform: adopt it if it is there; if not, delete the record file it names and run again.",
  },
  "partly-done": {
    meaning: "Some of several parts failed; the rest is done and saved.",
    next: "Read the reasons; run again for the rest.",
  },
  gone: {
    meaning: "The platform no longer has this resource.",
    next: "Refresh and create it anew knowingly, or remove it from the program: an opt-out may be lost with it.",
  },
  "guard-tripped": {
    meaning: "A safety limit stopped the run.",
    next: "Nothing to switch off blindly: look at what it counted, then raise the setting it names or correct the program.",
  },
} as const satisfies Record<string, { meaning: string; next: string }>;

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
