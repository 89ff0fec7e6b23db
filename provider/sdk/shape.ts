/** A declaration's shape as JSON Schema, the one form from which schema.json and the editor types are printed. */
import { z } from "zod";
import { isObject } from "../core/values";

/** The parts of JSON Schema our declarations come out as, and what their metadata adds. */
export interface Shape {
  type?: string;
  description?: string;
  properties?: Record<string, Shape>;
  required?: string[];
  additionalProperties?: Shape | boolean;
  items?: Shape;
  anyOf?: Shape[];
  enum?: (string | number)[];
  const?: string | number;
  default?: unknown;
  $ref?: string;
  /** The name of a part. */
  name?: string;
  /** Another value replaces the resource. */
  replaces?: boolean;
  /** Always a secret. */
  secret?: boolean;
}

/** The shape of inputs, or of outputs; the given parts of it carry their names. */
export function shapeOf(
  schema: z.ZodType,
  side: "input" | "output",
  parts: Readonly<Record<string, z.ZodType>>,
): Shape {
  const names = new Map(Object.entries(parts).map(([name, part]) => [part as z.core.$ZodType, name]));
  const made = z.toJSONSchema(schema, {
    io: side,
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const name = names.get(zodSchema as z.core.$ZodType);
      if (name) Object.assign(jsonSchema, { name });
    },
  });
  return tidy(made as unknown as Shape);
}

/** Both kinds of union read alike; what only refers to itself is free-form JSON and says nothing. */
function tidy(shape: Shape & { oneOf?: Shape[] }): Shape {
  const types: unknown = shape.type;
  // A union of plain types comes as a list of their names.
  if (Array.isArray(types)) return tidy({ ...shape, type: undefined, anyOf: types.map((type) => ({ type })) });
  const { oneOf, anyOf = oneOf, $ref, properties, items, additionalProperties, ...rest } = shape;
  if ($ref) return rest.description ? { description: rest.description } : {};
  return {
    ...rest,
    ...(anyOf && { anyOf: anyOf.map(tidy) }),
    ...(items && { items: tidy(items) }),
    ...(properties && { properties: mapValues(properties, tidy) }),
    ...(additionalProperties !== undefined && {
      additionalProperties: isObject(additionalProperties) ? tidy(additionalProperties as Shape) : additionalProperties,
    }),
  };
}

/** Whether the shape says nothing: any JSON will do. */
export function isFree(shape: Shape): boolean {
  return !shape.type && !shape.anyOf && !shape.enum && shape.const === undefined;
}

/** The values a choice allows, if it is one. */
export function choices(shape: Shape): (string | number)[] | undefined {
  return shape.enum ?? (shape.const === undefined ? undefined : [shape.const]);
}

export function mapValues<From, To>(
  object: Record<string, From>,
  change: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
