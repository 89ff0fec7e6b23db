import { afterAll, beforeAll, expect, test } from "vitest";
import { dropUsers, enterJourney } from "../../../../provider/pushwoosh/api/entries";
import { readLinkClicks } from "../../../../provider/pushwoosh/api/links";
import { readJourneyStatistics } from "../../../../provider/pushwoosh/api/statistics";
import { readMessageTotals } from "../../../../provider/pushwoosh/api/totals";
import {
  getBouncedEmails,
  getLinkClicksByRecipient,
  getMessageLog,
  listMessages,
} from "../../../../provider/pushwoosh/statistics/functions";
import { startSample } from "./sample";

/** The documented request and answer of each method, with other values. */

let sample: Awaited<ReturnType<typeof startSample>>;
beforeAll(async () => {
  sample = await startSample();
});
afterAll(() => sample.close());

const journeyId = "aaaaaaaa-2222-3333-4444-555555555555";

test("journey statistics", async () => {
  sample.answer({
    payload: {
      title: "Spring",
      points: [
        {
          pointTitle: "Greeting",
          campaignCode: "BBBBB-11111",
          presetCode: "54321-09876",
          pointStat: { sent: 22648, opened: 60, conversion: 0.26492405510420347 },
        },
        {
          pointTitle: "Hint",
          campaignCode: "BBBBB-22222",
          pointStat: { shows: 3148, interactions: 2759, skipped: 36 },
        },
      ],
    },
  });
  expect(await readJourneyStatistics(sample.client, { journeyId })).toEqual({
    journeyId,
    title: "Spring",
    points: [
      {
        title: "Greeting",
        campaignCode: "BBBBB-11111",
        presetCode: "54321-09876",
        figures: { sent: 22648, opened: 60, conversion: 0.26492405510420347 },
      },
      { title: "Hint", campaignCode: "BBBBB-22222", figures: { shows: 3148, interactions: 2759, skipped: 36 } },
    ],
  });
  expect(sample.asked.pop()).toEqual({
    method: "GET",
    path: `/api/journey/${journeyId}/statistics/external`,
    authorization: "Api token",
    body: undefined,
  });
});

test("start by API", async () => {
  sample.answer({ request_uuid: "r-1" });
  const people = { kind: "users", people: ["one", "two"] } as const;
  const entered = await enterJourney(sample.client, journeyId, people, { promo_code: "WINTER", tier: "silver" });
  expect(entered).toEqual({ kind: "answered", requestId: "r-1" });
  expect(sample.asked.pop()).toEqual({
    method: "POST",
    path: `/api/journey/${journeyId}/start/external`,
    authorization: "Api token",
    body: { payload: { users: ["one", "two"], attribute_values: { promo_code: "WINTER", tier: "silver" } } },
  });
  sample.answer({ payload: { request_uuid: "r-2" } });
  const filter = { kind: "filter", expression: 'A("AAAAA-00001").tags("City").eq("Oslo")' } as const;
  expect(await enterJourney(sample.client, journeyId, filter, {})).toEqual({ kind: "answered", requestId: "r-2" });
  expect(sample.asked.pop()?.body).toEqual({ payload: { filter: filter.expression } });
});

test("drop users", async () => {
  sample.answer({ success: true });
  await dropUsers(sample.client, ["one", "two"], { journeyIds: ["j-1", "j-2"] });
  expect(sample.asked.pop()).toEqual({
    method: "POST",
    path: "/api/journey/drop-users/external",
    authorization: "Api token",
    body: { user_ids: ["one", "two"], journey_uuids: ["j-1", "j-2"] },
  });
  sample.answer({ success: true });
  await dropUsers(sample.client, ["one"], "all journeys");
  expect(sample.asked.pop()?.body).toEqual({ user_ids: ["one"], all_journeys: true });
});

