import { type Answer, asObject, type Call, type Targets } from "../exchange";
import { answerOrRefusal } from "../refusal";
import type { Account } from "./account";
import type { PushwooshEndpoint } from "./auth";
import { bouncedEmails, linkClicks, linkClicksByRecipient } from "./emails";
import { statisticsRefusal } from "./errors";
import { messageLog } from "./log";
import { listMessages, messageTotals } from "./messages";

type Method = (account: Account, call: Call) => Answer;

/** The six methods of the message statistics. All are POST and only read. */
export function statisticsEndpoints(account: Account): PushwooshEndpoint[] {
  const endpoint = (name: string, path: string, method: Method, schemes?: readonly string[]): PushwooshEndpoint => ({
    name,
    method: "POST",
    path: `/api/v2/${path}`,
    ...(schemes && { schemes }),
    targets,
    refusal: statisticsRefusal,
    answer: (call) =>
      withErrorStatus(
        account,
        answerOrRefusal(() => method(account, call)),
      ),
  });
  return [
    endpoint("messages.list", "messages::list", listMessages),
    endpoint("messages.totals", "statistics/messages/totalsByIntervals", messageTotals),
    endpoint("messages.log", "statistics/getMessageLog", messageLog, ["key"]),
    endpoint("emails.links", "statistics/emails/linksInteractions", linkClicks, ["api"]),
    endpoint("emails.linksByRecipient", "statistics/emails/linksInteractionsDevices", linkClicksByRecipient, ["api"]),
    endpoint("emails.bounced", "statistics/emails/bouncedEmails", bouncedEmails),
  ];
}

/** An error may come under status 200: its status isn't documented. */
function withErrorStatus(account: Account, answer: Answer): Answer {
  return account.switches.statisticsErrors === "200" && answer.status === 400 ? { ...answer, status: 200 } : answer;
}

/** These calls are about campaigns and messages, under whichever of their names. */
function targets(call: Call): Targets {
  const body = asObject(call.body) ?? {};
  const filters = asObject(body.filters) ?? {};
  const ids = [body.message_code, body.campaign_code, body.campaign, filters.campaign];
  return { ids: ids.filter((id) => typeof id === "string"), titles: [] };
}
