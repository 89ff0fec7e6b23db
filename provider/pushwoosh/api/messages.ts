/** The list of sent messages. */
import { z } from "zod";
import type { JsonObject } from "../../core/values";
import type { PushwooshClient } from "./client";
import { code, messageId } from "./codes";
import { dateSpan, spanProblems, writeSpan } from "./dates";
import { platformNames } from "./platforms";
import { ask, checked, isGiven, messageIdOf } from "./reading";
import { anything, figure, flag, list, named, open, type Read, text } from "./shape";

export const messageIds = z
  .array(messageId)
  .min(1)
  .optional()
  .describe("Message ids: whole numbers, or text beyond 2^53.");

/** The most messages an answer holds. */
export const MESSAGES_A_PAGE = 1000;

export const messageArgs = z.strictObject({
  applicationCode: code.describe("Application, `XXXXX-XXXXX`."),
  campaignCode: code.optional().describe("Campaign: of a journey's message point, its `campaignCode`."),
  messageCodes: z.array(code).min(1).optional().describe("Message codes."),
  messageIds,
  platforms: platformNames,
  source: code
    .optional()
    .describe("What sent the messages: `CUSTOMER_JOURNEY`, `API`, `CP`, `AB_TEST`, `AUTO_PUSH`, `CSV`, `EMAIL_API` …"),
  ...dateSpan,
  withDetails: z.boolean().optional().describe("Whether content and conditions come along. Default: false."),
  withMetrics: z.boolean().optional().describe("Whether figures come along. Default: false."),
  pageSize: z.int().min(1).max(MESSAGES_A_PAGE).optional().describe("Messages asked for at once, at most 1,000."),
});
export type MessageArgs = z.input<typeof messageArgs>;

const conditions = {
  conditions: ["conditions", list(anything)],
  conditionsOperator: ["conditions_operator", text],
} as const;

const sentPushDetails = named({
  title: ["title", text],
  filterName: ["filter_name", text],
  filterCode: ["filter_code", text],
  content: ["content", open],
  platformParameters: [
    "platform_parameters",
    named({
      androidHeader: ["android_header", text],
      androidRootParams: ["android_root_params", open],
      iosTitle: ["ios_title", text],
      iosSubtitle: ["ios_subtitle", text],
      iosRootParams: ["ios_root_params", open],
      chromeHeader: ["chrome_header", text],
      chromeRootParams: ["chrome_root_params", open],
      firefoxHeader: ["firefox_header", text],
      firefoxRootParams: ["firefox_root_params", open],
      ...conditions,
      data: ["data", open],
    }),
  ],
  ...conditions,
  data: ["data", open],
  followUserTimezone: ["follow_user_timezone", flag],
});

/** Conditions and data sit inside the parameters in the platform's sample, beside them in its text: either is read. */
function pushDetails(value: unknown) {
  const { platformParameters, ...details } = sentPushDetails(value);
  if (!platformParameters) return details;
  const { conditions: inside, conditionsOperator, data, ...parameters } = platformParameters;
  return {
    ...(conditionsOperator !== undefined && { conditionsOperator }),
    ...(data !== undefined && { data }),
    ...details,
    conditions: details.conditions.length > 0 ? details.conditions : inside,
    platformParameters: parameters,
  };
}

const pushMetrics = named({
  sends: ["sends", figure],
  opens: ["opens", figure],
  deliveries: ["deliveries", figure],
  inboxOpens: ["inbox_opens", figure],
  unshowableSends: ["unshowable_sends", figure],
  errors: ["errors", figure],
  platform: ["platform", figure],
});

const emailDetails = named({
  template: ["template", text],
  filterName: ["filter_name", text],
  filterCode: ["filter_code", text],
  subject: ["subject", open],
  fromName: ["from_name", text],
  fromEmail: ["from_email", text],
  replyName: ["reply_name", text],
  replyEmail: ["reply_email", text],
  followUserTimezone: ["follow_user_timezone", flag],
  ...conditions,
});

const emailMetrics = named({
  sends: ["sends", figure],
  opens: ["opens", figure],
  deliveries: ["deliveries", figure],
  hardBounces: ["hard_bounces", figure],
  softBounces: ["soft_bounces", figure],
  rejects: ["rejects", figure],
  confirmedSends: ["confirmed_sends", figure],
  unsubscribes: ["unsubs", figure],
  complaints: ["complaints", figure],
  errors: ["errors", figure],
});

const message = named({
  id: ["id", figure],
  code: ["code", text],
  createdDate: ["created_date", text],
  sendDate: ["send_date", text],
  status: ["status", text],
  platforms: ["platforms", list(anything)],
  source: ["source", text],
  push: ["push_info", named({ details: ["details", pushDetails], metrics: ["metrics", list(pushMetrics)] })],
  email: ["email_info", named({ details: ["details", emailDetails], metrics: ["metrics", list(emailMetrics)] })],
});

/** A sent message: `push` or `email`, with `details` and `metrics` where they were asked for. */
export type Message = Read<typeof message>;

const answer = named({ total: ["total", figure], items: ["items", list(message)] });

export interface MessagesPage {
  /** How many there are in all, as answered. */
  total?: number | string;
  items: Message[];
}

export function checkMessageArgs(given: unknown) {
  return checked("listMessages", messageArgs, given, spanProblems);
}

/** One page, counted from 0. */
export async function readMessages(
  client: PushwooshClient,
  args: z.output<typeof messageArgs>,
  page: number,
  perPage: number,
): Promise<MessagesPage> {
  return ask(client, {
    method: { name: "messages.list", host: "api", scheme: "Api" },
    does: "list messages",
    path: "/api/v2/messages:list",
    body: { filters: filtersOf(args), params: paramsOf(args), per_page: perPage, page },
    answer,
  });
}

function filtersOf(args: z.output<typeof messageArgs>): JsonObject {
  const { applicationCode, campaignCode, messageCodes = [], messageIds: ids = [], platforms = [], source } = args;
  const span = writeSpan(args, "day");
  return {
    application: applicationCode,
    ...(isGiven(platforms) && { platforms: platforms.map((name) => name.toUpperCase()) }),
    ...(span && { date_range: span }),
    ...(campaignCode !== undefined && { campaign: campaignCode }),
    ...(source !== undefined && { source }),
    ...(isGiven(messageCodes) && { messages_codes: messageCodes }),
    ...(isGiven(ids) && { messages_ids: ids.map(messageIdOf) }),
  };
}

function paramsOf({ withDetails = false, withMetrics = false }: z.output<typeof messageArgs>): JsonObject {
  return { with_details: withDetails, with_metrics: withMetrics };
}
