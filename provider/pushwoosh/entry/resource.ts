/** `pushwoosh.JourneyEntry`: people put into a journey, once. */
import { randomUUID } from "node:crypto";
import type { Problem } from "../../core/errors";
import type { OperationRecord } from "../../core/record";
import type { Context, Outcome, Planned, Resource } from "../../core/resource";
import { equal, type JsonObject } from "../../core/values";
import { pushwoosh } from "../api/client";
import { newKey } from "../journey/identity";
import { asksAgain, notReplaced, Saved, withoutPeople } from "../once";
import { failureOf, type Sent, sendParts } from "./enter";
import { type EntryInputs, entryInputs, entryProblems } from "./inputs";
import { meaningOf, meantNow, notesOf, PLANNED, replay, split, triggersDigest, whoIn } from "./parts";
import { planChange, planEntry, sendable } from "./plan";
import {
  type EntryState,
  entryName,
  entryOutputs,
  KIND,
  STATE_VERSION,
  type Standing,
  standingOf,
  toState,
} from "./state";

export const journeyEntry: Resource<EntryInputs, EntryState> = {
  kind: KIND,
  token: "journeys:pushwoosh:JourneyEntry",
  description: "People put into a running Pushwoosh journey through its API entry point, once.",
  inputs: entryInputs,
  outputs: entryOutputs,
  secretOutputs: ["appliedInputs"],
  echoOutputs: [],
  stateVersion: STATE_VERSION,

  upgrade(state: JsonObject): EntryState {
    return state as unknown as EntryState;
  },

  describe(_inputs, context) {
    return entryName(context);
  },

  check(desired: EntryInputs, { runtime, urn }): Problem[] {
    if (urn) runtime.use(declaredEntries).add(urn);
    return entryProblems(desired);
  },

  plan(desired: EntryInputs, prior, context): Planned {
    if (!prior) return planEntry(desired, begunBefore(desired, context), entryName(context));
    const { records } = context.runtime;
    records.seen(KIND, prior.id, prior.state.stamp);
    context.runtime.use(savedEntries).keep(context.urn, prior.id, prior.state);
    const standing = remembered(prior.state, context);
    return planChange(desired, standing, entryName(context), equal(standing.parts, prior.state.parts));
  },

  async create(desired: EntryInputs, context: Context): Promise<Outcome<EntryState>> {
    const { records } = context.runtime;
    const done = doneBefore(desired, context);
    if (done) return done;
    await records.settled(() => createsOf(context), entryName(context));
    const begun = begunBefore(desired, context);
    const { refusal } = planEntry(desired, begun, entryName(context));
    if (refusal) throw refusal;
    return begun ? goOn(desired, begun, context) : enterAll(desired, context);
  },

  async update(_id: string, prior: EntryState, desired: EntryInputs, context: Context): Promise<Outcome<EntryState>> {
    const { run, records } = context.runtime;
    run.claim(KIND, prior.entryId, context.urn);
    records.seen(KIND, prior.entryId, prior.stamp);
    await records.settled(() => records.newer(KIND, prior.entryId, prior.stamp), entryName(context));
    const standing = remembered(prior, context);
    if (asksAgain(desired, standing.applied) === "yes") throw notReplaced(entryName(context));
    return goOn(desired, standing, context);
  },

  /** Nothing can be asked of the platform: what is known is in the state. */
  async read(id: string, prior: EntryState, context: Context): Promise<Outcome<EntryState>> {
    context.runtime.run.claim(KIND, id, context.urn);
    context.runtime.records.seen(KIND, id, prior.stamp);
    return { id, state: prior };
  },

  /** Nobody is taken out of the journey: that is what a UserRemoval is for. */
  async delete(id: string, prior: EntryState, context: Context): Promise<void> {
    const { records } = context.runtime;
    const standing = remembered(prior, context);
    records.forget(KIND, id);
    if (isMadeAgain(id, context)) await handOver(standing, context);
    await records.dropped();
  },

  appliedInputs(state: EntryState): JsonObject {
    return JSON.parse(state.appliedInputs);
  },
};

function savedEntries(): Saved<EntryState> {
  return new Saved();
}

/** Names of the entries this run declares. */
function declaredEntries(): Set<string> {
  return new Set();
}

/** Whether an entry that is deleted will be made again: an engine may delete what it replaces first. */
function isMadeAgain(id: string, { runtime, urn }: Context): boolean {
  return urn !== undefined && runtime.use(declaredEntries).has(urn) && runtime.use(savedEntries).of(urn)?.id === id;
}

