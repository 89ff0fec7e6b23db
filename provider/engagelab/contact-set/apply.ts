/** Brings the platform to what a set declares: look first, refuse all conflicts at once, send, read back, delete. */
import { randomUUID } from "node:crypto";
import { invalidInput, JourneysError } from "../../core/errors";
import type { OperationRecord } from "../../core/record";
import type { Context, Outcome } from "../../core/resource";
import { engagelab } from "../api/client";
import { getContact } from "../api/contacts";
import { identityOf } from "../contact/address";
import { spellingWarning } from "../contact/compare";
import { lookup } from "../contact/lookup";
import { KIND as CONTACT } from "../contact/ownership";
import { otherAccount } from "../contact/refusals";
import { sureOfAccount } from "./account";
import { compare, unknownContent } from "./comparison";
import { flag } from "./entry";
import { counted } from "./estimate";
import { needsConsent } from "./guards";
import type { SetInputs } from "./inputs";
import { idOf, judge, judgeMissing, type Verdict } from "./judge";
import { deleteLeaving } from "./leave";
import { createsOf, keyOf, noteDeletions, noteSends, type Remembered, recall, remembered } from "./memory";
import { Packed } from "./packed";
import { leaving, planSet } from "./plan";
import { conflicts, memberGone, partlyDone } from "./refusals";
import { RowDigests } from "./row-digests";
import { send, type ToSend } from "./send";
import { readings } from "./source";
import { appliedOf, KIND, type SetState, setName, toState } from "./state";
import { Ledger, type Task } from "./task";
import { Suspects, verify } from "./verify";

/** What an operation starts from. */
interface Start extends Remembered {
  id: string;
  key: string;
  applied?: SetInputs;
  listId?: number;
  accountSize?: number;
  isUnsettled: boolean;
  operation: "create" | "update";
}

export async function create(desired: SetInputs, context: Context): Promise<Outcome<SetState>> {
  const { records } = context.runtime;
  const earlier = (await records.settled(() => createsOf(context), setName(context))).at(-1);
  const id = earlier?.id ?? randomUUID();
  const key = keyOf(id, context);
  const newer = earlier ? [earlier, ...records.newer(KIND, id, earlier.stamp)] : [];
  const begun = recall(Packed.empty, newer, key);
  const outcome = await apply(
    desired,
    { id, key, ...begun, isUnsettled: newer.length > 0, operation: "create" },
    context,
  );
  for (const record of newer) records.drop(record);
  return outcome;
}

export async function update(
  id: string,
  state: SetState,
  desired: SetInputs,
  context: Context,
): Promise<Outcome<SetState>> {
  const { records } = context.runtime;
  const { key, listId, accountSize } = state;
  records.seen(KIND, id, state.stamp);
  const newer = await records.settled(() => records.newer(KIND, id, state.stamp), setName(context));
  const begun = remembered(id, Packed.decode(state.memberDigests), state.stamp, key, context);
  const isUnsettled = newer.length > 0;
  const start: Start = {
    id,
    key,
    listId,
    accountSize,
    applied: appliedOf(state),
    isUnsettled,
    operation: "update",
    ...begun,
  };
  return apply(desired, start, context);
}

async function apply(desired: SetInputs, start: Start, context: Context): Promise<Outcome<SetState>> {
  const { runtime } = context;
  const task = await taskOf(desired, start, context);
  refuse(task, start);
  const record = runtime.records.start({ kind: KIND, operation: start.operation, urn: context.urn, id: start.id });
  const claim = (members: Packed) => runtime.run.claimMany(CONTACT, (id) => members.holds(id), context.urn);
  claim(start.prior);
  try {
    await write(task, start, record);
    await takeLeave(task, start, record);
  } finally {
    await record.finish();
  }
  const members = task.ledger.members(task);
  claim(members);
  const { findings, accountSize = start.accountSize } = runtime.use(lookup);
  const state = toState({
    id: start.id,
    key: start.key,
    members,
    applied: desired,
    listId: start.listId ?? findings.listId,
    accountSize: accountSize === undefined ? undefined : accountSize + task.ledger.created,
    stamp: record.stamp,
  });
  return { id: start.id, state, failure: partlyDone(task) };
}

async function taskOf(desired: SetInputs, start: Start, context: Context): Promise<Task> {
  const { prior, since, listId } = start;
  const resource = setName(context);
  const reading = await context.runtime.use(readings).read(desired);
  if (reading.problems.length > 0) throw invalidInput(resource, reading.problems);
  const digests = new RowDigests(reading, start.key, desired.tagOwnership === "exclusive");
  const comparison = compare(reading, digests, prior);
  const ledger = new Ledger(digests);
  return { desired, reading, comparison, prior, since, listId, spellings: new Set(), context, resource, ledger };
}

