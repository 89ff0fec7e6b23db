/** People stand on points: the ids of points that stay are the same bytes for ever, whatever is edited around them. */
import { describe, expect, test } from "vitest";
import { startEmulator } from "../../../../provider/emulator";
import { APP, welcome } from "./bench";
import { Deployment } from "./deployment";
import { expectLive } from "./live";
import { applied, expectIdsToStay, treatments } from "./point-ids";
import { seedsOf } from "./seeds";

const size = { journeys: 17, edits: 20 };

describe.each(seedsOf("point ids"))(`seed %d, ${size.journeys * size.edits} edits, ids are`, (seed) => {
  test.each(treatments)("$name", (treatment) => expectIdsToStay(treatment, seed, size));
});

test("a replacement uses none of the former ids", async () => {
  const emulator = await startEmulator({ pushwoosh: { pointIdsAcrossJourneys: "refused" } });
  const deployment = new Deployment(emulator);
  await applied(deployment, welcome({ title: "r", forceDestroy: true }));
  const former = Object.values(deployment.saved!.state.pointIds);
  const point = { type: "POINT_TYPE_EVENT", data: { message_bus: { event_name: "e" } } };
  const { verb } = await deployment.up(
    welcome({ title: "r", forceDestroy: true, applicationCode: "B", points: { audience: point, push: point } }),
  );
  expect(verb).toBe("replace");
  const ids = Object.values(deployment.saved!.state.pointIds);
  expect(ids).toHaveLength(2);
  expect(ids.filter((id) => former.includes(id))).toEqual([]);
  await emulator.close();
});

test("a point that goes and comes back under its name has an id of its own again", async () => {
  const emulator = await startEmulator();
  const deployment = new Deployment(emulator);
  const whole = welcome({ title: "b" });
  await applied(deployment, whole);
  const { exit: id, ...others } = deployment.saved!.state.pointIds;
  const { exit: _, ...rest } = whole.points;
  const { next: __, ...last } = rest.push!;
  await applied(deployment, { ...whole, points: { ...rest, push: last } });
  expect(deployment.saved!.state.pointIds).toEqual(others);
  await applied(deployment, whole);
  expect(deployment.saved!.state.pointIds).toEqual({ ...others, exit: id });
  await emulator.close();
});

test("a point whose removal was killed at any point is out of the state once it is gone", async () => {
  const emulator = await startEmulator();
  for (let at = 0; ; at++) {
    const deployment = new Deployment(emulator);
    const whole = welcome({ title: `gone ${at}`, status: "running", editWhileRunning: "pause-and-resume" });
    await applied(deployment, whole);
    const { exit: _, ...others } = deployment.saved!.state.pointIds;
    const { exit: __, ...rest } = whole.points;
    const { next: ___, ...last } = rest.push!;
    const without = { ...whole, points: { ...rest, push: last } };
    const point = await deployment.killed(at, () => deployment.up(without));
    if (point === undefined) break;
    await applied(deployment, without);
    expect(deployment.saved!.state.pointIds, point).toEqual(others);
  }
  await emulator.close();
});

test("points that look the same and stand in the same place are told apart well enough, whatever ids they get", async () => {
  const emulator = await startEmulator({ pushwoosh: { pointIds: "rewritten" } });
  const deployment = new Deployment(emulator);
  const exit = { type: "POINT_TYPE_EXIT", data: { exit: { reason: "x" } } };
  const entry = {
    type: "POINT_TYPE_START_BY_SEGMENT",
    data: { start_by_segment: { application_code: APP, filter_code: "F" } },
  };
  const split = {
    type: "POINT_TYPE_SPLIT",
    data: { split: { by: "tag" } },
    next: { default: "left", output1: "right" },
  };
  const points = {
    one: { ...entry, next: "split" },
    two: { ...entry, next: "split" },
    split,
    left: exit,
    right: exit,
    alone: exit,
    lonely: exit,
  };
  const inputs = welcome({ title: "twins", points });
  await applied(deployment, inputs);
  expectLive(emulator, deployment.saved!, inputs);
  const before = deployment.saved!.state.pointIds;
  const after = { ...inputs, points: { ...points, split: { ...split, data: { split: { by: "segment" } } } } };
  await applied(deployment, after);
  expect(deployment.saved!.state.pointIds).toEqual(before);
  await emulator.close();
});
