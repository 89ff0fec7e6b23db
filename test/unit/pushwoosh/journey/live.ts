/**
 * What the platform really holds, beside what the program declares: both in one form. Written for tests alone, without
 * the provider's own comparing, so that a mistake there can't hide itself.
 */
import { expect } from "vitest";
import type { Emulator } from "../../../../provider/emulator";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import type { Saved } from "./deployment";

export type Tree = { [key: string]: unknown };

/** The declared definition is live: every leaf, and no other. */
export function expectLive(emulator: Emulator, saved: Saved, inputs: JourneyInputs, about = ""): void {
  expect(liveDefinition(emulator, saved, inputs), about).toEqual(declaredDefinition(inputs));
}

export function liveDefinition(emulator: Emulator, { id, state }: Saved, inputs: JourneyInputs): unknown {
  const { title, params, points, comments } = emulator.pushwoosh.journey(id);
  const names = namesOf(points, state.pointIds, inputs);
  const named = (uuid: unknown) => names.get(String(uuid)) ?? `unnamed ${uuid}`;
  const byName: Tree = {};
  for (const { uuid, point_type, point_data, title: pointTitle, outputs = {}, ...further } of points) {
    const next = Object.entries(outputs as Tree).map(([output, edge]) => {
      const { info, ...rest } = edge as Tree;
      const { next_point_uuid: target, ...about } = info as Tree;
      return [output, { ...rest, info: about, to: named(target) }] as const;
    });
    byName[named(uuid)] = {
      ...further,
      type: point_type,
      data: point_data,
      title: pointTitle,
      next: Object.fromEntries(next),
    };
  }
  return withoutNothing({ title, params, points: byName, comments }) as Tree;
}

/** Ids nobody knows yet (of an adopted journey) go to the declared point of that type. */
function namesOf(
  points: readonly Tree[],
  pointIds: Record<string, string>,
  inputs: JourneyInputs,
): Map<string, string> {
  const names = new Map(Object.entries(pointIds).map(([name, uuid]) => [uuid, name]));
  const free = Object.keys(inputs.points).filter((name) => pointIds[name] === undefined);
  for (const { uuid, point_type } of points) {
    const match = names.has(String(uuid)) ? undefined : free.find((name) => inputs.points[name]!.type === point_type);
    if (match) names.set(String(uuid), match);
  }
  return names;
}

export function declaredDefinition({ title, applicationCode, params, points, comments }: JourneyInputs): unknown {
  const byName: Tree = {};
  for (const [name, { role, formerly, next, ...rest }] of Object.entries(points)) {
    const edges = typeof next === "string" ? { default: next } : (next ?? {});
    const full = Object.entries(edges).map(
      ([output, edge]) => [output, typeof edge === "string" ? { to: edge } : edge] as const,
    );
    byName[name] = { ...rest, next: Object.fromEntries(full) };
  }
  return withoutNothing({ title, params: { ...params, application_code: applicationCode }, points: byName, comments });
}

/** Empty values say nothing; places in a list count; one instant may be spelled in several ways. */
function withoutNothing(value: unknown): unknown {
  if (value === null || value === "" || value === 0 || value === false) return undefined;
  if (Array.isArray(value)) return value.length ? value.map((item) => withoutNothing(item) ?? null) : undefined;
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value)) return Date.parse(value);
  if (typeof value !== "object") return value;
  const members = Object.entries(value as Tree)
    .map(([key, member]) => [key, withoutNothing(member)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length ? Object.fromEntries(members) : undefined;
}
