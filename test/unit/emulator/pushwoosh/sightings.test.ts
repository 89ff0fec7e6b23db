import { describe, expect, it } from "vitest";
import type { Emulator, PushwooshSwitches } from "../../../../provider/emulator/index";
import { type Body, created, definition, move, send, start } from "../client";

const statistics = (emulator: Emulator, id: string) => send(emulator, "GET", `/api/journey/${id}/statistics/external`);
const unknown = "11111111-2222-4333-8444-555555555555";
const points = [
  { uuid: "entry", point_type: "POINT_TYPE_EVENT", point_data: { message_bus: { event_name: "x" } } },
  { uuid: "push", title: "Hello", point_type: "POINT_TYPE_SEND_PUSH" },
  { uuid: "mail", title: "Letter", point_type: "POINT_TYPE_SEND_EMAIL" },
  { uuid: "inapp", title: "Banner", point_data: { in_app: {} } },
  { uuid: "split", title: "Opened?", point_type: "POINT_TYPE_SPLIT_BY_PUSH" },
];

async function journey(switches: PushwooshSwitches = {}) {
  const emulator = await start({ pushwoosh: switches });
  return { emulator, id: await created(emulator, definition("Figures", { points })) };
}

describe("statistics", () => {
  it("have figures for each message point of a running journey, by channel", async () => {
    const { emulator, id } = await journey();
    await move(emulator, "start", id);
    const { status, body } = await statistics(emulator, id);
    expect(status).toBe(200);
    const payload = body.payload as { title: string; points: Body[] };
    expect(payload.title).toBe("Figures");
    expect(payload.points.map((point) => point.pointTitle)).toEqual(["Hello", "Letter", "Banner"]);
    for (const point of payload.points) {
      expect(point.campaignCode).toMatch(/^[A-Z0-9]{5}-[A-Z0-9]{5}$/);
      expect(point.presetCode).toMatch(/^[A-Z0-9]{5}-[A-Z0-9]{5}$/);
    }
    const [push, mail, banner] = payload.points.map((point) => point.pointStat as Record<string, number>);
    expect(Object.keys(push!)).toEqual(["sent", "opened", "conversion"]);
    expect(push!.sent).toBeGreaterThan(0);
    expect(push!.conversion).toBe((push!.opened! / push!.sent!) * 100);
    expect(Object.keys(mail!).sort()).toEqual([
      "clicked",
      "complaints",
      "conversion",
      "opened",
      "sent",
      "softBounces",
      "unsubscribed",
    ]);
    expect(Object.keys(banner!)).toEqual(["shows", "interactions", "skipped"]);
  });

  it("are zero for a draft; or without points; or refused", async () => {
    const zeros = await journey();
    const { payload } = (await statistics(zeros.emulator, zeros.id)).body as { payload: { points: Body[] } };
    expect(payload.points[0]?.pointStat).toEqual({ sent: 0, opened: 0, conversion: 0 });
    const empty = await journey({ draftStatistics: "empty" });
    expect((await statistics(empty.emulator, empty.id)).body).toEqual({ payload: { title: "Figures", points: [] } });
    const refused = await journey({ draftStatistics: "refused" });
    expect(await statistics(refused.emulator, refused.id)).toMatchObject({ status: 400, body: { success: false } });
  });

  it("grow while the journey runs and stand still while it doesn't", async () => {
    const { emulator, id } = await journey();
    const sent = async () => {
      const { payload } = (await statistics(emulator, id)).body as { payload: { points: { pointStat: Body }[] } };
      return payload.points[0]?.pointStat.sent as number;
    };
    await move(emulator, "start", id);
    const first = await sent();
    emulator.advance({ hours: 3 });
    const later = await sent();
    expect(later).toBeGreaterThan(first);
    await move(emulator, "pause", id);
    emulator.advance({ hours: 3 });
    expect(await sent()).toBe(later);
    await move(emulator, "start", id);
    expect(await sent()).toBeGreaterThan(later);
  });

  it("know uniqOpened where switched on", async () => {
    const { emulator, id } = await journey({ uniqOpened: "present" });
    await move(emulator, "start", id);
    const { payload } = (await statistics(emulator, id)).body as { payload: { points: { pointStat: Body }[] } };
    expect(payload.points[0]?.pointStat).toHaveProperty("uniqOpened");
  });

  it.each([
    ["404", 404, { success: false, message: "journey not found" }],
    ["400", 400, { success: false, message: "journey not found" }],
    ["empty", 200, { payload: { title: "", points: [] } }],
  ] as const)("of an unknown journey: %s", async (unknownStatistics, status, body) => {
    const { emulator } = await journey({ unknownStatistics });
    const answer = await statistics(emulator, unknown);
    expect([answer.status, answer.body]).toEqual([status, body]);
  });
});

