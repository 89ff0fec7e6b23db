/** Stories of several runs in which one forgotten fact would cost people, or leave the user without a way on. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../provider/core/values";
import { UNKNOWN } from "../../../../provider/core/values";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { journey } from "../../../../provider/pushwoosh/journey/resource";
import { busy } from "../busy";
import { edited } from "./bench";
import type { Run } from "./deployment";
import { begin, deployment, emulator, startBeforeEach } from "./deployments";
import { expectLive } from "./live";
import { declared, foreign } from "./operations";

startBeforeEach();

const running = (more: Partial<JourneyInputs> = {}) => declared("story", "running", more);
const status = (title = "story") => emulator.pushwoosh.journey(title).status;
async function up(inputs: JourneyInputs): Promise<Run> {
  const run = await deployment.up(inputs);
  expect(run.error?.message).toBeUndefined();
  return run;
}

/** The push with other settings. */
function pushing(inputs: JourneyInputs, send_push: JsonObject): JourneyInputs {
  return { ...inputs, points: { ...inputs.points, push: { ...inputs.points.push!, data: { send_push } } } };
}
const plain = { preset: "P-1", text: "hello" };

test("a value that is taken out of the program goes from the platform, and nothing else does", async () => {
  await up(pushing(running(), { ...plain, image: "a.png", badge: 1 }));
  const after = pushing(running(), { ...plain, badge: 1 });
  expect(await up(after)).toMatchObject({ calls: ["journey.pause", "journey.update", "journey.start"] });
  expectLive(emulator, deployment.saved!, after);
});

test("what a killed run added goes again with the commit that is reverted", async () => {
  for (let at = 0; ; at++) {
    begin();
    const inputs = declared(`addition ${at}`, "running");
    await up(inputs);
    const point = await deployment.killed(at, () => deployment.up(pushing(inputs, { ...plain, image: "a.png" })));
    if (point === undefined) break;
    await up(inputs);
    expectLive(emulator, deployment.saved!, inputs, point);
    expect(await deployment.up(inputs), point).toMatchObject({ verb: "none", calls: [] });
  }
});

test("a replace that provably never came leaves nothing to do once its commit is reverted", async () => {
  await up(running());
  emulator.fault({ kind: "drop-before", endpoint: "journey.update", times: 2 });
  expect((await deployment.up(edited(running()))).error?.code).toBe("outcome-unknown");
  expect(deployment.preview(running())).toMatchObject({ steps: [], warnings: [] });
  expect(await up(running())).toMatchObject({ calls: [] });
});

test("a replace whose answers were lost has shown itself in the answer to the start: it is no failure", async () => {
  await up(running());
  emulator.fault({ kind: "drop-after", endpoint: "journey.update", times: 2 });
  expect(await up(edited(running()))).toMatchObject({
    calls: ["journey.pause", "journey.update", "journey.update", "journey.start"],
  });
  expect(await deployment.up(edited(running()))).toMatchObject({ verb: "none" });
});

test("a new point that looks like one it takes the place of doesn't inherit its people, though the replace was lost", async () => {
  await up(running());
  const { exit: id } = deployment.saved!.state.pointIds;
  const { exit, push, ...points } = running().points;
  const after = running({ points: { ...points, push: { ...push!, next: "end" }, end: exit! } });
  emulator.fault({ kind: "drop-before", endpoint: "journey.update", times: 2 });
  expect((await deployment.up(after)).error?.code).toBe("outcome-unknown");
  await up(after);
  expect(deployment.saved!.state.pointIds.end).not.toBe(id);
  expectLive(emulator, deployment.saved!, after);
});

