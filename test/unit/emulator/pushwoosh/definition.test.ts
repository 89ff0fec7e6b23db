import { describe, expect, it } from "vitest";
import { type Body, create, created, definition, info, move, replace, send, start } from "../client";

const gateway = "/api/v3/journeygateway";

describe("create", () => {
  it("answers a draft with the definition as sent", async () => {
    const emulator = await start({ clock: () => new Date("2030-01-01T00:00:00Z") });
    const { points } = definition();
    const answer = await create(emulator, definition("Welcome", { comments: [{ text: "hi" }] }));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      info: {
        uuid: expect.any(String),
        title: "Welcome",
        status: "STATUS_DRAFT",
        created_at: "2030-01-01T00:00:00.000Z",
        updated_at: "2030-01-01T00:00:00.000Z",
        params: { application_code: "AAAAA-11111" },
        pointCounts: { POINT_TYPE_START_BY_SEGMENT: 1, POINT_TYPE_SEND_PUSH: 1 },
      },
      points,
      comments: [{ text: "hi" }],
    });
  });

  it("takes a title that is already there: nothing is unique", async () => {
    const emulator = await start();
    expect(await created(emulator)).not.toBe(await created(emulator));
  });

  const twoKeys = [{ uuid: "a", point_data: { send_push: {}, start_by_api: {} } }];
  it.each<[string, unknown, RegExp]>([
    ["no title", { ...definition(), title: undefined }, /title/],
    ["an empty title", definition(""), /title/],
    ["no params", { title: "A" }, /params/],
    ["no application", { title: "A", params: {} }, /application_code/],
    ["points that are no list", definition("A", { points: {} }), /points must be a list/],
    ["a point that is no object", definition("A", { points: [1] }), /points\[0\] must be an object/],
    ["two kinds of data in a point", definition("A", { points: twoKeys }), /only one of send_push, start_by_api/],
    ["comments that are no list", definition("A", { comments: "x" }), /comments must be a list/],
    ["a body that is no object", [], /JSON object/],
  ])("refuses %s", async (_case, body, message) => {
    const emulator = await start();
    const answer = await create(emulator, body);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 3, message: expect.stringMatching(message), details: [] },
    });
    expect([emulator.pushwoosh.journeys(), emulator.writes()]).toEqual([[], 0]);
  });

  it("takes lowerCamelCase names", async () => {
    const emulator = await start();
    const points = [{ uuid: "a", pointType: "X", pointData: { start_by_segment: { filterCode: "F" } } }];
    const answer = await create(emulator, { title: "A", params: { applicationCode: "B" }, points });
    expect(info(answer).params).toEqual({ application_code: "B" });
    expect(answer.body.points).toEqual([
      { uuid: "a", point_type: "X", point_data: { start_by_segment: { filter_code: "F" } } },
    ]);
  });
});

describe("PUT", () => {
  it("replaces everything, keeps id and status, and moves updated_at", async () => {
    const emulator = await start();
    const id = await created(emulator, definition("Old", { comments: [{ text: "gone" }] }));
    const before = emulator.pushwoosh.journey(id);
    emulator.advance({ hours: 1 });
    const answer = await replace(emulator, id, {
      title: "New",
      params: { application_code: "AAAAA-11111", capping: { x: 1 } },
    });
    expect(answer.body).toMatchObject({ points: [], comments: [] });
    expect(info(answer)).toMatchObject({
      uuid: id,
      title: "New",
      status: "STATUS_DRAFT",
      created_at: before.createdAt,
    });
    expect(info(answer).params).toEqual({ application_code: "AAAAA-11111", capping: { x: 1 } });
    expect(info(answer).updated_at).not.toBe(before.updatedAt);
    expect(emulator.pushwoosh.journey(id).history.map(({ definition }) => definition.title)).toEqual(["Old", "New"]);
  });

  it("refuses another application, an unknown and a malformed id", async () => {
    const emulator = await start();
    const id = await created(emulator);
    const elsewhere = await replace(emulator, id, definition("A", { params: { application_code: "OTHER" } }));
    expect(elsewhere).toMatchObject({ status: 400, body: { code: 9 } });
    const unknown = await replace(emulator, "11111111-2222-4333-8444-555555555555", definition());
    expect(unknown).toMatchObject({ status: 404, body: { code: 5 } });
    expect(await replace(emulator, "nonsense", definition())).toMatchObject({ status: 400, body: { code: 3 } });
    expect(emulator.writes()).toBe(1);
  });
});

