// Journeys under Pulumi's own options, in programs that change, and beside other programs.
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushwoosh } from "../../provider";
import type { JourneySnapshot } from "../../provider/emulator";
import type { OperationResult } from "../../provider/engine/index.js";
import { applicationCode, canvas, idsOf, inputs, textOf } from "./canvas";
import { Ground, type GroundOptions } from "./ground";

/** A ground for one test, gone after it. */
async function on<T>(options: GroundOptions, work: (ground: Ground) => Promise<T>): Promise<T> {
  const ground = await Ground.open(options);
  try {
    return await work(ground);
  } finally {
    await ground.close();
  }
}

const listed: GroundOptions = {
  emulator: { pushwoosh: { list: "on" } },
  config: { "journeys:pushwooshUseUndocumentedList": true },
};

const live = ({ emulator }: Ground): JourneySnapshot[] =>
  emulator.pushwoosh.journeys().filter(({ status }) => status !== "STATUS_ARCHIVED");

/** The writing calls since, in order. */
const writesSince = ({ emulator }: Ground, from: number): string[] =>
  emulator.journal
    .slice(from)
    .filter(({ method }) => method !== "GET")
    .map(({ endpoint }) => endpoint.replace("journey.", ""));

async function callsOf(ground: Ground, operation: () => Promise<OperationResult>) {
  const from = ground.emulator.journal.length;
  const result = await operation();
  return { ...result, calls: writesSince(ground, from) };
}

const empty = { ok: true, changed: 0, calls: [], messages: [] };

describe.concurrent("options of a resource", () => {
  test("ignoreChanges keeps what the state has, of the status and of the points", () =>
    on(listed, async (ground) => {
      ground.declare("status", inputs("Status", { status: "running" }), { ignoreChanges: ["status"] });
      ground.declare("points", inputs("Points", { status: "running" }), { ignoreChanges: ["points"] });
      ground.declare("leaf", inputs("Leaf", { status: "running" }), {
        ignoreChanges: ["points.hello.data.send_push.content.en"],
      });
      await ground.up();
      ground.declare("status", inputs("Status", { status: "finished" }), { ignoreChanges: ["status"] });
      ground.declare("points", inputs("Points", { status: "running" }, "Edited"), { ignoreChanges: ["points"] });
      ground.declare("leaf", inputs("Leaf", { status: "running" }, "Edited"), {
        ignoreChanges: ["points.hello.data.send_push.content.en"],
      });
      expect(await callsOf(ground, ground.up)).toMatchObject(empty);
      ground.emulator.behind.journey("Status").pause();
      await ground.refresh();
      expect(await callsOf(ground, ground.up)).toMatchObject({ ok: true, calls: [] });
      expect(
        live(ground)
          .map(({ title, status }) => `${title} ${status}`)
          .sort(),
      ).toEqual(["Leaf STATUS_RUNNING", "Points STATUS_RUNNING", "Status STATUS_PAUSED"]);
      expect(live(ground).map(textOf)).toEqual(["Hello", "Hello", "Hello"]);
    }));

  test("a rename with an alias sends nothing; without one a second journey is made and the first archived", () =>
    on({}, async (ground) => {
      ground.declare("kept", inputs("Kept", { status: "running" }));
      ground.declare("copied", inputs("Copied", { status: "running" }));
      await ground.up();
      const before = idsOf(ground.emulator.pushwoosh.journey("Kept"));
      ground.declared = {};
      ground.declare("keptNow", inputs("Kept", { status: "running" }), { aliases: [{ name: "kept" }] });
      ground.declare("copiedNow", inputs("Copied", { status: "running" }));
      const renamed = await callsOf(ground, ground.up);
      expect(renamed).toMatchObject({ ok: true, calls: ["create", "start", "finish", "archive"] });
      expect(idsOf(ground.emulator.pushwoosh.journey("Kept"))).toEqual(before);
      expect(live(ground).map(({ title }) => title)).toEqual(["Kept", "Copied"]);
      expect(await callsOf(ground, ground.up)).toMatchObject(empty);
      // The state may know it by its former name still; an edit and a delete find it all the same.
      ground.declare("keptNow", inputs("Kept", { status: "running" }, "Edited"), { aliases: [{ name: "kept" }] });
      expect(await callsOf(ground, ground.up)).toMatchObject({ ok: true, calls: ["pause", "update", "start"] });
      expect((await ground.destroy()).failure).toBeUndefined();
      expect(live(ground)).toEqual([]);
    }));

  test("with the list on, a rename without an alias is refused, since the title is taken", () =>
    on(listed, async (ground) => {
      ground.declare("before", inputs("Renamed", { status: "running" }));
      await ground.up();
      ground.declared = {};
      ground.declare("after", inputs("Renamed", { status: "running" }));
      expect(await callsOf(ground, ground.up)).toMatchObject({
        failure: expect.stringContaining("already-exists"),
        calls: [],
      });
      expect(live(ground)).toMatchObject([{ title: "Renamed", status: "STATUS_RUNNING" }]);
    }));

  test("protect refuses the delete, and retainOnDelete only forgets", () =>
    on({}, async (ground) => {
      ground.declare("protected", inputs("Protected", { status: "running" }), { protect: true });
      ground.declare("retained", inputs("Retained", { status: "running" }), { retainOnDelete: true });
      await ground.up();
      const retained = ground.declared.retained!;
      ground.declared = { retained };
      expect(await callsOf(ground, ground.up)).toMatchObject({
        failure: expect.stringContaining("is protected"),
        calls: [],
      });
      ground.declared = {};
      ground.declare("protected", inputs("Protected", { status: "running" }));
      expect(await callsOf(ground, ground.up)).toMatchObject({ ok: true, summary: { delete: 1 }, calls: [] });
      expect(live(ground).length).toBe(2);
      expect(await callsOf(ground, ground.destroy)).toMatchObject({ ok: true, calls: ["finish", "archive"] });
      expect(live(ground)).toMatchObject([{ title: "Retained", status: "STATUS_RUNNING" }]);
    }));
});

