/** Every way to read from Pushwoosh, as functions of a client. */
import { Config, type Settings } from "../../core/config";
import { PushwooshClient } from "../api/client";

export { readLinkClicks } from "../api/links";
export { readJourneyStatistics } from "../api/statistics";
export { readMessageTotals } from "../api/totals";
export { StatisticsClient } from "./client";
export { getBouncedEmails, getLinkClicksByRecipient, getMessageLog, listJourneys, listMessages } from "./functions";
export { getJourneyReport } from "./report";

/** A client with these settings. Nothing is read of them, and nothing is opened, before the first call. */
export function openClient(settings: Settings, env: NodeJS.ProcessEnv): PushwooshClient {
  return new PushwooshClient(new Config(settings, env));
}
