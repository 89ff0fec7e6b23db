import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { spanProblems, writeSpan } from "../../../../provider/pushwoosh/api/dates";
import { enterJourney } from "../../../../provider/pushwoosh/api/entries";
import { readLinkClicks } from "../../../../provider/pushwoosh/api/links";
import { toFigure, toNumber } from "../../../../provider/pushwoosh/api/shape";
import { allFigures, readJourneyStatistics } from "../../../../provider/pushwoosh/api/statistics";
import { readMessageTotals } from "../../../../provider/pushwoosh/api/totals";
import {
  getBouncedEmails,
  getLinkClicksByRecipient,
  getMessageLog,
  listJourneys,
  listMessages,
} from "../../../../provider/pushwoosh/statistics/functions";
import { getJourneyReport } from "../../../../provider/pushwoosh/statistics/report";
import { refusal, startSample } from "./sample";

let sample: Awaited<ReturnType<typeof startSample>>;
beforeAll(async () => {
  sample = await startSample();
});
afterAll(() => sample.close());

const journeyId = "aaaaaaaa-2222-3333-4444-555555555555";
const applicationCode = "AAAAA-00001";

/** Calls that must be refused before anything is sent, by what they are about. */
const wrong: Record<string, [expected: RegExp, call: () => unknown][]> = {
  "message list": [
    [/applicationCode: is required/, () => listMessages(sample.client, {} as never)],
    [/pageSize: must be at most 1000/, () => listMessages(sample.client, { applicationCode, pageSize: 1001 })],
    [/limit: must be at least 1/, () => listMessages(sample.client, { applicationCode, limit: 0 })],
    [/to: is required with from/, () => listMessages(sample.client, { applicationCode, from: "2030-01-01" })],
    [/from: is required with to/, () => listMessages(sample.client, { applicationCode, to: "2030-01-01" })],
    [
      /from: is later than to/,
      () => listMessages(sample.client, { applicationCode, from: "2030-01-02", to: "2030-01-01" }),
    ],
    [
      /from: must be a Date or ISO/,
      () => listMessages(sample.client, { applicationCode, from: "yesterday", to: "2030-01-01" }),
    ],
    [/did you mean "campaignCode"/, () => listMessages(sample.client, { applicationCode, campaigncode: "x" } as never)],
  ],
  "message totals": [
    [/messageCode: is required/, () => readMessageTotals(sample.client, {})],
    [
      /platforms\[0\]: .*give the platform's number/,
      () => readMessageTotals(sample.client, { messageCode: "m", platforms: ["email"] }),
    ],
  ],
  "message log": [
    [/applicationCode: is required/, () => getMessageLog(sample.client, { messageCode: "m" } as never)],
    [
      /from: and to are required, or one of messageId, messageCode, campaignCode/,
      () => getMessageLog(sample.client, { applicationCode }),
    ],
    [/to: is required with from/, () => getMessageLog(sample.client, { applicationCode, from: "2030-01-01" })],
    [
      /pageSize: must be at most 100000/,
      () => getMessageLog(sample.client, { applicationCode, messageCode: "m", pageSize: 100_001 }),
    ],
    [
      /actions\[0\]: must be "sent"/,
      () => getMessageLog(sample.client, { applicationCode, messageCode: "m", actions: ["read" as never] }),
    ],
  ],
  "link clicks": [
    [
      /applicationCode: is required, or one of campaignCode, messageIds, messageCodes/,
      () => readLinkClicks(sample.client, {}),
    ],
    [/linkTemplate: is required with applicationCode/, () => readLinkClicks(sample.client, { applicationCode })],
    [
      /linkTemplate: is required with campaignCode/,
      () => readLinkClicks(sample.client, { campaignCode: "c", messageIds: [1] }),
    ],
  ],
  "link clicks by recipient": [
    [/applicationCode: is required, or one of/, () => getLinkClicksByRecipient(sample.client, {})],
    [
      /linkTemplate: is required with applicationCode/,
      () => getLinkClicksByRecipient(sample.client, { applicationCode }),
    ],
    [
      /pageSize: must be at most 1000/,
      () => getLinkClicksByRecipient(sample.client, { messageCodes: ["m"], pageSize: 1001 }),
    ],
  ],
  "bounced emails": [
    [/applicationCode: is required/, () => getBouncedEmails(sample.client, { messageCode: "m" } as never)],
    [
      /messageCode: is required, or campaignCode, or from and to/,
      () => getBouncedEmails(sample.client, { applicationCode }),
    ],
    [/to: is required with from/, () => getBouncedEmails(sample.client, { applicationCode, from: "2030-01-01" })],
    [
      /pageSize: must be at most 5000/,
      () => getBouncedEmails(sample.client, { applicationCode, messageCode: "m", pageSize: 5001 }),
    ],
    [
      /type: must be "Complaint", "Softbounce" or "Hardbounce"/,
      () => getBouncedEmails(sample.client, { applicationCode, messageCode: "m", type: "hard" as never }),
    ],
  ],
  journeys: [
    [/journeyId: must be a UUID/, () => readJourneyStatistics(sample.client, { journeyId: "x" })],
    [/journeyId: must be a UUID/, () => getJourneyReport(sample.client, "x")],
    [/limit: must be at least 1/, () => getJourneyReport(sample.client, journeyId, { limit: 0 })],
    [/missing-configuration: listJourneys/, () => listJourneys(sample.client)],
  ],
};

