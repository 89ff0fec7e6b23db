/** Sends members in batches, maps what comes back, and looks before it repeats anything. */
import { JourneysError } from "../../core/errors";
import type { Runtime } from "../../core/runtime";
import { engagelab } from "../api/client";
import { MOST_MEMBERS, type WireMember, wireMember } from "../api/contacts";
import { type MemberOutcome, Upserts } from "../contact/batch";
import { lookup } from "../contact/lookup";
import { pace } from "../contact/pace";
import { engineGone } from "../contact/refusals";
import { registry } from "../contact/registry";
import type { Owned } from "../contact/state";
import { type Target, targetOf, toWire } from "../contact/target";
import { doubted } from "./comparison";
import { flag } from "./entry";
import { counted } from "./estimate";
import { desiredOf, judge, ownedOf, type Verdict } from "./judge";
import { NewMembers } from "./new-member";
import { memberOpen, memberRecreated } from "./refusals";
import { declarerOf } from "./state";
import type { Task } from "./task";

export type ToSend = Extract<Verdict, { kind: "create" | "update" }>;

/** Batches handed over and not answered yet: enough for the next ones to be ready, few enough to fit in memory. */
const MOST_WAVES = 4;

/** A member that was written: what it has to have, and what was emptied. */
export interface Written {
  row: number;
  id: string;
  target: Pick<Target, "clears" | "untags">;
}

export interface Told {
  /** Members are about to be sent for the first time: it must be on record by the time this resolves. */
  onBegin: (verdicts: readonly ToSend[]) => Promise<void>;
  onWritten: (written: Written) => void;
}

/** Settles each member in the ledger. */
export async function send(task: Task, verdicts: readonly ToSend[], told: Told): Promise<void> {
  const open = await sendOnce(task, verdicts, false, told);
  if (open.length === 0 || task.ledger.stopped) return;
  const again = await notThere(task, open);
  await sendOnce(task, again, true, told);
}

/** Never sent again blindly: perhaps they are there. */
async function notThere(task: Task, open: readonly ToSend[]): Promise<ToSend[]> {
  const { context, reading, ledger } = task;
  const found = context.runtime.use(lookup);
  const again: ToSend[] = [];
  try {
    for (const { row } of open) found.findings.doubt(reading.identities[row]!);
    const contacts = await found.findAll(open.map(({ row }) => reading.emails[row]!));
    for (const verdict of open) {
      const now = await judge(task, verdict.row, contacts.get(reading.identities[verdict.row]!) ?? []);
      if (now.kind === "done")
        ledger.settle(verdict.row, now.contact.id, verdict.kind === "create" ? 0 : verdict.flags);
      else again.push(verdict);
    }
  } catch (error) {
    if (!(error instanceof JourneysError)) throw error;
    ledger.stopped ??= error;
    return [];
  }
  return again;
}

/** @returns those nobody knows the outcome of */
async function sendOnce(
  task: Task,
  verdicts: readonly ToSend[],
  isRepeat: boolean,
  { onBegin, onWritten }: Told,
): Promise<ToSend[]> {
  const { context, ledger } = task;
  const open: ToSend[] = [];
  const outstanding = new Set<Promise<void>>();
  const batches = context.runtime.use(setUpserts);
  const newMembers = new NewMembers();
  let done = 0;
  const ended = (verdict: ToSend, outcome: MemberOutcome, target: Prepared["target"]) => {
    if (outcome.kind === "unknown" || outcome.kind === "unmentioned") open.push(verdict);
    settle(task, verdict, outcome, isRepeat, target, onWritten);
    done += 1;
    if (done % MOST_MEMBERS === 0 || done === verdicts.length) {
      context.log("info", `${done.toLocaleString("en")} of ${counted(verdicts.length, "member")} sent`);
    }
  };
  const book = context.runtime.use(registry);
  context.runtime.use(lookup).findings.doubtAll((identity) => book.ownerOf(identity) === declarerOf(context));
  for (const wave of waves(verdicts)) {
    try {
      if (!isRepeat) await onBegin(wave);
    } catch (error) {
      if (done + outstanding.size === 0 || !(error instanceof JourneysError)) throw error;
      ledger.stopped ??= error;
    }
    if (context.signal?.aborted) ledger.stopped ??= engineGone();
    if (ledger.stopped) break;
    const prepared = wave.map((verdict) => prepare(task, verdict, newMembers));
    const told = (at: number, outcome: MemberOutcome) => ended(wave[at]!, outcome, prepared[at]!.target);
    const all = batches
      .writeAll(prepared, tagFlagOf(wave[0]!), told, context.signal)
      .then(() => void outstanding.delete(all));
    outstanding.add(all);
    if (outstanding.size >= MOST_WAVES) await Promise.race(outstanding);
  }
  await Promise.all(outstanding);
  return open;
}

/** Members that travel together: a batch has one flag for the tags of all. */
function* waves(verdicts: readonly ToSend[]): Generator<ToSend[]> {
  for (const flag of [1, 0]) {
    const same = verdicts.filter((verdict) => tagFlagOf(verdict) === flag);
    for (let from = 0; from < same.length; from += MOST_MEMBERS) yield same.slice(from, from + MOST_MEMBERS);
  }
}

