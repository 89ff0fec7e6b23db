/** One contact's write: sent, looked for where its answer was lost, and read back where nothing has proved it yet. */
import { setTimeout as delay } from "node:timers/promises";
import { JourneysError } from "../../core/errors";
import type { Context } from "../../core/resource";
import { formatPath, type Path } from "../../core/values";
import { engagelab } from "../api/client";
import type { RemoteContact } from "../api/contact";
import { getContact, updateContact } from "../api/contacts";
import { identityOf } from "./address";
import { upserts } from "./batch";
import { lookup } from "./lookup";
import { KIND, latest } from "./ownership";
import { pace } from "./pace";
import { proofs } from "./proofs";
import { engineGone, goneMeanwhile, notKept, outcomeOpen, unmentioned } from "./refusals";
import type { Actual } from "./state";
import { type Desired, lacking, type Target, toWire } from "./target";

export interface Job {
  desired: Desired;
  target: Target;
  /** As the platform spells it, where that is known. */
  email: string;
  /** The contact's id; undefined for a new one. */
  id?: string;
  /** What was there before. */
  before: Actual;
  method: "upsert" | "put";
  resource: string;
  context: Context;
}

/** The contact after a write. With a failure it was written, but not all of it was kept. */
export interface Written {
  id: string;
  how: "created" | "updated";
  /** An earlier attempt of ours may be what was found. */
  again: boolean;
  actual: Actual;
  remote?: RemoteContact;
  /** Something was emptied, and nobody has seen yet whether it is empty. */
  unread?: boolean;
  failure?: JourneysError;
}

/** @throws WriteOpen if nobody knows whether it was written, else a JourneysError that says why it was not */
export async function write(job: Job): Promise<Written> {
  const sent = await send(job);
  return verify(job, sent);
}

type Sent = Pick<Written, "id" | "how" | "again">;

/** Nobody knows whether it was written. */
export class WriteOpen extends JourneysError {}

async function send(job: Job): Promise<Sent> {
  const first = await attempt(job, "");
  if (!("open" in first)) return first;
  // Never sent again blindly: perhaps it is there.
  const found = await lookAgain(job);
  if (found && lacking(job.desired, job.target, found).length === 0) {
    return { id: found.id, how: "updated", again: true };
  }
  const second = await attempt(job, "");
  if ("open" in second) throw new WriteOpen(outcomeOpen(job.resource, second.open).parts);
  return { ...second, again: true };
}

async function lookAgain(job: Job): Promise<RemoteContact | undefined> {
  const { runtime } = job.context;
  if (job.id === undefined) return (await runtime.use(lookup).findAgain(job.email))[0];
  const found = await getContact(runtime.use(engagelab), job.id);
  if (!found) throw goneMeanwhile(job.resource, job.id, "what was sent did not reach it");
  return found;
}

async function attempt(job: Job, clear: "" | null): Promise<Sent | { open: JourneysError }> {
  const { runtime, signal } = job.context;
  if (signal?.aborted) throw engineGone(job.resource);
  if (job.method === "put" && job.id !== undefined) return put(job, job.id, clear);
  // A new contact's tags are appended: should it exist after all, those it has are kept.
  const tagFlag = job.id === undefined || job.before.tags === undefined ? 1 : 0;
  const member = { email: job.email, ...toWire(job.target, clear) };
  const outcome = await runtime.use(upserts).write(member, tagFlag, signal);
  switch (outcome.kind) {
    case "created":
    case "updated":
      return { id: outcome.id, how: outcome.kind, again: outcome.again };
    case "unmentioned":
      return { open: unmentioned(job.resource) };
    case "unknown":
      return { open: outcome.error };
    default:
      throw outcome.error.of(job.resource);
  }
}

async function put(job: Job, id: string, clear: "" | null): Promise<Sent | { open: JourneysError }> {
  const answer = await updateContact(job.context.runtime.use(engagelab), id, toWire(job.target, clear));
  if (answer.kind === "unknown") return { open: answer.error };
  if (answer.kind === "refused" && answer.missing) throw goneMeanwhile(job.resource, id);
  if (answer.kind !== "done") throw answer.error.of(job.resource);
  return { id, how: "updated", again: false };
}