describe("adoptStatus that a killed run had heard", () => {
  test("counts no second time", async () => {
    for (let at = 0; ; at++) {
      begin();
      const title = `heard ${at}`;
      await up(declared(title, "running"));
      emulator.behind.journey(title).pause();
      const inputs = declared(title, "running", { adoptStatus: "paused" });
      const point = await deployment.killed(at, () => deployment.up(inputs));
      if (point === undefined) break;
      await up(inputs);
      expect(status(title), point).toBe("STATUS_RUNNING");
      // Once more, and somebody else paused it since: that is theirs, and not what the program said long ago.
      emulator.behind.journey(title).pause();
      expect(await deployment.up(inputs), point).toMatchObject({ verb: "none", calls: [] });
      expect(status(title), point).toBe("STATUS_PAUSED");
    }
  });

  test("is not heard again where the killed run came to its end", async () => {
    await up(running());
    emulator.behind.journey("story").pause();
    const inputs = running({ adoptStatus: "paused" });
    const before = deployment.saved!;
    await up(inputs);
    deployment.saved = before; // The engine died before it saved.
    expect(deployment.preview(inputs)).toMatchObject({ steps: [] });
    expect(await up(inputs), "the state learns what the record knows").toMatchObject({ verb: "update", calls: [] });
    deployment.loseRecords();
    expect(await up(inputs)).toMatchObject({ verb: "none" });
  });
});

test("somebody's edit that a refresh found settled by the program is settled in the state, before the next edit", async () => {
  await up(running());
  emulator.behind.journey("story").edit(({ params }) => Object.assign(params, { theirs: 1 }));
  expect((await deployment.up(edited(running()))).error?.code).toBe("edited-outside");
  deployment.saved!.failed = false; // As an engine has it after a refresh.
  expect(await up(running())).toMatchObject({ verb: "update", calls: [] });
  expect(await up(edited(running()))).toMatchObject({ calls: ["journey.pause", "journey.update", "journey.start"] });
  expect(emulator.pushwoosh.journey("story").params).toMatchObject({ theirs: 1 });
});

describe("another process that is at work on it", () => {
  /** Nothing is begun before the other one is done. */
  async function expectToWait(subject: JsonObject, operation: () => Promise<unknown>): Promise<void> {
    await deployment.restart();
    const end = busy(deployment.folder, emulator.url, { kind: journey.kind, ...subject });
    const calls = emulator.journal.length;
    const over = operation();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(emulator.journal.length).toBe(calls);
    end();
    await over;
    expect(emulator.journal.length).toBeGreaterThan(calls);
  }

  test("is waited for by an update and by a delete", async () => {
    await up(running());
    const { id, state } = deployment.saved!;
    const subject = { operation: "update", id };
    await expectToWait(subject, () => journey.update(id, state, edited(running()), deployment.context()));
    await expectToWait(subject, () => journey.delete(id, state, deployment.context()));
  });

  test("is waited for by a create of the same name, or of the same title in the same application", async () => {
    const { applicationCode: application, title } = running();
    const created = () => journey.create(running(), deployment.context());
    await expectToWait({ operation: "create", urn: deployment.urn }, created);
    begin();
    await expectToWait({ operation: "create", urn: "urn:elsewhere", application, title }, created);
  });
});

test("a journey whose start only a record knows of counts as one that ran", async () => {
  const { forceDestroy: _, ...inputs } = running();
  const before = deployment.saved;
  await up(inputs);
  deployment.saved = before;
  expect(await up(inputs)).toMatchObject({ calls: [] });
  const run = await deployment.destroy();
  expect([run.error?.code, run.calls, status()]).toEqual(["consent-needed", [], "STATUS_RUNNING"]);
});