describe.each(Object.keys(wrong))("%s", (name) => {
  test.each(wrong[name]!)("%s, before anything is sent", async (expected, call) => {
    expect(await refusal(call)).toMatch(expected);
    expect(sample.asked).toEqual([]);
  });
});

test.each([
  ["just given by messageId", { messageId: 1 }],
  ["by messageCode", { messageCode: "m" }],
  ["by campaignCode", { campaignCode: "c" }],
  ["by dates", { from: "2030-01-01", to: "2030-01-01" }],
  ["by hwids alone, which the platform's pages disagree on", { hwids: ["h"] }],
  ["by userId alone", { userId: "u" }],
])("a log is asked for %s", async (_, args) => {
  expect(await refusal(getMessageLog(sample.client, { applicationCode, ...args }))).toBe("(not refused)");
  sample.asked.length = 0;
});

test("dates in each method's form", () => {
  const span = (from: string | Date, to: string | Date) =>
    (["day", "second", "instant"] as const).map((form) => Object.values(writeSpan({ from, to }, form)!).join(" | "));
  expect(span("2030-01-31", "2030-01-31")).toEqual([
    "2030-01-31 | 2030-01-31",
    "2030-01-31 00:00:00 | 2030-01-31 23:59:59",
    "2030-01-31T00:00:00.000Z | 2030-01-31T23:59:59.000Z",
  ]);
  expect(span("2030-01-31T23:30:15-02:00", new Date("2030-02-01T04:05:06.789Z"))).toEqual([
    "2030-02-01 | 2030-02-01",
    "2030-02-01 01:30:15 | 2030-02-01 04:05:06",
    "2030-02-01T01:30:15.000Z | 2030-02-01T04:05:06.000Z",
  ]);
  // Without a zone a time is UTC, wherever the program runs.
  expect(span("2030-01-31T10:00", "2030-01-31 11:00:00")[1]).toBe("2030-01-31 10:00:00 | 2030-01-31 11:00:00");
  expect(writeSpan({}, "day")).toBeUndefined();
  expect(spanProblems({ from: new Date("2030-01-01"), to: new Date("2030-01-01") })).toEqual([]);
});

test.each(["2030-02-30", "2030-1-1", "30.1.2030", "2030-01-31T25:00", "", "2030-01-31T10"])(
  "%j is no date",
  async (date) => {
    expect(await refusal(listMessages(sample.client, { applicationCode, from: date, to: "2031-01-01" }))).toMatch(
      /from: must be/,
    );
  },
);

test("an invalid Date is no date", async () => {
  const from = new Date(Number.NaN);
  expect(await refusal(listMessages(sample.client, { applicationCode, from, to: "2031-01-01" }))).toMatch(
    /from: must be/,
  );
});

test("numbers that travel as text become numbers, or stay exact text beyond 2^53", async () => {
  expect(["0", "-5", "0.25", "9007199254740991", "1e3"].map(toFigure)).toEqual([0, -5, 0.25, 2 ** 53 - 1, 1000]);
  expect(["9007199254740993", "-9007199254740993", "n/a", "", "1e999"].map(toFigure)).toEqual([
    "9007199254740993",
    "-9007199254740993",
    "n/a",
    "",
    "1e999",
  ]);
  expect([undefined, "7", "n/a", 3].map(toNumber)).toEqual([0, 7, 0, 3]);
  sample.answer('{"total":"1","items":[{"id":12345678901234567890,"code":"c","other":9007199254740993}]}');
  const { messages } = await listMessages(sample.client, { applicationCode });
  expect(messages).toEqual([
    { id: "12345678901234567890", code: "c", platforms: [], further: { other: "9007199254740993" } },
  ]);
  sample.asked.length = 0;
});

test("unknown fields are kept, at every level; null is nothing", async () => {
  sample.answer({
    payload: {
      title: null,
      news: 1,
      points: [
        { pointTitle: "p", campaignCode: null, extra: [1], pointStat: { uniqOpened: "5", newly: 3, text: "t" } },
      ],
    },
  });
  const { points, title } = await readJourneyStatistics(sample.client, { journeyId });
  expect(title).toBeUndefined();
  expect(points).toEqual([
    { title: "p", figures: { uniqueOpened: 5, further: { newly: 3, text: "t" } }, further: { extra: [1] } },
  ]);
  expect(allFigures(points[0]!.figures)).toEqual({ uniqueOpened: 5, newly: 3, text: "t" });
  expect(allFigures(undefined)).toEqual({});
  sample.answer({});
  expect(await readJourneyStatistics(sample.client, { journeyId })).toEqual({ journeyId, points: [] });
});