describe("the undocumented list", () => {
  const list = async (emulator: Emulator, page = 1) => {
    const { body } = await send(emulator, "GET", `/api/journey?page=${page}`);
    return body as { _metadata: Body; payload: { items: Body[] } };
  };
  const shown = async (emulator: Emulator) =>
    (await list(emulator)).payload.items.map(({ title, status }) => `${title} ${status}`);

  it("is off", async () => {
    const emulator = await start();
    expect(await send(emulator, "GET", "/api/journey?page=1")).toMatchObject({
      status: 404,
      body: { message: "Not Found" },
    });
  });

  it("pages through all journeys", async () => {
    const emulator = await start({ pushwoosh: { list: "on", listPageSize: 2 } });
    expect(await list(emulator)).toEqual({
      _metadata: { page: 1, page_count: 1, total_count: 0 },
      payload: { items: [] },
    });
    const ids: string[] = [];
    for (const title of ["A", "B", "C"]) ids.push(await created(emulator, definition(title)));
    const [first, second] = [await list(emulator, 1), await list(emulator, 2)];
    expect([first._metadata, second._metadata]).toEqual([
      { page: 1, page_count: 2, total_count: 3 },
      { page: 2, page_count: 2, total_count: 3 },
    ]);
    expect([...first.payload.items, ...second.payload.items]).toMatchObject(
      ids.map((id) => ({ id, status: "STATUS_DRAFT", createdAt: emulator.pushwoosh.journey(id).createdAt })),
    );
    expect((await list(emulator, 3)).payload.items).toEqual([]);
  });

  it.each([
    ["prefixed", "STATUS_RUNNING", "STATUS_DRAFT"],
    ["bare", "RUNNING", "DRAFT"],
    ["legacy", "active", "draft"],
  ] as const)("writes statuses %s", async (listStatus, running, draft) => {
    const emulator = await start({ pushwoosh: { list: "on", listStatus } });
    await move(emulator, "start", await created(emulator, definition("A")));
    await created(emulator, definition("B"));
    expect(await shown(emulator)).toEqual([`A ${running}`, `B ${draft}`]);
  });

  it("lags by calls", async () => {
    const emulator = await start({ pushwoosh: { list: "on", listStatus: "bare", listLagCalls: 2 } });
    const id = await created(emulator, definition("A"));
    expect([await shown(emulator), await shown(emulator), await shown(emulator)]).toEqual([[], [], ["A DRAFT"]]);
    await move(emulator, "start", id);
    expect([await shown(emulator), await shown(emulator), await shown(emulator)]).toEqual([
      ["A DRAFT"],
      ["A DRAFT"],
      ["A RUNNING"],
    ]);
  });

  it("lags by time", async () => {
    const emulator = await start({ pushwoosh: { list: "on", listStatus: "bare", listLagMs: 3_600_000 } });
    await created(emulator, definition("A"));
    expect(await shown(emulator)).toEqual([]);
    emulator.advance({ hours: 1 });
    expect(await shown(emulator)).toEqual(["A DRAFT"]);
  });
});
