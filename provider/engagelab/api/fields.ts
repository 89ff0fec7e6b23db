/** Contact properties: the platform documents how to create one, and nothing else. */
import { isObject, type Json } from "../../core/values";
import type { Open, Refused } from "./answer";
import type { EngagelabClient } from "./client";

/** The kinds of properties, in the order of their numbers on the wire. */
export const fieldTypes = ["text", "number", "date", "birthday", "dropdown"] as const;
export type FieldType = (typeof fieldTypes)[number];

export interface NewField {
  name: string;
  type: FieldType;
  visible: boolean;
  format?: string;
  options?: string[];
}

/** Creates a property. Its id is answered in a form nobody documents, so it may stay unknown. */
export async function createField(
  client: EngagelabClient,
  { name, type, visible, format, options }: NewField,
): Promise<{ kind: "done"; fieldId?: number } | Refused | Open> {
  const body: Json = {
    field_name: name,
    field_type: fieldTypes.indexOf(type),
    visible,
    ...(format !== undefined && { format }),
    ...(options && { options }),
  };
  const answer = await client.send({
    method: "POST",
    path: "/v1/marketing/lists/fields",
    body,
    repeat: "not-processed",
    does: "create contact property",
  });
  if (answer.kind !== "done") return answer;
  const result = isObject(answer.body.result) ? answer.body.result : answer.body;
  const id = result.field_id ?? result.fieldId;
  return { kind: "done", ...(typeof id === "number" && { fieldId: id }) };
}