/** Plans once more, with what is known now; what was refused in a preview must not come about without one. */
function refuse({ desired, reading, comparison, prior, resource, context }: Task, start: Start): void {
  const { applied, accountSize, isUnsettled } = start;
  const rate = context.runtime.config.number("engagelabRate");
  const facts = { desired, reading, applied, prior, comparison, accountSize, rate, isUnsettled, resource };
  const { refusal } = planSet(facts);
  if (refusal) throw refusal;
}

/** Looks at everybody concerned, and sends those who aren't as declared. */
async function write(task: Task, { key, listId }: Start, record: OperationRecord): Promise<void> {
  const { comparison, reading, context } = task;
  const rows = [...comparison.added, ...comparison.again, ...comparison.changed].sort((a, b) => a - b);
  if (rows.length === 0) return;
  const those = (all: readonly string[]) => rows.map((row) => all[row]!);
  const found = await context.runtime.use(lookup).findAll(those(reading.emails), those(reading.identities));
  await checkAccount(task, listId);
  const toSend: ToSend[] = [];
  const reasons: { row: number; reason: string }[] = [];
  for (const row of rows) {
    const contacts = found.get(reading.identities[row]!);
    const seen = contacts ? await judge(task, row, contacts) : judgeMissing(task, row);
    const verdict = seen.kind === "gone" ? await judgeById(task, row) : seen;
    if (verdict.kind === "conflict") reasons.push(verdict);
    else if (verdict.kind === "create" || verdict.kind === "update") toSend.push(verdict);
    else settleUnsent(task, verdict);
  }
  if (reasons.length > 0) throw conflicts(task, reasons);
  if (task.spellings.size > 0) context.log("warning", spellingWarning([...task.spellings]));
  if (toSend.length === 0) return;
  context.log("info", `${counted(toSend.length, "member")} to send`);
  const suspects = new Suspects(task);
  await send(task, toSend, {
    onBegin: (verdicts) => noteSends(record, task, verdicts, key),
    onWritten: (written) => suspects.note(written),
  });
  await record.end(task.ledger.stopped ? "unknown" : "answered");
  await verify(task, suspects);
}

/** Of a member that a list or a search didn't show: they may lag behind, so that only its id tells whether it is gone. */
async function judgeById(task: Task, row: number): Promise<Verdict> {
  const id = idOf(task, row);
  const contact = id ? await getContact(task.context.runtime.use(engagelab), id) : undefined;
  const isSame = contact && identityOf(contact.email) === task.reading.identities[row];
  return isSame ? judge(task, row, [contact]) : { kind: "gone", row };
}

/** A contact of another list, or none at all where the set has some: another account. */
async function checkAccount({ prior, resource, context }: Task, listId: number | undefined): Promise<void> {
  if (listId === undefined || prior.count === 0) return;
  const { findings } = context.runtime.use(lookup);
  if (findings.listId !== undefined && findings.listId !== listId)
    throw otherAccount(resource, listId, findings.listId);
  await sureOfAccount(listId, resource, context);
}

/** Members nothing is sent for: they are as declared, or somebody deleted their contact. */
function settleUnsent(task: Task, verdict: Extract<Verdict, { kind: "done" | "gone" }>): void {
  const { ledger, comparison, prior } = task;
  const { row } = verdict;
  if (verdict.kind === "done") {
    ledger.settle(row, verdict.contact.id, verdict.flags);
    return;
  }
  const entry = prior.entry(comparison.positions[row]!);
  ledger.remember(row, { ...entry, flags: entry.flags | flag.gone, content: unknownContent });
  ledger.fail(memberGone(), row);
}

/** Removed members are forgotten; their contacts deleted where that is what was asked for. */
async function takeLeave(task: Task, { key, listId }: Start, record: OperationRecord): Promise<void> {
  const { comparison, prior, desired, ledger, context, resource } = task;
  if (ledger.stopped) return;
  const { deleted } = leaving(comparison, prior, desired);
  const chosen = new Set(deleted);
  for (const at of comparison.removed) if (!chosen.has(at)) ledger.leave(at);
  if (deleted.length === 0) return;
  try {
    await noteDeletions(record, prior, deleted, key);
  } catch (error) {
    if (!(error instanceof JourneysError)) throw error;
    ledger.stopped = error;
    return;
  }
  try {
    const departed = await deleteLeaving({
      prior,
      positions: deleted,
      key,
      listId,
      forceDestroy: desired.forceDestroy === true,
      isConsented: needsConsent({ members: prior.count, deletions: deleted.length }),
      resource,
      context,
      onGone: (at) => ledger.leave(at),
    });
    for (const error of departed.failures) ledger.fail(error);
  } catch (error) {
    if (!(error instanceof JourneysError)) throw error;
    ledger.stopped = error;
  }
  await record.end(ledger.failures.length > 0 || ledger.stopped ? "unknown" : "answered");
}
