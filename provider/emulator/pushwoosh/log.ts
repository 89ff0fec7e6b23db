import type { Answer, Call, Json } from "../exchange";
import type { Account } from "./account";
import {
  readBody,
  readChoices,
  readNumber,
  readSpan,
  readText,
  refused,
  requireText,
  type Span,
  toId,
  within,
} from "./checks";
import { type HourFigures, type MessageFigures, sentMessages } from "./figures";
import { platformsOf } from "./messages";

const actionNames = new Set("sent delivered opened inbox_delivered inbox_read inbox_opened inbox_deleted".split(" "));
/** The names the two pages give; `huawei_android` also travels with a space. */
const platformNames = new Set([
  ..."ios android osx windows amazon safari chrome firefox ie email huawei_android".split(" "),
  ...["huawei android", "blackberry", "windows phone", "baidu android"],
]);
const recordedActions = [
  ["sent", "sends"],
  ["delivered", "deliveries"],
  ["opened", "opens"],
] as const;

const dayMs = 86_400_000;
const defaultLimit = 1000;

interface LogQuery {
  readonly messages: readonly MessageFigures[];
  readonly span: Span | undefined;
  readonly hwids: ReadonlySet<string> | undefined;
  readonly userId: string | undefined;
  readonly actions: readonly string[] | undefined;
  readonly platforms: readonly string[] | undefined;
}

/** `getMessageLog`. Events are made while they are read; the token says where to go on, and at which time the log was. */
export function messageLog(account: Account, call: Call): Answer {
  const body = readBody(call);
  const limit = readNumber(body, "limit", defaultLimit, 100_000) || defaultLimit;
  const token = readText(body, "pagination_token");
  const { position, at } = token === undefined ? { position: 0, at: account.world.now().getTime() } : readToken(token);
  const query = readQuery(account, body, at);
  const { data, next } = collectEvents(account, query, position, limit);
  const further = next === undefined ? endToken(account, data.length, token, at, position) : `${next}.${at}`;
  return {
    status: 200,
    body: { ...(further !== undefined && { pagination_token: further }), data },
  };
}

function readToken(token: string): { position: number; at: number } {
  const [, position, at] = /^(\d+)\.(\d+)$/.exec(token) ?? [];
  if (position === undefined) throw refused("pagination_token is not valid");
  return { position: Number(position), at: Number(at) };
}

/** What stands for a token on the last page: four ways in which a server may end a log. */
function endToken(
  account: Account,
  events: number,
  token: string | undefined,
  at: number,
  position: number,
): string | undefined {
  switch (account.switches.logEnd) {
    case "absent":
      return undefined;
    case "empty":
      return "";
    case "repeated":
      return token ?? `${position}.${at}`;
    case "empty-page":
      return events === 0 ? undefined : `${Number.MAX_SAFE_INTEGER}.${at}`;
  }
}

function readQuery(account: Account, body: Json, at: number): LogQuery {
  const application = requireText(body, "application_code");
  const id =
    body.message_id === undefined || body.message_id === null ? undefined : toId(body.message_id, "message_id");
  const code = readText(body, "message_code");
  const campaign = readText(body, "campaign_code");
  const hwids = readHwids(body);
  const userId = readText(body, "user_id");
  const span = readSpan(body, "second");
  checkSelection(account, span, [id, code, campaign], [hwids, userId]);
  const messages = sentMessages(account, at).filter(
    (message) =>
      message.applicationCode === application &&
      (id === undefined || message.messageId === id) &&
      (code === undefined || message.messageCode === code) &&
      (campaign === undefined || message.campaignCode === campaign),
  );
  const actions = readChoices(body, "actions", actionNames);
  const platforms = readChoices(body, "platforms", platformNames);
  return { messages, span, hwids, userId, actions, platforms };
}

function checkSelection(
  account: Account,
  span: Span | undefined,
  messages: readonly unknown[],
  people: readonly unknown[],
): void {
  const older = account.switches.messageLog === "older";
  const given = [...messages, ...(older ? people : [])].some((value) => value !== undefined);
  if (!span && !given) throw refused("date_from and date_to must be provided");
  if (!span || !older) return;
  if (span.to - span.from > 30 * dayMs) throw refused("exceeded the maximum date interval. Max interval: 30 days");
  if (account.world.now().getTime() - span.from > 30 * dayMs) throw refused("dates must be within the last 30 days");
}

function readHwids(body: Json): ReadonlySet<string> | undefined {
  const { hwid } = body;
  if (hwid === undefined || hwid === null || hwid === "") return undefined;
  const list = Array.isArray(hwid) ? hwid : [hwid];
  if (!list.every((value) => typeof value === "string")) throw refused("hwid must be a string or an array of strings");
  return list.length > 0 ? new Set(list) : undefined;
}

/** Up to `limit` events from a position on; `next` is the position to go on from, where there may be more. */
function collectEvents(
  account: Account,
  query: LogQuery,
  position: number,
  limit: number,
): { data: Json[]; next?: number } {
  const data: Json[] = [];
  let first = 0;
  for (const message of query.messages) {
    for (const hour of message.hours) {
      for (const [action, figure] of recordedActions) {
        const count = hour[figure];
        const skipped =
          first + count <= position || !within(query.span, hour.at) || query.actions?.includes(action) === false;
        for (let person = skipped ? count : Math.max(0, position - first); person < count; person += 1) {
          if (data.length === limit) return { data, next: first + person };
          const event = writeEvent(account, message, hour, action, person);
          if (fits(query, event)) data.push(event);
        }
        first += count;
      }
    }
  }
  return { data };
}

function fits(query: LogQuery, event: Json): boolean {
  return (
    (!query.hwids || query.hwids.has(event.hwid as string)) &&
    (query.userId === undefined || query.userId === event.user_id) &&
    (!query.platforms || query.platforms.includes(event.platform as string))
  );
}

function writeEvent(
  account: Account,
  message: MessageFigures,
  hour: HourFigures,
  action: string,
  person: number,
): Json {
  const platforms = platformsOf(message);
  const number = personNumber(hour, person);
  return {
    timestamp: `${new Date(hour.at).toISOString().slice(0, 19)}Z`,
    application_code: message.applicationCode,
    message_id: account.switches.int64 === "strings" ? String(message.messageId) : message.messageId,
    message_code: message.messageCode,
    campaign_code: message.campaignCode,
    hwid: message.channel === "email" ? addressOf(hour, person) : `hw-${number}`,
    user_id: `user-${number}`,
    platform: platforms[person % platforms.length],
    action,
    ...(action === "sent" && { status: person < hour.deliveries ? "success" : "error" }),
    push_alerts_enabled: "true",
  };
}

/** People are numbered through all hours of a message, so that each gets it once. */
function personNumber(hour: HourFigures, person: number): number {
  return hour.ordinal * 1000 + person;
}

/** The address of a sample person; for email it is the hwid too. */
export function addressOf(hour: HourFigures, person: number): string {
  return `person-${personNumber(hour, person)}@example.com`;
}
