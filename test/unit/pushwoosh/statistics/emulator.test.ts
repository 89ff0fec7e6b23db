import { afterEach, describe, expect, test } from "vitest";
import { type EmulatorOptions, type FaultKind, faultKinds } from "../../../../provider/emulator";
import { enterJourney } from "../../../../provider/pushwoosh/api/entries";
import { readLinkClicks } from "../../../../provider/pushwoosh/api/links";
import { readJourneyStatistics } from "../../../../provider/pushwoosh/api/statistics";
import { readMessageTotals } from "../../../../provider/pushwoosh/api/totals";
import {
  getBouncedEmails,
  getLinkClicksByRecipient,
  getMessageLog,
  listJourneys,
  listMessages,
} from "../../../../provider/pushwoosh/statistics/functions";
import type { Progress } from "../../../../provider/pushwoosh/statistics/pages";
import { getJourneyReport } from "../../../../provider/pushwoosh/statistics/report";
import {
  streamBounces,
  streamClicks,
  streamLog,
  streamMessages,
} from "../../../../provider/pushwoosh/statistics/streams";
import { application, running } from "../../emulator/pushwoosh/running";
import { clientOf, refusal } from "../api/sample";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function scene(options: EmulatorOptions = {}, settings: Record<string, string> = {}) {
  const started = await running(options);
  const client = clientOf(started.emulator.url, settings);
  closers.push(async () => {
    await started.emulator.close();
    await client.close();
  });
  const draft = started.emulator.pushwoosh.journeys("Draft")[0]!;
  return { ...started, client, draft: draft.id };
}

async function all<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const applicationCode = application;
const missing = "99999999-2222-3333-4444-555555555555";

test("all reads agree on a journey that runs", async () => {
  const { client, id, push, mail } = await scene({ pushwoosh: { auth: "documented" } });
  const { points, title } = await readJourneyStatistics(client, { journeyId: id });
  expect(title).toBe("Figures");
  const [pushed, mailed] = points.map(({ figures }) => figures!);
  const { messages } = await listMessages(client, { applicationCode, withMetrics: true });
  expect(messages.map(({ code }) => code)).toEqual([push.code, mail.code]);
  const sends = messages[0]!.push!.metrics.reduce((sum, metrics) => sum + Number(metrics.sends), 0);
  expect(sends).toBe(pushed!.sent);
  const { hours, conversion } = await readMessageTotals(client, { messageCode: push.code });
  expect(hours.reduce((sum, hour) => sum + Number(hour.sends), 0)).toBe(pushed!.sent);
  expect(conversion?.opens).toBe(pushed!.opened);
  const events = await all(streamLog(client, { applicationCode, messageCode: push.code, actions: ["sent"] }));
  expect(events).toHaveLength(Number(pushed!.sent));
  const { links } = await readLinkClicks(client, { messageCodes: [mail.code], withFullLinks: true });
  expect(links.reduce((sum, { clicks }) => sum + Number(clicks), 0)).toBe(mailed!.clicked);
  const clicks = await all(streamClicks(client, { messageCodes: [mail.code], pageSize: 50 }));
  expect(clicks).toHaveLength(Number(mailed!.clicked));
  const bounces = await all(streamBounces(client, { applicationCode, messageCode: mail.code }));
  expect(bounces.filter(({ type }) => type === "Softbounce")).toHaveLength(Number(mailed!.softBounces));
});

