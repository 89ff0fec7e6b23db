/** Making a contact, or taking one over: look first, overwrite nothing unasked, and know one's own after a lost answer. */
import type { OperationRecord } from "../../core/record";
import type { Context, Outcome } from "../../core/resource";
import type { RemoteContact } from "../api/contact";
import type { ContactInputs } from "./inputs";
import { lookup } from "./lookup";
import { addressDigest, KIND, notesOf, recall, union } from "./ownership";
import { ambiguous, contactName, engineGone, existsAlready, heldBy } from "./refusals";
import { type ContactState, nobody, nothingOwned, type Owned, stateOf } from "./state";
import { namedTags } from "./tag-names";
import { newTarget, type Target, targetOf } from "./target";
import { type Job, settleWrite, WriteOpen, type Written, write } from "./write";

export async function create(desired: ContactInputs, context: Context): Promise<Outcome<ContactState>> {
  const { records, run } = context.runtime;
  const resource = contactName(context.name);
  const title = addressDigest(desired.email, context);
  const find = () =>
    records.creates(KIND, context.urn, undefined, title).filter(({ header }) => header.title === title);
  const earlier = (await records.settled(find, resource)).filter(({ id }) => id === undefined || !run.isKept(KIND, id));
  const record = records.start({ kind: KIND, operation: "create", urn: context.urn, title });
  const found = await context.runtime.use(lookup).find(desired.email);
  if (found.length > 1)
    throw ambiguous(
      resource,
      found.map(({ id }) => id),
    );
  if (context.signal?.aborted) throw engineGone(resource);
  const [existing] = found;
  const outcome = existing
    ? await takeOver(desired, existing, earlier, record, context)
    : await createNew(desired, earlier, record, context);
  for (const old of earlier) records.drop(old);
  return outcome;
}

async function createNew(
  desired: ContactInputs,
  earlier: readonly OperationRecord[],
  record: OperationRecord,
  context: Context,
): Promise<Outcome<ContactState>> {
  const { records } = context.runtime;
  const resource = contactName(context.name);
  const target = newTarget(desired);
  const method = "upsert";
  const job: Job = { desired, target, email: desired.email.trim(), before: nobody, method, resource, context };
  await record.begin("create", notesOf(target.owned));
  let written: Written;
  try {
    written = await write(job);
  } catch (error) {
    const isOpen = error instanceof WriteOpen;
    await record.end(isOpen ? "unknown" : "refused");
    await record.finish();
    if (!isOpen) records.drop(record);
    throw error;
  }
  // Found although the look-up saw none: our own, if an answer was lost before; else somebody was faster.
  const isOurs = written.how === "created" || written.again || earlier.some(({ unresolved }) => unresolved);
  if (!isOurs) {
    context.log(
      "warning",
      `it was created by somebody else at the same moment (${written.id}): it was updated, counts as adopted, and a delete only releases it`,
    );
  }
  return finish(desired, written, target.owned, !isOurs, record, context);
}

async function takeOver(
  desired: ContactInputs,
  existing: RemoteContact,
  earlier: readonly OperationRecord[],
  record: OperationRecord,
  context: Context,
): Promise<Outcome<ContactState>> {
  const { run } = context.runtime;
  const resource = contactName(context.name);
  const holder = run.heldByOther(KIND, existing.id, context.urn);
  const isOurs = earlier.some((one) => explains(one, existing));
  const before = { ...existing, tags: await namedTags(existing, context) };
  // What a killed run declared is still the program's to take away.
  const owned = recall(nothingOwned, isOurs ? earlier : earlier.filter(({ id }) => id === existing.id));
  const target = targetOf(desired, owned, before);
  const differs = target.differing.length > 0;
  if (differs && !isOurs && !desired.adoptExisting) {
    throw holder ? heldBy(resource, existing.id, holder) : existsAlready(resource, existing.id, target.differing);
  }
  if (differs || isOurs) {
    await record.begin("create", { ...notesOf(union(owned, target.owned)), id: existing.id, adopted: !isOurs });
  }
  const written: Written = differs
    ? await overwrite(desired, existing, before, target, record, context)
    : { id: existing.id, how: "updated", again: false, actual: before, remote: existing };
  return finish(desired, written, target.owned, !isOurs, record, context);
}

async function overwrite(
  desired: ContactInputs,
  existing: RemoteContact,
  before: Job["before"],
  target: Target,
  record: OperationRecord,
  context: Context,
): Promise<Written> {
  const method = desired.updateMethod ?? "upsert";
  const resource = contactName(context.name);
  const job: Job = { desired, target, email: existing.email, id: existing.id, before, method, resource, context };
  try {
    return await write(job);
  } catch (error) {
    await record.end(error instanceof WriteOpen ? "unknown" : "refused");
    await record.finish();
    throw error;
  }
}

/** The record is completed before the state goes back: whichever of both gets lost, the other one tells. */
async function finish(
  desired: ContactInputs,
  written: Written,
  owned: Owned,
  adopted: boolean,
  record: OperationRecord,
  context: Context,
): Promise<Outcome<ContactState>> {
  const { id, failure } = written;
  if (record.steps.length > 0) await record.end("answered", { id, adopted });
  await record.finish();
  settleWrite(desired.email, written, record.stamp, context);
  const { listId } = context.runtime.use(lookup).findings;
  const state = stateOf({ desired, ...written, owned, adopted, stamp: record.stamp, listId });
  return { id, state, failure };
}

/** A create of ours found the address free: what is there now is its work, unless it was there long before. */
function explains(record: OperationRecord, { id, createdAt }: RemoteContact): boolean {
  if (record.id !== undefined) return record.id === id && record.steps[0]?.data.adopted !== true;
  if (!record.steps.some(({ outcome }) => outcome !== "refused")) return false;
  return createdAt === undefined || Date.parse(createdAt) >= Date.parse(record.header.time) - CLOCKS_DIFFER_MS;
}

const CLOCKS_DIFFER_MS = 600_000;
