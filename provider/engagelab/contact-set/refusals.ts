/** Why a set isn't done or didn't work: its members by line, never by address. */
import { JourneysError } from "../../core/errors";
import { formatPath, type Path } from "../../core/values";
import { counted } from "./estimate";
import type { Failure, Task } from "./task";

/** Members an error names; the rest is counted. */
const MOST_NAMED = 20;

/** Members in the order of the file, each with its reason. */
function named(reasons: readonly { row: number; reason: string }[], place: (row: number) => string): string {
  const lines = [...reasons]
    .sort((a, b) => a.row - b.row)
    .slice(0, MOST_NAMED)
    .map(({ row, reason }) => `\n    ${place(row)}: ${reason}`);
  const more = reasons.length - lines.length;
  return lines.join("") + (more > 0 ? `\n    and ${counted(more, "more member")}` : "");
}

export function conflicts({ resource, reading }: Task, reasons: { row: number; reason: string }[]): JourneysError {
  return new JourneysError({
    code: "already-exists",
    resource,
    what: `${counted(reasons.length, "member")} can't be taken over:${named(reasons, reading.place)}`,
    now: "nothing was sent",
    next:
      "set adoptExisting: true to take over contacts that exist and overwrite what is declared (the rest is kept), " +
      "or declare what is there; delete all but one of several contacts with one address in EngageLab",
  });
}

/** Everything that went wrong in a run that went on all the same. */
export function partlyDone(task: Task): JourneysError | undefined {
  const { resource, reading, ledger } = task;
  const { failures, stopped } = ledger;
  if (failures.length === 0 && !stopped) return undefined;
  const ofMembers = failures.flatMap(({ row, error }) =>
    row === undefined ? [] : [{ row, reason: error.parts.what }],
  );
  const general = failures.filter(({ row }) => row === undefined).map(({ error }) => error);
  const what = [
    ...(stopped ? [stopped.parts.what] : []),
    ...general.map(({ parts }) => parts.what),
    ...(ofMembers.length
      ? [`${counted(ofMembers.length, "member")} could not be written:${named(ofMembers, reading.place)}`]
      : []),
  ];
  return new JourneysError({
    code: stopped && failures.length === 0 ? stopped.code : "partly-done",
    resource,
    what: what.join("; "),
    now: "what was done before and beside that is saved",
    next: nextOf(failures, stopped),
  });
}

function nextOf(failures: readonly Failure[], stopped: JourneysError | undefined): string {
  const all = [...(stopped ? [stopped] : []), ...failures.map(({ error }) => error)];
  const advice = [...new Set(all.map(({ parts }) => parts.next ?? "correct what the platform objects to"))].slice(0, 3);
  // "… and run again" is said once, for all; where it means more than that, it stays as it is.
  const texts = advice.map((text) => text.replace(/[,;]? ?(then |and )?run again$/, "")).filter(Boolean);
  const isSaid = texts.some((text) => text.includes("run again"));
  const again = isSaid ? "the next run sends the remainder" : "run again: the remainder is sent";
  return [...texts, texts.length > 0 && !isSaid ? `then ${again}` : again].join("; ");
}

export function memberGone(): JourneysError {
  return new JourneysError({
    code: "gone",
    what: "somebody deleted its contact outside of this program",
    next:
      "remove the member from the list; or run again, which creates it anew as the preview then says: " +
      "if the person opted out, the new contact knows nothing of that",
  });
}

export function memberRecreated(id: string): JourneysError {
  return new JourneysError({
    code: "gone",
    what: `somebody deleted its contact while it was updated, so the platform created it anew (${id})`,
    next: "check in EngageLab whether the person may get mail: an opt-out may be lost",
  });
}

export function memberOpen(error: JourneysError | undefined): JourneysError {
  return new JourneysError({
    code: "outcome-unknown",
    what: `nobody knows whether it was written${error ? `: ${error.parts.what}` : ""}`,
    next: "run again when the platform answers: what was begun is looked at before anything is repeated",
  });
}

/** Tags and properties that didn't come back, and what wasn't emptied. */
export function notKept(paths: readonly Path[], members: number): JourneysError {
  const tags = paths.filter(([key]) => key === "tags").map(([, tag]) => JSON.stringify(tag));
  const values = paths.filter(([key]) => key !== "tags").map(formatPath);
  const what = [
    tags.length ? `did not keep these tags as declared: ${tags.join(", ")}` : "",
    values.length ? `did not keep, rewrote or did not empty ${values.join(", ")}` : "",
  ].filter(Boolean);
  const next = [
    tags.length ? "declare each tag as a ContactTag the set depends on" : "",
    values.length ? "create the property first (ContactField), in this very spelling, with values of its type" : "",
  ].filter(Boolean);
  return new JourneysError({
    code: "dropped-by-platform",
    what: `EngageLab ${what.join("; it ")} (${counted(members, "member")})`,
    next: next.join("; "),
  });
}

export function wrongAccount(resource: string, listId: number): JourneysError {
  return new JourneysError({
    code: "invalid-configuration",
    resource,
    what: `the set belongs to the list ${listId}, and this credential shows no contact of it: another account or region`,
    now: "nothing was sent, and nothing was decided from it",
    next:
      "check journeys:engagelabApiUser, journeys:engagelabApiKey and journeys:engagelabRegion of this stack; " +
      "if every contact of the account was deleted, remove the set with `pulumi state delete`",
  });
}

export function incompleteList(unique: number, total: number | undefined): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: `the list says that there are ${total} contacts and shows ${unique}, twice`,
    now: "nothing was decided from it",
    next: "run again when nobody else changes contacts; if it stays so, ask EngageLab",
  });
}
