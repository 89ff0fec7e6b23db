import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { validate } from "../../../../provider/core/validate";
import type { PushwooshClient } from "../../../../provider/pushwoosh/api/client";
import { probeJourney } from "../../../../provider/pushwoosh/api/journeys";
import { readLinkClicks } from "../../../../provider/pushwoosh/api/links";
import { readJourneyStatistics } from "../../../../provider/pushwoosh/api/statistics";
import { readMessageTotals } from "../../../../provider/pushwoosh/api/totals";
import { entryInputs } from "../../../../provider/pushwoosh/entry/inputs";
import { removalInputs } from "../../../../provider/pushwoosh/removal/inputs";
import {
  getBouncedEmails,
  getLinkClicksByRecipient,
  getMessageLog,
  listJourneys,
  listMessages,
} from "../../../../provider/pushwoosh/statistics/functions";
import { getJourneyReport } from "../../../../provider/pushwoosh/statistics/report";
import { applicationCode, journeyId } from "./methods";
import { refusal, startSample } from "./sample";

/** Arguments no method can do anything with: each an error that names the argument, and not one request. */

let sample: Awaited<ReturnType<typeof startSample>>;
beforeAll(async () => {
  sample = await startSample();
});
afterEach(() => void sample.asked.splice(0));
afterAll(() => sample.close());

type Read = (client: PushwooshClient, args: never) => unknown;
interface Target {
  read: Read;
  /** Arguments that are right. */
  right: object;
  codes?: string[];
  lists?: string[];
  numbers?: string[];
  dated?: true;
}

const byMessage = { messageCodes: ["m"] };
const targets: Record<string, Target> = {
  listMessages: {
    read: listMessages,
    right: { applicationCode },
    codes: ["applicationCode", "campaignCode", "source"],
    lists: ["messageCodes", "messageIds", "platforms"],
    numbers: ["pageSize", "limit"],
    dated: true,
  },
  getMessageTotals: {
    read: readMessageTotals,
    right: { messageCode: "m" },
    codes: ["messageCode"],
    lists: ["platforms"],
  },
  getMessageLog: {
    read: getMessageLog,
    right: { applicationCode, messageCode: "m" },
    codes: ["applicationCode", "messageCode", "campaignCode", "userId"],
    lists: ["hwids", "actions", "platforms"],
    numbers: ["pageSize", "limit"],
    dated: true,
  },
  getLinkClicks: {
    read: readLinkClicks,
    right: byMessage,
    codes: ["applicationCode", "campaignCode", "linkTemplate", "emailContentCode"],
    lists: ["messageCodes", "messageIds"],
    dated: true,
  },
  getLinkClicksByRecipient: {
    read: getLinkClicksByRecipient,
    right: byMessage,
    codes: ["applicationCode", "campaignCode", "linkTemplate", "emailContentCode"],
    lists: ["messageCodes", "messageIds"],
    numbers: ["pageSize", "limit"],
    dated: true,
  },
  getBouncedEmails: {
    read: getBouncedEmails,
    right: { applicationCode, messageCode: "m" },
    codes: ["applicationCode", "messageCode", "campaignCode"],
    numbers: ["pageSize", "limit"],
    dated: true,
  },
  getJourneyReport: {
    read: (client, args) => getJourneyReport(client, journeyId, args),
    right: { applicationCode },
    codes: ["applicationCode"],
    numbers: ["limit"],
    dated: true,
  },
};

const unseen = ["", " ", "\t\n", "a\u0000b", "a\u001b[2J", "a\r\nX-Header: b", "\u0085"];
const noNumbers = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1e308, "10", null];
const noDates = [new Date(Number.NaN), Number.NaN, "", "soon", "2030-13-01", new Date(8.64e15), "+010000-01-01", {}];
const shown = (value: unknown) => (value instanceof Date ? "a Date beyond all" : JSON.stringify(value));

