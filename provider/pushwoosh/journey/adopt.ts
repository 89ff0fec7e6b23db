/** Taking over a journey that exists. */
import { JourneysError } from "../../core/errors";
import type { Context, Outcome } from "../../core/resource";
import type { PushwooshClient } from "../api/client";
import { listJourneys, probeJourney } from "../api/journeys";
import { declaredOnly } from "./belief";
import { newKey } from "./identity";
import type { JourneyInputs } from "./inputs";
import { definitionOf } from "./points";
import { journeyName } from "./refusals";
import { type Believed, type JourneyState, KIND, toState } from "./state";

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
    const next = "check adoptId, the token's application and journeys:pushwooshJourneyUrl, then run again";
    throw new JourneysError({
      ...probe.error.parts,
      resource: journeyName(desired.title),
      what: `can't adopt ${id}: ${probe.error.parts.what}`,
      next,
    });
  }
  const listed = client.listEnabled ? (await listJourneys(client)).find((row) => row.id === id)?.status : undefined;
  const status = listed ?? desired.adoptStatus ?? "unknown";
  const declared = declaredOnly(id, desired, newKey(), desired.pointIds ?? {});
  const source = listed ? "listed" : desired.adoptStatus ? "assumed" : "unknown";
  for (const record of records.creates(KIND, context.urn, desired.applicationCode, desired.title)) {
    // A create whose outcome was unknown is answered by this: the program says which journey it is.
    if (record.id === undefined && !record.busy) records.drop(record);
  }
  const believed: Believed = {
    ...declared,
    status,
    source,
    baseline: { ...definitionOf(desired), title: probe.title },
  };
  return { id, state: toState(believed, records.stamp(), new Date().toISOString(), context.portableDigest) };
}
