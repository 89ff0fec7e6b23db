/** The first items of a method, and whether there are more: what a program asks for. */
import { z } from "zod";
import { JourneysError } from "../../core/errors";
import type { Bounce, BounceArgs } from "../api/bounces";
import { BOUNCES_A_PAGE } from "../api/bounces";
import type { PushwooshClient } from "../api/client";
import { type ListedJourney, listJourneys as listAll } from "../api/journeys";
import { CLICKS_A_PAGE, type RecipientArgs, type RecipientClick } from "../api/links";
import { EVENTS_A_PAGE, type LogArgs, type LogEvent } from "../api/log";
import { MESSAGES_A_PAGE, type Message, type MessageArgs } from "../api/messages";
import { checked } from "../api/reading";
import { take } from "./pages";
import { streamBounces, streamClicks, streamLog, streamMessages } from "./streams";

/** How much a function reads. */
export interface Limit {
  /** The most items to read. Default: 1,000. */
  limit?: number;
}

/** `truncated`: there are more than were read. */
export interface Messages {
  messages: Message[];
  truncated: boolean;
}
export interface Log {
  events: LogEvent[];
  truncated: boolean;
}
export interface Clicks {
  clicks: RecipientClick[];
  truncated: boolean;
}
export interface Bounces {
  bounces: Bounce[];
  truncated: boolean;
}
export interface Journeys {
  journeys: ListedJourney[];
  truncated: boolean;
}

const limitArgs = z.strictObject({ limit: z.int().min(1).default(1000) });

function split<Args extends Limit>(name: string, given: Args): [Omit<Args, "limit">, number] {
  const { limit, ...args } = given ?? ({} as Args); // a program in JavaScript may give none
  return [args, checked(name, limitArgs, { limit }, () => []).limit];
}

/** One more than the limit shows whether there are more; a page size that was given stays. */
function pageSize(args: { pageSize?: number }, limit: number, most: number): { pageSize: number } {
  return { pageSize: args.pageSize === undefined ? Math.min(most, limit + 1) : args.pageSize };
}

export async function listMessages(client: PushwooshClient, given: MessageArgs & Limit): Promise<Messages> {
  const [args, limit] = split("listMessages", given);
  const stream = streamMessages(client, { ...args, ...pageSize(args, limit, MESSAGES_A_PAGE) });
  const { items: messages, truncated } = await take(stream, limit);
  return { messages, truncated };
}

export async function getMessageLog(client: PushwooshClient, given: LogArgs & Limit): Promise<Log> {
  const [args, limit] = split("getMessageLog", given);
  const stream = streamLog(client, { ...args, ...pageSize(args, limit, EVENTS_A_PAGE) });
  const { items: events, truncated } = await take(stream, limit);
  return { events, truncated };
}

export async function getLinkClicksByRecipient(client: PushwooshClient, given: RecipientArgs & Limit): Promise<Clicks> {
  const [args, limit] = split("getLinkClicksByRecipient", given);
  const stream = streamClicks(client, { ...args, ...pageSize(args, limit, CLICKS_A_PAGE) });
  const { items: clicks, truncated } = await take(stream, limit);
  return { clicks, truncated };
}

export async function getBouncedEmails(client: PushwooshClient, given: BounceArgs & Limit): Promise<Bounces> {
  const [args, limit] = split("getBouncedEmails", given);
  const stream = streamBounces(client, { ...args, ...pageSize(args, limit, BOUNCES_A_PAGE) });
  const { items: bounces, truncated } = await take(stream, limit);
  return { bounces, truncated };
}

/** @throws JourneysError `missing-configuration` where the undocumented list isn't enabled */
export async function listJourneys(client: PushwooshClient, given: Limit = {}): Promise<Journeys> {
  const [, limit] = split("listJourneys", given);
  if (!client.listEnabled) throw listDisabled();
  const rows = await listAll(client);
  return { journeys: rows.slice(0, limit), truncated: rows.length > limit };
}

function listDisabled(): JourneysError {
  return new JourneysError({
    code: "missing-configuration",
    what: "listJourneys: no documented method lists journeys, and the undocumented one is not enabled",
    now: "nothing was sent",
    next: "set journeys:pushwooshUseUndocumentedList to true (or JOURNEYS_PUSHWOOSH_USE_UNDOCUMENTED_LIST=true); it may change or fail at any time",
  });
}
