import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readLinkClicks } from "../../../../provider/pushwoosh/api/links";
import {
  getBouncedEmails,
  getLinkClicksByRecipient,
  getMessageLog,
  listMessages,
} from "../../../../provider/pushwoosh/statistics/functions";
import { application as applicationCode, running } from "../../emulator/pushwoosh/running";
import { clientOf } from "../api/sample";

/** What the documentation allows, the platform takes: every choice of "one of", and every number up to its maximum. */

let scene: Awaited<ReturnType<typeof running>>;
let client: ReturnType<typeof clientOf>;
beforeEach(async () => {
  scene = await running({ pushwoosh: { auth: "documented" } });
  client = clientOf(scene.emulator.url);
});
afterEach(() => client.close());

const days = { from: "2030-01-01", to: "2030-01-03" };
const lastBody = () => scene.emulator.journal.at(-1)?.body;

describe("each of several arguments alone is enough", () => {
  const links = (): [string, object][] => [
    ["applicationCode", { applicationCode, linkTemplate: "http" }],
    ["campaignCode", { campaignCode: scene.mail.campaign, linkTemplate: "http" }],
    ["messageIds", { messageIds: [scene.mail.id] }],
    ["messageCodes", { messageCodes: [scene.mail.code] }],
  ];

  test("for link clicks, which count the same by each", async () => {
    const counted = [];
    for (const [, args] of links()) counted.push((await readLinkClicks(client, args)).links);
    expect(counted[0]!.length).toBeGreaterThan(0);
    for (const each of counted) expect(each).toEqual(counted[0]);
  });

  test("for link clicks by recipient", async () => {
    const counted = [];
    for (const [, args] of links()) counted.push((await getLinkClicksByRecipient(client, args)).clicks.length);
    expect(counted).toEqual(links().map(() => scene.mail.stat.clicked));
  });

  test("for bounced emails", async () => {
    const by = [{ messageCode: scene.mail.code }, { campaignCode: scene.mail.campaign }, days];
    const counted = [];
    for (const args of by) counted.push((await getBouncedEmails(client, { applicationCode, ...args })).bounces);
    expect(counted[0]!.length).toBeGreaterThan(0);
    for (const each of counted) expect(each).toEqual(counted[0]);
  });

  test("for the message log", async () => {
    const by = [{ messageId: scene.push.id }, { messageCode: scene.push.code }, { campaignCode: scene.push.campaign }];
    const [first, ...others] = await Promise.all(
      by.map((args) => getMessageLog(client, { applicationCode, limit: 50, ...args })),
    );
    expect(first!.events).toHaveLength(50);
    for (const each of others) expect(each).toEqual(first);
    expect((await getMessageLog(client, { applicationCode, limit: 50, ...days })).events).toHaveLength(50);
  });
});

describe("a maximum is taken, and never exceeded for a limit beyond it", () => {
  test.each([{ pageSize: 1000 }, { limit: 1000 }, { limit: 50_000 }])("messages: %j", async (size) => {
    await listMessages(client, { applicationCode, ...size });
    expect(lastBody()).toMatchObject({ per_page: 1000 });
  });

  test.each([{ pageSize: 100_000 }, { limit: 100_000 }, { limit: 250_000 }])("message log: %j", async (size) => {
    await getMessageLog(client, { applicationCode, messageCode: scene.push.code, ...size });
    expect(lastBody()).toMatchObject({ limit: 100_000 });
  });

  test.each([{ pageSize: 1000 }, { limit: 1000 }, { limit: 50_000 }])("clicks by recipient: %j", async (size) => {
    await getLinkClicksByRecipient(client, { messageCodes: [scene.mail.code], ...size });
    expect(lastBody()).toMatchObject({ per_page: 1000 });
  });

  test.each([{ pageSize: 5000 }, { limit: 5000 }, { limit: 50_000 }])("bounced emails: %j", async (size) => {
    await getBouncedEmails(client, { applicationCode, messageCode: scene.mail.code, ...size });
    expect(lastBody()).toMatchObject({ per_page: 5000 });
  });
});
