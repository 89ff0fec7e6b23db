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
  within,
} from "./checks";
import { type HourFigures, type MessageFigures, sentMessages, sum } from "./figures";

const platformNames = new Set(
  "IOS ANDROID OSX WINDOWS AMAZON SAFARI CHROME FIREFOX IE EMAIL HUAWEI_ANDROID SMS".split(" "),
);

/** Numeric platform codes of the sample push messages. That of email isn't documented: 0 stands for none. */
export const platformCodes = { ios: 1, android: 3, email: 0 } as const;
export type SamplePlatform = keyof typeof platformCodes;

/** The platforms a message's people are spread over, in turn. */
export function platformsOf(message: MessageFigures): readonly SamplePlatform[] {
  return message.channel === "email" ? ["email"] : ["android", "ios"];
}

/** How many of the first `count` people are on a platform. */
export function share(count: number, platforms: readonly SamplePlatform[], platform: SamplePlatform): number {
  return Math.floor((count + platforms.length - 1 - platforms.indexOf(platform)) / platforms.length);
}

/** `messages:list`. The body may come wrapped in `request`, as an older page shows it. */
export function listMessages(account: Account, call: Call): Answer {
  const sent = readBody(call);
  const body = asObject(sent.request) ?? sent;
  const filters = readFilters(body);
  const params = asObject(body.params) ?? {};
  const perPage = readNumber(body, "per_page", 20, 1000);
  const page = readNumber(body, "page", 0);
  const found = selectMessages(account, filters);
  const write = new MessageWriter(account);
  return {
    status: 200,
    body: {
      total: write.count(found.length),
      items: found
        .slice(page * perPage, (page + 1) * perPage)
        .map((message) => write.item(message, params.with_details === true, params.with_metrics === true)),
    },
  };
}

function selectMessages(account: Account, filters: Json): MessageFigures[] {
  const application = requireText(filters, "application");
  const platforms = readChoices(filters, "platforms", platformNames);
  const span = readSpan(asObject(filters.date_range) ?? {}, "day");
  const campaign = readText(filters, "campaign");
  const source = readText(filters, "source");
  const codes = readList(filters, "messages_codes");
  const ids = readIds(filters, "messages_ids");
  if (source !== undefined && source !== "CUSTOMER_JOURNEY") return [];
  return sentMessages(account).filter(
    (message) =>
      message.applicationCode === application &&
      (!platforms || platformsOf(message).some((platform) => platforms.includes(platform.toUpperCase()))) &&
      within(span, message.hours[0]?.at ?? 0) &&
      (campaign === undefined || message.campaignCode === campaign) &&
      (!codes || codes.includes(message.messageCode)) &&
      (!ids || ids.includes(message.messageId)),
  );
}

/** Writes messages as `messages:list` answers them. */
class MessageWriter {
  constructor(private readonly account: Account) {}

  /** A 64-bit number in the form the switch asks for. */
  count(value: number): number | string {
    return this.account.switches.int64 === "strings" ? String(value) : value;
  }

  item(message: MessageFigures, withDetails: boolean, withMetrics: boolean): Json {
    const email = message.channel === "email";
    const date = writeSecond(message.hours[0]?.at ?? 0);
    const info = {
      ...(withDetails && { details: email ? emailDetails(message) : this.pushDetails(message) }),
      ...(withMetrics && { metrics: email ? [this.emailMetrics(message)] : this.pushMetrics(message) }),
    };
    return {
      id: this.count(message.messageId),
      code: message.messageCode,
      created_date: date,
      send_date: date,
      status: "done",
      platforms: platformsOf(message).map((platform) => platform.toUpperCase()),
      source: "CUSTOMER_JOURNEY",
      ...(email ? { email_info: info } : { push_info: info }),
    };
  }

