/**
 * Functions that read from Pushwoosh, each in two forms. The plain ones take plain values and resolve to plain values:
 * nothing in them is marked secret, so keep what they return out of stack outputs where it names people. The `…Output`
 * forms take Outputs too and give an Output, secret where it names people. All of them work in previews, since they only
 * read. They use the stack's configuration (`journeys:…`), then the environment.
 */
import * as pulumi from "@pulumi/pulumi";
import type { SettingName } from "../core/settings";
import type { BounceArgs } from "../pushwoosh/api/bounces";
import type { PushwooshClient } from "../pushwoosh/api/client";
import type { LinkArgs, Links, RecipientArgs } from "../pushwoosh/api/links";
import type { LogArgs } from "../pushwoosh/api/log";
import type { MessageArgs } from "../pushwoosh/api/messages";
import type { JourneyStatistics } from "../pushwoosh/api/statistics";
import type { MessageTotals, TotalsArgs } from "../pushwoosh/api/totals";
import type { StatisticsClient } from "../pushwoosh/statistics/client";
import type { Bounces, Clicks, Journeys, Limit, Log, Messages } from "../pushwoosh/statistics/functions";
import type { JourneyReport, ReportOptions } from "../pushwoosh/statistics/report";
import { type Lifted, lift, withoutDates } from "./lift";

export type { Bounce } from "../pushwoosh/api/bounces";
export type { DateInput } from "../pushwoosh/api/dates";
export type { ListedJourney } from "../pushwoosh/api/journeys";
export type { LinkClicks, RecipientClick } from "../pushwoosh/api/links";
export type { LogEvent } from "../pushwoosh/api/log";
export type { Message } from "../pushwoosh/api/messages";
export type { Figure } from "../pushwoosh/api/shape";
export type { JourneyStatistics, PointFigures, PointStatistics } from "../pushwoosh/api/statistics";
export type { HourlyTotals, MessageTotals } from "../pushwoosh/api/totals";
export type { StatisticsClient } from "../pushwoosh/statistics/client";
export type { Progress, StreamOptions } from "../pushwoosh/statistics/pages";
export type { JourneyReport, MessageSums, ReportOptions, ReportPoint } from "../pushwoosh/statistics/report";
export type { Lifted } from "./lift";
export type {
  BounceArgs,
  Bounces,
  Clicks,
  Journeys,
  Limit,
  LinkArgs,
  Links,
  Log,
  LogArgs,
  MessageArgs,
  Messages,
  RecipientArgs,
  TotalsArgs,
};

// The platform's code is loaded at the first call, so that a program that only declares resources stays light.
const platform = async () => import("../pushwoosh/statistics/index.js");

let shared: Promise<PushwooshClient> | undefined;

/** The process's client, with the program's configuration. */
async function client(): Promise<PushwooshClient> {
  shared ??= platform().then(({ openClient }) => openClient({ get: pulumi.runtime.getConfig }, process.env));
  return shared;
}

/**
 * Figures of a journey's message points since it first ran. Returns plain values.
 *
 * @throws JourneysError: what happened, what is true now, what to do next. So do all functions here.
 */
export async function getJourneyStatistics(args: { journeyId: string }): Promise<JourneyStatistics> {
  return (await platform()).readJourneyStatistics(await client(), args);
}

/** `getJourneyStatistics` for arguments that may be Outputs. */
export function getJourneyStatisticsOutput(
  args: pulumi.Input<Lifted<{ journeyId: string }>>,
): pulumi.Output<JourneyStatistics> {
  return lift(getJourneyStatistics, args);
}

/** Sent messages, the first 1,000 of them by default. Returns plain values. */
export async function listMessages(args: MessageArgs & Limit): Promise<Messages> {
  return (await platform()).listMessages(await client(), args);
}

/** `listMessages` for arguments that may be Outputs. The result is secret: it names senders' addresses. */
export function listMessagesOutput(args: pulumi.Input<Lifted<MessageArgs & Limit>>): pulumi.Output<Messages> {
  return lift(listMessages, args, true);
}

/** Hourly totals of one message, and the events counted after it. Returns plain values. */
export async function getMessageTotals(args: TotalsArgs): Promise<MessageTotals> {
  return (await platform()).readMessageTotals(await client(), args);
}

/** `getMessageTotals` for arguments that may be Outputs. */
export function getMessageTotalsOutput(args: pulumi.Input<Lifted<TotalsArgs>>): pulumi.Output<MessageTotals> {
  return lift(getMessageTotals, args);
}