test("a row of the journeys' list keeps what nobody documented", async () => {
  const client = sample.clientWith({ pushwooshUseUndocumentedList: "true" });
  const rows = [
    { id: "j", title: "t", status: "ACTIVE", createdAt: "2030-01-01", folder: { a: 1 } },
    { id: "k", status: "odd" },
  ];
  sample.answer({ _metadata: { page: 1, page_count: 1 }, payload: { items: rows } });
  expect((await listJourneys(client)).journeys).toEqual([
    { id: "j", title: "t", status: "running", createdAt: "2030-01-01", further: { folder: { a: 1 } } },
    { id: "k", title: "", status: "unknown" },
  ]);
  await client.close();
});

test("a journeys' list whose pages repeat is an error; a row that moved to the next page comes once", async () => {
  const client = sample.clientWith({ pushwooshUseUndocumentedList: "true" });
  const pages = (...ids: string[][]) => {
    for (const page of ids)
      sample.answer({ _metadata: { page_count: ids.length }, payload: { items: page.map((id) => ({ id })) } });
  };
  pages(["a", "b"], ["b", "c"], ["d"]);
  expect((await listJourneys(client)).journeys.map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
  pages(["a", "b"], ["a", "b"]);
  expect(await refusal(listJourneys(client))).toMatch(/unexpected-answer: list journeys: page 2 holds only what came/);
  await client.close();
});

test("conditions are read inside platform_parameters and beside them", async () => {
  const conditions = [["Age", "GTE", 18]];
  const tags = { conditions, conditions_operator: "AND", data: { a: "b" } };
  const details = async (sent: object) => {
    sample.answer({ total: 1, items: [{ push_info: { details: sent } }] });
    return (await listMessages(sample.client, { applicationCode, withDetails: true })).messages[0]?.push?.details;
  };
  const expected = { conditions, conditionsOperator: "AND", data: { a: "b" } };
  expect(await details({ platform_parameters: tags })).toEqual({ ...expected, platformParameters: {} });
  expect(await details({ platform_parameters: {}, ...tags })).toEqual({ ...expected, platformParameters: {} });
  expect(await details(tags)).toEqual(expected);
  expect(await details({ platform_parameters: { conditions: [] }, ...tags })).toMatchObject(expected);
});

describe("errors under status 200", () => {
  test.each<[string, unknown, RegExp]>([
    ["a top-level text `error`", { error: "account not found" }, /^refused: read message totals: account not found$/],
    ["the gateway's envelope", { code: 9, message: "no", details: [] }, /refused: .*: no$/],
    ["the older methods' envelope", { success: false, message: "no" }, /refused: .*: no$/],
    [
      "the oldest envelope",
      { status_code: 403, status_message: "Token restrictions", response: null },
      /refused: .*403 Token restrictions/,
    ],
    ["another shape", { metrics: "none" }, /unexpected-answer: .*metrics must be a list/],
    [
      "a figure that is none",
      { metrics: [{ sends: {} }] },
      /unexpected-answer: .*metrics\[0\]\.sends must be a number/,
    ],
    ["a list for an object", [], /unexpected-answer: .*\(all\) must be an object/],
  ])("%s", async (_, body, expected) => {
    sample.answer(body);
    expect(await refusal(readMessageTotals(sample.client, { messageCode: "m" }))).toMatch(expected);
  });

  test("an `error` that is no text, or empty, is a field like any other", async () => {
    for (const error of ["", null, 0, {}]) {
      sample.answer({ error, metrics: [] });
      expect((await readMessageTotals(sample.client, { messageCode: "m" })).hours).toEqual([]);
    }
  });

  test("no user id is repeated from what the platform says", async () => {
    sample.answer({ error: "hwid canary-device of canary-person is unknown" });
    const asked = getMessageLog(sample.client, { applicationCode, hwids: ["canary-device"], userId: "canary-person" });
    expect(await refusal(asked)).toBe("refused: read message log: hwid [secret] of [secret] is unknown");
    sample.answer({ error: "no such user canary-person" }, 400);
    expect(await refusal(getMessageLog(sample.client, { applicationCode, userId: "canary-person" }))).not.toContain(
      "canary",
    );
  });

  test("an entry that isn't answered with a request id may have worked", async () => {
    for (const body of [
      {},
      { success: false, message: "m" },
      { error: "e" },
      "[]",
      { request_uuid: "" },
      { payload: {} },
    ]) {
      sample.answer(body);
      const { kind } = await enterJourney(sample.client, journeyId, { kind: "users", people: ["u"] }, undefined);
      expect(kind).toBe("unknown");
    }
  });
});