test("a function stops at its limit and says so; a stream goes on, and tells how far it is", async () => {
  const { client, push, mail, emulator } = await scene();
  const log = { applicationCode, messageCode: push.code };
  const progress: Progress[] = [];
  const events = await all(streamLog(client, { ...log, pageSize: 100 }, { onProgress: (seen) => progress.push(seen) }));
  expect(events.length).toBeGreaterThan(1000);
  expect(progress.at(-1)?.items).toBe(events.length);
  expect(progress).toHaveLength(Math.ceil(events.length / 100));
  const before = emulator.requests({ endpoint: "messages.log" });
  expect(await getMessageLog(client, { ...log, limit: 7 })).toEqual({ events: events.slice(0, 7), truncated: true });
  expect(emulator.requests({ endpoint: "messages.log" })).toBe(before + 1);
  expect((await getMessageLog(client, log)).events).toHaveLength(1000);
  expect(await getMessageLog(client, { ...log, limit: events.length })).toEqual({ events, truncated: false });
  expect(await listMessages(client, { applicationCode, limit: 1 })).toMatchObject({
    messages: [{ code: push.code }],
    truncated: true,
  });
  const clicks = await all(streamClicks(client, { messageCodes: [mail.code] }));
  expect(await getLinkClicksByRecipient(client, { messageCodes: [mail.code], limit: 3 })).toEqual({
    clicks: clicks.slice(0, 3),
    truncated: true,
  });
  const bounces = await all(streamBounces(client, { applicationCode, messageCode: mail.code, pageSize: 2 }));
  expect(await getBouncedEmails(client, { applicationCode, messageCode: mail.code, limit: 2 })).toEqual({
    bounces: bounces.slice(0, 2),
    truncated: true,
  });
  expect(new Set(bounces.map((row) => JSON.stringify(row))).size).toBe(bounces.length);
});

test("a draft has no figures, and nothing is listed of it", async () => {
  const { client, draft } = await scene();
  const { points } = await readJourneyStatistics(client, { journeyId: draft });
  expect(points.map(({ figures }) => figures?.sent)).toEqual([0, 0]);
  expect((await listMessages(client, { applicationCode, campaignCode: points[0]!.campaignCode! })).messages).toEqual(
    [],
  );
});

