import { describe, expect, it } from "vitest";
import type { Emulator } from "../../../../provider/emulator/index";
import type { Body } from "../client";
import { application, paths, post, rows, running } from "./running";

describe("getMessageLog", () => {
  const read = async (emulator: Emulator, body: Body) =>
    (await post(emulator, paths.log, { application_code: application, ...body })).body;

  it("pages through all events once", async () => {
    const { emulator, push } = await running();
    const whole = await read(emulator, { message_id: push.id, limit: 100_000 });
    expect(whole).not.toHaveProperty("pagination_token");
    const paged: Body[] = [];
    let token: unknown;
    do {
      const page = await read(emulator, {
        message_id: push.id,
        limit: 97,
        ...(token !== undefined && { pagination_token: token }),
      });
      expect(rows(page.data).length).toBeLessThanOrEqual(97);
      paged.push(...rows(page.data));
      token = page.pagination_token;
      emulator.advance({ hours: 1 });
    } while (token !== undefined);
    expect(paged).toEqual(whole.data);
    expect(whole.data).toContainEqual({
      timestamp: "2030-01-01T10:30:00Z",
      application_code: application,
      message_id: push.id,
      message_code: push.code,
      campaign_code: push.campaign,
      hwid: "hw-0",
      user_id: "user-0",
      platform: "android",
      action: "sent",
      status: "success",
      push_alerts_enabled: "true",
    });
  });

  it("filters by person, action, platform and time", async () => {
    const { emulator, push, mail } = await running();
    const all = async (body: Body) => rows((await read(emulator, { limit: 100_000, ...body })).data);
    const campaign_code = push.campaign;
    expect(new Set((await all({ campaign_code, actions: ["opened"] })).map((event) => event.action))).toEqual(
      new Set(["opened"]),
    );
    expect(
      new Set(
        (await all({ campaign_code, platforms: ["ios", "huawei android", "huawei_android"] })).map(
          (event) => event.platform,
        ),
      ),
    ).toEqual(new Set(["ios"]));
    expect((await all({ campaign_code, user_id: "user-0" })).map((event) => event.action)).toEqual([
      "sent",
      "delivered",
      "opened",
    ]);
    expect(await all({ campaign_code, hwid: "hw-0" })).toHaveLength(3);
    expect(await all({ campaign_code, hwid: ["hw-0", "hw-1"] })).toHaveLength(6);
    expect((await all({ campaign_code: mail.campaign, hwid: "person-0@example.com" })).length).toBe(3);
    const first = await all({ date_from: "2030-01-01 10:00:00", date_to: "2030-01-01 10:59:59" });
    expect(new Set(first.map((event) => event.timestamp))).toEqual(new Set(["2030-01-01T10:30:00Z"]));
    expect(await all({ campaign_code, actions: ["inbox_read"] })).toEqual([]);
  });

  it("has exactly as many events per message as asked for", async () => {
    const { emulator, push } = await running({ pushwoosh: { eventsPerMessage: 100_000 } });
    const whole = await read(emulator, { message_code: push.code, limit: 100_000 });
    expect(rows(whole.data)).toHaveLength(100_000);
    expect(new Set(rows(whole.data).map((event) => `${event.hwid} ${event.action}`)).size).toBe(100_000);
    expect(whole).not.toHaveProperty("pagination_token");
  });

  it.each([
    ["absent", undefined],
    ["empty", ""],
    ["repeated", expect.any(String)],
    ["empty-page", expect.any(String)],
  ] as const)("ends with a token that is %s", async (logEnd, token) => {
    const { emulator, push } = await running({ pushwoosh: { logEnd } }, 0);
    const first = await read(emulator, { message_code: push.code, limit: 10 });
    const last = await read(emulator, {
      message_code: push.code,
      limit: 100_000,
      pagination_token: first.pagination_token,
    });
    expect(last.pagination_token).toEqual(token);
    if (logEnd === "repeated") expect(last.pagination_token).toBe(first.pagination_token);
    if (logEnd === "empty-page") {
      const beyond = await read(emulator, { message_code: push.code, pagination_token: last.pagination_token });
      expect(beyond).toEqual({ data: [] });
    }
  });

  it("follows the older page's rules where switched on", async () => {
    const { emulator } = await running({ pushwoosh: { messageLog: "older" } });
    expect((await read(emulator, { user_id: "user-0" })).data).toHaveLength(6);
    expect(await read(emulator, { date_from: "2029-11-01 00:00:00", date_to: "2030-01-02 00:00:00" })).toEqual({
      error: "exceeded the maximum date interval. Max interval: 30 days",
    });
    expect(await read(emulator, { date_from: "2029-11-01 00:00:00", date_to: "2029-11-02 00:00:00" })).toEqual({
      error: "dates must be within the last 30 days",
    });
    const current = await running();
    expect(await read(current.emulator, { user_id: "user-0" })).toEqual({
      error: "date_from and date_to must be provided",
    });
  });
});
