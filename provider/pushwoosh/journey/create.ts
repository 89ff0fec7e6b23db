/** Making a journey: never twice, never blindly again. */
import { JourneysError } from "../../core/errors";
import type { OperationRecord } from "../../core/record";
import type { Context, Outcome } from "../../core/resource";
import { type PushwooshClient, pushwoosh } from "../api/client";
import { createJourney, type ListedJourney, listJourneys } from "../api/journeys";
import { adopt } from "./adopt";
import { declaredOnly, infoOf, notesOfReplace, settled, sourceOf, toSend } from "./belief";
import { drive, lackingIn, warnOfState } from "./drive";
import { believedFrom, believedListed, earlierCreates } from "./earlier-create";
import { assignIds, newKey } from "./identity";
import type { JourneyInputs } from "./inputs";
import { statusFrom } from "./lifecycle";
import { matchIds } from "./match";
import { planCreate } from "./plan";
import { prepare } from "./prepare";
import { droppedLeaves, engineGone, journeyName } from "./refusals";
import { type Believed, type JourneyState, KIND, toState } from "./state";
import { fromWire, type PointIds } from "./wire";

export async function create(desired: JourneyInputs, context: Context): Promise<Outcome<JourneyState>> {
  const { run, records } = context.runtime;
  const client = context.runtime.use(pushwoosh);
  if (desired.adoptId !== undefined && !run.isReplacing(KIND, desired.adoptId))
    return adopt(desired, desired.adoptId, client, context);
  const { refusal } = planCreate({ ...desired, adoptId: undefined });
  if (refusal) throw refusal;
  const earlier = await records.settled(() => earlierCreates(desired, context), journeyName(desired.title));
  const known = earlier.find((record) => record.id !== undefined);
  if (known?.id) return goOn(desired, believedFrom(known, desired, context), client, context);
  const open = earlier.find((record) => record.unresolved);
  if (open) return resolveCreate(desired, open, client, context);
  const record = records.start({
    kind: KIND,
    operation: "create",
    urn: context.urn,
    application: desired.applicationCode,
    title: context.secretPaths.some(([key]) => key === "title") ? undefined : desired.title,
    key: newKey(),
  });
  if (client.listEnabled) await refuseSameTitle(desired, client, context);
  if (context.signal?.aborted) throw engineGone(journeyName(desired.title), "create", "nothing was created");
  return createNew(desired, record, client, context);
}

async function createNew(
  desired: JourneyInputs,
  record: OperationRecord,
  client: PushwooshClient,
  context: Context,
): Promise<Outcome<JourneyState>> {
  const key = record.header.key!;
  const pointIds = assignIds(Object.keys(desired.points), {}, key);
  const blank: Believed = {
    ...declaredOnly("", desired, key, pointIds),
    status: "draft",
    source: "answered",
    everRan: false,
  };
  const sent = toSend(desired, blank);
  const { body } = sent;
  await record.begin("create", notesOfReplace(desired, blank, sent, context.secretPaths));
  const written = await createJourney(client, body);
  if (written.kind === "answered") {
    const { info, journey } = written.answer;
    const answeredIds: PointIds = { ...pointIds, ...matchIds(body.points, pointIds, journey.points) };
    const id = String(info.uuid);
    await record.end("answered", { id, status: String(info.status ?? ""), pointIds: answeredIds });
    const live = fromWire(journey, answeredIds);
    const status = statusFrom(info.status);
    warnOfState(context, info.status, "draft");
    const believed: Believed = {
      ...blank,
      ...infoOf(info),
      id,
      status: status === "unknown" ? "draft" : status,
      source: sourceOf(status),
      pointIds: answeredIds,
      baseline: live,
      confirmed: true,
      live,
    };
    return startNew(desired, believed, record, client, context);
  }
  if (written.kind === "unknown") {
    await record.end("unknown");
    await record.finish();
    return resolveCreate(desired, record, client, context, written.error);
  }
  await record.end("refused");
  await record.finish();
  context.runtime.records.drop(record);
  throw written.error.of(journeyName(desired.title));
}

/** A leaf that did not come back stops it here: a lost wait would send everything at once. */
async function startNew(
  desired: JourneyInputs,
  believed: Believed,
  record: OperationRecord,
  client: PushwooshClient,
  context: Context,
): Promise<Outcome<JourneyState>> {
  context.runtime.run.claim(KIND, believed.id, context.urn);
  const lacking = lackingIn(desired, believed);
  const ended =
    lacking.length > 0
      ? {
          believed,
          failure: droppedLeaves(desired, lacking, `the journey ${believed.id} was created as a draft and not started`),
        }
      : await drive({ desired, client, context, record }, believed);
  await record.finish();
  return outcome(desired, ended.believed, ended.failure, record.stamp, context);
}

