/** Taking over a journey that exists: nothing is written by it, nobody is thrown out by the first edit. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../../../provider/emulator";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { journey } from "../../../../provider/pushwoosh/journey/resource";
import { edited } from "./bench";
import { Deployment } from "./deployment";
import { expectLive } from "./live";
import { declared, foreign } from "./operations";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

let deployment: Deployment;
let title: string;
let id: string;
let serial = 0;
beforeEach(() => {
  deployment = new Deployment(emulator);
  title = `adopted ${serial++}`;
  id = foreign(emulator, title);
});
afterEach(() => deployment.close());

const adopting = (more: Partial<JourneyInputs> = {}) =>
  declared(title, "running", { adoptId: id, adoptStatus: "running", ...more });
const ids = { audience: "01", push: "02", exit: "03" };
const uuid = (name: keyof typeof ids) => `aaaaaaaa-0000-4000-8000-0000000000${ids[name]}`;
const pointIds = { audience: uuid("audience"), push: uuid("push"), exit: uuid("exit") };

async function adopt(inputs: JourneyInputs): Promise<void> {
  const run = await deployment.up(inputs);
  expect(run.error?.message).toBeUndefined();
  expect(run.calls).toEqual(["journey.statistics"]);
}

describe("adopting", () => {
  test("looks, writes nothing, and is done", async () => {
    await adopt(adopting());
    expect(deployment.saved).toMatchObject({ id, state: { status: "running", statusSource: "assumed", pointIds: {} } });
    expect(await deployment.up(adopting())).toMatchObject({ verb: "none", calls: [] });
    const { adoptId: _, ...without } = adopting();
    expect(await deployment.up(without)).toMatchObject({ verb: "none", calls: [] });
  });

  test("without adoptStatus its state is unknown, which counts as one that ran", async () => {
    const inputs = adopting({ adoptStatus: undefined, status: undefined, forceDestroy: undefined });
    expect(deployment.preview(inputs)).toMatchObject({
      warnings: [expect.stringContaining("adopting writes nothing"), expect.stringContaining("adoptStatus")],
    });
    await adopt(inputs);
    expect(deployment.saved?.state).toMatchObject({ status: "unknown", statusSource: "unknown", everRan: true });
    expect((await deployment.destroy()).error?.message).toMatch(/^consent-needed: .*now: {3}it is unknown/s);
  });

  test("one that isn't there is an error, and nothing is kept", async () => {
    const gone = "99999999-0000-4000-8000-000000000000";
    const run = await deployment.up(adopting({ adoptId: gone }));
    expect(run.error?.message).toMatch(
      new RegExp(`^not-found: .*can't adopt ${gone}.*now: {3}nothing was written.*next: {2}check adoptId`, "s"),
    );
    expect(deployment.saved).toBeUndefined();
  });

  test("a credential that isn't accepted is what the error is about, not the journey", async () => {
    emulator.fault({ kind: "401", endpoint: "journey.statistics" });
    const run = await deployment.up(adopting());
    expect(run.error?.message).toMatch(/^unauthorized: journey "adopted .*check the credential/s);
    expect(run.error?.message).not.toContain("adoptId");
    expect(deployment.saved).toBeUndefined();
  });

  test("the list knows better than the program what state it is in", async () => {
    const shown = await startEmulator({ pushwoosh: { list: "on" } });
    const withList = new Deployment(shown, { settings: { pushwooshUseUndocumentedList: "true" } });
    const inputs = declared(title, "running", { adoptId: foreign(shown, title), adoptStatus: "paused" });
    expect((await withList.up(inputs)).error).toBeUndefined();
    expect(withList.saved?.state).toMatchObject({ status: "running", statusSource: "listed" });
    await withList.close();
    await shown.close();
  });

  test("a title that differs is the first thing an edit would change", async () => {
    const inputs = declared(`${title}!`, "running", { adoptId: id, adoptStatus: "running" });
    await adopt(inputs);
    expect(deployment.preview(inputs)).toMatchObject({
      steps: [{ name: "pause" }, { name: "replace definition" }, { name: "start" }],
    });
  });
});

describe("the first edit of a running one", () => {
  test("finds the points in the answer to the pause, and keeps their UUIDs", async () => {
    await adopt(adopting());
    const run = await deployment.up(edited(adopting()));
    expect(run.error?.message).toBeUndefined();
    expect(run.calls).toEqual(["journey.pause", "journey.update", "journey.start"]);
    expect(deployment.saved?.state.pointIds).toEqual(pointIds);
    expectLive(emulator, deployment.saved!, edited(adopting()));
  });

  test("compares the answer with what was declared", async () => {
    await adopt(edited(adopting(), "not what is live"));
    const run = await deployment.up(edited(adopting(), "an edit"));
    expect(run.error?.message).toMatch(/^edited-outside: .*points\.push\.data\.send_push\.text/);
    expect(run.calls).toEqual(["journey.pause", "journey.start"]);
  });

  test("refuses by name a point it can't find: a new UUID would throw out the people on it", async () => {
    const twin = { type: "POINT_TYPE_EXIT", data: { exit: { reason: "done" } } };
    const inputs = adopting();
    const { push, ...others } = inputs.points;
    const points = { ...others, push: { ...push!, next: { default: "exit", opened: "other" } }, other: twin };
    await adopt({ ...inputs, points });
    const run = await deployment.up({ ...edited({ ...inputs, points }), overwriteOutsideEdits: true });
    expect(run.error?.message).toMatch(/^invalid-input: .*UUIDs of these points are not known: other;/);
    expect(run.calls).toEqual(["journey.pause", "journey.start"]);
    expect(emulator.pushwoosh.journey(id).status).toBe("STATUS_RUNNING");
  });

  test("refuses by name points that look the same: a guess could move people", async () => {
    const twin = { point_type: "POINT_TYPE_EXIT", point_data: { exit: { reason: "twin" } } };
    emulator.behind.journey(id).edit(({ points }) => {
      for (const last of ["04", "05"]) points.push({ uuid: `aaaaaaaa-0000-4000-8000-0000000000${last}`, ...twin });
    });
    const exit = { type: "POINT_TYPE_EXIT", data: { exit: { reason: "twin" } } };
    const inputs = adopting({ points: { ...adopting().points, left: exit, right: exit } });
    await adopt(inputs);
    const run = await deployment.up({ ...edited(inputs), overwriteOutsideEdits: true });
    expect(run.error?.message).toMatch(/^invalid-input: .*not known: left, right;/);
    expect(run.calls).toEqual(["journey.pause", "journey.start"]);
  });

  test("refuses what it could only have seen in the answer to a pause that somebody else made", async () => {
    await adopt(adopting());
    emulator.behind.journey(id).pause();
    const run = await deployment.up({ ...edited(adopting()), overwriteOutsideEdits: true });
    expect(run.error?.message).toMatch(/^invalid-input: .*UUIDs of these points are not known: audience, exit, push;/);
    expect(run.calls).toEqual(["journey.pause"]);
  });
});

describe.each(["draft", "paused"] as const)("the first edit of one that is %s", (status) => {
  const taken = (more: Partial<JourneyInputs> = {}) => adopting({ status, adoptStatus: status, ...more });

  test("is refused without the points' UUIDs: no answer shows them", async () => {
    await adopt(taken());
    const run = await deployment.up(edited(taken()));
    expect(run.error?.message).toMatch(/^invalid-input: .*not known: audience, exit, push;.*now: {3}nothing was sent/s);
    expect(run.calls).toEqual([]);
    const some = await deployment.up(edited(taken({ pointIds: { push: uuid("push") } })));
    expect(some.error?.message).toMatch(/not known: audience, exit;/);
    expect(some.calls).toEqual([]);
  });

  test("with them replaces the live one, which the preview says", async () => {
    emulator.behind.journey(id).pause();
    await adopt(taken());
    expect(await deployment.up(taken({ pointIds })), "they send nothing by themselves").toMatchObject({ calls: [] });
    expect(deployment.saved?.state.pointIds).toEqual(pointIds);
    const after = edited(taken({ pointIds }));
    expect(deployment.preview(after)).toMatchObject({ warnings: [expect.stringContaining("overwritten unseen")] });
    expect(await deployment.up(after)).toMatchObject({ calls: ["journey.update"] });
    expectLive(emulator, deployment.saved!, after);
    expect(
      emulator.pushwoosh
        .journey(id)
        .points.map(({ uuid }) => uuid)
        .sort(),
    ).toEqual(Object.values(pointIds));
  });
});

describe("another adoptId", () => {
  test("is refused for a journey in state, also where that one has ended", async () => {
    await adopt(adopting());
    const other = foreign(emulator, `${title}, the other`);
    expect((await deployment.up(adopting({ adoptId: other }))).error?.message).toMatch(
      /^invalid-input: .*adoptId names/,
    );
    expect(await deployment.up(adopting({ status: "finished" }))).toMatchObject({ calls: ["journey.finish"] });
    const run = await deployment.up(adopting({ status: "finished", adoptId: other }));
    expect(run.error?.message).toMatch(/^invalid-input: .*adoptId names/);
    expect(run.calls).toEqual([]);
  });

  test("takes the place of one that has ended, with onFinished", async () => {
    await adopt(adopting());
    await deployment.up(adopting({ status: "finished" }));
    const other = foreign(emulator, `${title}, the other`);
    const inputs = adopting({ adoptId: other, adoptStatus: undefined, onFinished: "replace" });
    expect(deployment.preview(inputs)).toMatchObject({
      verb: "replace",
      steps: [{ name: /look/ }, { name: "archive", when: "on the journey being replaced" }].map((each) =>
        expect.objectContaining({ ...each, name: expect.stringMatching(each.name) }),
      ),
    });
    expect((await deployment.up(inputs)).error).toBeUndefined();
    expect(deployment.saved?.id).toBe(other);
    expect(emulator.pushwoosh.journey(id).status).toBe("STATUS_ARCHIVED");
  });

  test("may stay in the program however often it is replaced: each new journey is a new one", async () => {
    await adopt(adopting());
    const made = new Set([id]);
    for (let time = 0; time < 3; time++) {
      expect(await deployment.up(adopting({ status: "finished" }))).toMatchObject({ calls: ["journey.finish"] });
      const run = await deployment.up(adopting({ onFinished: "replace" }));
      expect(run.error?.message).toBeUndefined();
      expect(run.calls).toEqual(["journey.create", "journey.start", "journey.archive"]);
      expect(made).not.toContain(deployment.saved?.id);
      made.add(deployment.saved!.id);
    }
  });

  test("one that the engine replaces for reasons of its own is taken over again, and not deleted after that", async () => {
    await adopt(adopting());
    const old = deployment.saved!;
    const writes = emulator.writes();
    await deployment.restart();
    const context = deployment.context();
    expect(journey.plan(adopting(), old, context).plan?.verb).toBe("none");
    const again = await journey.create(adopting(), context);
    expect(again.id).toBe(id);
    await journey.delete(old.id, old.state, context);
    expect(emulator.pushwoosh.journey(id).status).toBe("STATUS_RUNNING");
    expect(emulator.writes()).toBe(writes);
  });

  test("may stay in the program when the adopted one is replaced: the new journey is a new one", async () => {
    await adopt(adopting());
    await deployment.up(adopting({ status: "finished" }));
    const again = adopting({ onFinished: "replace" });
    expect(deployment.preview(again)).toMatchObject({
      steps: [{ name: "create" }, { name: "start" }, { name: "archive" }],
    });
    const run = await deployment.up(again);
    expect(run.error?.message).toBeUndefined();
    expect(run.calls).toEqual(["journey.create", "journey.start", "journey.archive"]);
    expect(deployment.saved?.id).not.toBe(id);
    expect(await deployment.up(again)).toMatchObject({ verb: "none", calls: [] });
  });
});
