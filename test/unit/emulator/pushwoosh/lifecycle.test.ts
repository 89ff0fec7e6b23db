import { describe, expect, it } from "vitest";
import type { LifecycleAction } from "../../../../provider/emulator/index";
import { created, definition, info, move, replace, start } from "../client";

type Row = Record<LifecycleAction | "put", string>;
const no = "refused";

/** From each status, where each call leads. `put` says whether a definition is taken. */
const strict: Record<string, Row> = {
  DRAFT: { start: "RUNNING", pause: no, finish: no, draft: no, archive: "ARCHIVED", put: "DRAFT" },
  RUNNING: { start: no, pause: "PAUSED", finish: "FINISHED", draft: no, archive: no, put: no },
  PAUSED: { start: "RUNNING", pause: no, finish: "FINISHED", draft: "DRAFT", archive: no, put: "PAUSED" },
  FINISHED: { start: no, pause: no, finish: no, draft: no, archive: "ARCHIVED", put: no },
  ARCHIVED: { start: no, pause: no, finish: no, draft: no, archive: no, put: no },
};
const permissive: Record<string, Row> = {
  DRAFT: { start: "RUNNING", pause: no, finish: no, draft: "DRAFT", archive: "ARCHIVED", put: "DRAFT" },
  RUNNING: { start: "RUNNING", pause: "PAUSED", finish: "FINISHED", draft: no, archive: "ARCHIVED", put: "RUNNING" },
  PAUSED: { start: "RUNNING", pause: "PAUSED", finish: "FINISHED", draft: "DRAFT", archive: "ARCHIVED", put: "PAUSED" },
  FINISHED: { start: no, pause: no, finish: "FINISHED", draft: "DRAFT", archive: "ARCHIVED", put: no },
  ARCHIVED: { start: no, pause: no, finish: no, draft: "DRAFT", archive: "ARCHIVED", put: no },
};
const way: Record<string, LifecycleAction[]> = {
  DRAFT: [],
  RUNNING: ["start"],
  PAUSED: ["start", "pause"],
  FINISHED: ["start", "finish"],
  ARCHIVED: ["archive"],
};

describe.each([
  ["strict", strict],
  ["permissive", permissive],
] as const)("transitions: %s", (transitions, table) => {
  const cells = Object.entries(table).flatMap(([from, row]) =>
    Object.entries(row).map(([action, to]) => ({ from, action, to })),
  );

  it("covers every status and every call", () => expect(cells).toHaveLength(30));

  it("moves as the table says", async () => {
    const emulator = await start({ pushwoosh: { transitions } });
    for (const { from, action, to } of cells) {
      const id = await created(emulator, definition(`${from} ${action}`));
      for (const step of way[from] ?? []) await move(emulator, step, id);
      const writes = emulator.writes();
      const answer =
        action === "put" ? await replace(emulator, id, definition("changed")) : await move(emulator, action, id);

      const { status, title } = emulator.pushwoosh.journey(id);
      if (to === no) {
        expect([from, action, answer.status, answer.body.code]).toEqual([from, action, 400, 9]);
        expect([status, emulator.writes()]).toEqual([`STATUS_${from}`, writes]);
      } else {
        expect([from, action, answer.status]).toEqual([from, action, 200]);
        expect([info(answer).status, status]).toEqual([`STATUS_${to}`, `STATUS_${to}`]);
        expect(emulator.writes()).toBe(writes + 1);
      }
      expect(title).toBe(action === "put" && to !== no ? "changed" : `${from} ${action}`);
    }
  });
});

it.each([
  ["9-400", 400, 9],
  ["3-400", 400, 3],
  ["9-412", 412, 9],
  ["10-409", 409, 10],
] as const)("refuses with %s", async (refusalCode, status, code) => {
  const emulator = await start({ pushwoosh: { refusalCode } });
  const id = await created(emulator);
  const answer = await move(emulator, "pause", id);
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual({ code, message: expect.stringContaining("STATUS_DRAFT"), details: [] });
});

it("does not start a journey without points, and starts one whose points it does not know", async () => {
  const emulator = await start();
  const empty = await created(emulator, definition("Empty", { points: [] }));
  expect((await move(emulator, "start", empty)).body).toMatchObject({ code: 9, message: "journey has no entry point" });
  const strange = await created(
    emulator,
    definition("Strange", { points: [{ uuid: "x", point_data: { start_odd: {} } }] }),
  );
  expect((await move(emulator, "start", strange)).status).toBe(200);
});

it("notes no transition where nothing changes", async () => {
  const emulator = await start({ pushwoosh: { transitions: "permissive" } });
  const id = await created(emulator);
  for (const action of ["start", "start"]) await move(emulator, action, id);
  expect(emulator.pushwoosh.journey(id).transitions.map(({ to }) => to)).toEqual(["STATUS_DRAFT", "STATUS_RUNNING"]);
});

it("remembers the first start", async () => {
  const emulator = await start();
  const id = await created(emulator);
  expect(info(await replace(emulator, id, definition())).is_first_activated).toBeUndefined();
  await move(emulator, "start", id);
  const paused = await move(emulator, "pause", id);
  expect(info(paused).is_first_activated).toBe(true);
  expect(emulator.pushwoosh.journey(id).everStarted).toBe(true);
});

it("keeps updated_at in lifecycle calls, unless told otherwise", async () => {
  for (const [lifecycleUpdatedAt, moved] of [
    ["kept", false],
    ["moved", true],
  ] as const) {
    const emulator = await start({ pushwoosh: { lifecycleUpdatedAt } });
    const id = await created(emulator);
    const before = emulator.pushwoosh.journey(id).updatedAt;
    emulator.advance({ hours: 1 });
    const answer = await move(emulator, "start", id);
    expect(info(answer).updated_at !== before).toBe(moved);
  }
});

it("answers unknown and malformed ids", async () => {
  const emulator = await start();
  expect(await move(emulator, "start", "11111111-2222-4333-8444-555555555555")).toMatchObject({
    status: 404,
    body: { code: 5 },
  });
  for (const uuid of ["", "nonsense", undefined, 7]) {
    expect(await move(emulator, "start", uuid)).toMatchObject({ status: 400, body: { code: 3 } });
  }
});
