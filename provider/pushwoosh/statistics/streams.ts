/** Everything a method has, item by item, however much it is. */
import { BOUNCES_A_PAGE, type Bounce, type BounceArgs, checkBounceArgs, readBounces } from "../api/bounces";
import type { PushwooshClient } from "../api/client";
import {
  CLICKS_A_PAGE,
  checkRecipientArgs,
  type RecipientArgs,
  type RecipientClick,
  readRecipientClicks,
} from "../api/links";
import { checkLogArgs, type LogArgs, type LogEvent, readLog } from "../api/log";
import { checkMessageArgs, MESSAGES_A_PAGE, type Message, type MessageArgs, readMessages } from "../api/messages";
import { byNumber, byToken, type StreamOptions } from "./pages";

const EVENTS_BY_DEFAULT = 1000;

/** Every sent message that fits. Arguments are checked at once, the first call is made when the first item is asked for. */
export function streamMessages(
  client: PushwooshClient,
  args: MessageArgs,
  options?: StreamOptions,
): AsyncGenerator<Message, void, undefined> {
  const { pageSize = MESSAGES_A_PAGE, ...filters } = checkMessageArgs(args);
  return byNumber("list messages", pageSize, (page) => readMessages(client, filters, page, pageSize), options);
}

/** Every event of the log that fits. */
export function streamLog(
  client: PushwooshClient,
  args: LogArgs,
  options?: StreamOptions,
): AsyncGenerator<LogEvent, void, undefined> {
  const { pageSize = EVENTS_BY_DEFAULT, ...filters } = checkLogArgs(args);
  return byToken("read message log", pageSize, (token) => readLog(client, filters, pageSize, token), options);
}

/** Every click that fits. */
export function streamClicks(
  client: PushwooshClient,
  args: RecipientArgs,
  options?: StreamOptions,
): AsyncGenerator<RecipientClick, void, undefined> {
  const { pageSize = CLICKS_A_PAGE, ...filters } = checkRecipientArgs(args);
  const read = (page: number) => readRecipientClicks(client, filters, page, pageSize);
  return byNumber("read link clicks by recipient", pageSize, read, options);
}

/** Every bounce and complaint that fits. */
export function streamBounces(
  client: PushwooshClient,
  args: BounceArgs,
  options?: StreamOptions,
): AsyncGenerator<Bounce, void, undefined> {
  const { pageSize = BOUNCES_A_PAGE, ...filters } = checkBounceArgs(args);
  return byNumber("read bounced emails", pageSize, (page) => readBounces(client, filters, page, pageSize), options);
}