/** A create of an earlier run is known to have worked, and its state was lost: go on from there. */
async function goOn(
  desired: JourneyInputs,
  believed: Believed,
  client: PushwooshClient,
  context: Context,
): Promise<Outcome<JourneyState>> {
  context.log("info", `going on with ${believed.id}, which an earlier run created`);
  const { run, records } = context.runtime;
  run.claim(KIND, believed.id, context.urn);
  const record = records.start({ kind: KIND, operation: "update", urn: context.urn, id: believed.id });
  const ended = await drive({ desired, client, context, record }, prepare(desired, believed));
  await record.finish();
  return outcome(desired, ended.believed, ended.failure, record.stamp, context);
}

const LOOK_FOR_MS = 30_000;

/** The outcome of a create is unknown: only the list can tell, and only by what is there. */
async function resolveCreate(
  desired: JourneyInputs,
  record: OperationRecord,
  client: PushwooshClient,
  context: Context,
  cause?: JourneysError,
): Promise<Outcome<JourneyState>> {
  if (!client.listEnabled) throw unresolved(desired, record, cause, "");
  const since = Date.parse(record.header.time) - 5000;
  const wanted = (row: ListedJourney) =>
    row.title === desired.title && row.status !== "archived" && createdSince(row, since);
  const matches = await lookFor(client, wanted).catch((error: JourneysError) => error);
  if (matches instanceof Error)
    throw unresolved(desired, record, cause, `the list can't be read: ${matches.parts.what}`);
  const { run } = context.runtime;
  const free = matches.filter(({ id }) => !run.isKept(KIND, id) && !run.isReplacing(KIND, id));
  if (free.length !== 1) {
    const found = free.length
      ? `the list shows several: ${free.map(({ id }) => id).join(", ")}`
      : "the list does not show it, but may lag";
    throw unresolved(desired, record, cause, found);
  }
  const result = await goOn(desired, believedListed(record, free[0]!, desired), client, context);
  context.runtime.records.drop(record);
  return result;
}

const createdSince = ({ createdAt }: ListedJourney, since: number) =>
  createdAt !== undefined && Date.parse(createdAt) >= since;

async function lookFor(client: PushwooshClient, wanted: (row: ListedJourney) => boolean): Promise<ListedJourney[]> {
  const until = Date.now() + LOOK_FOR_MS;
  for (let wait = 250; ; wait = Math.min(wait * 2, 5000)) {
    const found = (await listJourneys(client)).filter(wanted);
    if (found.length > 0 || Date.now() + wait > until) return found;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

function unresolved(
  desired: JourneyInputs,
  record: OperationRecord,
  cause: JourneysError | undefined,
  found: string,
): JourneysError {
  const why = cause ? `: ${cause.parts.what}` : ` in an earlier run (${record.header.time})`;
  return new JourneysError({
    code: "create-unresolved",
    resource: journeyName(desired.title),
    what: `the outcome of its creation is unknown${why}`,
    now: `a draft titled "${desired.title}" may exist in ${desired.applicationCode}${found ? `; ${found}` : ""}. It is not created again blindly`,
    next: `look in Pushwoosh: if it is there, set adoptId to its UUID; if not, delete the record ${record.path} and run again`,
    cause,
  });
}

async function refuseSameTitle(
  desired: JourneyInputs,
  client: PushwooshClient,
  { runtime, urn }: Context,
): Promise<void> {
  const beside = runtime.run.takeTitle(KIND, desired.title, urn);
  if (desired.allowSameTitle) return;
  if (beside) throw sameTitle(desired, `another resource of this program makes a journey of this title: ${beside}`);
  const replaced = runtime.run.replacedBy(KIND, urn);
  const twin = (await listJourneys(client)).find(
    (row) => row.title === desired.title && row.status !== "archived" && !replaced.includes(row.id),
  );
  if (!twin) return;
  throw sameTitle(desired, `a journey of this title exists: ${twin.id} (${twin.status})`, twin.id);
}

function sameTitle(desired: JourneyInputs, what: string, id?: string): JourneysError {
  return new JourneysError({
    code: "already-exists",
    resource: journeyName(desired.title),
    what,
    now: "nothing was created",
    next: id
      ? `set adoptId: "${id}" to manage that one, or allowSameTitle: true for a second one`
      : "give it another title, or set allowSameTitle: true for a second one",
  });
}

export function outcome(
  desired: JourneyInputs,
  believed: Believed,
  failure: JourneysError | undefined,
  stamp: string,
  context: Context,
): Outcome<JourneyState> {
  const after = failure ? believed : settled(desired, believed);
  return { id: believed.id, state: toState(after, stamp, new Date().toISOString(), context.portableDigest), failure };
}
