import type { Answer, Call, Json } from "../exchange";
import type { Account } from "./account";
import type { PushwooshEndpoint } from "./auth";
import { legacyRefusal } from "./errors";
import { type Channel, type MessageFigures, messagePoints, sum } from "./figures";
import type { Journey, JourneyStatus } from "./journey";

/** The two older methods that look at journeys: statistics and, where switched on, the undocumented list. */
export function sightingEndpoints(account: Account): PushwooshEndpoint[] {
  const statistics: PushwooshEndpoint = {
    name: "journey.statistics",
    method: "GET",
    path: "/api/journey/:id/statistics/external",
    schemes: ["api"],
    targets: (call) => {
      const journey = account.journeys.get(call.params.id ?? "");
      return { ids: [call.params.id ?? ""], titles: journey ? [journey.definition.title] : [] };
    },
    refusal: legacyRefusal,
    answer: (call) => journeyStatistics(account, call),
  };
  const list: PushwooshEndpoint = {
    name: "journey.list",
    method: "GET",
    path: "/api/journey",
    schemes: ["api"],
    refusal: legacyRefusal,
    answer: (call) => listJourneys(account, call),
  };
  return account.switches.list === "on" ? [statistics, list] : [statistics];
}

function journeyStatistics(account: Account, call: Call): Answer {
  const { unknownStatistics, draftStatistics } = account.switches;
  const journey = account.journeys.get(call.params.id ?? "");
  if (!journey) {
    if (unknownStatistics === "empty") return { status: 200, body: { payload: { title: "", points: [] } } };
    return legacyRefusal(unknownStatistics === "404" ? "not found" : "refused", "journey not found");
  }
  if (!journey.everStarted && draftStatistics === "refused")
    return legacyRefusal("refused", "journey was never started");
  const silent = !journey.everStarted && draftStatistics === "empty";
  const points = silent ? [] : messagePoints(account, journey).map((message) => describePoint(account, message));
  return { status: 200, body: { payload: { title: journey.definition.title, points } } };
}

function describePoint(account: Account, message: MessageFigures): Json {
  return {
    pointTitle: message.title,
    campaignCode: message.campaignCode,
    presetCode: message.presetCode,
    pointStat: pointStat[message.channel](message, account.switches.uniqOpened === "present"),
  };
}

const pointStat: Record<Channel, (message: MessageFigures, withUnique: boolean) => Json> = {
  push: opened,
  email: (message, withUnique) => ({
    ...opened(message, withUnique),
    clicked: sum(message, "clicks"),
    unsubscribed: sum(message, "unsubscribed"),
    softBounces: sum(message, "softBounces"),
    complaints: sum(message, "complaints"),
  }),
  "in-app": (message) => ({
    shows: sum(message, "sends"),
    interactions: sum(message, "opens"),
    skipped: sum(message, "sends") - sum(message, "deliveries"),
  }),
};

/** `conversion` is a percentage of those sent. */
function opened(message: MessageFigures, withUnique: boolean): Json {
  const sent = sum(message, "sends");
  const opens = sum(message, "opens");
  const conversion = sent === 0 ? 0 : (opens / sent) * 100;
  return { sent, opened: opens, ...(withUnique && { uniqOpened: opens }), conversion };
}

function listJourneys(account: Account, call: Call): Answer {
  const { listPageSize } = account.switches;
  const shown = [...account.journeys.all()].flatMap((journey) => listItem(account, journey) ?? []);
  account.journeys.listCalls += 1;
  const page = Math.max(1, Number(call.query.page ?? "1") || 1);
  const size = Math.max(1, listPageSize);
  return {
    status: 200,
    body: {
      _metadata: { page, page_count: Math.max(1, Math.ceil(shown.length / size)), total_count: shown.length },
      payload: { items: shown.slice((page - 1) * size, page * size) },
    },
  };
}

/** A journey as the list shows it: its newest state that the list's lag has let through, if any. */
function listItem(account: Account, journey: Journey): Json | undefined {
  const { listLagCalls, listLagMs } = account.switches;
  const now = account.world.now().getTime();
  const visible = journey.listed.findLast(
    (state) => account.journeys.listCalls - state.listCalls >= listLagCalls && now - state.time >= listLagMs,
  );
  if (!visible) return undefined;
  return {
    id: journey.id,
    title: visible.title,
    status: writeStatus(visible.status, account.switches.listStatus),
    createdAt: journey.createdAt,
  };
}

function writeStatus(status: JourneyStatus, form: "prefixed" | "bare" | "legacy"): string {
  const bare = status.slice("STATUS_".length);
  if (form === "prefixed") return status;
  if (form === "bare") return bare;
  return bare === "RUNNING" ? "active" : bare.toLowerCase();
}
