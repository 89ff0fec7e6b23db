/** Delete is finish and archive: only with consent in the saved state, and never of what another resource holds. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../../../provider/emulator";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { journey } from "../../../../provider/pushwoosh/journey/resource";
import { APP, edited } from "./bench";
import { Deployment } from "./deployment";
import { declared } from "./operations";

let emulator: Emulator;
let deployment: Deployment;
beforeEach(async () => {
  emulator = await startEmulator({ pushwoosh: { list: "on" } });
  deployment = new Deployment(emulator);
});
afterEach(async () => {
  await deployment.close();
  await emulator.close();
});

const plain = (status?: JourneyInputs["status"], more: Partial<JourneyInputs> = {}) =>
  declared("going", status, { forceDestroy: undefined, ...more });
const live = () => emulator.pushwoosh.journey("going").status;
const consent =
  /^consent-needed: .*\(\S+\).*now: {3}it is (\w+);.*What this run deleted before stays deleted.*`up`.*retainOnDelete/s;

describe("without consent in the saved state", () => {
  test("what ran isn't deleted: 0 requests, its state, and how to go on", async () => {
    await deployment.up(plain("running"));
    const run = await deployment.destroy();
    expect(consent.exec(run.error?.message ?? "")?.[1]).toBe("running");
    expect(run.calls).toEqual([]);
    expect(await deployment.up(plain("running", { forceDestroy: true }))).toMatchObject({ verb: "update", calls: [] });
    expect(await deployment.destroy()).toMatchObject({ calls: ["journey.finish", "journey.archive"] });
    expect(live()).toBe("STATUS_ARCHIVED");
  });

  test("nor what may have run: a status left out is nobody's to know", async () => {
    await deployment.up(plain());
    expect((await deployment.destroy()).error?.message).toMatch(consent);
    expect(live()).toBe("STATUS_DRAFT");
  });

  test("nor what ran once and is a draft again", async () => {
    for (const status of ["running", "paused", "draft"] as const) await deployment.up(plain(status));
    expect(deployment.saved?.state).toMatchObject({ status: "draft", everRan: true });
    expect((await deployment.destroy()).error?.message).toMatch(consent);
  });

  test("nor what the program says ran", async () => {
    await deployment.up(plain("draft"));
    emulator.behind.journey("going").start();
    await deployment.up(plain(undefined, { adoptStatus: "running" }));
    await deployment.up(plain("draft", { adoptStatus: "draft" }));
    expect(deployment.saved?.state).toMatchObject({ status: "draft", everRan: true });
    expect((await deployment.destroy()).error?.message).toMatch(consent);
  });

  test("a draft that never ran goes", async () => {
    await deployment.up(plain("draft"));
    expect(await deployment.destroy()).toMatchObject({ calls: ["journey.archive"] });
  });

  test("a replacement is refused before anything is made", async () => {
    await deployment.up(plain("running"));
    const points = JSON.parse(JSON.stringify(plain().points).replaceAll(APP, "BBBBB-00002"));
    const moved = plain("running", { applicationCode: "BBBBB-00002", points });
    const run = await deployment.up({ ...moved, forceDestroy: true });
    expect(run.error?.message).toMatch(/^consent-needed: .*where: applicationCode, forceDestroy/s);
    expect(run.calls).toEqual([]);
    await deployment.up(plain("running", { forceDestroy: true }));
    expect(await deployment.up({ ...moved, forceDestroy: true })).toMatchObject({
      verb: "replace",
      calls: ["journey.create", "journey.start", "journey.finish", "journey.archive"],
    });
  });
});

describe("with consent", () => {
  const running = declared("going", "running");
  beforeEach(async () => {
    expect((await deployment.up(running)).error?.message).toBeUndefined();
  });

  test("one that another resource of this process holds is released without a call", async () => {
    const { id, state } = deployment.saved!;
    await deployment.restart();
    deployment.runtime.run.claim("pushwoosh-journey", id, "urn:pulumi:test::unit::t:Journey::other");
    const logs: string[] = [];
    await journey.delete(id, state, deployment.context({ log: (_, text) => void logs.push(text) }));
    expect(live()).toBe("STATUS_RUNNING");
    expect(logs.join()).toContain("other still declares it");
  });

  test("one that somebody finished is archived all the same", async () => {
    emulator.behind.journey("going").finish();
    const run = await deployment.destroy();
    expect(run.error?.message).toBeUndefined();
    expect(run.calls).toEqual(["journey.finish", "journey.archive"]);
  });

  test("one that somebody archived: an error that says how to forget it; with the list it is seen and done", async () => {
    emulator.behind.journey("going").finish().archive();
    const run = await deployment.destroy();
    expect(run.error?.message).toMatch(/^refused: .*stays in the state.*`pulumi state delete`/s);
    const listing = new Deployment(emulator, { settings: { pushwooshUseUndocumentedList: "true" } });
    listing.saved = deployment.saved!;
    expect((await listing.destroy()).error?.message).toBeUndefined();
    await listing.close();
  });

  test("what killed runs left of it goes with it, but for the delete itself", async () => {
    await deployment.killed(3, () => deployment.up(edited(running)));
    expect((await deployment.destroy()).error?.message).toBeUndefined();
    await deployment.runtime.records.dropped();
    const folder = join(deployment.folder, ".journeys");
    const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
    expect(names.map((name) => readFileSync(join(folder, name), "utf8"))).toEqual([
      expect.stringContaining('"operation":"delete"'),
    ]);
  });

  test("once it is gone its records are too: a new one under its name is simply new", async () => {
    await deployment.destroy();
    const run = await deployment.up(running);
    expect(run.error?.message).toBeUndefined();
    expect(run.calls).toEqual(["journey.create", "journey.start"]);
  });
});
