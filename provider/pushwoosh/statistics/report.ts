/** A journey's message points with what their messages did, joined by campaign code. */
import { z } from "zod";
import type { Problem } from "../../core/errors";
import type { PushwooshClient } from "../api/client";
import { code } from "../api/codes";
import { type DateInput, dateSpan, spanProblems } from "../api/dates";
import type { Message } from "../api/messages";
import { checked } from "../api/reading";
import { type Figure, toNumber } from "../api/shape";
import { type PointStatistics, readJourneyStatistics } from "../api/statistics";
import { listMessages } from "./functions";

const reportOptions = z.strictObject({
  applicationCode: code
    .optional()
    .describe(
      "The journey's application. The message list can't be asked without it: left out, the report has the points' own figures alone.",
    ),
  ...dateSpan,
  limit: z.int().min(1).optional().describe("The most messages counted a point. Default: 1,000."),
});

export interface ReportOptions {
  /**
   * The journey's application. The message list can't be asked without it: left out, the report has the points' own
   * figures alone.
   */
  applicationCode?: string;
  /** Only messages from this day on. Goes with `to`. */
  from?: DateInput;
  to?: DateInput;
  /** The most messages counted a point. Default: 1,000. */
  limit?: number;
}

/** The messages of a point, added up over messages and platforms. */
export interface MessageSums {
  /** How many messages were counted. */
  count: number;
  /** There are more than were counted. */
  truncated: boolean;
  /** Figure name → sum, as `listMessages` names them: `sends`, `opens`, `deliveries` … */
  figures: Record<string, number>;
}

/** A message point; `messages` is there where `applicationCode` was given and the point has a campaign code. */
export type ReportPoint = PointStatistics & { messages?: MessageSums };

export interface JourneyReport {
  journeyId: string;
  title?: string;
  points: ReportPoint[];
}

export async function getJourneyReport(
  client: PushwooshClient,
  journeyId: string,
  given: ReportOptions = {},
): Promise<JourneyReport> {
  const { applicationCode, ...rest } = checked("getJourneyReport", reportOptions, given, reportProblems);
  const statistics = await readJourneyStatistics(client, { journeyId });
  if (applicationCode === undefined) return statistics;
  const codes = new Set(statistics.points.flatMap(({ campaignCode }) => campaignCode || []));
  const sums = new Map(
    await Promise.all(
      [...codes].map(async (campaignCode) => {
        const args = { ...rest, applicationCode, campaignCode, source: "CUSTOMER_JOURNEY", withMetrics: true };
        const { messages, truncated } = await listMessages(client, args);
        return [campaignCode, { count: messages.length, truncated, figures: addUp(messages) }] as const;
      }),
    ),
  );
  const points = statistics.points.map((point) => {
    const messages = sums.get(point.campaignCode ?? "");
    return messages ? { ...point, messages } : point;
  });
  return { ...statistics, points };
}

/** Dates choose messages; the points' own figures are those of the journey's whole life. */
function reportProblems({ applicationCode, ...span }: ReportOptions): Problem[] {
  if (applicationCode !== undefined || (span.from ?? span.to) === undefined) return spanProblems(span);
  return [{ path: ["applicationCode"], reason: "is required with from and to, which choose among its messages" }];
}

function addUp(messages: readonly Message[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { push, email } of messages) {
    for (const { platform: _, further: __, ...metrics } of push?.metrics ?? []) addTo(sums, metrics);
    for (const { further: _, ...metrics } of email?.metrics ?? []) addTo(sums, metrics);
  }
  return sums;
}

function addTo(sums: Record<string, number>, metrics: Record<string, Figure | undefined>): void {
  for (const [name, value] of Object.entries(metrics)) sums[name] = (sums[name] ?? 0) + toNumber(value);
}
