/** People stand on points: the ids of points that stay are the same bytes for ever, whatever is edited around them. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Emulator, type PushwooshSwitches, startEmulator } from "../../../../provider/emulator";
import type { JourneyInputs, PointInput } from "../../../../provider/pushwoosh/journey/inputs";
import { APP, welcome } from "./bench";
import { Deployment } from "./deployment";
import { edit, journeyInputs } from "./generate";
import { expectLive } from "./live";

const SEED = Number(process.env.JOURNEYS_SEED ?? 20260102);
const JOURNEYS = 17;
const EDITS = 20;

/** A point under another name, said with `formerly`; the name it had is free again in the next edit. */
const rename = fc.nat(99).map((pick) => (inputs: JourneyInputs): JourneyInputs => {
  const names = Object.keys(inputs.points);
  const before = names[pick % names.length]!;
  const now = `renamed ${pick} ${names.length}`;
  if (now in inputs.points) return inputs;
  const to = (name: string) => (name === before ? now : name);
  const points = Object.entries(inputs.points).map(([name, point]) => {
    const next = typeof point.next === "string" ? to(point.next) : mapEdges(point.next, to);
    const { formerly: _, ...rest } = point;
    const renamed = { ...rest, ...(next !== undefined && { next }), ...(name === before && { formerly: before }) };
    return [to(name), renamed as PointInput] as const;
  });
  return { ...inputs, points: Object.fromEntries(points) };
});

function mapEdges(next: Exclude<PointInput["next"], string>, to: (name: string) => string) {
  return next && Object.fromEntries(Object.entries(next).map(([output, edge]) => [output, to(edge as string)]));
}

describe.each([
  ["kept", {}],
  ["rewritten", { pointIds: "rewritten" }],
  ["refused in a second journey", { pointIdsAcrossJourneys: "refused" }],
] as [string, PushwooshSwitches][])("point ids %s by the platform", (_, pushwoosh) => {
  test(`${JOURNEYS * EDITS} edits (seed ${SEED})`, async () => {
    const emulator = await startEmulator({ pushwoosh, seed: SEED, journalBodies: false });
    const change = fc.oneof({ weight: 4, arbitrary: edit }, { weight: 1, arbitrary: rename });
    const histories = fc.array(change, { minLength: EDITS, maxLength: EDITS });
    const stories = fc.sample(fc.tuple(journeyInputs(""), histories), { seed: SEED, numRuns: JOURNEYS });
    try {
      await Promise.all(
        stories.map(([drawn, edits], index) => live(emulator, { ...drawn, title: `ids ${index}` }, edits)),
      );
    } finally {
      await emulator.close();
    }
  });
});

/** A journey through its edits: after each the platform holds what is declared, every point under the id it had. */
async function live(emulator: Emulator, drawn: JourneyInputs, edits: ((inputs: JourneyInputs) => JourneyInputs)[]) {
  const deployment = new Deployment(emulator);
  let inputs = drawn;
  await applied(deployment, inputs);
  for (const [step, each] of edits.entries()) {
    const before = deployment.saved!.state.pointIds;
    const after = each(inputs);
    const about = `seed ${SEED}, ${drawn.title}, edit ${step}: ${JSON.stringify(inputs)} to ${JSON.stringify(after)}`;
    await applied(deployment, after, about);
    expectLive(emulator, deployment.saved!, after, about);
    expectSameIds(before, deployment.saved!.state.pointIds, after, about);
    inputs = after;
  }
  await deployment.close();
}

async function applied(deployment: Deployment, inputs: JourneyInputs, about = JSON.stringify(inputs)): Promise<void> {
  const { error } = await deployment.up(inputs);
  expect(error?.message, about).toBeUndefined();
}

function expectSameIds(
  before: Record<string, string>,
  now: Record<string, string>,
  inputs: JourneyInputs,
  about: string,
) {
  for (const [name, { formerly }] of Object.entries(inputs.points)) {
    const had = before[name] ?? (formerly === undefined ? undefined : before[formerly]);
    if (had !== undefined) expect(now[name], `${name}, ${about}`).toBe(had);
  }
  const declared = Object.keys(inputs.points).map((name) => now[name]);
  expect(new Set(declared).size, about).toBe(declared.length);
}

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
