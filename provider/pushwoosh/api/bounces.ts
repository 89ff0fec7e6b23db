/** Emails that did not arrive, for a while or for good, and complaints. */
import { z } from "zod";
import type { Problem } from "../../core/errors";
import type { PushwooshClient } from "./client";
import { code } from "./codes";
import { dateSpan, spanProblems, writeSpan } from "./dates";
import { ask, checked } from "./reading";
import { figure, list, named, type Read, text } from "./shape";

/** The most rows an answer holds. */
export const BOUNCES_A_PAGE = 5000;

export const bounceArgs = z.strictObject({
  applicationCode: code.describe("Application, `XXXXX-XXXXX`."),
  messageCode: code.optional().describe("Message code."),
  campaignCode: code.optional().describe("Campaign: of a journey's message point, its `campaignCode`."),
  ...dateSpan,
  type: z.enum(["Complaint", "Softbounce", "Hardbounce"]).optional().describe("Only these. Default: all three."),
  pageSize: z.int().min(1).max(BOUNCES_A_PAGE).optional().describe("Rows asked for at once, at most 5,000."),
});
export type BounceArgs = z.input<typeof bounceArgs>;

const bounce = named({
  email: ["email", text],
  date: ["date", text],
  reason: ["reason", text],
  type: ["type", text],
});

/** An email that bounced, or a complaint. `email` is personal data. */
export type Bounce = Read<typeof bounce>;

const answer = named({ total: ["total", figure], items: ["bounced_emails", list(bounce)] });

export function checkBounceArgs(given: unknown) {
  return checked("getBouncedEmails", bounceArgs, given, bounceProblems);
}

function bounceProblems(args: z.output<typeof bounceArgs>): Problem[] {
  if (args.messageCode !== undefined || args.campaignCode !== undefined || (args.from ?? args.to) !== undefined)
    return spanProblems(args);
  return [{ path: ["messageCode"], reason: "is required, or campaignCode, or from and to instead" }];
}

/** One page, counted from 0. */
export async function readBounces(
  client: PushwooshClient,
  args: z.output<typeof bounceArgs>,
  page: number,
  perPage: number,
): Promise<{ total?: number | string; items: Bounce[] }> {
  const { applicationCode, messageCode, campaignCode, type } = args;
  return ask(client, {
    method: { name: "emails.bounced", host: "api", scheme: "Api" },
    does: "read bounced emails",
    path: "/api/v2/statistics/emails/bouncedEmails",
    body: {
      application: applicationCode,
      ...(messageCode !== undefined && { message_code: messageCode }),
      ...(campaignCode !== undefined && { campaign: campaignCode }),
      ...writeSpan(args, "instant"),
      per_page: perPage,
      page,
      ...(type !== undefined && { type }),
    },
    answer,
  });
}