  private pushDetails(message: MessageFigures): Json {
    const tags = { conditions: [["Language", "EQ", "en"]], conditions_operator: "AND", data: {} };
    const inside = this.account.switches.conditionsPlace === "platform_parameters";
    return {
      title: message.title,
      filter_name: "",
      filter_code: "",
      content: { en: message.title },
      platform_parameters: {
        android_header: message.title,
        android_root_params: {},
        ios_title: message.title,
        ios_subtitle: "",
        ios_root_params: {},
        chrome_header: "",
        chrome_root_params: {},
        firefox_header: "",
        firefox_root_params: {},
        ...(inside && tags),
      },
      ...(!inside && tags),
      follow_user_timezone: false,
    };
  }

  private pushMetrics(message: MessageFigures): Json[] {
    const platforms = platformsOf(message);
    return platforms.map((platform) => {
      const counted = (figure: "sends" | "deliveries" | "opens") =>
        message.hours.reduce((total, hour) => total + share(hour[figure], platforms, platform), 0);
      return {
        sends: this.count(counted("sends")),
        opens: this.count(counted("opens")),
        deliveries: this.count(counted("deliveries")),
        inbox_opens: this.count(0),
        unshowable_sends: this.count(0),
        errors: this.count(counted("sends") - counted("deliveries")),
        platform: platformCodes[platform],
      };
    });
  }

  private emailMetrics(message: MessageFigures): Json {
    return {
      sends: this.count(sum(message, "sends")),
      opens: this.count(sum(message, "opens")),
      deliveries: this.count(sum(message, "deliveries")),
      hard_bounces: this.count(sum(message, "hardBounces")),
      soft_bounces: this.count(sum(message, "softBounces")),
      rejects: this.count(0),
      confirmed_sends: this.count(sum(message, "sends")),
      unsubs: this.count(sum(message, "unsubscribed")),
      complaints: this.count(sum(message, "complaints")),
      errors: this.count(0),
    };
  }
}

function emailDetails(message: MessageFigures): Json {
  return {
    template: message.presetCode,
    filter_name: "",
    filter_code: "",
    subject: { en: message.title },
    from_name: "Sample",
    from_email: "sample@example.com",
    reply_name: "",
    reply_email: "",
    follow_user_timezone: false,
    conditions: [],
    conditions_operator: "AND",
  };
}

/** `totalsByIntervals`: hourly figures of one message. Its counters are strings under every switch. */
export function messageTotals(account: Account, call: Call): Answer {
  const body = readBody(call);
  const code = requireText(body, "message_code");
  const wanted = readIds(body, "platforms");
  const message = sentMessages(account).find((candidate) => candidate.messageCode === code);
  const platforms = message
    ? platformsOf(message).filter((name) => !wanted || wanted.includes(platformCodes[name]))
    : [];
  if (!message) throw refused("message not found");
  const metrics = message.hours.flatMap((hour) => platforms.map((platform) => hourMetrics(message, hour, platform)));
  const total = (figure: "sends" | "opens") => metrics.reduce((count, entry) => count + Number(entry[figure]), 0);
  const hits = Math.floor(total("opens") / 10);
  const conversion = total("opens") === 0 ? 0 : Math.round((hits / total("opens")) * 100) / 100;
  const events = [{ name: "sample_event", hits: String(hits), conversion, revenue: 0 }];
  return {
    status: 200,
    body: { metrics, conversion: { sends: String(total("sends")), opens: String(total("opens")), events } },
  };
}

function hourMetrics(message: MessageFigures, hour: HourFigures, platform: SamplePlatform): Json {
  const counted = (figure: "sends" | "deliveries" | "opens") => share(hour[figure], platformsOf(message), platform);
  return {
    timestamp: writeSecond(hour.at - (hour.at % 3_600_000)),
    platform: platformCodes[platform],
    sends: String(counted("sends")),
    opens: String(counted("opens")),
    deliveries: String(counted("deliveries")),
    inbox_opens: "0",
    unshowable_sends: "0",
    errors: String(counted("sends") - counted("deliveries")),
  };
}

/** `YYYY-MM-DD HH:MM:SS`, in UTC. */
function writeSecond(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}
