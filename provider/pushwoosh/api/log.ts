/** The log of what happened to messages, person by person. */
import { z } from "zod";
import type { Problem } from "../../core/errors";
import type { JsonObject } from "../../core/values";
import type { PushwooshClient } from "./client";
import { code, messageId } from "./codes";
import { dateSpan, spanProblems, writeSpan } from "./dates";
import { platformNames } from "./platforms";
import { ask, checked, isGiven, messageIdOf } from "./reading";
import { figure, list, named, type Read, text } from "./shape";

/** The most events an answer holds. */
export const EVENTS_A_PAGE = 100_000;

export const logArgs = z.strictObject({
  applicationCode: code.describe("Application, `XXXXX-XXXXX`."),
  messageId: messageId.optional().describe("Message id: a whole number, or text beyond 2^53."),
  messageCode: code.optional().describe("Message code."),
  campaignCode: code.optional().describe("Campaign: of a journey's message point, its `campaignCode`."),
  hwids: z.array(code).min(1).optional().describe("Devices; for email, addresses. Personal data."),
  userId: code.optional().describe("User id. Personal data."),
  ...dateSpan,
  actions: z
    .array(z.enum(["sent", "delivered", "opened", "inbox_delivered", "inbox_read", "inbox_opened", "inbox_deleted"]))
    .min(1)
    .optional()
    .describe("What happened. The platform may choose messages by it rather than events. Default: everything."),
  platforms: platformNames,
  pageSize: z
    .int()
    .min(1)
    .max(EVENTS_A_PAGE)
    .optional()
    .describe("Events asked for at once, at most 100,000. Default: 1,000."),
});
export type LogArgs = z.input<typeof logArgs>;

const event = named({
  timestamp: ["timestamp", text],
  applicationCode: ["application_code", text],
  messageId: ["message_id", figure],
  messageCode: ["message_code", text],
  campaignCode: ["campaign_code", text],
  hwid: ["hwid", text],
  userId: ["user_id", text],
  platform: ["platform", text],
  action: ["action", text],
  status: ["status", text],
  pushAlertsEnabled: ["push_alerts_enabled", text],
});

/** One thing that happened to one message. `hwid` (for email, the address) and `userId` are personal data. */
export type LogEvent = Read<typeof event>;

const answer = named({ token: ["pagination_token", text], events: ["data", list(event)] });

export interface LogPage {
  /** Where the next page begins; missing on the last one, or empty. */
  token?: string;
  events: LogEvent[];
}

export function checkLogArgs(given: unknown) {
  return checked("getMessageLog", logArgs, given, logProblems, ["hwids", "userId"]);
}

/** `hwids` or `userId` alone is left to the platform: its pages disagree on whether that is enough. */
function logProblems(args: z.output<typeof logArgs>): Problem[] {
  const { messageId, messageCode, campaignCode, hwids, userId, from, to } = args;
  const given = [messageId, messageCode, campaignCode, hwids, userId, from ?? to].some(isGiven);
  if (given) return spanProblems(args);
  return [{ path: ["from"], reason: "and to are required, or one of messageId, messageCode, campaignCode instead" }];
}

export async function readLog(
  client: PushwooshClient,
  args: z.output<typeof logArgs>,
  limit: number,
  token: string | undefined,
): Promise<LogPage> {
  return ask(client, {
    method: { name: "messages.log", host: "api", scheme: "Key" },
    does: "read message log",
    path: "/api/v2/statistics/getMessageLog",
    body: { ...bodyOf(args), limit, ...(token !== undefined && { pagination_token: token }) },
    answer,
    personal: [args.hwids, args.userId],
  });
}

function bodyOf(args: z.output<typeof logArgs>): JsonObject {
  const { messageId, messageCode, campaignCode, hwids = [], userId, actions = [], platforms = [] } = args;
  return {
    application_code: args.applicationCode,
    ...(messageId !== undefined && { message_id: messageIdOf(messageId) }),
    ...(messageCode !== undefined && { message_code: messageCode }),
    ...(campaignCode !== undefined && { campaign_code: campaignCode }),
    ...(isGiven(hwids) && { hwid: hwids }),
    ...(userId !== undefined && { user_id: userId }),
    ...writeSpan(args, "second"),
    ...(isGiven(actions) && { actions }),
    ...(isGiven(platforms) && { platforms }),
  };
}
