import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { pushwoosh } from "../../../provider/index";
import { application, running } from "../emulator/pushwoosh/running";

let scene: Awaited<ReturnType<typeof running>>;
beforeEach(async () => {
  scene = await running({ pushwoosh: { list: "on" } });
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "x", state: {} }), call: () => ({}) }, "shop", "dev", true);
  pulumi.runtime.setAllConfig({
    "journeys:pushwooshApiToken": "token",
    "journeys:pushwooshJourneyUrl": scene.emulator.url,
    "journeys:pushwooshApiUrl": scene.emulator.url,
    "journeys:pushwooshUseUndocumentedList": "true",
    "journeys:requestRate": "0",
  });
});

const seen = (output: pulumi.Output<unknown>) =>
  new Promise<object>((resolve) => output.apply((value) => resolve(value as object)));
const isUnknown = async (output: pulumi.Output<unknown>) =>
  !(await (output as unknown as { isKnown: Promise<boolean> }).isKnown);
class Later extends pulumi.CustomResource {
  declare readonly later: pulumi.Output<string>;
  constructor(name: string, args: object) {
    super("test:index:Later", name, { ...args, later: undefined });
  }
}
const unknown = () => new Later("later", {}).later;

test("in a preview, plain forms give plain values from the stack's configuration", async () => {
  const { id, push } = scene;
  const statistics = await pushwoosh.getJourneyStatistics({ journeyId: id });
  expect(statistics).toMatchObject({ title: "Figures", points: [{ figures: { sent: push.stat.sent } }, {}] });
  expect((await pushwoosh.listMessages({ applicationCode: application, limit: 1 })).truncated).toBe(true);
  expect((await pushwoosh.getMessageTotals({ messageCode: push.code })).hours.length).toBeGreaterThan(0);
  expect((await pushwoosh.listJourneys()).journeys).toHaveLength(2);
  expect((await pushwoosh.getJourneyReport(id, { applicationCode: application })).points[0]).toHaveProperty("messages");
});

describe("Output forms", () => {
  const { output } = pulumi;

  test("give what the plain ones give, from Outputs, Dates and promises", async () => {
    const args = { applicationCode: application, messageCode: scene.push.code };
    const span = { from: new Date("2030-01-01T00:00:00Z"), to: new Date("2030-01-31T00:00:00Z") };
    const plain = await pushwoosh.getMessageLog({ ...args, ...span, limit: 3 });
    expect(plain.events).toHaveLength(3);
    const lifted = pushwoosh.getMessageLogOutput({
      ...args,
      from: output(0).apply(() => "2030-01-01"),
      to: Promise.resolve(span.to),
      limit: output(3),
    });
    expect(await seen(lifted)).toEqual(plain);
    const dated = pushwoosh.getMessageLogOutput({ ...args, ...span, limit: 3 });
    expect(await seen(dated)).toEqual(plain);
  });

  test("are secret where they name people, whatever the arguments", async () => {
    const messageCode = scene.mail.code;
    const applicationCode = application;
    const secret = {
      messages: pushwoosh.listMessagesOutput({ applicationCode }),
      log: pushwoosh.getMessageLogOutput({ applicationCode, messageCode }),
      links: pushwoosh.getLinkClicksOutput({ messageCodes: [messageCode], withFullLinks: true }),
      clicks: pushwoosh.getLinkClicksByRecipientOutput({ messageCodes: [messageCode] }),
      bounces: pushwoosh.getBouncedEmailsOutput(pulumi.output({ applicationCode, messageCode })),
    };
    for (const [name, result] of Object.entries<pulumi.Output<unknown>>(secret)) {
      expect(`${name} ${await pulumi.isSecret(result)}`).toBe(`${name} true`);
      expect(Object.values(await seen(result))[0].length).toBeGreaterThan(0);
    }
    const open = {
      statistics: pushwoosh.getJourneyStatisticsOutput({ journeyId: scene.id }),
      totals: pushwoosh.getMessageTotalsOutput({ messageCode }),
      journeys: pushwoosh.listJourneysOutput(),
      report: pushwoosh.getJourneyReportOutput(scene.id, {
        applicationCode: output(applicationCode),
        from: new Date("2030-01-01"),
        to: "2030-01-31",
      }),
    };
    for (const [name, result] of Object.entries<pulumi.Output<unknown>>(open)) {
      expect(`${name} ${await pulumi.isSecret(result)}`).toBe(`${name} false`);
      expect(Object.keys(await seen(result)).length).toBeGreaterThan(0);
    }
    expect(await pulumi.isSecret(pushwoosh.getJourneyStatisticsOutput({ journeyId: pulumi.secret(scene.id) }))).toBe(
      true,
    );
  });

  test("of arguments not known yet are unknown, and nothing is sent", async () => {
    const before = scene.emulator.requests();
    expect(await isUnknown(pushwoosh.getJourneyReportOutput(unknown()))).toBe(true);
    expect(await isUnknown(pushwoosh.getMessageTotalsOutput({ messageCode: unknown() }))).toBe(true);
    expect(scene.emulator.requests()).toBe(before);
  });
});

test("a client streams everything, with settings of its own", async () => {
  const statistics = await pushwoosh.statistics();
  const pages: number[] = [];
  const args = { applicationCode: application, messageCode: scene.push.code, pageSize: 500 };
  let count = 0;
  for await (const _ of statistics.messageLog(args, { onProgress: ({ items }) => pages.push(items) })) count += 1;
  expect(count).toBe(pages.at(-1));
  expect(count).toBeGreaterThan(1000);
  for await (const message of statistics.messages({ applicationCode: application })) expect(message.code).toBeDefined();
  for await (const row of statistics.bouncedEmails({ applicationCode: application, messageCode: scene.mail.code }))
    expect(row.email).toContain("@");
  for await (const row of statistics.linkClicksByRecipient({ messageCodes: [scene.mail.code] }))
    expect(row.hwid).toContain("@");
  await statistics.close();
  const elsewhere = await pushwoosh.statistics({ pushwooshApiUrl: "ftp://example.com" });
  await expect(elsewhere.messages({ applicationCode: application }).next()).rejects.toThrow(/invalid-configuration/);
  expect(() => elsewhere.messages({} as never)).toThrow(/applicationCode: is required/);
  await elsewhere.close();
});
