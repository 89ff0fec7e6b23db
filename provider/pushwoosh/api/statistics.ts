/** Figures of a journey's message points. */
import { z } from "zod";
import type { PushwooshClient } from "./client";
import { ask, checked } from "./reading";
import { type Figure, figure, list, named, type Read, text } from "./shape";

const journeyArgs = z.strictObject({ journeyId: z.guid().describe("UUID of the journey.") });

const pointFigures = named({
  sent: ["sent", figure],
  opened: ["opened", figure],
  uniqueOpened: ["uniqOpened", figure],
  conversion: ["conversion", figure],
  shows: ["shows", figure],
  interactions: ["interactions", figure],
  skipped: ["skipped", figure],
  clicked: ["clicked", figure],
  unsubscribed: ["unsubscribed", figure],
  softBounces: ["softBounces", figure],
  complaints: ["complaints", figure],
});

/**
 * What a message point did. Which figures are there depends on its channel: push has `sent`, `opened` and `conversion`;
 * in-app has `shows`, `interactions` and `skipped` instead; email adds `clicked`, `unsubscribed`, `softBounces` and
 * `complaints` (the last four seen in use, not documented). `conversion` is a percentage as the platform computed it.
 */
export type PointFigures = Read<typeof pointFigures>;

const point = named({
  title: ["pointTitle", text],
  campaignCode: ["campaignCode", text],
  presetCode: ["presetCode", text],
  figures: ["pointStat", pointFigures],
});

/** A message point: no UUID comes with it, so `campaignCode` is what joins it to the message statistics. */
export type PointStatistics = Read<typeof point>;

const answer = named({ payload: ["payload", named({ title: ["title", text], points: ["points", list(point)] })] });

/** A journey's title and message points, as the platform counts them since the journey's first start. */
export interface JourneyStatistics {
  journeyId: string;
  title?: string;
  points: PointStatistics[];
}

export async function readJourneyStatistics(client: PushwooshClient, given: unknown): Promise<JourneyStatistics> {
  const { journeyId } = checked("getJourneyStatistics", journeyArgs, given, () => []);
  const { payload } = await ask(client, {
    method: { name: "journey.statistics", host: "journey", scheme: "Api" },
    does: "read journey statistics",
    path: `/api/journey/${encodeURIComponent(journeyId)}/statistics/external`,
    answer,
  });
  return { journeyId, ...(payload?.title !== undefined && { title: payload.title }), points: payload?.points ?? [] };
}

/** Every figure of a point under its name, those the platform adds included. */
export function allFigures(figures: PointFigures | undefined): Record<string, Figure> {
  const { further, ...known } = figures ?? {};
  const all: Record<string, Figure> = { ...known } as Record<string, Figure>;
  for (const [name, value] of Object.entries(further ?? {})) {
    if (typeof value === "number" || typeof value === "string") all[name] = value;
  }
  return all;
}