const other = "SHOP0-00002";

/** A journey in the other application. */
const moved = (title: string) => {
  const { entry, hello, done } = canvas();
  const data = { start_by_segment: { application_code: other, filter_code: "SEGME-00002" } };
  return inputs(title, {
    applicationCode: other,
    status: "running",
    points: { entry: { ...entry!, data }, hello: hello!, done: done! },
  });
};

describe.concurrent("replacements", () => {
  test.for([
    { first: "the new one", options: {}, order: ["create", "start", "finish", "archive"] },
    { first: "the old one", options: { deleteBeforeReplace: true }, order: ["finish", "archive", "create", "start"] },
  ])("another application makes a new journey: $first comes first", ({ options, order }) =>
    on(listed, async (ground) => {
      ground.declare("moved", inputs("Moved", { status: "running" }), options);
      await ground.up();
      const before = idsOf(ground.emulator.pushwoosh.journey("Moved"));
      ground.declare("moved", moved("Moved"), options);
      const preview = await callsOf(ground, ground.preview);
      expect(preview).toMatchObject({ ok: true, summary: { replace: 1 }, calls: [] });
      expect(preview.messages.join("\n")).toMatch(/replace journey "Moved".*audience enters again/s);
      expect(await callsOf(ground, ground.up)).toMatchObject({ ok: true, summary: { replace: 1 }, calls: order });
      const [found, ...more] = live(ground);
      expect(more).toEqual([]);
      expect(found).toMatchObject({ status: "STATUS_RUNNING", params: { application_code: other } });
      for (const id of idsOf(found!)) expect(before).not.toContain(id);
      expect(await callsOf(ground, ground.up)).toMatchObject(empty);
    }),
  );

  test("a replacement whose create fails leaves the old one as it was, and the next run makes it", () =>
    on({}, async (ground) => {
      ground.declare("moved", inputs("Moved", { status: "running" }));
      await ground.up();
      ground.declare("moved", moved("Moved"));
      ground.emulator.fault({ kind: "refuse", endpoint: "journey.create" });
      expect(await callsOf(ground, ground.up)).toMatchObject({ ok: false, calls: ["create"] });
      expect(live(ground)).toMatchObject([{ status: "STATUS_RUNNING", params: { application_code: applicationCode } }]);
      expect(await callsOf(ground, ground.up)).toMatchObject({
        ok: true,
        calls: ["create", "start", "finish", "archive"],
      });
      expect(live(ground)).toMatchObject([{ status: "STATUS_RUNNING", params: { application_code: other } }]);
      expect(await callsOf(ground, ground.up)).toMatchObject(empty);
    }));

  test("without forceDestroy in the state it is refused before any call", () =>
    on({}, async (ground) => {
      ground.declare("moved", inputs("Moved", { status: "running", forceDestroy: false }));
      await ground.up();
      ground.declare("moved", moved("Moved"));
      for (const operation of [ground.preview, ground.up]) {
        expect(await callsOf(ground, operation)).toMatchObject({
          failure: expect.stringContaining("forceDestroy"),
          calls: [],
        });
      }
    }));

  test("a finished journey runs again only as a new one, and only with onFinished", () =>
    on({}, async (ground) => {
      ground.declare("ended", inputs("Ended", { status: "running" }));
      await ground.up();
      ground.declare("ended", inputs("Ended", { status: "finished" }));
      expect(await callsOf(ground, ground.up)).toMatchObject({ ok: true, calls: ["finish"] });
      ground.declare("ended", inputs("Ended", { status: "running" }));
      expect(await callsOf(ground, ground.up)).toMatchObject({
        failure: expect.stringContaining('onFinished: "replace"'),
        calls: [],
      });
      ground.declare("ended", inputs("Ended", { status: "running", onFinished: "replace" }));
      expect(await callsOf(ground, ground.up)).toMatchObject({ ok: true, calls: ["create", "start", "archive"] });
      expect(live(ground)).toMatchObject([{ title: "Ended", status: "STATUS_RUNNING" }]);
      expect(await callsOf(ground, ground.up)).toMatchObject(empty);
    }));
});

