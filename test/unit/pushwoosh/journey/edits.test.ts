/** Edits: what is compared, what is remembered of others' edits, renames, corrections, and what the server added. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Plan } from "../../../../provider/core/resource";
import { type Emulator, type PushwooshSwitches, startEmulator } from "../../../../provider/emulator";
import type { JourneyInputs, PointInput } from "../../../../provider/pushwoosh/journey/inputs";
import { edited } from "./bench";
import { Deployment, type Run } from "./deployment";
import { expectLive, type Tree } from "./live";
import { declared, foreign } from "./operations";

let emulator: Emulator;
let deployment: Deployment;
async function open(pushwoosh: PushwooshSwitches = {}): Promise<void> {
  emulator = await startEmulator({ pushwoosh });
  deployment = new Deployment(emulator);
}
beforeEach(() => open());
afterEach(async () => {
  await deployment.close();
  await emulator.close();
});

const running = (more: Partial<JourneyInputs> = {}) => declared("edit", "running", more);
const stored = () => emulator.pushwoosh.journey("edit");
const calls = (...names: string[]) => names.map((name) => `journey.${name}`);
const edit = calls("pause", "update", "start");
async function up(inputs: JourneyInputs): Promise<Run> {
  const run = await deployment.up(inputs);
  expect(run.error?.message).toBeUndefined();
  return run;
}
const idle = async (inputs: JourneyInputs) =>
  expect(await deployment.up(inputs)).toMatchObject({ verb: "none", calls: [] });

/** Somebody changes the text of the push in the builder. */
const theirs = (text: string) =>
  emulator.behind.journey("edit").edit(({ points }) => {
    const push = points.find(({ point_type }) => point_type === "POINT_TYPE_SEND_PUSH") as unknown as Tree;
    Object.assign((push.point_data as Tree).send_push as Tree, { text });
  });
const TEXT = "points.push.data.send_push.text";

describe("somebody else's edit", () => {
  beforeEach(async () => {
    await up(running());
    theirs("theirs");
    const run = await deployment.up(edited(running(), "ours"));
    expect(run.error?.message).toMatch(new RegExp(`^edited-outside: .*where: ${TEXT}`, "s"));
    expect(run.calls).toEqual(calls("pause", "start"));
  });

  test("is remembered: later previews refuse from memory, whatever else is declared", async () => {
    for (const inputs of [edited(running(), "ours"), running(), declared("edit", "paused")]) {
      const run = await deployment.up(inputs);
      expect([run.error?.code, run.calls]).toEqual(["edited-outside", []]);
    }
  });

  test("is no obstacle once the program says the same; the next edit starts from there", async () => {
    expect(await up(edited(running(), "theirs"))).toMatchObject({ calls: [] });
    await idle(edited(running(), "theirs"));
    expect(await up(edited(running(), "ours"))).toMatchObject({ calls: edit });
    expectLive(emulator, deployment.saved!, edited(running(), "ours"));
    await idle(edited(running(), "ours"));
  });

  test("is overwritten with consent, of which a preview warns as long as it is set", async () => {
    const inputs = edited(running({ overwriteOutsideEdits: true }), "ours");
    const warned = () => (deployment.preview(inputs) as Plan).warnings.filter((text) => text.includes("overwrite"));
    const always = "overwriteOutsideEdits is set: what others change in Pushwoosh is overwritten unseen";
    expect(warned()).toEqual([`${always}, and this run's replace overwrites points.push.data.send_push.text`]);
    expect(await up(inputs)).toMatchObject({ calls: edit });
    expectLive(emulator, deployment.saved!, inputs);
    expect(warned()).toEqual([always]);
    await idle(inputs);
  });

  test("is found under the name its point has after a rename", async () => {
    const { push, audience, ...others } = running().points;
    const points = { ...others, audience: { ...audience!, next: "hello" }, hello: { ...push!, formerly: "push" } };
    const run = await deployment.up(running({ points }));
    expect(run.error?.message).toMatch(/^edited-outside: .*where: points\.hello\.data\.send_push\.text/s);
    expect(run.calls).toEqual([]);
  });
});

test("an edit by others that says what the program says is nobody's loss", async () => {
  await up(running());
  theirs("the same");
  expect(await up(edited(running(), "the same"))).toMatchObject({ calls: calls("pause", "start") });
});

