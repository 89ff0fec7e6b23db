/** Delete: the platform has none, so finish and archive stand for it. */
import { JourneysError } from "../../core/errors";
import type { Context } from "../../core/resource";
import { type PushwooshClient, pushwoosh } from "../api/client";
import { listJourneys, moveJourney } from "../api/journeys";
import { type Action, target } from "./lifecycle";
import { planDelete, refuseDelete } from "./plan";
import { recall } from "./recall";
import { engineGone, journeyName } from "./refusals";
import { type Believed, believe, type JourneyState, KIND } from "./state";

export async function remove(id: string, prior: JourneyState, context: Context): Promise<void> {
  const { run, records } = context.runtime;
  const resource = journeyName(prior.title);
  const holder = run.heldByOther(KIND, id, context.urn);
  if (holder) {
    context.log("info", `${id} is released without a call: ${holder} still declares it`);
    return;
  }
  // An engine may replace for reasons of its own; with adoptId the new one is then the old one.
  if (run.isAdopted(KIND, id)) {
    context.log("info", `${id} is released without a call: adoptId names it, so this run took it over again`);
    return;
  }
  records.seen(KIND, id, prior.stamp);
  const newer = await records.settled(() => records.newer(KIND, id, prior.stamp), resource);
  const believed = recall(
    believe(prior),
    newer.flatMap(({ steps }) => steps),
  );
  if (run.saidOf(KIND, id) === "archived") believed.status = "archived";
  const refusal = refuseDelete(believed);
  if (refusal) throw refusal;
  const { steps } = planDelete(believed);
  if (steps.length > 0)
    await walk(
      believed,
      steps.map(({ action }) => action as Action),
      context,
      resource,
    );
  records.forget(KIND, id);
}

/** A refused finish may mean it isn't running any more: archive tells. */
async function walk(believed: Believed, actions: Action[], context: Context, resource: string): Promise<void> {
  const client = context.runtime.use(pushwoosh);
  const record = context.runtime.records.start({ kind: KIND, operation: "delete", urn: context.urn, id: believed.id });
  let refusedFinish: JourneysError | undefined;
  try {
    for (const action of actions) {
      if (context.signal?.aborted)
        throw engineGone(resource, action, "it stays in the state; what was done of its delete is remembered");
      await record.begin(action);
      const error = await move(client, action, believed);
      await record.end(
        error ? (error.code === "outcome-unknown" ? "unknown" : "refused") : "answered",
        error ? {} : { status: target[action] },
      );
      if (!error) continue;
      if (action === "finish" && error.code === "refused") refusedFinish = error;
      else if (error.code !== "refused" || !(await isArchived(client, believed.id)))
        throw report(error, action, refusedFinish, resource, believed.id);
    }
  } finally {
    await record.finish();
  }
}

/** Undefined when the journey has moved, or provably had before. */
async function move(client: PushwooshClient, action: Action, believed: Believed): Promise<JourneysError | undefined> {
  const first = await moveJourney(client, action, believed.id);
  if (first.kind === "answered") return undefined;
  if (first.kind !== "unknown")
    return first.error.code === "refused" && believed.uncertain === action ? undefined : first.error;
  const again = await moveJourney(client, action, believed.id);
  if (again.kind === "answered") return undefined;
  // Refused after an attempt whose outcome was unknown: that attempt worked.
  return again.kind === "refused" && again.error.code === "refused" ? undefined : first.error;
}

async function isArchived(client: PushwooshClient, id: string): Promise<boolean> {
  if (!client.listEnabled) return false;
  // A list that fails proves nothing: the refusal is what there is to report.
  const rows = await listJourneys(client).catch(() => []);
  return rows.find((each) => each.id === id)?.status === "archived";
}

function report(
  error: JourneysError,
  action: Action,
  refusedFinish: JourneysError | undefined,
  resource: string,
  id: string,
): JourneysError {
  const finished = refusedFinish
    ? `finish was refused as well (${refusedFinish.parts.what})`
    : action === "archive"
      ? "it is not archived"
      : "it was not finished";
  return new JourneysError({
    ...error.parts,
    resource,
    now: `${finished}; it stays in the state. What this run deleted before stays deleted`,
    next: `look at ${id} in Pushwoosh. If it is archived already, remove it with \`pulumi state delete\`; else run again`,
  });
}
