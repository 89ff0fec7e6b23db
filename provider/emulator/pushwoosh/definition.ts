import { asObject, type Json } from "../exchange";
import { Refusal } from "../refusal";
import type { World } from "../world";
import { gatewayError } from "./errors";
import { outputFields, paramsFields, pointDataFields, pointFields, takeIn } from "./fields";
import { type Journey, type JourneyDefinition, type Journeys, pointId } from "./journey";
import type { PushwooshSwitches } from "./switches";

const topLevel = new Set(["title", "params", "points", "comments"]);

/** Takes definitions in: checks them and gives them the form in which the server keeps them. */
export class DefinitionIntake {
  constructor(
    private readonly switches: Required<PushwooshSwitches>,
    private readonly journeys: Journeys,
    private readonly world: World,
  ) {}

  /**
   * The definition a create or PUT carries.
   * @param journey The journey a PUT is for.
   * @throws Refusal with code 3, or 6 for a point id another journey has.
   */
  take(body: Json, journey?: Journey): JourneyDefinition {
    const { title } = body;
    if (typeof title !== "string" || title === "") throw invalid("title must not be empty");
    const params = this.takeParams(body.params);
    const points = this.takePoints(body.points);
    this.checkOwners(points, journey);
    return {
      title,
      params,
      points: this.switches.pointIds === "rewritten" ? rewriteIds(points, this.world, journey) : points,
      comments: takeList(body.comments, "comments"),
      further: this.takeFurther(body),
    };
  }

  private takeParams(value: unknown): Json {
    const params = asObject(value);
    if (!params) throw invalid("params must be provided");
    const taken = takeIn(params, paramsFields, "params", this.onUnknown);
    if (typeof taken.application_code !== "string" || taken.application_code === "") {
      throw invalid("params.application_code must not be empty");
    }
    return taken;
  }

  private takePoints(value: unknown): Json[] {
    return takeList(value, "points").map((entry, index) => {
      const path = `points[${index}]`;
      const point = asObject(entry);
      if (!point) throw invalid(`${path} must be an object`);
      const taken = takeIn(point, pointFields, path, this.onUnknown);
      if (taken.point_data !== undefined) taken.point_data = this.takePointData(taken.point_data, `${path}.point_data`);
      if (taken.outputs !== undefined) taken.outputs = this.takeOutputs(taken.outputs, `${path}.outputs`);
      return taken;
    });
  }

  private takePointData(value: unknown, path: string): unknown {
    if (value === null) return value;
    const data = asObject(value);
    if (!data) throw invalid(`${path} must be an object`);
    if (Object.keys(data).length > 1) throw invalid(`${path}: only one of ${Object.keys(data).join(", ")} may be set`);
    return Object.fromEntries(
      Object.entries(data).map(([key, content]) => {
        const fields = Object.hasOwn(pointDataFields, key) ? pointDataFields[key] : undefined;
        const message = asObject(content);
        return [key, fields && message ? takeIn(message, fields, `${path}.${key}`, this.onUnknown) : content];
      }),
    );
  }

  private takeOutputs(value: unknown, path: string): unknown {
    if (value === null) return value;
    const outputs = asObject(value);
    if (!outputs) throw invalid(`${path} must be a map`);
    return Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => {
        const message = asObject(output);
        return [name, message ? takeIn(message, outputFields, `${path}.${name}`, this.onUnknown) : output];
      }),
    );
  }

  private takeFurther(body: Json): Json {
    const unknown = Object.entries(body).filter(([name]) => !topLevel.has(name));
    if (unknown.length > 0 && this.switches.unknownFields === "rejected")
      throw invalid(`unknown field "${unknown[0]?.[0]}"`);
    return this.switches.unknownFields === "stored" ? Object.fromEntries(unknown) : {};
  }

  private checkOwners(points: readonly Json[], journey: Journey | undefined): void {
    if (this.switches.pointIdsAcrossJourneys !== "refused") return;
    for (const point of points) {
      const id = pointId(point);
      const owner = id === undefined ? undefined : this.journeys.ownerOfPoint(id);
      if (owner !== undefined && owner !== journey?.id) {
        throw new Refusal(gatewayError(6, `point ${id} belongs to another journey`));
      }
    }
  }

  private readonly onUnknown = (path: string): boolean => {
    if (this.switches.unknownNestedFields === "rejected") throw invalid(`unknown field "${path}"`);
    return this.switches.unknownNestedFields === "stored";
  };
}

/** Gives new points ids of the server's own; ids the journey has already are kept. Edges follow. */
function rewriteIds(points: readonly Json[], world: World, journey: Journey | undefined): Json[] {
  const kept = new Set(journey?.definition.points.map(pointId));
  const newIds = new Map<string, string>();
  for (const point of points) {
    const id = pointId(point);
    if (id !== undefined && !kept.has(id)) newIds.set(id, world.uuid());
  }
  return points.map((point) => {
    const id = pointId(point);
    const outputs = asObject(point.outputs);
    return {
      ...point,
      ...(id !== undefined && { uuid: newIds.get(id) ?? id }),
      ...(outputs && { outputs: redirect(outputs, newIds) }),
    };
  });
}

function redirect(outputs: Json, newIds: ReadonlyMap<string, string>): Json {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const output = asObject(value);
      const info = asObject(output?.info);
      const next = info?.next_point_uuid;
      const moved = typeof next === "string" ? newIds.get(next) : undefined;
      return [name, moved === undefined ? value : { ...output, info: { ...info, next_point_uuid: moved } }];
    }),
  );
}

function takeList(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`${name} must be a list`);
  return value;
}

function invalid(message: string): Refusal {
  return new Refusal(gatewayError(3, message));
}
