/** Hourly totals of one message. */
import { z } from "zod";
import type { PushwooshClient } from "./client";
import { code } from "./codes";
import { codeOf, platformCodes } from "./platforms";
import { ask, checked, isGiven } from "./reading";
import { figure, list, named, type Read, text } from "./shape";

export const totalsArgs = z.strictObject({
  messageCode: code.describe("Message code."),
  platforms: platformCodes,
});
export type TotalsArgs = z.input<typeof totalsArgs>;

const hour = named({
  timestamp: ["timestamp", text],
  platform: ["platform", figure],
  sends: ["sends", figure],
  opens: ["opens", figure],
  deliveries: ["deliveries", figure],
  inboxOpens: ["inbox_opens", figure],
  unshowableSends: ["unshowable_sends", figure],
  errors: ["errors", figure],
});

/** One hour of a message on one platform. The zone of `timestamp` is not documented. */
export type HourlyTotals = Read<typeof hour>;

const event = named({
  name: ["name", text],
  hits: ["hits", figure],
  conversion: ["conversion", figure],
  revenue: ["revenue", figure],
});

const answer = named({
  hours: ["metrics", list(hour)],
  conversion: [
    "conversion",
    named({ sends: ["sends", figure], opens: ["opens", figure], events: ["events", list(event)] }),
  ],
});

/**
 * A message's figures hour by hour, and the events counted after it. An event's `conversion` is a rounded fraction of
 * the opens; `revenue` means something only for events with an amount and a currency.
 */
export type MessageTotals = Read<typeof answer>;

export async function readMessageTotals(client: PushwooshClient, given: unknown): Promise<MessageTotals> {
  const { messageCode, platforms = [] } = checked("getMessageTotals", totalsArgs, given, () => []);
  return ask(client, {
    method: { name: "messages.totals", host: "api", scheme: "Api" },
    does: "read message totals",
    path: "/api/v2/statistics/messages/totalsByIntervals",
    body: {
      message_code: messageCode,
      ...(isGiven(platforms) && { platforms: platforms.map((platform) => codeOf(platform) as number) }),
    },
    answer,
  });
}