describe("renames", () => {
  const renamed = (from: string, to: string, inputs: JourneyInputs): JourneyInputs => {
    const points = Object.fromEntries(
      Object.entries(inputs.points).map(([name, { formerly: _, ...point }]) => {
        const next = point.next === from ? { next: to } : {};
        return name === from ? [to, { ...point, ...next, formerly: from }] : [name, { ...point, ...next }];
      }),
    );
    return { ...inputs, points: points as Record<string, PointInput> };
  };

  test("send nothing and keep every UUID; formerly may stay, or go", async () => {
    await up(running());
    const before = deployment.saved!.state.pointIds;
    const inputs = renamed("push", "hello", running());
    expect(await up(inputs)).toMatchObject({ calls: [] });
    const { push, ...others } = before;
    expect(deployment.saved!.state.pointIds).toEqual({ ...others, hello: push });
    await idle(inputs);
    const { formerly: _, ...hello } = inputs.points.hello!;
    expect(await up({ ...inputs, points: { ...inputs.points, hello: hello as PointInput } })).toMatchObject({
      calls: [],
    });
    expect(deployment.saved!.state.pointIds).toEqual({ ...others, hello: push });
  });

  test("two points swap their names through a third, in two runs", async () => {
    await up(running());
    const { push, exit } = deployment.saved!.state.pointIds;
    await up(renamed("push", "other", running()));
    const { other, ...rest } = renamed("push", "other", running()).points;
    const swapped = renamed("exit", "push", { ...running(), points: { ...rest, other: other! } });
    await up(swapped);
    await up(renamed("other", "exit", swapped));
    expect(deployment.saved!.state.pointIds).toMatchObject({ push: exit, exit: push });
    expect(emulator.requests({ endpoint: "journey.update" }), "names are never sent").toBe(0);
  });

  test("leave the former name free: a new point that takes it gets a UUID of its own", async () => {
    await up(running());
    const { exit } = deployment.saved!.state.pointIds;
    const inputs = renamed("exit", "end", running());
    await up(inputs);
    const { formerly: _, ...end } = inputs.points.end!;
    const push = { ...inputs.points.push!, next: { default: "end", opened: "exit" } };
    const both = { ...inputs, points: { ...inputs.points, push, end, exit: running().points.exit! } };
    await up(both);
    expectLive(emulator, deployment.saved!, both);
    const { pointIds } = deployment.saved!.state;
    expect(pointIds.end).toBe(exit);
    expect(new Set(Object.values(pointIds)).size).toBe(4);
  });

  test("of a point whose UUID isn't known yet: found under its former name, or refused", async () => {
    const id = foreign(emulator, "edit");
    const adopting = running({ adoptId: id, adoptStatus: "running" });
    await up(adopting);
    const after = edited(renamed("exit", "end", adopting));
    expect(await up(after)).toMatchObject({ calls: edit });
    expect(deployment.saved!.state.pointIds.end).toBe("aaaaaaaa-0000-4000-8000-000000000003");
    const drafted = declared("edit", "draft", { adoptId: id, adoptStatus: "draft" });
    const other = new Deployment(emulator);
    await other.up(drafted);
    const refused = await other.up(edited(renamed("exit", "end", drafted)));
    expect(refused.error?.message).toMatch(/^invalid-input: .*not known: audience, end, push;/);
    expect(refused.calls).toEqual([]);
    await other.close();
  });

  test("from a name the journey never had: a new UUID, which the preview says", async () => {
    await up(running());
    const inputs = renamed("push", "hello", running());
    const typo = { ...inputs.points.hello!, formerly: "puhs" };
    const plan = deployment.preview({ ...inputs, points: { ...inputs.points, hello: typo } }) as Plan;
    expect(plan.warnings.join("\n")).toContain(
      'point "hello" was formerly "puhs", says the program, but no such point is known: it gets a new UUID',
    );
    expect((deployment.preview(inputs) as Plan).warnings).toEqual([]);
  });
});

describe("adoptStatus of a journey already in state", () => {
  test("counts once, when its value changes, and calls nobody", async () => {
    await up(running());
    emulator.behind.journey("edit").pause();
    expect(await up(declared("edit", undefined, { adoptStatus: "paused" }))).toMatchObject({ calls: [] });
    expect(deployment.saved!.state).toMatchObject({ status: "paused", statusSource: "assumed" });
    expect(await up(running({ adoptStatus: "paused" }))).toMatchObject({ calls: calls("start") });
    await idle(running({ adoptStatus: "paused" }));
    expect(deployment.saved!.state.status).toBe("running");
  });

  test("ends what was uncertain, and a pause of ours that is none any more", async () => {
    await up(running());
    emulator.fault({ kind: "500-before", endpoint: "journey.start", times: 2 });
    emulator.fault({ kind: "refuse", endpoint: "journey.update" });
    const cut = await deployment.up(edited(running()));
    expect(cut.error?.parts.now).toContain("it was paused by us");
    emulator.behind.journey("edit").start();
    expect(await up(running({ adoptStatus: "running" }))).toMatchObject({ calls: [] });
    await idle(running({ adoptStatus: "running" }));
  });
});

test("pointIds never take the place of what is known", async () => {
  await up(running());
  const { pointIds } = deployment.saved!.state;
  await up(running({ pointIds: { push: "99999999-0000-4000-8000-000000000000" } }));
  expect(deployment.saved!.state.pointIds).toEqual(pointIds);
});

describe("mayBeDropped", () => {
  test("a change of what may be dropped is sent all the same", async () => {
    await deployment.close();
    await emulator.close();
    await open();
    const inputs = (text: string) => edited(running({ mayBeDropped: [TEXT] }), text);
    await up(inputs("one"));
    expect(await up(inputs("two"))).toMatchObject({ calls: edit });
    expectLive(emulator, deployment.saved!, inputs("two"));
  });
});

