/** What can be seen of a journey without touching it: title and existence, and its state where the list is enabled. */
import type { ErrorCode, JourneysError } from "../../core/errors";
import type { Context, Outcome } from "../../core/resource";
import type { JsonObject } from "../../core/values";
import { canonicalJson } from "../../core/values";
import { type PushwooshClient, pushwoosh } from "../api/client";
import { isAboutSettings, type ListedJourney, listJourneys, probeJourney } from "../api/journeys";
import { declaredStatus, type JourneyInputs, type JourneyStatus } from "./inputs";
import { type JourneyState, KIND, type Memory } from "./state";

export async function read(
  id: string,
  prior: JourneyState,
  context: Context,
): Promise<Outcome<JourneyState> | undefined> {
  const { run, records } = context.runtime;
  const client = context.runtime.use(pushwoosh);
  run.claim(KIND, id, context.urn);
  records.seen(KIND, id, prior.stamp);
  const probe = await probeJourney(client, id);
  if ("error" in probe && isAboutSettings(probe.error)) throw probe.error.of(`journey "${prior.title}"`);
  const listed = client.listEnabled ? await listedOnce(client, context) : undefined;
  const row = listed?.find((each) => each.id === id);
  if ("error" in probe && !row) {
    if (listed && denials.has(probe.error.code) && isGone(id, listed, run.held(KIND))) return undefined;
    context.log("warning", unseen(id, probe.error));
  }
  const title = row?.title || ("title" in probe ? probe.title : prior.title);
  return { id, state: withSeen(prior, title, row?.status), inputs: inputsSeen(prior, title, row?.status) };
}

/** How the platform may say that it doesn't know a journey. A right that lacks, or an outage, says nothing of the kind. */
const denials: ReadonlySet<ErrorCode> = new Set(["not-found", "refused", "unexpected-answer"]);

/** Only a complete list that holds others of ours proves anything: a wrong address or account shows none of them. */
function isGone(id: string, listed: readonly ListedJourney[], ours: readonly string[]): boolean {
  const there = new Set(listed.map((row) => row.id));
  return !there.has(id) && ours.some((other) => other !== id && there.has(other));
}

function unseen(id: string, error: JourneysError): string {
  return (
    `journey ${id} could not be seen (${error.parts.what}); that alone doesn't prove it gone, so its state stays as it was. ` +
    "If it is gone, remove it with `pulumi state delete`"
  );
}

const lists = new WeakMap<PushwooshClient, { at: number; rows: Promise<ListedJourney[]> }>();

/** One listing serves all reads of a refresh. A list that fails says nothing. */
async function listedOnce(client: PushwooshClient, context: Context): Promise<ListedJourney[] | undefined> {
  let list = lists.get(client);
  if (!list || Date.now() - list.at > 5000) {
    list = { at: Date.now(), rows: listJourneys(client) };
    lists.set(client, list);
  }
  try {
    return await list.rows;
  } catch (error) {
    context.log("warning", (error as Error).message);
    return undefined;
  }
}

function withSeen(prior: JourneyState, title: string, status: JourneyStatus | undefined): JourneyState {
  const state = { ...prior };
  if (status && status !== "unknown" && status !== prior.status) Object.assign(state, moved(prior, status));
  if (title === prior.title) return state;
  const applied = { ...JSON.parse(prior.appliedInputs), title };
  const lastAnswer = { ...JSON.parse(prior.lastAnswer), title };
  return { ...state, title, appliedInputs: canonicalJson(applied), lastAnswer: canonicalJson(lastAnswer) };
}

/**
 * A state the list shows settles what was uncertain. A pause of ours stays ours until it is taken back: the list may
 * lag, and a start too many is refused.
 */
function moved(prior: JourneyState, status: JourneyStatus): Partial<JourneyState> {
  const memory = prior.memory as unknown as Memory;
  const pause = status === "paused" || status === "running" ? memory.pause : undefined;
  return {
    status,
    statusSource: "listed",
    everRan: prior.everRan || status !== "draft",
    memory: { ...memory, uncertain: undefined, pause } as unknown as JsonObject,
  };
}

/** The inputs as recorded, with what is seen to differ: a refresh then shows exactly that. */
function inputsSeen(prior: JourneyState, title: string, status: JourneyStatus | undefined): JsonObject {
  const applied = JSON.parse(prior.appliedInputs) as JourneyInputs;
  if (title !== prior.title) applied.title = title;
  const seen = declaredStatus.safeParse(status ?? prior.status);
  if (applied.status !== undefined && seen.success) applied.status = seen.data;
  return applied as unknown as JsonObject;
}