describe.concurrent("programs", () => {
  test("a status left out is never touched, except that an edit starts again what it paused", () =>
    on(listed, async (ground) => {
      ground.declare("free", inputs("Free", { forceDestroy: false }));
      expect(await callsOf(ground, ground.up)).toMatchObject({ ok: true, calls: ["create"] });
      ground.emulator.behind.journey("Free").start();
      await ground.refresh();
      expect(await callsOf(ground, ground.up)).toMatchObject({ ok: true, calls: [] });
      ground.declare("free", inputs("Free", { forceDestroy: false }, "Edited"));
      expect(await callsOf(ground, ground.up)).toMatchObject({ ok: true, calls: ["pause", "update", "start"] });
      ground.emulator.behind.journey("Free").pause();
      await ground.refresh();
      ground.declare("free", inputs("Free", { forceDestroy: false }, "Edited again"));
      expect(await callsOf(ground, ground.up)).toMatchObject({ ok: true, calls: ["update"] });
      expect(live(ground)[0]?.status).toBe("STATUS_PAUSED");
      expect(await callsOf(ground, ground.destroy)).toMatchObject({
        failure: expect.stringContaining("forceDestroy"),
        calls: [],
      });
    }));

  test("what others do is shown by a refresh and put right by the next run", () =>
    on(listed, async (ground) => {
      ground.declare("welcome", inputs("Welcome", { status: "running" }));
      await ground.up();
      ground.emulator.behind
        .journey("Welcome")
        .pause()
        .edit((journey) => {
          journey.title = "Welcome!";
        });
      const refreshed = await callsOf(ground, ground.refresh);
      expect(refreshed).toMatchObject({ ok: true, changed: 1, calls: [] });
      expect(await callsOf(ground, ground.up)).toMatchObject({ ok: true, calls: ["update", "start"] });
      expect(live(ground)).toMatchObject([{ title: "Welcome", status: "STATUS_RUNNING" }]);
      expect(await callsOf(ground, ground.up)).toMatchObject(empty);
    }));

  test("of two programs on one journey, neither overwrites the other unseen", () =>
    on({}, async (first) => {
      first.declare("ours", inputs("Shared", { status: "running" }));
      await first.up();
      const { id } = first.emulator.pushwoosh.journey("Shared");
      await on({ sharing: first.emulator }, async (second) => {
        const adopting = { status: "running", adoptId: id, adoptStatus: "running" } as const;
        second.declare("theirs", inputs("Shared", adopting));
        expect(await callsOf(second, second.up)).toMatchObject({ ok: true, calls: [] });
        expect(await callsOf(second, second.up)).toMatchObject(empty);
        first.declare("ours", inputs("Shared", { status: "running" }, "First was here"));
        expect(await callsOf(first, first.up)).toMatchObject({ ok: true, calls: ["pause", "update", "start"] });
        second.declare("theirs", inputs("Shared", adopting, "Second was here"));
        expect(await callsOf(second, second.up)).toMatchObject({
          failure: expect.stringMatching(/edited-outside.*points\.hello\.data\.send_push\.content\.en/s),
          calls: ["pause", "start"],
        });
        expect(textOf(first.emulator.pushwoosh.journey(id))).toBe("First was here");
        expect(await callsOf(second, second.up), "refused from then on, without a call").toMatchObject({
          ok: false,
          calls: [],
        });
        second.declare("theirs", inputs("Shared", adopting, "First was here"));
        expect(await callsOf(second, second.up)).toMatchObject({ ok: true, calls: [] });
      });
    }));

  test("a journey that another resource of the program goes on managing is released without a call", () =>
    on({}, async (ground) => {
      ground.declare("old", inputs("Handed over", { status: "running" }));
      await ground.up();
      const { id } = ground.emulator.pushwoosh.journey("Handed over");
      ground.declared = {};
      ground.declare("new", inputs("Handed over", { status: "running", adoptId: id, adoptStatus: "running" }));
      expect(await callsOf(ground, ground.up)).toMatchObject({
        ok: true,
        summary: { create: 1, delete: 1 },
        calls: [],
      });
      expect(live(ground)).toMatchObject([{ id, status: "STATUS_RUNNING" }]);
      expect(await callsOf(ground, ground.up)).toMatchObject(empty);
    }));

  test("a value not known in the preview gives no false error, and is settled by the run", () =>
    on({}, async (ground) => {
      const names = (id: pulumi.Input<string>) => {
        const { entry, hello, done } = canvas();
        const data = { webhook: { journey: id, text: pulumi.interpolate`after ${id}` } };
        return {
          entry: entry!,
          hello: { ...hello!, next: "call" },
          call: { type: "POINT_TYPE_WEBHOOK", data, next: "done" },
          done: done!,
        };
      };
      let first = inputs("First", { status: "running" });
      let second = inputs("Second", { status: "running", editWhileRunning: undefined as never });
      ground.more = () => {
        const { journeyId } = new pushwoosh.Journey("first", first);
        new pushwoosh.Journey("second", { ...second, points: names(journeyId) });
      };
      expect(await callsOf(ground, ground.preview)).toMatchObject({ ok: true, summary: { create: 3 }, calls: [] });
      expect(await callsOf(ground, ground.up)).toMatchObject({
        ok: true,
        calls: ["create", "start", "create", "start"],
      });
      const idIn = (journey: JourneySnapshot) => /"text":"after ([^"]+)"/.exec(JSON.stringify(journey.points))?.[1];
      expect(idIn(ground.emulator.pushwoosh.journey("Second"))).toBe(ground.emulator.pushwoosh.journey("First").id);
      expect(await callsOf(ground, ground.up)).toMatchObject(empty);
      // Replacing the first gives it an id that a preview can't know; whether the second may follow shows only then.
      first = moved("First");
      const preview = await callsOf(ground, ground.preview);
      expect(preview).toMatchObject({ ok: true, summary: { replace: 1, update: 1 }, calls: [] });
      expect(preview.messages.join(" ")).toMatch(/a value isn't known yet; +if it differs, this +will be refused/);
      expect((await ground.up()).failure).toMatch(/consent-needed: journey "Second"/);
      second = { ...second, editWhileRunning: "pause-and-resume" };
      expect((await ground.up()).failure).toBeUndefined();
      expect(live(ground).length).toBe(2);
      expect(idIn(ground.emulator.pushwoosh.journey("Second"))).toBe(ground.emulator.pushwoosh.journey("First").id);
      expect(await callsOf(ground, ground.up)).toMatchObject(empty);
    }));
});

