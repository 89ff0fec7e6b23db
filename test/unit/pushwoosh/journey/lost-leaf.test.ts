/** A value that was set and did not come back: a lost wait would send everything at once, so nothing starts with it. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Plan } from "../../../../provider/core/resource";
import { type Emulator, startEmulator } from "../../../../provider/emulator";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { edited } from "./bench";
import { Deployment, type Run } from "./deployment";
import { expectLive, type Tree } from "./live";
import { declared } from "./operations";

let emulator: Emulator;
let deployment: Deployment;
beforeEach(async () => {
  emulator = await startEmulator({ pushwoosh: { unknownNestedFields: "dropped" } });
  deployment = new Deployment(emulator);
});
afterEach(async () => {
  await deployment.close();
  await emulator.close();
});

const LOST = "points.audience.data.start_by_segment.wait_first";
const running = (more: Partial<JourneyInputs> = {}) => declared("leaf", "running", more);

/** With a value the platform doesn't keep. */
function lossy(inputs: JourneyInputs): JourneyInputs {
  const points = structuredClone(inputs.points);
  (points.audience!.data.start_by_segment as Tree).wait_first = { days: 3 };
  return { ...inputs, points };
}

const status = () => emulator.pushwoosh.journey("leaf").status;
const calls = (...names: string[]) => names.map((name) => `journey.${name}`);

function expectDropped({ error }: Run, now: RegExp): void {
  expect(error?.message).toMatch(/^dropped-by-platform: journey "leaf": Pushwoosh did not keep 1 value\(s\)/);
  expect(error?.message).toContain(`where: ${LOST}.days`);
  expect(error?.parts.now).toMatch(now);
  expect(error?.parts.next).toContain("mayBeDropped");
}

describe("of a new journey", () => {
  test("the draft stays and isn't started; corrected, the next run goes on with it", async () => {
    const run = await deployment.up(lossy(running()));
    expectDropped(run, /was created as a draft and not started/);
    expect(run.calls).toEqual(calls("create"));
    expect(deployment.saved).toMatchObject({ failed: true, state: { status: "draft", everRan: false } });
    const again = await deployment.up(lossy(running()));
    expectDropped(again, /it is draft/);
    expect(again.calls, "tried once more, and not started either").not.toContain("journey.start");
    const next = await deployment.up(running());
    expect(next.error?.message).toBeUndefined();
    expect(next.calls.at(-1)).toBe("journey.start");
    expect(emulator.pushwoosh.journeys()).toHaveLength(1);
    expectLive(emulator, deployment.saved!, running());
    expect(await deployment.up(running())).toMatchObject({ verb: "none", calls: [] });
  });

  test("killed after the creation, the next run doesn't start it either", async () => {
    let at = 0;
    while ((await deployment.killed(at, () => deployment.up(lossy(running())))) !== "after the record's end answered") {
      at += 1;
      await deployment.close();
      deployment = new Deployment(emulator);
    }
    expect((await deployment.up(lossy(running()))).error?.code).toBe("dropped-by-platform");
    expect(emulator.requests({ endpoint: "journey.start" })).toBe(0);
  });

  test("is no error where mayBeDropped names it, or what it is part of", async () => {
    for (const path of [LOST, "points.audience"]) {
      const run = await deployment.up(lossy(declared(path, "running", { mayBeDropped: [path] })));
      expect(run.error?.message).toBeUndefined();
      expect(run.calls).toEqual(calls("create", "start"));
      const second = await deployment.up(lossy(declared(path, "running", { mayBeDropped: [path] })));
      expect(second).toMatchObject({ verb: "none", calls: [] });
      await deployment.close();
      deployment = new Deployment(emulator);
    }
  });
});

