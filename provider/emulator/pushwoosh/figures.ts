import { asObject, type Json } from "../exchange";
import type { World } from "../world";
import type { Account } from "./account";
import { type Journey, pointId } from "./journey";

const hourMs = 3_600_000;

/** Channels whose figures are documented. */
export type Channel = "push" | "email" | "in-app";

/**
 * What one message did in one hour. Everything is counted in people numbered from 0: the first `deliveries` of the
 * `sends` got it, the first `opens` of those opened it, the first `clicks` of those clicked; so all methods agree.
 */
export interface HourFigures {
  /** Start of the hour, or of the run within it: when everything in it happened, in milliseconds. */
  readonly at: number;
  /** Hours of figures before this one. */
  readonly ordinal: number;
  readonly sends: number;
  readonly deliveries: number;
  readonly opens: number;
  readonly clicks: number;
  readonly unsubscribed: number;
  readonly complaints: number;
  readonly hardBounces: number;
  readonly softBounces: number;
}

/** A message point of a journey with its codes and figures. */
export interface MessageFigures {
  readonly channel: Channel;
  readonly title: string;
  readonly applicationCode: string;
  readonly campaignCode: string;
  readonly presetCode: string;
  readonly messageCode: string;
  readonly messageId: number;
  readonly hours: readonly HourFigures[];
}

/** The message points of a journey. One that never ran has them too, with no hours. */
export function messagePoints(
  account: Account,
  journey: Journey,
  at = account.world.now().getTime(),
): MessageFigures[] {
  const runs = runningTimes(journey, at);
  return journey.definition.points.flatMap((point, index) => {
    const channel = channelOf(point);
    if (!channel) return [];
    const key = `${journey.id}/${pointId(point) ?? index}`;
    return [describe(account, journey, point, channel, key, runs)];
  });
}

/** Every message that has been sent in the account. Drafts are passed over at once: an account may hold thousands. */
export function sentMessages(account: Account, at?: number): MessageFigures[] {
  return [...account.journeys.all()]
    .filter((journey) => journey.everStarted)
    .flatMap((journey) => messagePoints(account, journey, at))
    .filter((message) => message.channel !== "in-app" && message.hours.length > 0);
}

/** The total of one figure over all hours. */
export function sum(message: MessageFigures, figure: Exclude<keyof HourFigures, "at" | "ordinal">): number {
  return message.hours.reduce((total, hour) => total + hour[figure], 0);
}

function describe(
  account: Account,
  journey: Journey,
  point: Json,
  channel: Channel,
  key: string,
  runs: readonly Run[],
): MessageFigures {
  const { world, switches } = account;
  const since = firstSeen(journey, point);
  return {
    channel,
    title: typeof point.title === "string" && point.title !== "" ? point.title : String(point.point_type ?? ""),
    applicationCode: String(journey.definition.params.application_code),
    campaignCode: `${code(world, 5, key, "campaign")}-${code(world, 5, key, "campaign", 2)}`,
    presetCode: `${code(world, 5, key, "preset")}-${code(world, 5, key, "preset", 2)}`,
    messageCode: `${code(world, 4, key, "message")}-${code(world, 8, key, "message", 2)}-${code(world, 8, key, "message", 3)}`,
    messageId: 10_000_000_000 + Math.floor(world.chance(key, "id") * 2 ** 32) * 8,
    hours:
      switches.eventsPerMessage > 0
        ? oneHour(switches.eventsPerMessage, runs, since)
        : everyHour(world, key, runs, since),
  };
}

/** Point types aren't all documented, so the channel is read from the name of the type or of its data. */
function channelOf(point: Json): Channel | undefined {
  const [key = ""] = Object.keys(asObject(point.point_data) ?? {});
  const name = `${String(point.point_type ?? "")} ${key}`.toLowerCase();
  const [, found] = /(?:^point_type_| )(?:send_)?(push|email|in_?app)/.exec(name) ?? [];
  if (found === undefined) return undefined;
  return found === "push" || found === "email" ? found : "in-app";
}

interface Run {
  readonly from: number;
  readonly to: number;
}

/** When the journey ran, up to the given time. */
function runningTimes(journey: Journey, at: number): Run[] {
  const runs: Run[] = [];
  let from: number | undefined;
  for (const { time, to } of journey.transitions) {
    if (to === "STATUS_RUNNING") from ??= Date.parse(time);
    else if (from !== undefined) {
      runs.push({ from, to: Math.min(at, Date.parse(time)) });
      from = undefined;
    }
  }
  if (from !== undefined) runs.push({ from, to: at });
  return runs.filter((run) => run.from <= at);
}

/** When the point came into the journey. */
function firstSeen(journey: Journey, point: Json): number {
  const id = pointId(point);
  const edition = journey.editions.find(({ definition }) => definition.points.some((other) => pointId(other) === id));
  return Date.parse(edition?.time ?? journey.createdAt);
}

/** Figures for every hour in which the point was in a running journey. */
function everyHour(world: World, key: string, runs: readonly Run[], since: number): HourFigures[] {
  const hours: HourFigures[] = [];
  let next = 0;
  for (const run of runs) {
    const from = Math.max(run.from, since);
    for (let hour = Math.max(next, Math.floor(from / hourMs)); hour * hourMs <= run.to && from <= run.to; hour += 1) {
      const sends = 20 + Math.floor(world.chance(key, hour) * 100);
      const deliveries = Math.floor(sends * 0.9);
      const at = Math.max(hour * hourMs, from);
      hours.push(figures(at, hours.length, sends, deliveries, Math.floor(deliveries * 0.3)));
      next = hour + 1;
    }
  }
  return hours;
}

/** Figures whose events (sent, delivered, opened) are exactly so many, all in the first hour. */
function oneHour(events: number, runs: readonly Run[], since: number): HourFigures[] {
  const run = runs.find(({ to }) => to >= since);
  if (!run) return [];
  const sends = Math.ceil(events * 0.5);
  const deliveries = Math.ceil((events - sends) * 0.7);
  return [figures(Math.max(run.from, since), 0, sends, deliveries, events - sends - deliveries)];
}

function figures(at: number, ordinal: number, sends: number, deliveries: number, opens: number): HourFigures {
  const lost = sends - deliveries;
  const hardBounces = Math.floor(lost / 2);
  return {
    at: at - (at % 1000),
    ordinal,
    sends,
    deliveries,
    opens,
    clicks: Math.floor(opens / 2),
    unsubscribed: Math.floor(opens / 20),
    complaints: Math.ceil(deliveries / 100),
    hardBounces,
    softBounces: lost - hardBounces,
  };
}

const signs = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";

function code(world: World, length: number, ...parts: readonly (string | number)[]): string {
  let text = "";
  for (let index = 0; index < length; index += 1)
    text += signs[Math.floor(world.chance(...parts, index) * signs.length)];
  return text;
}
