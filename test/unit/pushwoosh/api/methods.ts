/** One call of each of the platform's seventeen methods, by the name it has in the settings. */
import type { PushwooshClient } from "../../../../provider/pushwoosh/api/client";
import { dropUsers, enterJourney } from "../../../../provider/pushwoosh/api/entries";
import { createJourney, listJourneys, moveJourney, replaceJourney } from "../../../../provider/pushwoosh/api/journeys";
import { readLinkClicks } from "../../../../provider/pushwoosh/api/links";
import { readJourneyStatistics } from "../../../../provider/pushwoosh/api/statistics";
import { readMessageTotals } from "../../../../provider/pushwoosh/api/totals";
import {
  getBouncedEmails,
  getLinkClicksByRecipient,
  getMessageLog,
  listMessages,
} from "../../../../provider/pushwoosh/statistics/functions";

export const journeyId = "aaaaaaaa-2222-3333-4444-555555555555";
export const applicationCode = "AAAAA-00001";

const people = { kind: "users", people: ["u"] } as const;
const definition = { title: "t", params: { application_code: applicationCode }, points: [], comments: [] };
const byMessage = { messageCodes: ["m"] };

export const methods: Record<string, (client: PushwooshClient) => Promise<unknown>> = {
  "journey.create": (client) => createJourney(client, definition),
  "journey.update": (client) => replaceJourney(client, journeyId, definition),
  "journey.start": (client) => moveJourney(client, "start", journeyId),
  "journey.pause": (client) => moveJourney(client, "pause", journeyId),
  "journey.finish": (client) => moveJourney(client, "finish", journeyId),
  "journey.draft": (client) => moveJourney(client, "draft", journeyId),
  "journey.archive": (client) => moveJourney(client, "archive", journeyId),
  "journey.enter": (client) => enterJourney(client, journeyId, people, undefined),
  "journey.statistics": (client) => readJourneyStatistics(client, { journeyId }),
  "journey.dropUsers": (client) => dropUsers(client, ["u"], { journeyIds: [journeyId] }),
  "journey.list": (client) => listJourneys(client),
  "messages.list": (client) => listMessages(client, { applicationCode }),
  "messages.totals": (client) => readMessageTotals(client, { messageCode: "m" }),
  "messages.log": (client) => getMessageLog(client, { applicationCode, messageCode: "m" }),
  "emails.links": (client) => readLinkClicks(client, byMessage),
  "emails.linksByRecipient": (client) => getLinkClicksByRecipient(client, byMessage),
  "emails.bounced": (client) => getBouncedEmails(client, { applicationCode, messageCode: "m" }),
};
