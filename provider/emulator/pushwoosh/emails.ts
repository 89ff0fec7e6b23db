import { type Answer, asObject, type Call, type Json } from "../exchange";
import type { Account } from "./account";
import {
  readBody,
  readChoices,
  readFilters,
  readIds,
  readList,
  readNumber,
  readSpan,
  readText,
  refused,
  requireText,
  type Span,
  within,
} from "./checks";
import { type HourFigures, type MessageFigures, sentMessages } from "./figures";
import { addressOf } from "./log";

const bounceTypes = new Set(["Complaint", "Softbounce", "Hardbounce"]);

/** A link of a sample email. The people who clicked are spread over the links, and over two full forms of each. */
interface Link {
  readonly link: string;
  readonly title: string;
}

interface Click {
  readonly message: MessageFigures;
  readonly hour: HourFigures;
  readonly person: number;
  readonly link: Link;
}

/** `linksInteractions`: clicks per link. */
export function linkClicks(account: Account, call: Call): Answer {
  const body = readBody(call);
  const clicks = selectClicks(account, readFilters(body));
  const withFull = asObject(body.params)?.with_full_links === true;
  const byLink = new Map<string, Click[]>();
  for (const click of clicks) {
    const group = byLink.get(click.link.link);
    if (group) group.push(click);
    else byLink.set(click.link.link, [click]);
  }
  return { status: 200, body: { items: [...byLink.values()].map((group) => writeLink(account, group, withFull)) } };
}

function writeLink(account: Account, clicks: readonly Click[], withFull: boolean): Json {
  const { link, title } = clicks[0]!.link;
  const full = new Map<string, number>();
  for (const click of clicks) full.set(fullLink(click), (full.get(fullLink(click)) ?? 0) + 1);
  return {
    template: link,
    link,
    title,
    clicks: count(account, clicks.length),
    ...(withFull && {
      full_links: [...full].map(([name, number]) => ({ full_link: name, clicks: count(account, number) })),
    }),
  };
}

/** `linksInteractionsDevices`: one row per click. */
export function linkClicksByRecipient(account: Account, call: Call): Answer {
  const body = readBody(call);
  const clicks = selectClicks(account, readFilters(body));
  const rows = page(body, clicks, readNumber(body, "per_page", 100, 1000));
  return {
    status: 200,
    body: {
      total: count(account, clicks.length),
      items: rows.map((click) => ({
        timestamp: `${new Date(click.hour.at).toISOString().slice(0, 19)}Z`,
        link: fullLink(click),
        hwid: addressOf(click.hour, click.person),
      })),
    },
  };
}

function selectClicks(account: Account, filters: Json): Click[] {
  const application = readText(filters, "application");
  const campaign = readText(filters, "campaign");
  const ids = readIds(filters, "messages_ids");
  const codes = readList(filters, "messages_codes");
  if (application === undefined && campaign === undefined && !ids && !codes) {
    throw refused("one of application, campaign, messages_ids or messages_codes must be provided");
  }
  const template = readText(filters, "link_template")?.replace(/\*$/, "");
  if (template === undefined && (application !== undefined || campaign !== undefined)) {
    throw refused("link_template must be provided with application or campaign");
  }
  const span = readSpan(asObject(filters.date_range) ?? {}, "day");
  return sentEmails(account)
    .filter(
      (message) =>
        (application === undefined || message.applicationCode === application) &&
        (campaign === undefined || message.campaignCode === campaign) &&
        (!ids || ids.includes(message.messageId)) &&
        (!codes || codes.includes(message.messageCode)),
    )
    .flatMap((message) => clicksOf(message, span))
    .filter((click) => template === undefined || fullLink(click).includes(template));
}

function clicksOf(message: MessageFigures, span: Span | undefined): Click[] {
  const links: Link[] = ["offer", "help"].map((name) => ({
    link: `https://example.com/${message.campaignCode}/${name}`,
    title: name,
  }));
  return message.hours
    .filter((hour) => within(span, hour.at))
    .flatMap((hour) =>
      Array.from({ length: hour.clicks }, (_, person) => ({
        message,
        hour,
        person,
        link: links[person % links.length]!,
      })),
    );
}

function fullLink(click: Click): string {
  return `${click.link.link}?place=${(click.person >> 1) % 2 === 0 ? "top" : "bottom"}`;
}

/** `bouncedEmails`: complaints, temporary and permanent failures. */
export function bouncedEmails(account: Account, call: Call): Answer {
  const body = readBody(call);
  const application = requireText(body, "application");
  const code = readText(body, "message_code");
  const campaign = readText(body, "campaign");
  const span = readSpan(body, "iso");
  if (code === undefined && campaign === undefined && !span) {
    throw refused("one of message_code, campaign or date_from and date_to must be provided");
  }
  const perPage = readNumber(body, "per_page", undefined, 5000);
  const type = readText(body, "type");
  if (type !== undefined) readChoices({ type: [type] }, "type", bounceTypes);
  const bounced = sentEmails(account)
    .filter(
      (message) =>
        message.applicationCode === application &&
        (code === undefined || message.messageCode === code) &&
        (campaign === undefined || message.campaignCode === campaign),
    )
    .flatMap((message) => message.hours.filter((hour) => within(span, hour.at)).flatMap(bouncesOf))
    .filter((bounce) => type === undefined || bounce.type === type);
  return { status: 200, body: { total: count(account, bounced.length), bounced_emails: page(body, bounced, perPage) } };
}

/** The people who did not get it are the last of those sent; those who complained are the first who got it. */
function bouncesOf(hour: HourFigures): Json[] {
  const bounce = (type: string, reason: string, first: number, number: number) =>
    Array.from({ length: number }, (_, index) => ({
      email: addressOf(hour, first + index),
      date: new Date(hour.at).toISOString(),
      reason,
      type,
    }));
  return [
    ...bounce("Hardbounce", "Invalid recipient address", hour.deliveries, hour.hardBounces),
    ...bounce("Softbounce", "Mailbox full", hour.deliveries + hour.hardBounces, hour.softBounces),
    ...bounce("Complaint", "Marked as spam", 0, hour.complaints),
  ];
}

function sentEmails(account: Account): MessageFigures[] {
  return sentMessages(account).filter((message) => message.channel === "email");
}

function page<Row>(body: Json, rows: readonly Row[], perPage: number): Row[] {
  const number = readNumber(body, "page", 0);
  return rows.slice(number * perPage, (number + 1) * perPage);
}

function count(account: Account, value: number): number | string {
  return account.switches.int64 === "strings" ? String(value) : value;
}
