import { asObject, type Json } from "../exchange";
import { type AnswerForm, giveOut, outputFields, paramsFields, pointDataFields, pointFields } from "./fields";
import type { Journey } from "./journey";
import type { PushwooshSwitches } from "./switches";

/** The journey object, as create, PUT and lifecycle calls answer it. */
export function journeyObject(journey: Journey, switches: Required<PushwooshSwitches>): Json {
  const { definition } = journey;
  const params = giveOut(definition.params, paramsFields, switches);
  const info: Json = {
    uuid: journey.id,
    title: definition.title,
    status: journey.status,
    created_at: journey.createdAt,
    updated_at: journey.updatedAt,
    is_first_activated: journey.everStarted,
    ...(switches.paramsPlace !== "top" && { params }),
    category_uuid: "",
    pointCounts: countPoints(definition.points),
    campaign_type: "",
    stop_reason: "",
    last_edited_by: null,
    dynamic_entry: false,
  };
  return {
    ...definition.further,
    info: switches.unpopulated === "omitted" ? withoutEmpty(info) : info,
    ...(switches.paramsPlace !== "info" && { params }),
    points: definition.points.map((point) => givePoint(point, switches)),
    comments: definition.comments,
  };
}

function givePoint(point: Json, form: AnswerForm): Json {
  const given = giveOut(point, pointFields, form);
  const data = asObject(given.point_data);
  if (data) {
    given.point_data = mapMembers(data, (content, key) => {
      const fields = Object.hasOwn(pointDataFields, key) ? pointDataFields[key] : undefined;
      return fields ? giveOut(content, fields, form) : content;
    });
  }
  const outputs = asObject(given.outputs);
  if (outputs) given.outputs = mapMembers(outputs, (output) => giveOut(output, outputFields, form));
  return given;
}

function mapMembers(map: Json, change: (member: Json, key: string) => Json): Json {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => {
      const member = asObject(value);
      return [key, member ? change(member, key) : value];
    }),
  );
}

function countPoints(points: readonly Json[]): Json {
  const counts: Record<string, number> = {};
  for (const { point_type: type } of points) {
    if (typeof type === "string") counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}

function withoutEmpty(info: Json): Json {
  return Object.fromEntries(
    Object.entries(info).filter(([, value]) => {
      const members = asObject(value);
      return value !== "" && value !== false && value !== null && !(members && Object.keys(members).length === 0);
    }),
  );
}
