/** Histories of edits, drawn at random: the ids of points that stay are the same bytes for ever. */
import * as fc from "fast-check";
import { expect } from "vitest";
import { type Emulator, type PushwooshSwitches, startEmulator } from "../../../../provider/emulator";
import type { JourneyInputs, PointInput } from "../../../../provider/pushwoosh/journey/inputs";
import { Deployment } from "./deployment";
import { edit, journeyInputs } from "./generate";
import { expectLive } from "./live";

/** What platforms may do with the ids they are sent. */
export const treatments: { name: string; pushwoosh: PushwooshSwitches }[] = [
  { name: "kept", pushwoosh: {} },
  { name: "rewritten", pushwoosh: { pointIds: "rewritten" } },
  { name: "refused in a second journey", pushwoosh: { pointIdsAcrossJourneys: "refused" } },
];

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

/** `journeys` journeys with `edits` edits each, drawn from the seed. */
export async function expectIdsToStay(
  { pushwoosh }: (typeof treatments)[number],
  seed: number,
  { journeys, edits }: { journeys: number; edits: number },
): Promise<void> {
  const emulator = await startEmulator({ pushwoosh, seed, journalBodies: false });
  const change = fc.oneof({ weight: 4, arbitrary: edit }, { weight: 1, arbitrary: rename });
  const histories = fc.array(change, { minLength: edits, maxLength: edits });
  const stories = fc.sample(fc.tuple(journeyInputs(""), histories), { seed, numRuns: journeys });
  try {
    const lives = stories.map(([drawn, changes], index) =>
      live(emulator, { ...drawn, title: `ids ${index}` }, changes, `seed ${seed}`),
    );
    await Promise.all(lives);
  } finally {
    await emulator.close();
  }
}

/** Once a rename is applied, a new point may have the former name, and `formerly` goes. */
function withoutPast(inputs: JourneyInputs): JourneyInputs {
  const points = Object.entries(inputs.points).map(([name, point]) => {
    const { formerly, ...rest } = point;
    return [name, formerly !== undefined && formerly in inputs.points ? (rest as PointInput) : point] as const;
  });
  return { ...inputs, points: Object.fromEntries(points) };
}

/** A journey through its edits: after each the platform holds what is declared, every point under the id it had. */
async function live(
  emulator: Emulator,
  drawn: JourneyInputs,
  edits: ((inputs: JourneyInputs) => JourneyInputs)[],
  source: string,
) {
  const deployment = new Deployment(emulator);
  let inputs = drawn;
  await applied(deployment, inputs);
  for (const [step, each] of edits.entries()) {
    const before = deployment.saved!.state.pointIds;
    const after = withoutPast(each(inputs));
    const about = `${source}, ${drawn.title}, edit ${step}: ${JSON.stringify(inputs)} to ${JSON.stringify(after)}`;
    await applied(deployment, after, about);
    expectLive(emulator, deployment.saved!, after, about);
    expectSameIds(before, deployment.saved!.state.pointIds, after, about);
    inputs = after;
  }
  await deployment.close();
}

export async function applied(
  deployment: Deployment,
  inputs: JourneyInputs,
  about = JSON.stringify(inputs),
): Promise<void> {
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
