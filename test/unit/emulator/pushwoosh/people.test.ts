import { describe, expect, it } from "vitest";
import type { Emulator, PushwooshSwitches } from "../../../../provider/emulator/index";
import { type Body, created, definition, move, send, start } from "../client";

const apiEntry = (further: Body = {}) => ({
  uuid: "aaaaaaaa-0000-4000-8000-00000000000a",
  point_type: "POINT_TYPE_START_BY_API",
  point_data: { start_by_api: { attributes: [{ name: "promo_code" }, { name: "tier" }], ...further } },
});
const enter = (emulator: Emulator, id: string, payload: unknown) =>
  send(emulator, "POST", `/api/journey/${id}/start/external`, { payload });
const drop = (emulator: Emulator, body: unknown) => send(emulator, "POST", "/api/journey/drop-users/external", body);

async function running(points: Body[] = [apiEntry()], switches: PushwooshSwitches = {}) {
  const emulator = await start({ pushwoosh: switches });
  const id = await created(emulator, definition("Api", { points }));
  await move(emulator, "start", id);
  return { emulator, id };
}

describe("start by API", () => {
  it("enters people and answers the request's id", async () => {
    const { emulator, id } = await running();
    const answer = await enter(emulator, id, { users: ["ann", "bob"], attribute_values: { tier: "gold" } });
    expect([answer.status, answer.body]).toEqual([200, { request_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
    await enter(emulator, id, { users: ["ann"] });
    await enter(emulator, id, { hwids: ["H1"] });
    await enter(emulator, id, { filter: 'A("AAAAA-11111")' });
    expect(emulator.pushwoosh.entries()).toMatchObject([
      { requestId: answer.body.request_uuid, journeyId: id, users: ["ann", "bob"], attributes: { tier: "gold" } },
      { users: ["ann"], attributes: {} },
      { hwids: ["H1"] },
      { filter: 'A("AAAAA-11111")' },
    ]);
    const times = [
      ["ann", 2],
      ["bob", 1],
      ["H1", 1],
    ];
    expect([...emulator.pushwoosh.entered(id)]).toEqual(times);
    expect(emulator.writes({ endpoint: "journey.enter", id })).toBe(4);
  });

  it("can answer the id inside payload", async () => {
    const { emulator, id } = await running([apiEntry()], { requestIdPlace: "payload" });
    expect((await enter(emulator, id, { users: ["ann"] })).body).toEqual({
      payload: { request_uuid: expect.any(String) },
    });
  });

  const none = "one of users, hwids or filter must be provided";
  const several = "only one of users, hwids or filter must be provided";
  it.each<[string, unknown, string]>([
    ["nobody", {}, none],
    ["empty lists", { users: [], hwids: [], filter: "" }, none],
    ["no payload", undefined, none],
    ["users and hwids", { users: ["a"], hwids: ["b"] }, several],
    ["users and filter", { users: ["a"], filter: "x" }, several],
    [
      "a strange attribute",
      { users: ["a"], attribute_values: { size: "L" } },
      "attribute size is not configured on the API entry point",
    ],
    [
      "an attribute that is no text",
      { users: ["a"], attribute_values: { tier: 1 } },
      "attribute tier must be a string",
    ],
    ["users that are no texts", { users: [1] }, "lists must hold strings"],
  ])("refuses %s", async (_case, payload, message) => {
    const { emulator, id } = await running();
    const answer = await enter(emulator, id, payload);
    expect([answer.status, answer.body]).toEqual([400, { success: false, message }]);
    expect([emulator.pushwoosh.entries(), emulator.writes({ endpoint: "journey.enter" })]).toEqual([[], 0]);
  });

  it("checks the selector before the journey, the journey before its status, the status before its entry", async () => {
    const emulator = await start();
    const id = await created(emulator, definition("No entry"));
    const message = async (journey: string, payload: unknown) => (await enter(emulator, journey, payload)).body.message;
    expect(await message("nonsense", {})).toBe(none);
    expect(await message("nonsense", { users: ["a"] })).toBe("journey not found");
    expect(await message(id, { users: ["a"] })).toBe("journey is not running");
    await move(emulator, "start", id);
    expect(await message(id, { users: ["a"], attribute_values: { x: "y" } })).toBe(
      "journey has no active API entry point",
    );
  });

  it("needs exactly one active entry", async () => {
    const off = await running([apiEntry({ is_deactivated: true })]);
    expect((await enter(off.emulator, off.id, { users: ["a"] })).body.message).toMatch(/no active API entry/);
    const two = await running([apiEntry(), { ...apiEntry(), uuid: "b" }]);
    expect((await enter(two.emulator, two.id, { users: ["a"] })).body.message).toMatch(/exactly one API entry/);
    const oneOff = await running([apiEntry(), { ...apiEntry({ is_deactivated: true }), uuid: "b" }]);
    expect((await enter(oneOff.emulator, oneOff.id, { users: ["a"] })).status).toBe(200);
  });

  it.each(["pause", "finish"])("refuses after %s", async (action) => {
    const { emulator, id } = await running();
    await move(emulator, action, id);
    expect((await enter(emulator, id, { users: ["a"] })).body.message).toBe("journey is not running");
  });
});

describe("drop users", () => {
  it("drops from the journeys named, as far as they are active", async () => {
    const { emulator, id } = await running();
    const draft = await created(emulator);
    const answer = await drop(emulator, { user_ids: ["ann"], journey_uuids: [id, draft, "unknown"] });
    expect([answer.status, answer.body]).toEqual([200, { success: true }]);
    expect(emulator.pushwoosh.removals()).toMatchObject([{ users: ["ann"], journeyIds: [id] }]);
    expect(emulator.writes({ endpoint: "journey.dropUsers" })).toBe(1);
  });

  it("drops from all active journeys, whatever else is named", async () => {
    const { emulator, id } = await running();
    const paused = await created(emulator);
    for (const action of ["start", "pause"]) await move(emulator, action, paused);
    await created(emulator);
    await drop(emulator, { user_ids: ["ann"], all_journeys: true, journey_uuids: ["unknown"] });
    expect(emulator.pushwoosh.removals()).toMatchObject([{ journeyIds: [id, paused] }]);
  });

  const journeys = "journey_uuids must be provided if all_journeys is false";
  it.each<[unknown, string]>([
    [{}, "user_ids must be provided"],
    [{ user_ids: [], all_journeys: true }, "user_ids must be provided"],
    [{ user_ids: ["a"] }, journeys],
    [{ user_ids: ["a"], all_journeys: false }, journeys],
    [{ user_ids: ["a"], journey_uuids: [] }, journeys],
  ])("refuses %j", async (body, message) => {
    const emulator = await start();
    const answer = await drop(emulator, body);
    expect([answer.status, answer.body]).toEqual([400, { success: false, message }]);
    expect([emulator.pushwoosh.removals(), emulator.writes()]).toEqual([[], 0]);
  });
});