/** What the run knows after a write: who holds the contact, and that what was seen before is outdated. */
export function settleWrite(email: string, { id, remote }: Written, stamp: string, { runtime, urn }: Context): void {
  const { findings } = runtime.use(lookup);
  runtime.run.claim(KIND, id, urn);
  runtime.use(latest).gave(id, stamp);
  if (remote) findings.settle(identityOf(email), [remote]);
  else findings.doubt(identityOf(email));
}

/** Reads it back if it carries a tag or a property for the first time in this run, or if something was emptied. */
async function verify(job: Job, sent: Sent): Promise<Written> {
  const { runtime } = job.context;
  const ledger = runtime.use(proofs);
  const { desired, target, resource } = job;
  const keys = proofKeys(desired, runtime.use(lookup).findings.listId === undefined);
  const mine = ledger.claim(keys);
  const emptied = target.clears.length + target.untags.length > 0;
  const cleared = new Set(target.clears.map(formatPath));
  if (mine.length === 0 && !emptied) {
    const refuted = (await ledger.refuted(keys)).map(pathOf);
    const actual = without(target.wanted, refuted);
    return { ...sent, actual, failure: refuted.length ? notKept(resource, refuted, cleared) : undefined };
  }
  let remote: RemoteContact | undefined;
  let missing: Path[] = [];
  try {
    ({ remote, missing } = await readBack(job, sent.id));
    if (missing.some((path) => cleared.has(formatPath(path)))) {
      await attempt({ ...job, id: sent.id }, null);
      ({ remote, missing } = await readBack(job, sent.id));
    }
    if (job.method === "put" && missing.some(([key]) => key === "tags")) {
      // Whether a PUT can take a tag off isn't documented; that an upsert can is.
      await attempt({ ...job, id: sent.id, method: "upsert" }, "");
      ({ remote, missing } = await readBack(job, sent.id));
    }
  } finally {
    const lost = new Set(missing.map(formatPath));
    for (const key of mine) ledger.settle(key, remote && !lost.has(formatPath(pathOf(key))));
  }
  if (!remote) {
    job.context.log("warning", `it was written, but could not be read back yet; the next refresh shows it`);
    return { ...sent, actual: target.wanted, unread: emptied };
  }
  return { ...sent, actual: remote, remote, failure: missing.length ? notKept(resource, missing, cleared) : undefined };
}

/** Reads may lag behind writes: what shows nothing of the write yet is read again, for about ten seconds. */
async function readBack(job: Job, id: string): Promise<{ remote?: RemoteContact; missing: Path[] }> {
  const { runtime, signal } = job.context;
  let last: { remote?: RemoteContact; missing: Path[] } = { missing: [] };
  for (const wait of [...runtime.use(pace).lag, undefined]) {
    const remote = await getContact(runtime.use(engagelab), id).catch(() => undefined);
    if (remote) {
      runtime.use(lookup).findings.glimpse(remote);
      last = { remote, missing: lacking(job.desired, job.target, remote) };
      if (last.missing.length === 0 || shows(job, last.missing)) return last;
    }
    if (wait === undefined || signal?.aborted) break;
    await delay(wait);
  }
  return last;
}

/** Whether the reading holds anything this write changed: then what is missing was dropped, not delayed. */
function shows({ target, id }: Job, missing: readonly Path[]): boolean {
  if (id === undefined) return true;
  const lost = new Set(missing.map(([key, member]) => formatPath(key === "tags" ? ["tags"] : [key!, member ?? ""])));
  return target.differing.some(([key, member]) => {
    return !lost.has(formatPath(key === "tags" ? ["tags"] : [key!, member ?? ""]));
  });
}

function proofKeys({ tags = [], fields = {} }: Desired, needsList: boolean): string[] {
  const names = Object.keys(fields).filter((key) => fields[key] !== "");
  return [
    ...new Set(tags.map((tag) => JSON.stringify(["tags", tag]))),
    ...names.map((key) => JSON.stringify(["fields", key])),
    // So that the account's list gets known by the first contact of an empty account.
    ...(needsList ? ['["list"]'] : []),
  ];
}

function pathOf(key: string): Path {
  return JSON.parse(key) as string[];
}

function without(wanted: Actual, paths: readonly Path[]): Actual {
  const lost = new Set(paths.map(formatPath));
  return {
    ...wanted,
    fields: Object.fromEntries(Object.entries(wanted.fields).filter(([key]) => !lost.has(formatPath(["fields", key])))),
    tags: wanted.tags?.filter((tag) => !lost.has(formatPath(["tags", tag]))),
  };
}
