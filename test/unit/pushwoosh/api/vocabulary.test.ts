import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { writeSpan } from "../../../../provider/pushwoosh/api/dates";
import { readMessageTotals } from "../../../../provider/pushwoosh/api/totals";
import { getBouncedEmails, getMessageLog, listMessages } from "../../../../provider/pushwoosh/statistics/functions";
import { refusal, startSample } from "./sample";

/** Every word the documentation has, and how it travels. */

let sample: Awaited<ReturnType<typeof startSample>>;
beforeAll(async () => {
  sample = await startSample();
});
afterAll(() => sample.close());
afterEach(() => vi.unstubAllEnvs());

const applicationCode = "AAAAA-00001";
const messageCode = "C-7";
const sent = () => sample.asked.pop()?.body as Record<string, unknown> & { filters: Record<string, unknown> };

test.each([
  ["ios", 1],
  ["android", 3],
  ["osx", 7],
  ["windows", 8],
  ["amazon", 9],
  ["safari", 10],
  ["chrome", 11],
  ["firefox", 12],
  ["ie", 13],
  ["huawei_android", 17],
  ["sms", 18],
  ["xiaomi", 19],
  ["whatsapp", 21],
])("hourly totals take the platform %s as %i", async (name, code) => {
  await readMessageTotals(sample.client, { messageCode, platforms: [name, code, name.toUpperCase()] });
  expect(sent().platforms).toEqual([code, code, code]);
});

test("a platform without a documented number is given by its number, whichever that is", async () => {
  expect(await refusal(readMessageTotals(sample.client, { messageCode, platforms: ["email"] }))).toMatch(
    /platforms\[0\]: .*give the platform's number/,
  );
  await readMessageTotals(sample.client, { messageCode, platforms: [5, 99] });
  expect(sent().platforms).toEqual([5, 99]);
});

const upper = "IOS ANDROID OSX WINDOWS AMAZON SAFARI CHROME FIREFOX IE EMAIL HUAWEI_ANDROID SMS".split(" ");
const lower = "ios android osx windows amazon safari chrome firefox ie email huawei_android".split(" ");

test("the message list takes every platform in upper case, however it is given", async () => {
  await listMessages(sample.client, { applicationCode, platforms: [...upper, ...lower] });
  expect(sent().filters.platforms).toEqual([...upper, ...lower.map((name) => name.toUpperCase())]);
});

test("the message log takes every platform and every action as it is given", async () => {
  const actions = "sent delivered opened inbox_delivered inbox_read inbox_opened inbox_deleted".split(" ") as "sent"[];
  await getMessageLog(sample.client, { applicationCode, messageCode, platforms: lower, actions });
  expect(sent()).toMatchObject({ platforms: lower, actions });
});

test.each(["AB_TEST", "API", "AUTO_PUSH", "CP", "CSV", "CUSTOMER_JOURNEY", "EMAIL_API", "EMAIL_CP", "NEW_ONE"])(
  "the source %s is passed on",
  async (source) => {
    await listMessages(sample.client, { applicationCode, source });
    expect(sent().filters.source).toBe(source);
  },
);

test.each(["Complaint", "Softbounce", "Hardbounce"] as const)("bounces of the type %s", async (type) => {
  await getBouncedEmails(sample.client, { applicationCode, messageCode, type });
  expect(sent().type).toBe(type);
});

test.each(["America/New_York", "Asia/Kolkata"])("times without a zone are UTC also in %s", (zone) => {
  vi.stubEnv("TZ", zone);
  expect(new Date("2030-01-31T10:00").getTimezoneOffset()).not.toBe(0);
  const span = { from: "2030-01-31T10:00", to: "2030-02-01" };
  expect(writeSpan(span, "second")).toEqual({ date_from: "2030-01-31 10:00:00", date_to: "2030-02-01 23:59:59" });
  expect(writeSpan(span, "day")).toEqual({ date_from: "2030-01-31", date_to: "2030-02-01" });
  expect(
    writeSpan({ from: new Date("2030-01-31T23:30:00-01:00"), to: "2030-02-01T03:00:00+01:30" }, "instant"),
  ).toEqual({ date_from: "2030-02-01T00:30:00.000Z", date_to: "2030-02-01T01:30:00.000Z" });
});
