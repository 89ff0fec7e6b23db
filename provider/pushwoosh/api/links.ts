/** Clicks on the links of emails: per link, and per recipient. */
import { z } from "zod";
import type { Problem } from "../../core/errors";
import type { JsonObject } from "../../core/values";
import type { PushwooshClient } from "./client";
import { code } from "./codes";
import { dateSpan, spanProblems, writeSpan } from "./dates";
import { messageIds } from "./messages";
import { ask, checked, isGiven, messageIdOf, oneOf } from "./reading";
import { figure, list, named, type Read, text } from "./shape";

/** The most rows an answer per recipient holds. */
export const CLICKS_A_PAGE = 1000;

const filters = {
  applicationCode: code.optional().describe("Application, `XXXXX-XXXXX`. Needs `linkTemplate`."),
  campaignCode: code.optional().describe("Campaign. Needs `linkTemplate`."),
  messageCodes: z.array(code).min(1).optional().describe("Message codes."),
  messageIds,
  linkTemplate: code
    .optional()
    .describe("Only links whose address contains this. Required with `applicationCode` or `campaignCode`."),
  emailContentCode: code.optional().describe("Code of an email content."),
  ...dateSpan,
};

export const linkArgs = z.strictObject({
  ...filters,
  withFullLinks: z.boolean().optional().describe("Whether every full address is counted too. Default: false."),
});
export type LinkArgs = z.input<typeof linkArgs>;

export const recipientArgs = z.strictObject({
  ...filters,
  pageSize: z.int().min(1).max(CLICKS_A_PAGE).optional().describe("Clicks asked for at once, at most 1,000."),
});
export type RecipientArgs = z.input<typeof recipientArgs>;

type Filters = Omit<z.output<typeof linkArgs>, "withFullLinks">;

const link = named({
  template: ["template", text],
  link: ["link", text],
  title: ["title", text],
  clicks: ["clicks", figure],
  fullLinks: ["full_links", list(named({ fullLink: ["full_link", text], clicks: ["clicks", figure] }))],
});

/** A link of an email and how often it was clicked. */
export type LinkClicks = Read<typeof link>;

export interface Links {
  links: LinkClicks[];
}

const click = named({ timestamp: ["timestamp", text], link: ["link", text], hwid: ["hwid", text] });

/** One click. For email `hwid` is the recipient's address: personal data. */
export type RecipientClick = Read<typeof click>;

const linksAnswer = named({ links: ["items", list(link)] });
const clicksAnswer = named({ total: ["total", figure], items: ["items", list(click)] });

export async function readLinkClicks(client: PushwooshClient, given: unknown): Promise<Links> {
  const { withFullLinks = false, ...args } = checked("getLinkClicks", linkArgs, given, linkProblems);
  return ask(client, {
    method: { name: "emails.links", host: "api", scheme: "Api" },
    does: "read link clicks",
    path: "/api/v2/statistics/emails/linksInteractions",
    body: { filters: filtersOf(args), params: { with_full_links: withFullLinks } },
    answer: linksAnswer,
  });
}

export function checkRecipientArgs(given: unknown) {
  return checked("getLinkClicksByRecipient", recipientArgs, given, linkProblems);
}

/** One page, counted from 0. */
export async function readRecipientClicks(
  client: PushwooshClient,
  args: Filters,
  page: number,
  perPage: number,
): Promise<{ total?: number | string; items: RecipientClick[] }> {
  return ask(client, {
    method: { name: "emails.linksByRecipient", host: "api", scheme: "Api" },
    does: "read link clicks by recipient",
    path: "/api/v2/statistics/emails/linksInteractionsDevices",
    body: { filters: filtersOf(args), per_page: perPage, page },
    answer: clicksAnswer,
  });
}

function linkProblems(args: Filters): Problem[] {
  const problems = [
    ...oneOf(args, ["applicationCode", "campaignCode", "messageIds", "messageCodes"]),
    ...spanProblems(args),
  ];
  const wide = isGiven(args.applicationCode) ? "applicationCode" : "campaignCode";
  if (args.linkTemplate === undefined && isGiven(args[wide]))
    problems.push({ path: ["linkTemplate"], reason: `is required with ${wide}` });
  return problems;
}

function filtersOf(args: Filters): JsonObject {
  const { applicationCode, campaignCode, messageCodes = [], messageIds: ids = [] } = args;
  const span = writeSpan(args, "day");
  return {
    ...(applicationCode !== undefined && { application: applicationCode }),
    ...(campaignCode !== undefined && { campaign: campaignCode }),
    ...(isGiven(ids) && { messages_ids: ids.map(messageIdOf) }),
    ...(isGiven(messageCodes) && { messages_codes: messageCodes }),
    ...(args.linkTemplate !== undefined && { link_template: args.linkTemplate }),
    ...(span && { date_range: span }),
    ...(args.emailContentCode !== undefined && { email_content_code: args.emailContentCode }),
  };
}