describe("switches", () => {
  const options = (pushwoosh: EmulatorOptions["pushwoosh"]): EmulatorOptions => ({ pushwoosh, seed: 7 });

  test("64-bit numbers as text read the same", async () => {
    const seen = [];
    for (const int64 of ["numbers", "strings"] as const) {
      const { client, push, mail } = await scene(options({ int64 }));
      const list = await listMessages(client, { applicationCode, withMetrics: true, withDetails: true });
      const log = await getMessageLog(client, { applicationCode, messageId: list.messages[0]!.id!, limit: 5 });
      const links = await readLinkClicks(client, { messageCodes: [mail.code], withFullLinks: true });
      const totals = await readMessageTotals(client, { messageCode: push.code });
      seen.push({ list, log, links, totals });
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]!.log.events).toHaveLength(5);
  });

  test("uniqOpened is there or not", async () => {
    const present = await scene(options({ uniqOpened: "present" }));
    const { points } = await readJourneyStatistics(present.client, { journeyId: present.id });
    expect(points[0]!.figures!.uniqueOpened).toBe(points[0]!.figures!.opened);
    const absent = await scene(options({ uniqOpened: "absent" }));
    expect(
      (await readJourneyStatistics(absent.client, { journeyId: absent.id })).points[0]!.figures,
    ).not.toHaveProperty("uniqueOpened");
  });

  test.each([
    ["404", /not-found/],
    ["400", /refused: read journey statistics .*journey not found/],
    ["empty", /not refused/],
  ] as const)("statistics of an unknown journey: %s", async (unknownStatistics, expected) => {
    const { client } = await scene(options({ unknownStatistics }));
    expect(await refusal(readJourneyStatistics(client, { journeyId: missing }))).toMatch(expected);
  });

  test.each([
    ["zeros", 2],
    ["empty", 0],
    ["refused", undefined],
  ] as const)("statistics of a draft: %s", async (draftStatistics, points) => {
    const { client, draft } = await scene(options({ draftStatistics }));
    const read = readJourneyStatistics(client, { journeyId: draft });
    if (points === undefined) expect(await refusal(read)).toMatch(/^refused/);
    else expect((await read).points).toHaveLength(points);
    expect(
      (await getJourneyReport(client, draft, { applicationCode }).catch(() => ({ points: [] }))).points,
    ).toHaveLength(points ?? 0);
  });

  test.each(["400", "200"] as const)("errors under status %s", async (statisticsErrors) => {
    const { client } = await scene(options({ statisticsErrors }));
    expect(await refusal(readMessageTotals(client, { messageCode: "none" }))).toMatch(
      /^refused: read message totals.*message not found$/,
    );
  });

  test.each(["current", "older"] as const)("the log's %s rules", async (messageLog) => {
    const { client, push } = await scene(options({ messageLog }));
    const [event] = (await getMessageLog(client, { applicationCode, messageCode: push.code, limit: 1 })).events;
    const byPerson = getMessageLog(client, { applicationCode, userId: event!.userId! });
    if (messageLog === "older") expect((await byPerson).events.length).toBeGreaterThan(0);
    else expect(await refusal(byPerson)).toMatch(/^refused.*date_from and date_to must be provided/);
    const long = getMessageLog(client, { applicationCode, from: "2029-11-01", to: "2030-01-02" });
    if (messageLog === "older")
      expect(await refusal(long)).toMatch(/exceeded the maximum date interval. Max interval: 30 days/);
    else expect((await long).events).toHaveLength(1000);
  });

  test.each(["absent", "empty", "empty-page", "repeated"] as const)("the log's end: %s", async (logEnd) => {
    const { client, push } = await scene(options({ logEnd, eventsPerMessage: 250 }));
    for (const pageSize of [100, 1000]) {
      const events = await all(streamLog(client, { applicationCode, messageCode: push.code, pageSize }));
      expect(events).toHaveLength(250);
      expect(new Set(events.map((event) => JSON.stringify(event))).size).toBe(250);
    }
  });

  test.each(["platform_parameters", "details"] as const)("conditions in %s", async (conditionsPlace) => {
    const { client } = await scene(options({ conditionsPlace }));
    const { messages } = await listMessages(client, { applicationCode, withDetails: true });
    expect(messages[0]!.push!.details).toMatchObject({
      conditions: [["Language", "EQ", "en"]],
      conditionsOperator: "AND",
      data: {},
    });
  });

  test.each(["top", "payload"] as const)("request_uuid at %s", async (requestIdPlace) => {
    const { client, emulator } = await scene(options({ requestIdPlace }));
    const points = [{ uuid: "e", point_data: { start_by_api: {} } }];
    const id = emulator.behind.createJourney({ title: "API", params: { application_code: application }, points });
    emulator.behind.journey(id).start();
    const entered = await enterJourney(client, id, { kind: "users", people: ["u"] }, undefined);
    expect(entered).toEqual({ kind: "answered", requestId: emulator.pushwoosh.entries()[0]!.requestId });
  });

  test.each(["prefixed", "bare", "legacy"] as const)("the list of journeys, its status %s", async (listStatus) => {
    const { client } = await scene(options({ list: "on", listStatus, listPageSize: 1 }), {
      pushwooshUseUndocumentedList: "true",
    });
    const { journeys, truncated } = await listJourneys(client);
    expect(journeys.map(({ title, status }) => [title, status])).toEqual([
      ["Figures", "running"],
      ["Draft", "draft"],
    ]);
    expect(truncated).toBe(false);
    expect(await listJourneys(client, { limit: 1 })).toMatchObject({
      journeys: [{ title: "Figures" }],
      truncated: true,
    });
  });

  test("without the list listing fails with what the platform says", async () => {
    const { client } = await scene({}, { pushwooshUseUndocumentedList: "true" });
    expect(await refusal(listJourneys(client))).toMatch(/not-found: list journeys/);
  });
});

test("the list of messages is taken unwrapped; the emulator takes the older wrapper too", async () => {
  const { client, emulator } = await scene();
  await listMessages(client, { applicationCode });
  const body = emulator.journal.findLast(({ endpoint }) => endpoint === "messages.list")?.body as object;
  expect(Object.keys(body).sort()).toEqual(["filters", "page", "params", "per_page"]);
});

test.each(["huawei android", "huawei_android"])("the platform %s is passed on as it was given", async (platform) => {
  const { client, emulator, push } = await scene();
  await getMessageLog(client, { applicationCode, messageCode: push.code, platforms: [platform] });
  expect(emulator.journal.findLast(({ endpoint }) => endpoint === "messages.log")?.body).toMatchObject({
    platforms: [platform],
  });
});