/**
 * What happened to messages, person by person; the first 1,000 events by default, all of them with `statistics`. Returns
 * plain values: `hwid` and `userId` are personal data and not marked secret.
 */
export async function getMessageLog(args: LogArgs & Limit): Promise<Log> {
  return (await platform()).getMessageLog(await client(), args);
}

/** `getMessageLog` for arguments that may be Outputs. The result is secret. */
export function getMessageLogOutput(args: pulumi.Input<Lifted<LogArgs & Limit>>): pulumi.Output<Log> {
  return lift(getMessageLog, args, true);
}

/** Clicks on the links of emails. Returns plain values; full addresses of links may hold personal data. */
export async function getLinkClicks(args: LinkArgs): Promise<Links> {
  return (await platform()).readLinkClicks(await client(), args);
}

/** `getLinkClicks` for arguments that may be Outputs. The result is secret, because full addresses may name people. */
export function getLinkClicksOutput(args: pulumi.Input<Lifted<LinkArgs>>): pulumi.Output<Links> {
  return lift(getLinkClicks, args, true);
}

/**
 * Clicks by recipient; the first 1,000 by default, all of them with `statistics`. Returns plain values: `hwid` is an
 * address, which is personal data and not marked secret.
 */
export async function getLinkClicksByRecipient(args: RecipientArgs & Limit): Promise<Clicks> {
  return (await platform()).getLinkClicksByRecipient(await client(), args);
}

/** `getLinkClicksByRecipient` for arguments that may be Outputs. The result is secret. */
export function getLinkClicksByRecipientOutput(
  args: pulumi.Input<Lifted<RecipientArgs & Limit>>,
): pulumi.Output<Clicks> {
  return lift(getLinkClicksByRecipient, args, true);
}

/**
 * Emails that bounced, and complaints; the first 1,000 by default, all of them with `statistics`. Returns plain values:
 * `email` is personal data and not marked secret.
 */
export async function getBouncedEmails(args: BounceArgs & Limit): Promise<Bounces> {
  return (await platform()).getBouncedEmails(await client(), args);
}

/** `getBouncedEmails` for arguments that may be Outputs. The result is secret. */
export function getBouncedEmailsOutput(args: pulumi.Input<Lifted<BounceArgs & Limit>>): pulumi.Output<Bounces> {
  return lift(getBouncedEmails, args, true);
}

/**
 * The journeys the token sees, where `journeys:pushwooshUseUndocumentedList` is true: no documented method lists them.
 * Returns plain values.
 */
export async function listJourneys(args: Limit = {}): Promise<Journeys> {
  return (await platform()).listJourneys(await client(), args);
}

/** `listJourneys` for arguments that may be Outputs. */
export function listJourneysOutput(args: pulumi.Input<Lifted<Limit>> = {}): pulumi.Output<Journeys> {
  return lift(listJourneys, args);
}

/**
 * A journey's message points with what their messages did, joined by campaign code. The message list needs
 * `applicationCode`; without it the points' own figures come alone. Returns plain values.
 */
export async function getJourneyReport(journeyId: string, options?: ReportOptions): Promise<JourneyReport> {
  return (await platform()).getJourneyReport(await client(), journeyId, options);
}

/** `getJourneyReport` for arguments that may be Outputs. */
export function getJourneyReportOutput(
  journeyId: pulumi.Input<string>,
  options: pulumi.Input<Lifted<ReportOptions>> = {},
): pulumi.Output<JourneyReport> {
  const call = (args: { id: string; options: ReportOptions }) => getJourneyReport(args.id, args.options);
  return lift(call, { id: journeyId, options: pulumi.output(withoutDates(options)) as pulumi.Output<ReportOptions> });
}

/**
 * A client whose methods stream everything, with a page in memory at a time: `messages`, `messageLog`,
 * `linkClicksByRecipient`, `bouncedEmails`. Close it when done.
 *
 * @param settings Settings that differ from the program's, such as `pushwooshApiToken` for another account.
 */
export async function statistics(settings: Partial<Record<SettingName, string>> = {}): Promise<StatisticsClient> {
  const { openClient, StatisticsClient: Client } = await platform();
  const get = (key: string) => settings[key.replace("journeys:", "") as SettingName] ?? pulumi.runtime.getConfig(key);
  return new Client(openClient({ get }, process.env));
}