/** Until it is made again no state knows of it: should this run be killed, the next one finds it here. */
async function handOver({ id, key, applied, parts }: Standing, { runtime, urn }: Context): Promise<void> {
  const record = runtime.records.start({ kind: KIND, operation: "create", urn, id, key });
  await record.begin(PLANNED, notesOf(parts, applied, key));
  await record.end("answered");
  await record.finish();
}

/** An engine that replaces an entry whose triggers are the same has reasons of its own: nobody is entered again. */
function doneBefore(desired: EntryInputs, context: Context): Outcome<EntryState> | undefined {
  const saved = context.runtime.use(savedEntries).of(context.urn);
  if (!saved) return undefined;
  const { records } = context.runtime;
  const before = remembered(saved.state, context);
  if (asksAgain(desired, before.applied) === "yes") return undefined;
  context.log("warning", "it is replaced although its triggers did not change: nobody is entered again");
  const waiting = sendable(desired, before);
  if (waiting.length > 0) context.log("warning", `${whoIn(waiting)} are still to be entered: the next run does that`);
  const isHandedOver = records
    .newer(KIND, saved.id, saved.state.stamp)
    .some(({ header }) => header.operation === "create");
  const standing = { ...before, id: isHandedOver ? saved.id : randomUUID() };
  return outcome(desired, { standing }, records.stamp(), context);
}

/** Records of entries under this name that no saved state of this run stands for. */
function createsOf({ runtime, urn }: Context): OperationRecord[] {
  const { records, run } = runtime;
  return records
    .creates(KIND, urn)
    .filter(({ id }) => id !== undefined && !run.isReplacing(KIND, id) && !run.isKept(KIND, id));
}

/** An entry for the same triggers that an earlier run began and no state knows of. */
function begunBefore(desired: EntryInputs, context: Context): Standing | undefined {
  const record = createsOf(context).at(-1);
  const key = record?.header.key;
  const notes = record?.steps[0]?.data;
  if (!record?.id || !key || notes?.triggers !== triggersDigest(desired, key)) return undefined;
  const later = context.runtime.records.newer(KIND, record.id, record.stamp);
  const parts = replay([], [record, ...later]);
  if (parts.every(({ outcome }) => outcome === "unsent")) return undefined;
  return { id: record.id, journeyId: String(notes.journeyId), key, applied: desired, parts };
}

/** What the state says, or a record that is newer. */
function remembered(state: EntryState, { runtime }: Context): Standing {
  const standing = standingOf(state);
  return { ...standing, parts: replay(standing.parts, runtime.records.newer(KIND, standing.id, state.stamp)) };
}

async function enterAll(desired: EntryInputs, context: Context): Promise<Outcome<EntryState>> {
  const { records } = context.runtime;
  for (const old of createsOf(context)) if (!old.busy) records.drop(old);
  await records.dropped();
  const [id, key] = [randomUUID(), newKey()];
  const parts = split(desired, key);
  const record = records.start({ kind: KIND, operation: "create", urn: context.urn, id, key });
  await record.begin(PLANNED, notesOf(parts, desired, key));
  await record.end("answered");
  const standing: Standing = { id, journeyId: desired.journeyId, key, applied: desired, parts };
  const client = context.runtime.use(pushwoosh);
  const sent = await sendParts({ desired, client, context, meant: meantNow(desired), record: () => record }, standing);
  await record.finish();
  if (sent.stopped && sent.standing.parts.every(({ outcome }) => outcome === "unsent")) {
    records.drop(record);
    await records.dropped();
    throw withoutPeople(sent.stopped, entryName(context), [desired.users, desired.hwids]);
  }
  return outcome(desired, sent, record.stamp, context);
}

/** Sends what wasn't sent yet, if anything; a record is made only for that. */
async function goOn(desired: EntryInputs, standing: Standing, context: Context): Promise<Outcome<EntryState>> {
  const { records } = context.runtime;
  let record: OperationRecord | undefined;
  const start = () => {
    record ??= records.start({ kind: KIND, operation: "update", urn: context.urn, id: standing.id });
    return record;
  };
  const client = context.runtime.use(pushwoosh);
  const meant = meaningOf(desired, standing.key);
  const sent = await sendParts({ desired, client, context, meant, record: start }, standing);
  await record?.finish();
  return outcome(desired, sent, record?.stamp ?? records.stamp(), context);
}

function outcome(desired: EntryInputs, sent: Sent, stamp: string, context: Context): Outcome<EntryState> {
  const standing = { ...sent.standing, applied: desired };
  const failure = failureOf(sent, desired, context);
  const state = toState(standing, stamp);
  context.runtime.use(savedEntries).keep(context.urn, standing.id, state);
  return { id: standing.id, state, failure };
}
