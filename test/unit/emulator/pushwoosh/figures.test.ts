import { describe, expect, it } from "vitest";
import type { Body } from "../client";
import { add, application, paths, post, rows, running } from "./running";

describe("figures agree across the methods", () => {
  it("for a push", async () => {
    const { emulator, push } = await running();
    const metrics = rows((push.item.push_info as Body).metrics);
    const totals = (await post(emulator, paths.totals, { message_code: push.code })).body;
    const buckets = rows(totals.metrics);
    expect(new Set(buckets.map((bucket) => bucket.timestamp)).size).toBe(31);
    expect(buckets[0]).toMatchObject({ timestamp: "2030-01-01 10:00:00", platform: 3, sends: expect.any(String) });
    const log = rows(
      (await post(emulator, paths.log, { application_code: application, message_code: push.code, limit: 100_000 })).body
        .data,
    );
    const events = (action: string, platform: string) =>
      log.filter((event) => event.action === action && event.platform === platform).length;
    for (const [platform, name] of [
      [3, "android"],
      [1, "ios"],
    ] as const) {
      const mine = buckets.filter((bucket) => bucket.platform === platform);
      const metric = metrics.find((entry) => entry.platform === platform)!;
      expect([add(mine, "sends"), add(mine, "deliveries"), add(mine, "opens"), add(mine, "errors")]).toEqual([
        metric.sends,
        metric.deliveries,
        metric.opens,
        metric.errors,
      ]);
      expect([events("sent", name), events("delivered", name), events("opened", name)]).toEqual([
        metric.sends,
        metric.deliveries,
        metric.opens,
      ]);
    }
    expect([push.stat.sent, push.stat.opened]).toEqual([add(metrics, "sends"), add(metrics, "opens")]);
    expect(totals.conversion).toMatchObject({ sends: String(push.stat.sent), opens: String(push.stat.opened) });
    expect(log.filter((event) => event.status === "error")).toHaveLength(add(metrics, "errors"));
  });

  it("for an email", async () => {
    const { emulator, mail } = await running();
    const [metric] = rows((mail.item.email_info as Body).metrics) as Record<string, number>[];
    expect(mail.stat).toMatchObject({
      sent: metric!.sends,
      opened: metric!.opens,
      unsubscribed: metric!.unsubs,
      softBounces: metric!.soft_bounces,
      complaints: metric!.complaints,
    });
    expect(mail.stat.clicked).toBeGreaterThan(0);
    const filters = { campaign: mail.campaign, link_template: "example.com" };
    const links = rows((await post(emulator, paths.links, { filters, params: { with_full_links: true } })).body.items);
    expect(add(links, "clicks")).toBe(mail.stat.clicked);
    for (const link of links) expect(add(rows(link.full_links), "clicks")).toBe(link.clicks);
    expect((await post(emulator, paths.devices, { filters })).body.total).toBe(mail.stat.clicked);
    const bounced = async (type?: string) =>
      (await post(emulator, paths.bounced, { application, campaign: mail.campaign, per_page: 5000, page: 0, type }))
        .body;
    expect((await bounced("Hardbounce")).total).toBe(metric!.hard_bounces);
    expect((await bounced("Softbounce")).total).toBe(metric!.soft_bounces);
    expect((await bounced("Complaint")).total).toBe(metric!.complaints);
    const all = await bounced();
    expect(rows(all.bounced_emails)).toHaveLength(all.total as number);
    const undelivered = rows(all.bounced_emails).filter((row) => row.type !== "Complaint");
    expect(new Set(undelivered.map((row) => row.email)).size).toBe(undelivered.length);
  });

  it("and are the same for the same seed", async () => {
    const [one, two, other] = [await running(), await running(), await running({ seed: 2 })];
    expect([two.push.item, two.mail.item]).toEqual([one.push.item, one.mail.item]);
    expect(other.push.item).not.toEqual(one.push.item);
  });
});

it("count a point from when it came into the journey", async () => {
  const { emulator, id } = await running({}, 2);
  const late = { uuid: "late", title: "Late", point_type: "POINT_TYPE_SEND_PUSH" };
  emulator.behind.journey(id).edit((journey) => {
    journey.points.push(late);
  });
  emulator.advance({ hours: 1 });
  const listed = async () => rows((await post(emulator, paths.list, { filters: { application } })).body.items);
  const added = (await listed()).at(-1)!;
  expect(added.send_date).toBe("2030-01-01 12:30:00");
  const { metrics } = (await post(emulator, paths.totals, { message_code: added.code, platforms: [3] })).body;
  expect(rows(metrics).map((bucket) => bucket.timestamp)).toEqual(["2030-01-01 12:00:00", "2030-01-01 13:00:00"]);

  const sent = (await listed()).length;
  emulator.behind.journey(id).finish();
  emulator.advance({ hours: 1 });
  emulator.behind.journey(id).edit((journey) => {
    journey.points.push({ ...late, uuid: "too late" });
  });
  emulator.advance({ hours: 1 });
  expect(await listed()).toHaveLength(sent);
});