describe("of an edit", () => {
  beforeEach(async () => {
    expect((await deployment.up(running())).error?.message).toBeUndefined();
  });
  const former = () => expectLive(emulator, deployment.saved!, running());
  const edit = () => lossy(edited(running()));

  test("the former definition is put back, the journey started again, and the error names the path", async () => {
    const before = deployment.saved!.state;
    const run = await deployment.up(edit());
    expectDropped(run, /it is running; it has its former definition again/);
    expect(run.calls).toEqual(calls("pause", "update", "update", "start"));
    former();
    expect(status()).toBe("STATUS_RUNNING");
    const { pointIds, lastAnswer, definitionDigest } = deployment.saved!.state;
    expect({ pointIds, lastAnswer, definitionDigest }).toEqual({
      pointIds: before.pointIds,
      lastAnswer: before.lastAnswer,
      definitionDigest: before.definitionDigest,
    });
    expect(await deployment.up(running())).toMatchObject({ calls: [] });
    expect(await deployment.up(running())).toMatchObject({ verb: "none" });
  });

  test("in a draft it is put back too, and what is declared next is judged anew", async () => {
    const draft = (more = {}) => declared("drafted", "draft", more);
    const other = new Deployment(emulator);
    await other.up(draft());
    const run = await other.up(lossy(edited(draft())));
    expect(run.error?.code).toBe("dropped-by-platform");
    expect(run.calls).toEqual(calls("update", "update"));
    expectLive(emulator, other.saved!, draft());
    await other.close();
  });

  test("what can't be put back isn't started; the next run puts it back first", async () => {
    emulator.fault({ kind: "500-before", endpoint: "journey.update", title: "leaf", after: 1, times: 2 });
    const run = await deployment.up(edit());
    expectDropped(run, /it was paused by us, its former definition could not be put back, and without that it is not/);
    expect(run.calls).toEqual(calls("pause", "update", "update", "update"));
    expect(status()).toBe("STATUS_PAUSED");
    const preview = deployment.preview(running()) as Plan;
    expect(preview.steps.slice(0, 2)).toEqual([{ name: "put the former definition back" }, { name: "start" }]);
    expect(preview.warnings.join("\n")).toMatch(/was cut off[\s\S]*the present one lost values/);
    const next = await deployment.up(running());
    expect(next.error?.message).toBeUndefined();
    expect(next.calls).toEqual(calls("update", "start"));
    former();
    expect(status()).toBe("STATUS_RUNNING");
    expect(await deployment.up(running())).toMatchObject({ verb: "none", calls: [] });
  });

  test("nor is it started where the platform refuses to take the former one back", async () => {
    emulator.fault({ kind: "refuse", endpoint: "journey.update", title: "leaf", after: 1 });
    const run = await deployment.up(edit());
    expectDropped(run, /could not be put back, and without that it is not started: run `up` as soon as possible/);
    expect(run.calls).toEqual(calls("pause", "update", "update"));
    expect(status()).toBe("STATUS_PAUSED");
    expect((await deployment.up(running())).calls).toEqual(calls("update", "start"));
    former();
    expect(status()).toBe("STATUS_RUNNING");
  });

  test("refused there as well, it is probably running again: started by somebody who knows", async () => {
    emulator.fault({ kind: "500-before", endpoint: "journey.update", title: "leaf", after: 1, times: 2 });
    await deployment.up(edit());
    emulator.behind.journey("leaf").start();
    const next = await deployment.up(edited(running()));
    expect(next.error?.message).toBeUndefined();
    expect(next.calls[0]).toBe("journey.update");
    expectLive(emulator, deployment.saved!, edited(running()));
    expect(status()).toBe("STATUS_RUNNING");
  });

  test("a definition the platform refuses to start is put back, and that one started", async () => {
    emulator.fault({ kind: "refuse", endpoint: "journey.start", title: "leaf" });
    const run = await deployment.up(edited(running()));
    expect(run.error?.message).toMatch(/^refused: /);
    expect(run.error?.parts.now).toMatch(/it is running; its definition was not replaced/);
    expect(run.calls).toEqual(calls("pause", "update", "start", "update", "start"));
    former();
    expect(status()).toBe("STATUS_RUNNING");
  });

  test("a replace whose answer was lost and whose repeat is refused shows itself in the answer to the start", async () => {
    emulator.fault({ kind: "drop-after", endpoint: "journey.update", title: "leaf" });
    emulator.fault({ kind: "refuse", endpoint: "journey.update", title: "leaf" });
    const run = await deployment.up(edited(running()));
    expect(run.calls).toEqual(calls("pause", "update", "update", "start"));
    expect(run.error?.parts.now).toMatch(/it is running; it has the new definition/);
    expectLive(emulator, deployment.saved!, edited(running()));
    expect(await deployment.up(edited(running()))).toMatchObject({ calls: [] });
  });

  test("a pause that never happened, as far as one can know: the start is refused, and it counts as running", async () => {
    emulator.fault({ kind: "drop-before", endpoint: "journey.pause", title: "leaf", times: 2 });
    const run = await deployment.up(edited(running()));
    expect(run.error?.message).toMatch(
      /^outcome-unknown: .*now: {3}it is running \(assumed\); its definition was not/s,
    );
    expect(run.logs.join()).toContain("the start after an unfinished pause was refused: taken as running");
    expect(run.calls).toEqual(calls("pause", "pause", "start"));
    expect(deployment.saved?.state).toMatchObject({ status: "running", statusSource: "assumed" });
  });
});