test("message list", async () => {
  const pushInfo = {
    details: {
      title: "t",
      filter_name: "fn",
      filter_code: "fc",
      content: { en: "hello" },
      platform_parameters: {
        android_header: "ah",
        android_root_params: { a: "1" },
        ios_title: "it",
        ios_subtitle: "is",
        ios_root_params: { i: "1" },
        chrome_header: "ch",
        chrome_root_params: { c: "1" },
        firefox_header: "fh",
        firefox_root_params: { f: "1" },
        conditions: [["Language", "EQ", "de"]],
        conditions_operator: "OR",
        data: { k: "v" },
      },
      follow_user_timezone: true,
    },
    metrics: [{ sends: 9, opens: 2, deliveries: 8, inbox_opens: 1, unshowable_sends: 0, errors: 1, platform: 3 }],
  };
  const emailInfo = {
    details: {
      template: "tp",
      filter_name: "fn",
      filter_code: "fc",
      subject: { en: "hi" },
      from_name: "f",
      from_email: "f@example.com",
      reply_name: "r",
      reply_email: "r@example.com",
      follow_user_timezone: false,
      conditions: [],
      conditions_operator: "AND",
    },
    metrics: [
      {
        sends: 5,
        opens: 4,
        deliveries: 5,
        hard_bounces: 1,
        soft_bounces: 2,
        rejects: 3,
        confirmed_sends: 5,
        unsubs: 1,
        complaints: 0,
        errors: 0,
      },
    ],
  };
  const about = { created_date: "2030-01-01", send_date: "2030-01-02", status: "done", source: "CUSTOMER_JOURNEY" };
  sample.answer({
    total: 2,
    items: [
      { id: 7, code: "C-7", platforms: ["IOS"], ...about, push_info: pushInfo },
      { id: 8, code: "C-8", platforms: ["EMAIL"], ...about, email_info: emailInfo },
    ],
  });
  const { messages, truncated } = await listMessages(sample.client, {
    applicationCode: "AAAAA-00001",
    campaignCode: "BBBBB-11111",
    source: "CUSTOMER_JOURNEY",
    platforms: ["ios", "huawei_android"],
    messageCodes: ["C-7"],
    messageIds: [7, "12345678900", "12345678901234567890"],
    from: "2030-01-01",
    to: new Date("2030-01-31T23:00:00Z"),
    withDetails: true,
    withMetrics: true,
    pageSize: 20,
  });
  expect(sample.asked.pop()).toEqual({
    method: "POST",
    path: "/api/v2/messages:list",
    authorization: "Api token",
    body: {
      filters: {
        application: "AAAAA-00001",
        platforms: ["IOS", "HUAWEI_ANDROID"],
        date_range: { date_from: "2030-01-01", date_to: "2030-01-31" },
        campaign: "BBBBB-11111",
        source: "CUSTOMER_JOURNEY",
        messages_codes: ["C-7"],
        messages_ids: [7, 12345678900, "12345678901234567890"],
      },
      params: { with_details: true, with_metrics: true },
      per_page: 20,
      page: 0,
    },
  });
  expect(truncated).toBe(false);
  const [push, email] = messages;
  expect(push).toMatchObject({
    id: 7,
    code: "C-7",
    createdDate: "2030-01-01",
    sendDate: "2030-01-02",
    platforms: ["IOS"],
  });
  expect(push?.push).toEqual({
    details: {
      title: "t",
      filterName: "fn",
      filterCode: "fc",
      content: { en: "hello" },
      platformParameters: {
        androidHeader: "ah",
        androidRootParams: { a: "1" },
        iosTitle: "it",
        iosSubtitle: "is",
        iosRootParams: { i: "1" },
        chromeHeader: "ch",
        chromeRootParams: { c: "1" },
        firefoxHeader: "fh",
        firefoxRootParams: { f: "1" },
      },
      conditions: [["Language", "EQ", "de"]],
      conditionsOperator: "OR",
      data: { k: "v" },
      followUserTimezone: true,
    },
    metrics: [{ sends: 9, opens: 2, deliveries: 8, inboxOpens: 1, unshowableSends: 0, errors: 1, platform: 3 }],
  });
  expect(email?.push).toBeUndefined();
  expect(email?.email).toEqual({
    details: {
      template: "tp",
      filterName: "fn",
      filterCode: "fc",
      subject: { en: "hi" },
      fromName: "f",
      fromEmail: "f@example.com",
      replyName: "r",
      replyEmail: "r@example.com",
      followUserTimezone: false,
      conditions: [],
      conditionsOperator: "AND",
    },
    metrics: [
      {
        sends: 5,
        opens: 4,
        deliveries: 5,
        hardBounces: 1,
        softBounces: 2,
        rejects: 3,
        confirmedSends: 5,
        unsubscribes: 1,
        complaints: 0,
        errors: 0,
      },
    ],
  });
});

test("message totals", async () => {
  sample.answer({
    metrics: [
      {
        timestamp: "2030-08-03 15:00:00",
        platform: 3,
        sends: "55902",
        opens: "382",
        deliveries: "22931",
        inbox_opens: "0",
        unshowable_sends: "2",
        errors: "0",
      },
    ],
    conversion: {
      sends: "55902",
      opens: "772",
      events: [{ name: "cart_add", hits: "96", conversion: 0.12, revenue: 0 }],
    },
  });
  const totals = await readMessageTotals(sample.client, { messageCode: "C-7", platforms: ["Android", 1, "whatsapp"] });
  expect(totals).toEqual({
    hours: [
      {
        timestamp: "2030-08-03 15:00:00",
        platform: 3,
        sends: 55902,
        opens: 382,
        deliveries: 22931,
        inboxOpens: 0,
        unshowableSends: 2,
        errors: 0,
      },
    ],
    conversion: { sends: 55902, opens: 772, events: [{ name: "cart_add", hits: 96, conversion: 0.12, revenue: 0 }] },
  });
  expect(sample.asked.pop()).toEqual({
    method: "POST",
    path: "/api/v2/statistics/messages/totalsByIntervals",
    authorization: "Api token",
    body: { message_code: "C-7", platforms: [3, 1, 21] },
  });
});