describe("report", () => {
  test("points with what their messages did, by campaign code", async () => {
    const { client, id, emulator } = await scene();
    const report = await getJourneyReport(client, id, { applicationCode, from: "2030-01-01", to: "2030-01-31" });
    const { points } = await readJourneyStatistics(client, { journeyId: id });
    expect(report).toMatchObject({ journeyId: id, title: "Figures" });
    expect(report.points.map(({ messages: _, ...point }) => point)).toEqual(points);
    for (const { figures, messages } of report.points) {
      expect(messages).toMatchObject({
        count: 1,
        truncated: false,
        figures: { sends: figures!.sent, opens: figures!.opened },
      });
      expect(messages!.figures).not.toHaveProperty("platform");
    }
    expect(emulator.requests({ endpoint: "messages.list" })).toBe(1 + 2);
    const lists = emulator.journal.filter(({ endpoint }) => endpoint === "messages.list").slice(-2);
    const filters = points.map(({ campaignCode }) => ({
      application: applicationCode,
      campaign: campaignCode,
      source: "CUSTOMER_JOURNEY",
      date_range: { date_from: "2030-01-01", date_to: "2030-01-31" },
    }));
    expect(lists.map(({ body }) => (body as { filters: object }).filters)).toEqual(expect.arrayContaining(filters));
    const earlier = await getJourneyReport(client, id, { applicationCode, from: "2029-01-01", to: "2029-01-31" });
    expect(earlier.points[0]!.messages).toEqual({ count: 0, truncated: false, figures: {} });
  });

  test("without the application the points' own figures alone", async () => {
    const { client, id, emulator } = await scene();
    const before = emulator.requests({ endpoint: "messages.list" });
    const report = await getJourneyReport(client, id);
    expect(report.points[0]).not.toHaveProperty("messages");
    expect(emulator.requests({ endpoint: "messages.list" })).toBe(before);
  });

  test("points of one campaign share one reading", async () => {
    const { createServer } = await import("node:http");
    const asked: string[] = [];
    const point = { pointTitle: "p", campaignCode: "C", pointStat: { sent: 1 } };
    const server = createServer((request, response) => {
      asked.push(request.url!);
      const statistics = { payload: { title: "t", points: [point, point, { pointTitle: "none" }] } };
      response.end(JSON.stringify(request.method === "GET" ? statistics : { total: 0, items: [] }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const other = clientOf(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
    const report = await getJourneyReport(other, missing, { applicationCode });
    expect(asked).toHaveLength(2);
    expect(report.points.map(({ messages }) => messages?.count)).toEqual([0, 0, undefined]);
    await other.close();
    server.close();
  });
});

test("faults: a read is tried again, or fails with its own error", async () => {
  const { client, emulator, id } = await scene({}, { headersTimeout: "400", bodyTimeout: "400" });
  const codes: Partial<Record<FaultKind, string>> = {
    refuse: "refused",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
  };
  for (const kind of Object.keys(faultKinds) as FaultKind[]) {
    emulator.fault({ kind, endpoint: "journey.statistics", retryAfter: 0, delayMs: 10 });
    const message = await refusal(readJourneyStatistics(client, { journeyId: id }));
    expect(message.split(":")[0]).toBe(codes[kind] ?? "(not refused)");
    emulator.clearFaults();
  }
});

test("a fault in the middle of a stream goes unnoticed, or ends it with an error after what was read", async () => {
  const { client, emulator, push } = await scene();
  const args = { applicationCode, messageCode: push.code, pageSize: 500 };
  const whole = await all(streamLog(client, args));
  emulator.fault({ kind: "drop-after", endpoint: "messages.log", after: 1 });
  expect(await all(streamLog(client, args))).toEqual(whole);
  emulator.fault({ kind: "403", endpoint: "messages.log", after: 1 });
  let read = 0;
  const ended = (async () => {
    for await (const _ of streamLog(client, args)) read += 1;
  })();
  expect(await refusal(ended)).toMatch(/^forbidden/);
  expect(read).toBe(500);
});

test("messages stream by pages", async () => {
  const { client, emulator } = await scene();
  const before = emulator.requests({ endpoint: "messages.list" });
  expect(await all(streamMessages(client, { applicationCode, pageSize: 1 }))).toHaveLength(2);
  expect(emulator.requests({ endpoint: "messages.list" })).toBe(before + 2);
});
