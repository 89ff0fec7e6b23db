/**
 * The journey object on the wire. The documentation shows the members `point_type`, `point_data` and
 * `info.next_point_uuid`; the three names below it only implies. Should one prove different, this is the place.
 */
import { isObject, type Json, type JsonObject } from "../../core/values";
import type { Definition, LogicalPoint } from "./definition";

/** Names the vendor's documentation implies but does not print. Listed for users in the README. */
export const inferredNames = { pointId: "uuid", pointTitle: "title", outputs: "outputs" } as const;

const { pointId, pointTitle, outputs } = inferredNames;

/** Logical point name → point UUID. */
export type PointIds = Record<string, string>;

/** What the platform is sent, and what it answers. */
export interface WireJourney {
  title: string;
  params: JsonObject;
  points: JsonObject[];
  comments: Json[];
}

/** The request body of create and replace. Points come in the order of their names: their order carries no meaning. */
export function toWire(definition: Definition, applicationCode: string, ids: PointIds): WireJourney {
  const points = Object.keys(definition.points)
    .sort()
    .map((name) => pointToWire(name, definition.points[name]!, ids));
  return {
    title: definition.title,
    params: { ...definition.params, application_code: applicationCode },
    points,
    comments: definition.comments,
  };
}

function pointToWire(name: string, point: LogicalPoint, ids: PointIds): JsonObject {
  const { type, data, title, next, ...further } = point;
  const wire: JsonObject = { ...further, [pointId]: ids[name] ?? name, point_type: type, point_data: data };
  if (title !== undefined) wire[pointTitle] = title;
  if (next !== undefined) {
    wire[outputs] = Object.fromEntries(
      Object.entries(next).map(([output, { to, ...rest }]) => [
        output,
        { ...rest, info: { ...(isObject(rest.info) ? rest.info : {}), next_point_uuid: ids[to] ?? to } },
      ]),
    );
  }
  return wire;
}

/** An answer read back in logical names; points nobody named keep their UUID as their name. */
export function fromWire(wire: WireJourney, ids: PointIds): Definition {
  const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
  const points: Record<string, LogicalPoint> = {};
  wire.points.forEach((point, index) => {
    const id = idOf(point) ?? `#${index}`;
    points[names.get(id) ?? id] = pointFromWire(point, names);
  });
  const { application_code: _, ...params } = wire.params;
  return { title: wire.title, params, points, comments: wire.comments };
}

function pointFromWire(wire: JsonObject, names: Map<string, string>): LogicalPoint {
  const { [pointId]: _, point_type, point_data, [pointTitle]: title, [outputs]: edges, ...further } = wire;
  const point: LogicalPoint = {
    ...further,
    type: typeof point_type === "string" ? point_type : "",
    data: isObject(point_data) ? point_data : {},
  };
  if (typeof title === "string") point.title = title;
  if (isObject(edges)) {
    point.next = {};
    for (const [output, edge] of Object.entries(edges)) {
      if (!isObject(edge)) continue;
      const { next_point_uuid: target, ...info } = isObject(edge.info) ? edge.info : {};
      if (typeof target !== "string" || !target) continue;
      const { info: __, ...rest } = edge;
      point.next[output] = { ...rest, ...(Object.keys(info).length ? { info } : {}), to: names.get(target) ?? target };
    }
  }
  return point;
}

export function idOf(point: JsonObject): string | undefined {
  const id = point[pointId];
  return typeof id === "string" && id ? id : undefined;
}

/**
 * Reads the members of an answer. The documentation disagrees on whether `params` sits in `info` or beside it, so
 * whichever is there counts.
 */
export function readAnswer(
  body: Json | undefined,
): { info: JsonObject; journey: WireJourney; showsPoints: boolean } | undefined {
  if (!isObject(body) || !isObject(body.info) || typeof body.info.uuid !== "string" || !body.info.uuid)
    return undefined;
  const { info } = body;
  const params = isObject(info.params) ? info.params : isObject(body.params) ? body.params : {};
  const journey: WireJourney = {
    title: typeof info.title === "string" ? info.title : "",
    params,
    points: Array.isArray(body.points) ? body.points.filter(isObject) : [],
    comments: Array.isArray(body.comments) ? body.comments : [],
  };
  return { info, journey, showsPoints: Array.isArray(body.points) };
}