/** Sends null where `""` did not empty: which of both empties isn't documented. Outcomes show when they are read. */
export async function sendCleared(task: Task, suspects: readonly Written[]): Promise<void> {
  const { context, reading } = task;
  const batches = context.runtime.use(setUpserts);
  const look = context.runtime.use(lookup);
  for (const { row } of suspects) look.findings.doubt(reading.identities[row]!);
  const found = await look.findAll(suspects.map(({ row }) => reading.emails[row]!));
  await Promise.all(
    suspects.map(async ({ row, id, target }) => {
      const contact = found.get(reading.identities[row]!)?.find((each) => each.id === id);
      if (!contact) return;
      const again = targetOf(desiredOf(task, row), owning(target), contact);
      const tagFlag = contact.tags === undefined ? 1 : 0;
      await batches.write({ email: contact.email, ...toWire(again, null) }, tagFlag, context.signal);
    }),
  );
}

/** What was the set's before it was to be emptied. */
function owning({ clears, untags }: Written["target"]): Owned {
  const keys = clears.map(([key]) => key);
  const fields = clears.flatMap(([key, field]) => (key === "fields" ? [String(field)] : []));
  return { phone: keys.includes("phone"), name: keys.includes("name"), fields, tags: [...untags] };
}

interface Prepared extends WireMember {
  target: Written["target"];
}

function prepare(task: Task, verdict: ToSend, newMembers: NewMembers): Prepared {
  const { reading } = task;
  const identity = reading.identities[verdict.row]!;
  if (verdict.kind === "create") {
    const text = newMembers.text(reading.emails[verdict.row]!, reading.contentOf(verdict.row));
    return { identity, text, target: nothingTaken };
  }
  const target = targetOf(desiredOf(task, verdict.row), ownedOf(task, verdict.row), verdict.contact);
  return { ...wireMember({ email: verdict.contact.email, ...toWire(target) }), target };
}

/** A new contact has nothing that could be taken away. */
const nothingTaken: Written["target"] = { clears: [], untags: [] };

/** A new contact's tags are appended: should it exist after all, those it has are kept. */
function tagFlagOf(verdict: ToSend): 0 | 1 {
  return verdict.kind === "create" || verdict.contact.tags === undefined ? 1 : 0;
}

function settle(
  task: Task,
  verdict: ToSend,
  outcome: MemberOutcome,
  isRepeat: boolean,
  target: Prepared["target"],
  onWritten: Told["onWritten"],
): void {
  const { ledger } = task;
  if (!("id" in outcome)) {
    if (outcome.kind === "unknown" || outcome.kind === "unmentioned") leftOpen(task, verdict, outcome, isRepeat);
    else if (stops(outcome.error)) ledger.stopped ??= outcome.error;
    else ledger.fail(outcome.error, verdict.row);
    return;
  }
  const isNew = verdict.kind === "create";
  const isCreated = outcome.kind === "created";
  if (isCreated) ledger.created += 1;
  if (isNew) {
    // Found although the look-up saw none: our own, if an answer was lost before; else somebody was faster.
    const isOurs = isCreated || outcome.again || isRepeat || verdict.isOurs;
    if (!isOurs) raced(task, outcome.id);
    ledger.settle(verdict.row, outcome.id, isOurs ? 0 : flag.adopted);
  } else if (isCreated) {
    ledger.settle(verdict.row, outcome.id, 0);
    ledger.fail(memberRecreated(outcome.id), verdict.row);
  } else
    ledger.settle(
      verdict.row,
      outcome.id,
      outcome.id === verdict.contact.id ? verdict.flags : verdict.flags | flag.adopted,
    );
  onWritten({ row: verdict.row, id: outcome.id, target });
}

function raced({ context }: Task, id: string): void {
  context.log(
    "warning",
    `somebody else created ${id} at the same moment: it was updated, counts as adopted, and is released when it leaves`,
  );
}

/** Refusals that any other member would meet as well. */
function stops({ code }: JourneysError): boolean {
  return ["unauthorized", "forbidden", "rate-limited", "not-sent", "missing-configuration", "engine-gone"].includes(
    code,
  );
}

/** What is remembered of a member whose write nobody knows the outcome of: the next run looks first. */
function leftOpen(task: Task, verdict: ToSend, outcome: MemberOutcome, isRepeat: boolean): void {
  const { comparison, ledger, prior } = task;
  const [id, flags] = verdict.kind === "create" ? ["", 0] : [verdict.contact.id, verdict.flags];
  const entry = comparison.digests.entryOf(verdict.row, id, flags);
  const at = comparison.positions[verdict.row]!;
  const isSame = at >= 0 && prior.id(at) === id;
  ledger.remember(verdict.row, doubted(entry, isSame ? prior.entry(at) : undefined));
  if (isRepeat) ledger.fail(memberOpen("error" in outcome ? outcome.error : undefined), verdict.row);
}

/** Batches of a set's own: full ones at once, the last one without waiting for company. */
function setUpserts(runtime: Runtime): Upserts {
  const client = runtime.use(engagelab);
  return new Upserts(client, { ...runtime.use(pace), quiet: 0 }, { members: MOST_MEMBERS, bytes: 1_000_000 });
}
