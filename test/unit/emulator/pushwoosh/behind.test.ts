import { expect, it } from "vitest";
import { create, created, definition, info, move, start } from "../client";

it("edits, moves and creates without a request", async () => {
  const emulator = await start({ pushwoosh: { pointIdsAcrossJourneys: "refused" } });
  const id = await created(emulator);
  const body = structuredClone(emulator.journal[0]?.body);
  emulator.advance({ hours: 1 });
  const before = emulator.pushwoosh.journey(id);
  emulator.behind
    .journey("Welcome")
    .edit((journey) => {
      journey.title = "Edited";
      journey.params.capping = { entries: 1 };
      journey.points.pop();
    })
    .start()
    .pause();

  const after = emulator.pushwoosh.journey(id);
  expect(after).toMatchObject({ title: "Edited", status: "STATUS_PAUSED", params: { capping: { entries: 1 } } });
  expect(after.points).toHaveLength(1);
  expect(after.history.map((edition) => edition.definition.points.length)).toEqual([2, 1]);
  expect(after.updatedAt).not.toBe(before.updatedAt);
  expect(after.history.map(({ by }) => by)).toEqual(["api", "outside"]);
  expect(after.transitions.map(({ by, action, to }) => [by, action, to])).toEqual([
    ["api", "create", "STATUS_DRAFT"],
    ["outside", "start", "STATUS_RUNNING"],
    ["outside", "pause", "STATUS_PAUSED"],
  ]);
  expect([emulator.requests(), emulator.writes(), emulator.journal[0]?.body]).toEqual([1, 1, body]);
  expect(info(await move(emulator, "start", id))).toMatchObject({ title: "Edited" });

  const other = emulator.behind.createJourney({ title: "Theirs", params: { application_code: "B" } });
  expect(emulator.pushwoosh.journey("Theirs")).toMatchObject({ id: other, status: "STATUS_DRAFT" });
  expect(emulator.writes()).toBe(2);
});

it.each([
  ["finish", "STATUS_FINISHED"],
  ["draft", "STATUS_DRAFT"],
  ["archive", "STATUS_ARCHIVED"],
] as const)("can %s from any state", async (action, status) => {
  const emulator = await start();
  const id = await created(emulator);
  await move(emulator, "start", id);
  emulator.behind.journey(id)[action]();
  expect(emulator.pushwoosh.journey(id).status).toBe(status);
});

it("can make a journey vanish, points and all", async () => {
  const emulator = await start({ pushwoosh: { pointIdsAcrossJourneys: "refused" } });
  const id = await created(emulator);
  emulator.behind.journey(id).vanish();
  expect((await move(emulator, "start", id)).status).toBe(404);
  expect((await create(emulator)).status).toBe(200);
});

it("finds by title only what is clear", async () => {
  const emulator = await start();
  const first = await created(emulator);
  const second = await created(emulator);
  expect(() => emulator.behind.journey("Welcome")).toThrow(new RegExp(`Several journeys.*${first}, ${second}`));
  await move(emulator, "archive", first);
  expect(emulator.pushwoosh.journey("Welcome").id).toBe(second);
  expect(() => emulator.pushwoosh.journey("Nobody's")).toThrow(/no journey with the id or title/);
});

it("gives snapshots that later changes do not reach", async () => {
  const emulator = await start();
  const id = await created(emulator);
  const before = emulator.pushwoosh.journey(id);
  (before.params as Record<string, unknown>).application_code = "tampered";
  emulator.behind.journey(id).edit((journey) => {
    journey.points = [];
  });
  expect(before.points).toEqual(definition().points);
  expect(emulator.pushwoosh.journey(id).params).toEqual({ application_code: "AAAAA-11111" });
});