describe("switches", () => {
  it("unpopulated: leaves empty documented fields out, or sends them", async () => {
    const data = { start_by_segment: { filter_code: "F", is_deactivated: false, strange: false } };
    const points = [{ uuid: "a", point_data: data }];
    const omitted = await create(await start(), definition("A", { points }));
    expect(omitted.body.points).toEqual([
      { uuid: "a", point_data: { start_by_segment: { filter_code: "F", strange: false } } },
    ]);
    expect(info(omitted)).not.toHaveProperty("stop_reason");

    const emitted = await create(await start({ pushwoosh: { unpopulated: "emitted" } }), definition("A", { points }));
    expect(emitted.body.points).toEqual([
      {
        uuid: "a",
        title: "",
        point_type: "",
        outputs: {},
        point_data: {
          start_by_segment: {
            application_code: "",
            filter_code: "F",
            repeat: null,
            start_at: null,
            is_deactivated: false,
            strange: false,
          },
        },
      },
    ]);
    expect(info(emitted)).toMatchObject({
      stop_reason: "",
      category_uuid: "",
      last_edited_by: null,
      dynamic_entry: false,
    });
    expect(info(emitted).params).toMatchObject({ application_code: "AAAAA-11111", capping: null, silent_hours: null });
  });

  it("unknownFields: drops, rejects or stores unknown top-level members", async () => {
    const body = definition("A", { titel: "x" });
    expect((await create(await start(), body)).body).not.toHaveProperty("titel");
    expect((await create(await start({ pushwoosh: { unknownFields: "stored" } }), body)).body.titel).toBe("x");
    const rejected = await create(await start({ pushwoosh: { unknownFields: "rejected" } }), body);
    expect(rejected).toMatchObject({ status: 400, body: { code: 3, message: 'unknown field "titel"' } });
  });

  it("unknownNestedFields: stores, drops or rejects unknown members within", async () => {
    const outputs = { default: { info: { next_point_uuid: "b", label: 1 }, color: 2 } };
    const points = [{ uuid: "a", x: 1, point_data: { message_bus: { odd: 1 } }, outputs }];
    const body = definition("A", { params: { application_code: "B", odd: { deep: 1 } }, points });
    const stored = await create(await start(), body);
    expect([info(stored).params, stored.body.points]).toEqual([body.params, points]);

    const dropped = await create(await start({ pushwoosh: { unknownNestedFields: "dropped" } }), body);
    expect(info(dropped).params).toEqual({ application_code: "B" });
    expect(dropped.body.points).toEqual([
      { uuid: "a", point_data: { message_bus: {} }, outputs: { default: { info: { next_point_uuid: "b" } } } },
    ]);
    const rejected = await create(await start({ pushwoosh: { unknownNestedFields: "rejected" } }), body);
    expect(rejected).toMatchObject({ status: 400, body: { code: 3, message: 'unknown field "params.odd"' } });
  });

  it("never drops what lies in a structure nobody has documented", async () => {
    const emulator = await start({ pushwoosh: { unknownNestedFields: "dropped" } });
    const params = { application_code: "B", silent_hours: { any: { thing: 1 } } };
    const points = [{ uuid: "a", point_data: { send_push: { any: { thing: 1 } } } }];
    const answer = await create(emulator, definition("A", { params, points }));
    expect([info(answer).params, answer.body.points]).toEqual([params, points]);
  });

  it("pointIds: rewrites new ids with their edges, and keeps its own from then on", async () => {
    const emulator = await start({ pushwoosh: { pointIds: "rewritten" } });
    const answer = await create(emulator);
    const [entry, push] = answer.body.points as Body[];
    expect([entry?.uuid, push?.uuid]).not.toContain("aaaaaaaa-0000-4000-8000-000000000001");
    expect(entry).toMatchObject({ outputs: { default: { info: { next_point_uuid: push?.uuid } } } });
    const again = await replace(emulator, info(answer).uuid as string, definition("A", { points: [entry, push] }));
    expect(again.body.points).toEqual([entry, push]);
  });

  it("pointIdsAcrossJourneys: refuses a point of another journey, not of the same", async () => {
    expect(
      (
        await (async () => {
          const emulator = await start();
          await created(emulator);
          return create(emulator);
        })()
      ).status,
    ).toBe(200);
    const emulator = await start({ pushwoosh: { pointIdsAcrossJourneys: "refused" } });
    const id = await created(emulator);
    expect(await create(emulator)).toMatchObject({ status: 409, body: { code: 6 } });
    expect((await replace(emulator, id, definition("Again"))).status).toBe(200);
    await replace(emulator, id, definition("Again", { points: [] }));
    expect((await create(emulator)).status).toBe(200);
  });

  it("putStatus: keeps the status or resets it to draft", async () => {
    for (const [putStatus, status] of [
      ["unchanged", "STATUS_PAUSED"],
      ["draft", "STATUS_DRAFT"],
    ] as const) {
      const emulator = await start({ pushwoosh: { putStatus } });
      const id = await created(emulator);
      await move(emulator, "start", id);
      await move(emulator, "pause", id);
      expect(info(await replace(emulator, id, definition("B"))).status).toBe(status);
    }
  });

  it("timestamps: keeps start_at or writes the same instant anew", async () => {
    const points = [{ uuid: "a", point_data: { start_by_segment: { start_at: "2030-01-01T02:00:00+02:00" } } }];
    for (const [timestamps, written] of [
      ["kept", "2030-01-01T02:00:00+02:00"],
      ["rewritten", "2030-01-01T00:00:00.000Z"],
    ] as const) {
      const answer = await create(await start({ pushwoosh: { timestamps } }), definition("A", { points }));
      expect(answer.body.points).toMatchObject([{ point_data: { start_by_segment: { start_at: written } } }]);
    }
  });

  it("paramsPlace: in info, at the top, or both", async () => {
    const params = { application_code: "AAAAA-11111" };
    for (const [paramsPlace, inside, top] of [
      ["info", params, undefined],
      ["top", undefined, params],
      ["both", params, params],
    ] as const) {
      const answer = await create(await start({ pushwoosh: { paramsPlace } }));
      expect([info(answer).params, answer.body.params]).toEqual([inside, top]);
    }
  });

  it("read: off by default, where the path answers as one of another method", async () => {
    const off = await start();
    const path = `${gateway}/${await created(off)}`;
    expect(await send(off, "GET", path)).toMatchObject({
      status: 501,
      body: { code: 12, message: "Method Not Allowed" },
    });
    const on = await start({ pushwoosh: { read: "on" } });
    const answer = await create(on);
    const read = await send(on, "GET", `${gateway}/${info(answer).uuid}`);
    expect([read.status, read.body]).toEqual([200, answer.body]);
    expect(on.writes()).toBe(1);
  });
});

it("answers unknown routes as a gateway does", async () => {
  const emulator = await start();
  expect(await send(emulator, "GET", "/api/v4")).toMatchObject({
    status: 404,
    body: { code: 5, message: "Not Found", details: [] },
  });
  expect(await send(emulator, "DELETE", gateway)).toMatchObject({ status: 501, body: { code: 12 } });
});

it("takes definitions with hostile names without harm", async () => {
  const emulator = await start();
  const text = JSON.stringify(definition()).replace('"params":{', '"params":{"__proto__":{"x":1},');
  const answer = await send(emulator, "POST", gateway, undefined, { text });
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('"__proto__":{"x":1}');
  expect(({} as Body).x).toBeUndefined();
});