describe("many at once", () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.open();
  });
  afterAll(() => ground.close());
  const names = Array.from({ length: 12 }, (_, index) => `j${index}`);

  test.each([1, 4, 16])("%d at a time: all are made, edited and deleted, each once", async (parallel) => {
    await on({ parallel, sharing: ground.emulator }, async (stack) => {
      const from = ground.emulator.journal.length;
      const titles = names.map((name) => `${name} of ${parallel}`);
      for (const title of titles) stack.declare(title, inputs(title, { status: "running" }));
      expect(await stack.up()).toMatchObject({ ok: true, summary: { create: 13 } });
      for (const title of titles) stack.declare(title, inputs(title, { status: "running" }, "Edited"));
      expect(await stack.up()).toMatchObject({ ok: true, summary: { update: 12 } });
      expect(await stack.destroy()).toMatchObject({ ok: true });
      for (const title of titles) {
        const calls = ground.emulator.journal.slice(from).filter((entry) => entry.titles.includes(title));
        expect(calls.map(({ endpoint }) => endpoint.replace("journey.", ""))).toEqual([
          ..."create start pause update start finish archive".split(" "),
        ]);
      }
    });
  });

  test("one that fails takes no other down, and the next run does what is left", async () => {
    for (const title of names) ground.declare(title, inputs(title, { status: "running" }));
    ground.emulator.fault({ kind: "refuse", endpoint: "journey.create", title: "j5" });
    const failed = await ground.up();
    expect(failed.failure).toContain('journey "j5"');
    const made = live(ground).map(({ title, status }) => `${title} ${status}`);
    expect(made).not.toContain("j5 STATUS_RUNNING");
    expect(made.every((each) => each.endsWith("RUNNING"))).toBe(true);
    const saved = ground.stack.resources.filter(({ type }) => type.endsWith(":Journey")).length;
    expect(saved, "what was made is saved").toBe(made.length);
    expect((await ground.up()).failure).toBeUndefined();
    expect(
      live(ground)
        .map(({ title }) => title)
        .sort(),
    ).toEqual([...names].sort());
    expect(ground.emulator.writes({ endpoint: "journey.create" })).toBe(ground.emulator.pushwoosh.journeys().length);
    expect(await callsOf(ground, ground.up)).toMatchObject(empty);
  });
});