test("message log", async () => {
  sample.answer({
    pagination_token: "",
    data: [
      {
        timestamp: "2030-01-25T11:18:47Z",
        application_code: "AAAAA-00001",
        message_id: 98765432100,
        message_code: "C-7",
        campaign_code: "BBBBB-11111",
        hwid: "device",
        user_id: "person",
        platform: "android",
        action: "sent",
        status: "success",
        push_alerts_enabled: "true",
      },
    ],
  });
  const { events, truncated } = await getMessageLog(sample.client, {
    applicationCode: "AAAAA-00001",
    messageId: "98765432100",
    messageCode: "C-7",
    campaignCode: "BBBBB-11111",
    hwids: ["device"],
    userId: "person",
    from: new Date("2030-01-01T09:08:07.600Z"),
    to: "2030-01-25",
    actions: ["sent", "opened"],
    platforms: ["huawei android", "android"],
    limit: 10,
  });
  expect(truncated).toBe(false);
  expect(events).toEqual([
    {
      timestamp: "2030-01-25T11:18:47Z",
      applicationCode: "AAAAA-00001",
      messageId: 98765432100,
      messageCode: "C-7",
      campaignCode: "BBBBB-11111",
      hwid: "device",
      userId: "person",
      platform: "android",
      action: "sent",
      status: "success",
      pushAlertsEnabled: "true",
    },
  ]);
  expect(sample.asked.pop()).toEqual({
    method: "POST",
    path: "/api/v2/statistics/getMessageLog",
    authorization: "Key token",
    body: {
      application_code: "AAAAA-00001",
      message_id: 98765432100,
      message_code: "C-7",
      campaign_code: "BBBBB-11111",
      hwid: ["device"],
      user_id: "person",
      date_from: "2030-01-01 09:08:07",
      date_to: "2030-01-25 23:59:59",
      actions: ["sent", "opened"],
      platforms: ["huawei android", "android"],
      limit: 11,
    },
  });
});

const filters = {
  applicationCode: "AAAAA-00001",
  campaignCode: "BBBBB-11111",
  messageIds: [7],
  messageCodes: ["C-7"],
  linkTemplate: "example.com/offer",
  emailContentCode: "E-1",
  from: "2030-01-01",
  to: "2030-01-02",
};
const wireFilters = {
  application: "AAAAA-00001",
  campaign: "BBBBB-11111",
  messages_ids: [7],
  messages_codes: ["C-7"],
  link_template: "example.com/offer",
  email_content_code: "E-1",
  date_range: { date_from: "2030-01-01", date_to: "2030-01-02" },
};

test("link clicks", async () => {
  sample.answer({
    items: [
      {
        template: "tp",
        link: "https://example.com/offer",
        title: "Offer",
        clicks: 5,
        full_links: [{ full_link: "https://example.com/offer?a=1", clicks: 4 }],
      },
    ],
  });
  expect(await readLinkClicks(sample.client, { ...filters, withFullLinks: true })).toEqual({
    links: [
      {
        template: "tp",
        link: "https://example.com/offer",
        title: "Offer",
        clicks: 5,
        fullLinks: [{ fullLink: "https://example.com/offer?a=1", clicks: 4 }],
      },
    ],
  });
  expect(sample.asked.pop()).toEqual({
    method: "POST",
    path: "/api/v2/statistics/emails/linksInteractions",
    authorization: "Api token",
    body: { filters: wireFilters, params: { with_full_links: true } },
  });
});

test("link clicks by recipient", async () => {
  const row = { timestamp: "2030-01-01T10:00:00Z", link: "https://example.com/offer", hwid: "a@example.com" };
  sample.answer({ total: 1, items: [row] });
  expect(await getLinkClicksByRecipient(sample.client, { ...filters, pageSize: 100 })).toEqual({
    clicks: [row],
    truncated: false,
  });
  expect(sample.asked.pop()).toEqual({
    method: "POST",
    path: "/api/v2/statistics/emails/linksInteractionsDevices",
    authorization: "Api token",
    body: { filters: wireFilters, per_page: 100, page: 0 },
  });
});

test("bounced emails", async () => {
  const row = { email: "a@example.com", date: "2030-07-20T00:00:00.000Z", reason: "Full", type: "Softbounce" };
  sample.answer({ total: 1, bounced_emails: [row] });
  const result = await getBouncedEmails(sample.client, {
    applicationCode: "AAAAA-00001",
    messageCode: "C-7",
    campaignCode: "BBBBB-11111",
    from: "2030-07-01T02:00:00+02:00",
    to: "2030-07-31",
    type: "Softbounce",
    pageSize: 5000,
  });
  expect(result).toEqual({ bounces: [row], truncated: false });
  expect(sample.asked.pop()).toEqual({
    method: "POST",
    path: "/api/v2/statistics/emails/bouncedEmails",
    authorization: "Api token",
    body: {
      application: "AAAAA-00001",
      message_code: "C-7",
      campaign: "BBBBB-11111",
      date_from: "2030-07-01T00:00:00.000Z",
      date_to: "2030-07-31T23:59:59.000Z",
      per_page: 5000,
      page: 0,
      type: "Softbounce",
    },
  });
});