describe("what the server added", () => {
  /** As a builder or a server may add: a point, edges to and from it, and settings. */
  const added = {
    uuid: "cccccccc-0000-4000-8000-000000000001",
    point_type: "POINT_TYPE_WEBHOOK",
    point_data: { webhook: { url: "https://example.com" } },
  };

  test("at the creation stays through every edit, byte for byte", async () => {
    emulator.on("after", { endpoint: "journey.create" }, () => {
      emulator.behind.journey("edit").edit((journey) => {
        journey.points.push(structuredClone(added) as never);
        Object.assign(journey.params, { capping: { per_day: 3 } });
      });
    });
    expect(await up(running()), "seen in the answer to the start, and known from then on").toMatchObject({
      calls: calls("create", "start"),
    });
    await idle(running());
    expect(await up(edited(running()))).toMatchObject({ calls: edit });
    expect(stored().points).toContainEqual(expect.objectContaining(added));
    expect(stored().params).toMatchObject({ capping: { per_day: 3 } });
    await idle(edited(running()));
    await up(running());
    expect(stored().points).toContainEqual(expect.objectContaining(added));
  });

  test("whenever a journey is started is kept, and never a reason for further calls", async () => {
    let starts = 0;
    emulator.on("before", { endpoint: "journey.start" }, () => {
      starts += 1;
      const member = `started_${starts}`;
      emulator.behind.journey("edit").edit(({ params }) => Object.assign(params, { [member]: true }));
    });
    for (const more of [{}, { overwriteOutsideEdits: true }]) {
      await up(running(more));
      expect(await up(edited(running(more)))).toMatchObject({ calls: edit });
      await idle(edited(running(more)));
    }
    expect(stored().params).toMatchObject(
      Object.fromEntries(Array.from({ length: starts }, (_, index) => [`started_${index + 1}`, true])),
    );
  });

  test("is kept where it was remembered as somebody's edit and the program takes its own edit back", async () => {
    await up(running());
    emulator.behind.journey("edit").edit(({ params }) => Object.assign(params, { theirs: 1 }));
    expect((await deployment.up(edited(running()))).error?.message).toMatch(/^edited-outside: .*params\.theirs/);
    const preview = deployment.preview(running());
    expect(preview).toMatchObject({ changes: [], steps: [] });
    expect(await up(running())).toMatchObject({ calls: [] });
    expect(await up(edited(running()))).toMatchObject({ calls: edit });
    expect(stored().params).toMatchObject({ theirs: 1 });
  });

  test("to a list that the program declares is an edit: the next replace would undo it", async () => {
    const inputs = running({ comments: [{ text: "ours" }] });
    await up(inputs);
    emulator.behind.journey("edit").edit(({ comments }) => comments.push({ text: "theirs" }));
    for (let run = 0; run < 2; run++)
      expect((await deployment.up(edited(inputs))).error?.message).toMatch(/^edited-outside: .*comments\[1\]\.text/);
    expect((await deployment.up(inputs)).error?.message).toMatch(/^edited-outside: .*comments\[1\]\.text/);
    expect(stored().comments).toHaveLength(2);
  });

  test("by somebody between two runs is their edit", async () => {
    await up(running());
    emulator.behind.journey("edit").edit(({ points }) => points.push(structuredClone(added) as never));
    const run = await deployment.up(edited(running()));
    expect(run.error?.message).toMatch(/^edited-outside: .*points\.cccccccc-0000-4000-8000-000000000001/);
    expect(stored().points).toContainEqual(expect.objectContaining(added));
  });
});

describe("behind our back", () => {
  beforeEach(() => up(running()));

  test("renamed: an edit refuses to take the name back unseen", async () => {
    emulator.behind.journey("edit").edit((journey) => Object.assign(journey, { title: "edit, theirs" }));
    const run = await deployment.up(edited(running()));
    expect(run.error?.message).toMatch(/^edited-outside: .*where: title/s);
  });

  test("archived: an edit finds it paused by others, then refused, and says how to say so; then a copy is allowed", async () => {
    emulator.behind.journey("edit").finish().archive();
    expect((await deployment.up(edited(running()))).error?.code).toBe("paused-outside");
    const refused = await deployment.up(edited(running()));
    expect(refused.error?.message).toMatch(/^refused: .*adoptStatus/s);
    const corrected = await deployment.up(edited(running({ adoptStatus: "archived" })));
    expect(corrected.error?.message).toMatch(/^consent-needed: .*it is archived.*onFinished: "replace"/s);
    expect(corrected.calls).toEqual([]);
    const copy = edited(running({ adoptStatus: "archived", onFinished: "replace" }));
    expect(await up(copy), "what is archived needs no further call").toMatchObject({
      verb: "replace",
      calls: calls("create", "start"),
    });
    expectLive(emulator, deployment.saved!, copy);
    await idle(copy);
  });
});
