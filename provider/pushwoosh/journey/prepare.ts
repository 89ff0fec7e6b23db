/** The belief as a plan needs it: with the program's word on the state, and points under their names of today. Pure. */
import { isUnknown } from "../../core/values";
import type { Definition, LogicalPoint } from "./definition";
import type { JourneyInputs } from "./inputs";
import type { Believed } from "./state";

export function prepare(desired: JourneyInputs, believed: Believed): Believed {
  return renamed(desired, corrected(desired, believed));
}

/** `adoptStatus` counts once, when its value changes. */
function corrected(desired: JourneyInputs, believed: Believed): Believed {
  const said = desired.adoptStatus;
  if (!said || isUnknown(said) || said === believed.applied.adoptStatus) return believed;
  const clean = { ...believed, pause: undefined, interrupted: false, uncertain: undefined };
  return { ...clean, status: said, source: "assumed", everRan: believed.everRan || said !== "draft" };
}

function renamed(desired: JourneyInputs, believed: Believed): Believed {
  const renames = renamesOf(desired, believed);
  const given = desired.pointIds && !isUnknown(desired.pointIds) ? desired.pointIds : {};
  const added = Object.entries(given).filter(([name]) => believed.pointIds[name] === undefined);
  if (Object.keys(renames).length === 0) {
    return added.length ? { ...believed, pointIds: { ...believed.pointIds, ...Object.fromEntries(added) } } : believed;
  }
  const names = new Map(Object.entries(renames).map(([now, before]) => [before, now]));
  const rename = (name: string) => names.get(name) ?? name;
  const definition = (value: Definition): Definition => renameIn(value, rename);
  const points = Object.fromEntries(
    Object.entries(believed.applied.points).map(([name, point]) => [rename(name), renameEdges(point, rename)]),
  );
  return {
    ...believed,
    applied: { ...believed.applied, points: points as JourneyInputs["points"] },
    baseline: definition(believed.baseline),
    outside: believed.outside && definition(believed.outside),
    live: believed.live && definition(believed.live),
    pointIds: {
      ...Object.fromEntries(Object.entries(believed.pointIds).map(([name, id]) => [rename(name), id])),
      ...Object.fromEntries(added),
    },
  };
}

/** Logical name now → logical name before. Of an adopted journey a point may be known by its name alone. */
function renamesOf(desired: JourneyInputs, { applied, pointIds }: Believed): Record<string, string> {
  if (isUnknown(desired.points)) return {};
  const isKnown = (name: string) => Object.hasOwn(pointIds, name) || Object.hasOwn(applied.points, name);
  const declared = Object.entries(desired.points).flatMap(([name, { formerly }]) =>
    formerly !== undefined && isKnown(formerly) && !isKnown(name) ? [[name, formerly]] : [],
  );
  // A commit that renamed a point is taken back: the point has its former name again, and people still stand on it.
  const takenBack = Object.entries(applied.points).flatMap(([name, { formerly, type }]) => {
    const back = formerly !== undefined && !isKnown(formerly) && !Object.hasOwn(desired.points, name);
    return back && desired.points[formerly]?.type === type ? [[formerly, name]] : [];
  });
  return Object.fromEntries([...takenBack, ...declared]);
}

export function renameIn(definition: Definition, rename: (name: string) => string): Definition {
  const points = Object.entries(definition.points).map(
    ([name, point]) => [rename(name), renameEdges(point, rename)] as const,
  );
  return { ...definition, points: Object.fromEntries(points) as Record<string, LogicalPoint> };
}

function renameEdges<T extends { next?: unknown }>(point: T, rename: (name: string) => string): T {
  const { next } = point;
  if (next === undefined || isUnknown(next)) return point;
  if (typeof next === "string") return { ...point, next: rename(next) };
  const edges = Object.entries(next as Record<string, string | { to: string }>).map(([output, edge]) => [
    output,
    typeof edge === "string" ? rename(edge) : { ...edge, to: rename(edge.to) },
  ]);
  return { ...point, next: Object.fromEntries(edges) };
}

/** A rename that finds nothing to rename makes a new point, and whoever stands on the old one falls out. */
export function unknownFormers({ points }: JourneyInputs, { applied, pointIds }: Believed): string[] {
  return Object.entries(points).flatMap(([name, { formerly }]) =>
    formerly === undefined || Object.hasOwn(pointIds, name) || Object.hasOwn(applied.points, name)
      ? []
      : [
          `point "${name}" was formerly "${formerly}", says the program, but no such point is known: it gets a new UUID`,
        ],
  );
}
