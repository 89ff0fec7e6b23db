import { describe, expect, it } from "vitest";
import type { Body } from "../client";
import { application, paths, post, rows, running } from "./running";

describe("messages:list", () => {
  it("has the messages of journeys that ran, in the documented shape", async () => {
    const { emulator, push } = await running();
    const plain = (await post(emulator, paths.list, { filters: { application } })).body;
    expect([plain.total, rows(plain.items).length]).toEqual([2, 2]);
    expect(rows(plain.items)[0]).toEqual({
      id: push.id,
      code: push.code,
      created_date: "2030-01-01 10:30:00",
      send_date: "2030-01-01 10:30:00",
      status: "done",
      platforms: ["ANDROID", "IOS"],
      source: "CUSTOMER_JOURNEY",
      push_info: {},
    });
    expect(push.code).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{8}-[A-Z0-9]{8}$/);
    expect(push.id).toBeGreaterThan(2 ** 32);
  });

  it.each<[string, Body, string[]]>([
    ["another application", { application: "B" }, []],
    ["platforms", { platforms: ["EMAIL"] }, ["mail"]],
    ["no platforms", { platforms: [] }, ["push", "mail"]],
    ["its day", { date_range: { date_from: "2030-01-01", date_to: "2030-01-01" } }, ["push", "mail"]],
    ["another day", { date_range: { date_from: "2030-01-02", date_to: "2030-01-03" } }, []],
    ["its source", { source: "CUSTOMER_JOURNEY" }, ["push", "mail"]],
    ["another source", { source: "API" }, []],
  ])("filters by %s", async (_case, filters, found) => {
    const { emulator, push, mail } = await running();
    const { items } = (await post(emulator, paths.list, { filters: { application, ...filters } })).body;
    const names = new Map([
      [push.code, "push"],
      [mail.code, "mail"],
    ]);
    expect(rows(items).map((item) => names.get(item.code as string))).toEqual(found);
  });

  it("filters by campaign, codes and ids, pages, and takes the wrapped body", async () => {
    const { emulator, push, mail } = await running();
    const codes = async (filters: Body, further: Body = {}) =>
      rows((await post(emulator, paths.list, { filters: { application, ...filters }, ...further })).body.items).map(
        (item) => item.code,
      );
    expect(await codes({ campaign: mail.campaign })).toEqual([mail.code]);
    expect(await codes({ messages_codes: [push.code] })).toEqual([push.code]);
    expect(await codes({ messages_ids: [mail.id] })).toEqual([mail.code]);
    expect(await codes({}, { per_page: 1, page: 1 })).toEqual([mail.code]);
    const wrapped = await post(emulator, paths.list, {
      request: { filters: { application, campaign: push.campaign } },
    });
    expect(wrapped.body.total).toBe(1);
  });

  it("puts tag conditions of a push where the switch says", async () => {
    const body = { filters: { application }, params: { with_details: true } };
    for (const [conditionsPlace, inside] of [
      ["platform_parameters", true],
      ["details", false],
    ] as const) {
      const { emulator } = await running({ pushwoosh: { conditionsPlace } });
      const [push, mail] = rows((await post(emulator, paths.list, body)).body.items);
      const details = (push!.push_info as Body).details as Body;
      expect(["conditions" in (details.platform_parameters as Body), "conditions" in details]).toEqual([
        inside,
        !inside,
      ]);
      expect((mail!.email_info as Body).details).toMatchObject({ subject: { en: "Letter" }, conditions: [] });
    }
  });
});

it("sends 64-bit numbers as strings where switched on", async () => {
  const { emulator, push, mail } = await running({ pushwoosh: { int64: "strings" } });
  expect([typeof push.id, typeof rows((push.item.push_info as Body).metrics)[0]?.sends]).toEqual(["string", "string"]);
  expect(rows((push.item.push_info as Body).metrics)[0]?.platform).toBe(3);
  const { data } = (await post(emulator, paths.log, { application_code: application, message_id: push.id })).body;
  expect(rows(data)[0]?.message_id).toBe(push.id);
  const links = await post(emulator, paths.links, { filters: { messages_codes: [mail.code] } });
  expect(rows(links.body.items)[0]?.clicks).toEqual(expect.any(String));
});

describe("totalsByIntervals", () => {
  it("filters by numeric platforms", async () => {
    const { emulator, push } = await running({}, 0);
    const { metrics } = (await post(emulator, paths.totals, { message_code: push.code, platforms: [1] })).body;
    expect(rows(metrics).map((bucket) => bucket.platform)).toEqual([1]);
  });
});
