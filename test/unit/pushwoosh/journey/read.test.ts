/** What a refresh sees: what moved, and never an end where nothing proves one. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Emulator, type FaultKind, type PushwooshSwitches, startEmulator } from "../../../../provider/emulator";
import { journey } from "../../../../provider/pushwoosh/journey/resource";
import { edited } from "./bench";
import { Deployment } from "./deployment";
import { declared } from "./operations";

let emulator: Emulator;
let deployment: Deployment;
const open: Deployment[] = [];
const running = (title = "seen") => declared(title, "running");
const listed = { pushwooshUseUndocumentedList: "true" };

// Short waits between attempts.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0.01));
afterEach(() => vi.restoreAllMocks());

async function begin(pushwoosh: PushwooshSwitches, settings: Record<string, string>): Promise<void> {
  emulator = await startEmulator({ pushwoosh });
  deployment = new Deployment(emulator, { settings });
  open.push(deployment);
  expect((await deployment.up(running())).error?.message).toBeUndefined();
}
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await emulator.close();
});

describe("without the list", () => {
  beforeEach(() => begin({}, {}));

  test("the title is seen; the state stays what was last answered, whatever it is", async () => {
    emulator.behind
      .journey("seen")
      .pause()
      .edit((journey) => Object.assign(journey, { title: "seen by others" }));
    const run = await deployment.refresh();
    expect(deployment.saved?.state).toMatchObject({
      title: "seen by others",
      status: "running",
      statusSource: "answered",
    });
    expect(run.inputs).toEqual({ ...running(), title: "seen by others" });
  });

  test.each(["404", "refuse", "500-before", "html-502", "truncate", "403", "429"] as const)(
    "%s is no end: one warning, and the state stays as it was",
    async (kind) => {
      const before = deployment.saved!;
      emulator.fault({ kind, endpoint: "journey.statistics", times: Number.POSITIVE_INFINITY, retryAfter: 0 });
      const run = await deployment.refresh();
      expect(run.error?.message).toBeUndefined();
      expect(deployment.saved).toEqual(before);
      expect(run.logs).toHaveLength(1);
      expect(run.logs[0]).toMatch(
        /^warning: journey \S+ could not be seen .*doesn't prove it gone.*`pulumi state delete`/,
      );
    },
  );

  test("a credential that isn't accepted is an error, not a warning for each journey", async () => {
    const before = deployment.saved!;
    emulator.fault({ kind: "401", endpoint: "journey.statistics" });
    expect((await deployment.refresh()).error?.message).toMatch(/^unauthorized: journey "seen"/);
    expect(deployment.saved).toEqual(before);
  });
});

describe("with the list", () => {
  beforeEach(() => begin({ list: "on" }, listed));

  test("the state is seen, and where it ran that is remembered", async () => {
    const drafted = new Deployment(emulator, { settings: listed });
    open.push(drafted);
    await drafted.up(declared("drafted", "draft"));
    expect(drafted.saved?.state.everRan).toBe(false);
    emulator.behind.journey("drafted").start();
    await drafted.refresh();
    expect(drafted.saved?.state).toMatchObject({ status: "running", statusSource: "listed", everRan: true });
    emulator.behind.journey("seen").pause();
    expect((await deployment.refresh()).inputs).toEqual({ ...running(), status: "paused" });
    expect(deployment.saved?.state).toMatchObject({ status: "paused", statusSource: "listed" });
    expect(await deployment.up(running())).toMatchObject({ calls: ["journey.start"] });
  });

  test("settles what was uncertain", async () => {
    emulator.fault({ kind: "drop-after", endpoint: "journey.pause", times: 2 });
    await deployment.up(declared("seen", "paused"));
    expect(deployment.saved?.state).toMatchObject({ status: "unknown" });
    await deployment.refresh();
    expect(deployment.saved?.state).toMatchObject({ status: "paused", statusSource: "listed" });
    expect(deployment.preview(declared("seen", "paused"))).toMatchObject({ steps: [], warnings: [] });
  });

  test("one on a later page is seen as well", async () => {
    await deployment.close();
    await emulator.close();
    await begin({ list: "on", listPageSize: 2 }, listed);
    for (let more = 0; more < 5; more++)
      emulator.behind.createJourney({ title: `other ${more}`, params: { application_code: "A" }, points: [] });
    emulator.behind.journey("seen").pause();
    const pages = emulator.requests({ endpoint: "journey.list" });
    await deployment.refresh();
    expect(deployment.saved?.state).toMatchObject({ status: "paused", statusSource: "listed" });
    expect(emulator.requests({ endpoint: "journey.list" }) - pages).toBe(3);
  });

  test("one that is archived stays in the state, and is not made anew without consent", async () => {
    emulator.behind.journey("seen").finish().archive();
    await deployment.refresh();
    expect(deployment.saved?.state).toMatchObject({ status: "archived" });
    const run = await deployment.up(running());
    expect(run.error?.message).toMatch(/^consent-needed: .*it is archived.*onFinished: "replace"/s);
    expect(await deployment.destroy()).toMatchObject({ calls: [] });
  });

  test("a list that lags doesn't make us forget that we paused it", async () => {
    emulator.fault({ kind: "500-before", endpoint: "journey.start", times: 2 });
    await deployment.up(edited(running()));
    expect(deployment.saved?.state).toMatchObject({ status: "paused" });
    deployment.rewrite = (name, reply) => {
      const stale = JSON.parse(JSON.stringify(reply).replaceAll("STATUS_PAUSED", "STATUS_RUNNING"));
      return name === "journey.list" ? stale : reply;
    };
    await deployment.refresh();
    expect(deployment.saved?.state).toMatchObject({ status: "running", statusSource: "listed" });
    expect(await deployment.up(edited(running()))).toMatchObject({ calls: ["journey.start"] });
    expect(emulator.pushwoosh.journey("seen").status).toBe("STATUS_RUNNING");
  });

  test.each([null, "", undefined, "many"])("a list that doesn't say how long it is (%j) is none", async (count) => {
    const before = deployment.saved!;
    deployment.rewrite = (name, reply) => {
      const { body } = reply as unknown as { body: { _metadata: { page_count: unknown } } };
      if (name === "journey.list") body._metadata.page_count = count;
      return reply;
    };
    const run = await deployment.refresh();
    expect(deployment.saved).toEqual(before);
    expect(run.logs.join()).toContain("a page without items or page_count");
  });

  test("a list that fails says nothing, and that is said", async () => {
    const before = deployment.saved!;
    emulator.fault({ kind: "500-before", endpoint: "journey.list", times: Number.POSITIVE_INFINITY });
    const run = await deployment.refresh();
    expect(run.error?.message).toBeUndefined();
    expect(deployment.saved).toEqual(before);
    expect(run.logs.join()).toMatch(/^warning: /);
  });
});

describe("an end is only what a complete list proves that holds another journey of ours", () => {
  const gone = async (withOther: boolean, kind?: FaultKind) => {
    const other = await startEmulator({ pushwoosh: { list: "on" } });
    const both = new Deployment(other, { settings: listed });
    open.push(both);
    await both.up(running("kept"));
    // A journey in state that this account never had.
    const lost = { ...both.saved!, id: "99999999-0000-4000-8000-000000000000" };
    lost.state = { ...lost.state, journeyId: lost.id };
    const kept = both.saved!;
    await both.restart();
    if (withOther) both.runtime.run.claim("pushwoosh-journey", kept.id, "urn:other");
    if (kind) other.fault({ kind, endpoint: "journey.statistics", times: Number.POSITIVE_INFINITY, retryAfter: 0 });
    const logs: string[] = [];
    const seen = await journey.read(lost.id, lost.state, both.context({ log: (_, text) => void logs.push(text) }));
    await other.close();
    return { seen, logs };
  };
  beforeEach(() => begin({}, {}));

  test("another of ours is there, and this one is not: gone", async () => {
    expect((await gone(true)).seen).toBeUndefined();
  });
  test.each(["403", "429", "500-before", "html-502", "drop-before"] as const)(
    "%s instead of a word on the journey itself: it may only be hidden, so it stays",
    async (kind) => {
      const { seen, logs } = await gone(true, kind);
      expect(seen).toBeDefined();
      expect(logs.join()).toContain("doesn't prove it gone");
    },
  );
  test("none of ours is there: perhaps another account, so it stays", async () => {
    const { seen, logs } = await gone(false);
    expect(seen).toBeDefined();
    expect(logs.join()).toContain("doesn't prove it gone");
  });
});

describe.each(["bare", "legacy"] as const)("a list with %s words for states", (listStatus) => {
  beforeEach(() => begin({ list: "on", listStatus }, listed));
  test("is understood", async () => {
    emulator.behind.journey("seen").pause();
    await deployment.refresh();
    expect(deployment.saved?.state.status).toBe("paused");
    emulator.behind.journey("seen").start();
    await deployment.refresh();
    expect(deployment.saved?.state.status).toBe("running");
  });
});
