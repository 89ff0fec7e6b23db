/** A creation whose outcome nobody knows, and titles that are taken: never twice, never blindly again. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Plan } from "../../../../provider/core/resource";
import { type Emulator, startEmulator } from "../../../../provider/emulator";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { journey } from "../../../../provider/pushwoosh/journey/resource";
import { APP, edited } from "./bench";
import { Deployment } from "./deployment";
import { type QuickEmulator, startQuickEmulator } from "./disturbed";
import { expectLive } from "./live";
import { declared } from "./operations";

let quick: QuickEmulator;
let emulator: Emulator;
let deployment: Deployment;
const listed = { pushwooshUseUndocumentedList: "true" };
beforeEach(async () => {
  quick = await startQuickEmulator();
  emulator = quick.emulator;
  deployment = new Deployment(emulator, { settings: listed });
});
afterEach(async () => {
  await deployment.close();
  await quick.close();
});

const running = (more: Partial<JourneyInputs> = {}) => declared("new", "running", more);
const others = (title = "new") =>
  emulator.behind.createJourney({ title, params: { application_code: APP }, points: [] });
const loseCreate = () => emulator.fault({ kind: "drop-after", endpoint: "journey.create" });
const refuseCreate = () => emulator.fault({ kind: "drop-before", endpoint: "journey.create" });
const creates = () => emulator.requests({ endpoint: "journey.create" });
const records = () => {
  const folder = join(deployment.folder, ".journeys");
  return readdirSync(folder).flatMap((name) => (name.endsWith(".jsonl") ? [join(folder, name)] : []));
};
const calls = (run: { calls: string[] }) => run.calls.filter((call) => call !== "journey.list");

describe("a creation whose answer was lost, with the list on", () => {
  test("is found by title and time, and gone on with", async () => {
    loseCreate();
    const run = await deployment.up(running());
    expect(run.error?.message).toBeUndefined();
    expect(creates()).toBe(1);
    expect(emulator.pushwoosh.journeys()).toHaveLength(1);
    expectLive(emulator, deployment.saved!, running());
    expect(await deployment.up(running())).toMatchObject({ verb: "none" });
    expect((await deployment.destroy()).error?.message).toBeUndefined();
    expect((await deployment.up(running())).error?.message, "nothing is left to go on with").toBeUndefined();
    expect(creates()).toBe(2);
  });

  test("is not mistaken for a journey of that title which was there before, or is archived", async () => {
    const old = others();
    vi.setSystemTime(Date.now() + 60_000);
    const gone = others();
    emulator.behind.journey(gone).archive();
    loseCreate();
    const run = await deployment.up(running({ allowSameTitle: true }));
    expect(run.error?.message).toBeUndefined();
    expect([old, gone]).not.toContain(deployment.saved?.id);
    expect(creates()).toBe(1);
  });

  test("stops where the list shows several, and where it shows none for half a minute", async () => {
    emulator.on("after", { endpoint: "journey.create" }, () => void others());
    loseCreate();
    const several = await deployment.up(running());
    expect(several.error?.message).toMatch(/^create-unresolved: .*the list shows several: \S+, \S+\./s);
    expect(deployment.saved).toBeUndefined();
    const [, record] = /delete the record (\S+) and run/.exec(several.error!.parts.next!)!;
    expect(existsSync(record!)).toBe(true);

    const other = new Deployment(emulator, { settings: listed });
    refuseCreate();
    const none = await other.up(declared("nowhere", "running"));
    expect(none.error?.message).toMatch(/^create-unresolved: .*a draft titled "nowhere" may exist in .*but may lag/s);
    expect((await other.up(declared("nowhere", "running"))).error?.code).toBe("create-unresolved");
    expect(emulator.requests({ endpoint: "journey.create", title: "nowhere" }), "not sent again").toBe(1);
    await other.close();
  });

  test("two of one title, both in the dark: neither takes the other's", async () => {
    const other = new Deployment(emulator, { settings: listed, urn: "urn:pulumi:test::unit::t:Journey::other" });
    const first = await deployment.up(running());
    expect(first.error?.message).toBeUndefined();
    loseCreate();
    const second = await other.up(running({ allowSameTitle: true }));
    if (!second.error) expect(other.saved?.id).not.toBe(deployment.saved?.id);
    else expect(second.error.code).toBe("create-unresolved");
    await other.close();
  });
});

describe("without the list", () => {
  beforeEach(async () => {
    await deployment.close();
    deployment = new Deployment(emulator);
  });

  test("it stops, and both ways on work: adopting what was made, or deleting the record", async () => {
    loseCreate();
    const run = await deployment.up(running());
    expect(run.error?.message).toMatch(
      /^create-unresolved: .*next: .*set adoptId to its UUID; if not, delete the record/s,
    );
    const again = await deployment.up(running());
    expect([again.error?.code, again.calls]).toEqual(["create-unresolved", []]);
    const { id } = emulator.pushwoosh.journey("new");
    const adopting = running({ adoptId: id, adoptStatus: "draft" });
    expect((await deployment.up(adopting)).error?.message).toBeUndefined();
    expect(calls(await deployment.up(adopting))).toEqual(["journey.start"]);
    expectLive(emulator, deployment.saved!, adopting);
    expect(creates()).toBe(1);
    expect((await deployment.destroy()).error?.message).toBeUndefined();
    expect((await deployment.up(running())).error?.message, "the creation in the dark is settled").toBeUndefined();
    expect(creates()).toBe(2);
  });

  test("adopting what was made: while it is a draft, its points have the UUIDs that were sent", async () => {
    loseCreate();
    await deployment.up(declared("new", "draft"));
    const { id, points } = emulator.pushwoosh.journey("new");
    const adopting = declared("new", "draft", { adoptId: id, adoptStatus: "draft" });
    await deployment.up(adopting);
    expect((await deployment.up(edited(adopting))).error?.message).toBeUndefined();
    expectLive(emulator, deployment.saved!, edited(adopting));
    const ids = (list: readonly unknown[]) => list.map((point) => (point as { uuid: string }).uuid).sort();
    expect(ids(emulator.pushwoosh.journey("new").points)).toEqual(ids(points));
  });

  test("a record names no title that is secret, and is found by the resource's name", async () => {
    loseCreate();
    const secret = deployment.context({ secretPaths: [["title"]] });
    await expect(journey.create(running({ title: "canary" }), secret)).rejects.toThrow(/^create-unresolved/);
    expect(records().map((name) => readFileSync(name, "utf8"))).toEqual([expect.not.stringContaining("canary")]);
    expect((await deployment.up(running({ title: "canary" }))).error?.code).toBe("create-unresolved");
  });

  test("a refused one leaves nothing behind, and is sent again", async () => {
    emulator.fault({ kind: "refuse", endpoint: "journey.create" });
    expect((await deployment.up(running())).error?.code).toBe("refused");
    await deployment.runtime.records.dropped();
    expect(records()).toEqual([]);
    expect((await deployment.up(running())).error?.message).toBeUndefined();
  });

  test("a title that is taken is not seen: both are made", async () => {
    others();
    expect((await deployment.up(running())).error?.message).toBeUndefined();
  });
});

describe("a title that is taken, with the list on", () => {
  test("is refused before anything is made, and adoptId or allowSameTitle go on", async () => {
    const id = others();
    const run = await deployment.up(running());
    expect(run.error?.message).toMatch(
      new RegExp(`^already-exists: .*a journey of this title exists: ${id} \\(draft\\)`),
    );
    expect(run.error?.parts.next).toContain(`adoptId: "${id}"`);
    expect(emulator.writes()).toBe(0);
    expect((await deployment.up(running({ allowSameTitle: true }))).error?.message).toBeUndefined();
  });

  test.each(["new ", "New", "n\u00e9w", "\ud83c\udf89"])("by exactly that title, and not by %j", async (title) => {
    others(title);
    const run = await deployment.up(running());
    expect(run.error?.message).toBeUndefined();
    const same = new Deployment(emulator, { settings: listed });
    expect((await same.up(declared(title, "running"))).error?.code).toBe("already-exists");
    await same.close();
  });

  test("by another resource of the same run, which the list doesn't show yet", async () => {
    const other = deployment.context({ urn: "urn:pulumi:test::unit::t:Journey::other" });
    const outcomes = await Promise.allSettled([
      journey.create(running(), deployment.context()),
      journey.create(running(), other),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(String((outcomes[1] as PromiseRejectedResult).reason)).toMatch(
      /already-exists: .*another resource of this program makes a journey of this title: \S+::j\d+/,
    );
    expect(emulator.pushwoosh.journeys()).toHaveLength(1);
    await expect(journey.create(running({ allowSameTitle: true }), other)).resolves.toBeDefined();
  });

  test("is free where the journey of that title is archived, or is the one being replaced", async () => {
    emulator.behind.journey(others()).archive();
    expect((await deployment.up(running())).error?.message).toBeUndefined();
    const points = JSON.parse(JSON.stringify(running().points).replaceAll(APP, "BBBBB-00002"));
    const moved = running({ applicationCode: "BBBBB-00002", points, comments: [{ text: "moved" }] });
    const { changes } = deployment.preview(moved) as Plan;
    expect(changes.filter(({ replaces }) => replaces).map(({ path }) => path)).toEqual([["applicationCode"]]);
    const run = await deployment.up(moved);
    expect(run.error?.message).toBeUndefined();
    expect(calls(run)).toEqual(["journey.create", "journey.start", "journey.finish", "journey.archive"]);
  });
});

test("an engine that went away before the create was sent: nothing is", async () => {
  const bench = await startEmulator();
  const alone = new Deployment(bench);
  await expect(journey.create(running(), alone.context({ signal: AbortSignal.abort() }))).rejects.toThrow(
    /^engine-gone: .*now: {3}nothing was created/s,
  );
  expect(bench.journal).toEqual([]);
  await alone.close();
  await bench.close();
});