function attacks({ right, codes = [], lists = [], numbers = [], dated }: Target): [string, object, string][] {
  const each = (names: string[], values: readonly unknown[]) =>
    names.flatMap((name) =>
      values.map((value): [string, object, string] => [`${name} ${shown(value)}`, { ...right, [name]: value }, name]),
    );
  const dates = [
    ...noDates.map((from): [string, object, string] => [`from ${shown(from)}`, { from, to: "9999-12-31" }, "from"]),
    ...noDates.map((to): [string, object, string] => [`to ${shown(to)}`, { from: "2030-01-01", to }, "to"]),
    ["from after to", { from: "2030-01-02", to: "2030-01-01T23:59:59Z" }, "from"] as [string, object, string],
  ].map(([name, span, at]): [string, object, string] => [name, { ...right, ...span }, at]);
  return [
    ...each(codes, unseen),
    ...each(lists, [[], [""], ["\u0000"], [-1], [Number.NaN], "x", {}]),
    ...each(numbers, noNumbers),
    ...(dated ? dates : []),
  ];
}

describe.each(Object.entries(targets))("%s", (_, target) => {
  test.each(attacks(target))("%s", async (_case, args, name) => {
    const said = await refusal(() => target.read(sample.client, args as never));
    expect(said).toMatch(new RegExp(`^invalid-input: \\w+: ${name}(\\[0\\])?: (must|is) `));
    expect(said).not.toMatch(/\p{Cc}/u);
    expect(sample.asked).toEqual([]);
  });

  test("what is right gets through", async () => {
    expect(await refusal(() => target.read(sample.client, target.right as never))).toBe("(not refused)");
    expect(sample.asked.length).toBeGreaterThan(0);
  });

  test.each([[undefined], [null], ["text"], [7]])("%j for the arguments", async (args) => {
    if (target === targets.getJourneyReport && args === undefined) return; // its options may be left out
    expect(await refusal(() => target.read(sample.client, args as never))).toMatch(/^invalid-input: /);
    expect(sample.asked).toEqual([]);
  });
});

const ids = ["", " ", "../drop-users", "..%2f", `${journeyId}/../x`, `${journeyId}?a=b`, `${journeyId}\n`, "\u0000"];

test.each(ids)("the journey id %j is never part of an address", async (id) => {
  for (const read of [
    () => readJourneyStatistics(sample.client, { journeyId: id }),
    () => getJourneyReport(sample.client, id),
  ])
    expect(await refusal(read)).toMatch(/^invalid-input: .*journeyId: must be a UUID/);
  expect(await probeJourney(sample.client, id)).toMatchObject({ error: { code: "invalid-input" } });
  for (const shape of [
    validate(entryInputs, { journeyId: id, users: ["u"] }),
    validate(removalInputs, { journeyIds: [id], userIds: ["u"] }),
  ])
    expect(shape).toMatchObject([{ reason: "must be a UUID" }]);
  expect(sample.asked).toEqual([]);
});

test.each([0, -1, Number.NaN, 1e308])("listJourneys of at most %d", async (limit) => {
  const client = sample.clientWith({ pushwooshUseUndocumentedList: "true" });
  expect(await refusal(() => listJourneys(client, { limit }))).toMatch(/^invalid-input: listJourneys: limit: must /);
  expect(sample.asked).toEqual([]);
});

test.each(unseen)("%j is nobody, no attribute and no filter", (text) => {
  const problems = (shape: typeof entryInputs | typeof removalInputs, inputs: object) =>
    validate(shape, inputs).map(({ path }) => path.join("."));
  expect(problems(entryInputs, { journeyId, users: ["u", text] })).toEqual(["users.1"]);
  expect(problems(entryInputs, { journeyId, hwids: [text] })).toEqual(["hwids.0"]);
  expect(problems(entryInputs, { journeyId, filter: text })).toEqual(["filter"]);
  expect(problems(entryInputs, { journeyId, users: ["u"], attributes: { [text]: "v" } })).toHaveLength(1);
  expect(problems(removalInputs, { journeyIds: [journeyId], userIds: [text] })).toEqual(["userIds.0"]);
});

test("who was asked about is in no error about the arguments", async () => {
  const asked = { applicationCode, messageCode: "m" };
  for (const wrong of [{ hwids: "ann@example.com" }, { userId: 4711 }, { hwids: ["ann@example.com\u0000"] }]) {
    const said = await refusal(() => getMessageLog(sample.client, { ...asked, ...wrong } as never));
    expect(said).toMatch(/^invalid-input: getMessageLog: (hwids|userId)/);
    expect(said).not.toMatch(/ann|4711/);
  }
});
