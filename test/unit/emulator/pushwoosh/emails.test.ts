import { describe, expect, it } from "vitest";
import type { Body } from "../client";
import { add, application, paths, post, rows, running } from "./running";

describe("link clicks and bounces", () => {
  it("filters links by text and day, and pages through recipients", async () => {
    const { emulator, mail } = await running();
    const by = async (path: string, filters: Body, further: Body = {}) =>
      (await post(emulator, path, { filters, ...further })).body;
    const offer = rows((await by(paths.links, { application, link_template: "/offer*" })).items);
    expect(offer).toMatchObject([
      { title: "offer", link: `https://example.com/${mail.campaign}/offer`, clicks: expect.any(Number) },
    ]);
    expect(offer[0]).not.toHaveProperty("full_links");
    const date_range = { date_from: "2030-01-02", date_to: "2030-01-02" };
    const second = rows((await by(paths.links, { messages_ids: [mail.id], date_range })).items);
    expect(add(second, "clicks")).toBeLessThan(mail.stat.clicked!);
    const page = async (number: number) =>
      rows((await by(paths.devices, { messages_codes: [mail.code] }, { page: number, per_page: 50 })).items);
    const [first, next] = [await page(0), await page(1)];
    expect([first.length, next.length > 0]).toEqual([50, true]);
    expect(first[0]).toEqual({
      timestamp: "2030-01-01T10:30:00Z",
      link: `https://example.com/${mail.campaign}/offer?place=top`,
      hwid: "person-0@example.com",
    });
    expect(first).not.toContainEqual(next[0]);
  });

  it("finds bounces by message and by time", async () => {
    const { emulator, mail } = await running();
    const total = async (body: Body) =>
      (await post(emulator, paths.bounced, { application, per_page: 1, ...body })).body.total;
    const all = (await total({ message_code: mail.code })) as number;
    expect(all).toBeGreaterThan(0);
    expect(await total({ date_from: "2030-01-01T00:00:00.000Z", date_to: "2030-01-03T00:00:00.000Z" })).toBe(all);
    expect(await total({ date_from: "2031-01-01T00:00:00.000Z", date_to: "2031-01-03T00:00:00.000Z" })).toBe(0);
  });
});