describe("a replace that is answered without a value", () => {
  const lost = (inputs: JourneyInputs) => edited(inputs, "lost");
  const holds = (title: string, text: string) =>
    JSON.stringify(emulator.pushwoosh.journey(title).points).includes(`"${text}"`);

  function beginLossy(): void {
    begin();
    deployment.rewrite = (method, reply) =>
      method === "journey.update" ? JSON.parse(JSON.stringify(reply).replaceAll(',"text":"lost"', "")) : reply;
  }

  test("and noted so by a run that was killed then: the former definition is put back before anything starts", async () => {
    let known = 0;
    for (let at = 0; ; at++) {
      beginLossy();
      const title = `lossy ${at}`;
      const inputs = declared(title, "running");
      await up(inputs);
      const point = await deployment.killed(at, () => deployment.up(lost(inputs)));
      if (point === undefined) break;
      if (!holds(title, "lost") || !/^after the record's end answered|begin put back/.test(point)) continue;
      known += 1;
      expect(await up(inputs), point).toMatchObject({ calls: ["journey.update", "journey.start"] });
      expect(holds(title, "hello"), point).toBe(true);
    }
    expect(known).toBeGreaterThan(1);
  });

  test("of a draft, and the former one refused: nothing is kept to be put back one day", async () => {
    beginLossy();
    await up(declared("story", "draft"));
    emulator.fault({ kind: "refuse", endpoint: "journey.update", after: 1 });
    expect((await deployment.up(lost(declared("story", "draft")))).error?.code).toBe("dropped-by-platform");
    expect(deployment.saved?.state.memory.former).toBeUndefined();
  });

  test("twice, the first time without being put back: what is put back is what stood there before both", async () => {
    beginLossy();
    await up(running());
    const refusal = emulator.fault({ kind: "500-before", endpoint: "journey.update", after: 1, times: 2 });
    await deployment.up(lost(running()));
    expect(refusal.hits).toBe(2);
    const again = pushing(running({ adoptStatus: "paused" }), { preset: "P-9", text: "lost" });
    expect((await deployment.up(again)).error?.code).toBe("dropped-by-platform");
    expect(holds("story", "hello")).toBe(true);
  });
});

test("a start that is answered with another state: said after a few calls, and not tried for ever", async () => {
  deployment.rewrite = (method, reply) =>
    method === "journey.start"
      ? JSON.parse(JSON.stringify(reply).replaceAll("STATUS_RUNNING", "STATUS_PAUSED"))
      : reply;
  emulator.on("before", { endpoint: "journey.start" }, () => {
    if (status() === "STATUS_RUNNING") emulator.behind.journey("story").pause();
  });
  const run = await deployment.up(running());
  expect(run.error?.message).toMatch(/^guard-tripped: .*still isn't as declared.*now: {3}it is paused/s);
  expect(run.calls.length).toBeLessThan(14);
});

describe("an adopted journey of a state nobody knows", () => {
  test("declared paused, and the pause refused: what to say is said, after one call", async () => {
    const id = foreign(emulator, "story");
    emulator.behind.journey("story").pause();
    const inputs = declared("story", "paused", { adoptId: id });
    await up(inputs);
    const run = await deployment.up(inputs);
    expect(run.error?.message).toMatch(/^consent-needed: .*its state is unknown, and it can't be paused.*adoptStatus/s);
    expect(run.calls).toEqual(["journey.pause"]);
    await up({ ...inputs, adoptStatus: "paused" });
    expect(await deployment.up({ ...inputs, adoptStatus: "paused" })).toMatchObject({ verb: "none" });
  });
});

test("a value that isn't known yet: a refusal that it may bring is a warning", async () => {
  const inputs = declared("story", "running", { editWhileRunning: undefined });
  await up(inputs);
  const unknown = pushing(inputs, { preset: "P-1", text: UNKNOWN });
  expect(deployment.preview(unknown)).toMatchObject({
    steps: [],
    warnings: [expect.stringMatching(/a value isn't known yet; if it differs, this will be refused: it is running/)],
  });
  expect(deployment.preview(pushing(inputs, { preset: "P-2", text: UNKNOWN }))).toMatchObject({
    code: "consent-needed",
  });
});

describe("of one process", () => {
  const other = "urn:pulumi:test::unit::journeys:pushwoosh:Journey::other";

  test("a journey in state is not taken for a creation to go on with: an engine may replace it for reasons of its own", async () => {
    await up(running());
    const old = deployment.saved!;
    await deployment.restart();
    deployment.runtime.run.claim(journey.kind, old.id, deployment.urn);
    const made = await journey.create(running(), deployment.context());
    expect(made.id).not.toBe(old.id);
  });

  test("a creation in the dark holds up no other resource of that title", async () => {
    emulator.fault({ kind: "drop-after", endpoint: "journey.create" });
    await expect(journey.create(running(), deployment.context())).rejects.toThrow(/^create-unresolved/);
    const second = await journey.create(running({ allowSameTitle: true }), deployment.context({ urn: other }));
    expect(second.failure).toBeUndefined();
  });
});
