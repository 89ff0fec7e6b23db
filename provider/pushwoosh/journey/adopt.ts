/** Taking over a journey that exists. */
import { JourneysError } from "../../core/errors";
import type { Context, Outcome } from "../../core/resource";
import type { PushwooshClient } from "../api/client";
import { isAboutSettings, listJourneys, probeJourney } from "../api/journeys";
import { declaredOnly } from "./belief";
import { assignIds, newKey } from "./identity";
import type { JourneyInputs, JourneyStatus } from "./inputs";
import { definitionOf } from "./points";
import { journeyName } from "./refusals";
import { type Believed, type JourneyState, KIND, toState } from "./state";
import type { PointIds } from "./wire";

export async function adopt(
  desired: JourneyInputs,
  id: string,
  client: PushwooshClient,
  context: Context,
): Promise<Outcome<JourneyState>> {
  const { run, records } = context.runtime;
  run.claim(KIND, id, context.urn);
  const probe = await probeJourney(client, id);
  if ("error" in probe) {
    if (isAboutSettings(probe.error)) throw probe.error.of(journeyName(desired.title));
    const next = "check adoptId, the token's application and journeys:pushwooshJourneyUrl, then run again";
    throw new JourneysError({
      ...probe.error.parts,
      resource: journeyName(desired.title),
      what: `can't adopt ${id}: ${probe.error.parts.what}`,
      now: "nothing was written, and nothing is managed by this",
      next,
    });
  }
  const listed = client.listEnabled ? (await listJourneys(client)).find((row) => row.id === id)?.status : undefined;
  const status = listed ?? desired.adoptStatus ?? "unknown";
  const { key, pointIds } = settleCreates(desired, status, context);
  const declared = declaredOnly(id, desired, key, { ...pointIds, ...desired.pointIds });
  const source = listed ? "listed" : desired.adoptStatus ? "assumed" : "unknown";
  const believed: Believed = {
    ...declared,
    status,
    source,
    baseline: { ...definitionOf(desired), title: probe.title },
  };
  run.adopt(KIND, id);
  return { id, state: toState(believed, records.stamp(), new Date().toISOString(), context.portableDigest) };
}

/**
 * A create whose outcome was unknown is answered by this: the program says which journey it made. While that is a
 * draft, it has the point ids that were sent.
 */
function settleCreates(
  desired: JourneyInputs,
  status: JourneyStatus,
  { runtime, urn }: Context,
): { key: string; pointIds: PointIds } {
  const open = runtime.records
    .creates(KIND, urn, desired.applicationCode, desired.title)
    .filter(({ id, busy }) => id === undefined && !busy);
  const key = open.findLast(({ header }) => header.urn === urn)?.header.key;
  for (const record of open) runtime.records.drop(record);
  if (!key) return { key: newKey(), pointIds: {} };
  return { key, pointIds: status === "draft" ? assignIds(Object.keys(desired.points), {}, key) : {} };
}
