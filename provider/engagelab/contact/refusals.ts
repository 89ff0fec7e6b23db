/** Why something isn't done or didn't work: of a contact by its resource's name, never by its address. */
import { JourneysError } from "../../core/errors";
import { formatPath, type Path } from "../../core/values";
import { maskAddresses } from "../api/personal";

/** `contact "ada"`. A name that holds an address is refused at Check; until then it isn't repeated. */
export function contactName(name: string | undefined): string {
  return `contact "${maskAddresses(name ?? "?")}"`;
}

const nothingSent = "nothing was sent for it";

export function existsAlready(resource: string, id: string, paths: readonly Path[]): JourneysError {
  return new JourneysError({
    code: "already-exists",
    resource,
    what: `a contact with this address exists (${id}) and differs from what is declared`,
    paths,
    now: "nothing was overwritten",
    next: "set adoptExisting: true to take it over and overwrite what is declared (the rest is kept), or declare what is there",
  });
}

export function heldBy(resource: string, id: string, urn: string): JourneysError {
  return new JourneysError({
    code: "already-exists",
    resource,
    what: `the contact with this address (${id}) belongs to another resource of this program: ${maskAddresses(urn)}`,
    now: nothingSent,
    next: "declare a person once; to rename a resource, give the new one an alias with the old name",
  });
}

export function ambiguous(resource: string, ids: readonly string[]): JourneysError {
  return new JourneysError({
    code: "already-exists",
    resource,
    what: `several contacts have this address, in different spellings: ${ids.join(", ")}`,
    now: nothingSent,
    next: "delete all but one of them in EngageLab, then run again: which one is meant is not guessed",
  });
}

export function goneMeanwhile(resource: string, id: string, now = nothingSent): JourneysError {
  return new JourneysError({
    code: "gone",
    resource,
    what: `somebody deleted the contact ${id} outside of this program`,
    now,
    next:
      "remove it from the program; or refresh and create it anew knowingly: if the person opted out, " +
      "the new contact knows nothing of that",
  });
}

export function replacedMeanwhile(resource: string, id: string, present: string): JourneysError {
  return new JourneysError({
    code: "gone",
    resource,
    what: `somebody deleted the contact ${id} and created another one with its address (${present})`,
    now: nothingSent,
    next: "run a refresh, which goes on with the new contact, and check whether the person had opted out",
  });
}

/** An upsert can't be told not to create. */
export function recreatedByUpdate(resource: string, id: string, created: string): JourneysError {
  return new JourneysError({
    code: "gone",
    resource,
    what: `somebody deleted the contact ${id} while it was updated, so the platform created it anew (${created})`,
    now: "the state goes on with the new contact; if the person had opted out, that opt-out may be lost",
    next: "check in EngageLab whether this person may get mail; if not, remove the contact from the program",
  });
}

export function otherAccount(resource: string, was: number, is: number): JourneysError {
  return new JourneysError({
    code: "invalid-configuration",
    resource,
    what: `it belongs to the list ${was}, but this credential opens the list ${is}: another account`,
    now: nothingSent,
    next: "check journeys:engagelabApiUser, journeys:engagelabApiKey and journeys:engagelabRegion of this stack",
  });
}

export function otherAddress(resource: string, id: string): JourneysError {
  return new JourneysError({
    code: "guard-tripped",
    resource,
    what: `the contact ${id} has another address than the state says`,
    now: nothingSent,
    next: "look at the contact in EngageLab; if the state is wrong, remove the resource with `pulumi state delete`",
  });
}

/** What was declared, or emptied, didn't come back that way. */
export function notKept(resource: string, paths: readonly Path[], cleared: ReadonlySet<string>): JourneysError {
  const tags = paths.filter(([key]) => key === "tags").map(([, tag]) => JSON.stringify(tag));
  const values = paths.filter(([key]) => key !== "tags");
  const left = values.filter((path) => cleared.has(formatPath(path))).map(formatPath);
  const lost = values.filter((path) => !cleared.has(formatPath(path))).map(formatPath);
  const what = [
    tags.length ? `did not keep these tags as declared: ${tags.join(", ")}` : "",
    lost.length ? `did not keep, or rewrote, ${lost.join(", ")}` : "",
    left.length ? `did not empty ${left.join(", ")}` : "",
  ].filter(Boolean);
  const next = [
    tags.length ? "declare each tag as a ContactTag the contact depends on" : "",
    lost.length ? "create the property first (ContactField), in this very spelling, and give a value of its type" : "",
    left.length ? "empty it in EngageLab, or declare a value" : "",
  ].filter(Boolean);
  return new JourneysError({
    code: "dropped-by-platform",
    resource,
    what: `EngageLab ${what.join("; it ")}`,
    paths: paths.map(([key, member]) => (key === "tags" ? ["tags"] : member === undefined ? [key!] : [key!, member])),
    now: "everything else was written",
    next: next.join("; "),
  });
}

export function unmentioned(resource: string): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    resource,
    what: "upsert contacts: the answer says nothing of this contact",
    now: "it may or may not have been written",
    next: "run again: what was begun is looked at before anything is repeated",
  });
}

export function outcomeOpen(resource: string, error: JourneysError): JourneysError {
  return new JourneysError({
    ...error.parts,
    code: "outcome-unknown",
    resource,
    now: "it may or may not have been written, and looking did not tell",
    next: "run again when the platform answers: what was begun is looked at before anything is repeated",
  });
}

export function engineGone(resource?: string): JourneysError {
  return new JourneysError({
    code: "engine-gone",
    resource,
    what: "nobody waits for it any more; no further step was begun",
    next: "run again: it goes on from here",
  });
}
