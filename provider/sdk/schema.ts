/** The Pulumi package schema (schema.json), made from the settings' table and the resources' declarations. */
import { type Setting, settings } from "../core/settings";
import { type Declared, declarations, type ModuleName, typeName } from "./declarations";
import { dynamicType } from "./dynamic";
import { choices, isFree, mapValues, type Shape, shapeOf } from "./shape";

export const PACKAGE = "journeys";

/** A value's type in Pulumi's schema language. */
export interface TypeSpec {
  type?: string;
  $ref?: string;
  items?: TypeSpec;
  additionalProperties?: TypeSpec;
  oneOf?: TypeSpec[];
}

export interface PropertySpec extends TypeSpec {
  description?: string;
  default?: string | number | boolean;
  defaultInfo?: { environment: string[] };
  secret?: true;
  willReplaceOnChanges?: true;
}

export interface NamedType {
  type: string;
  description?: string;
  properties?: Record<string, PropertySpec>;
  required?: string[];
  enum?: { value: string | number }[];
}

export interface ResourceSpec {
  description: string;
  inputProperties: Record<string, PropertySpec>;
  requiredInputs: string[];
  properties: Record<string, PropertySpec>;
  required: string[];
  aliases: { type: string }[];
}

export interface PackageSchema {
  name: string;
  displayName: string;
  description: string;
  license: string;
  keywords: string[];
  config: { variables: Record<string, PropertySpec> };
  provider: { description: string; inputProperties: Record<string, PropertySpec> };
  resources: Record<string, ResourceSpec>;
  types: Record<string, NamedType>;
}

export function packageSchema(): PackageSchema {
  const types: Record<string, NamedType> = {};
  const resources: Record<string, ResourceSpec> = {};
  for (const [module, declared] of Object.entries(declarations)) {
    for (const one of declared) resources[one.resource.token] = resourceSpec(module as ModuleName, one, types);
  }
  const variables = mapValues(settings as Record<string, Setting>, settingSpec);
  return {
    name: PACKAGE,
    displayName: "Journeys",
    description: "Pushwoosh customer journeys and EngageLab contacts: careful with live customers.",
    license: "Apache-2.0",
    keywords: ["pulumi", "category/utility", "kind/native", "pushwoosh", "engagelab"],
    config: { variables },
    provider: { description: "Settings of the journeys provider.", inputProperties: variables },
    resources,
    types: Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

const settingTypes = {
  string: "string",
  url: "string",
  path: "string",
  enum: "string",
  boolean: "boolean",
  number: "number",
};

function settingSpec({ kind, env, description, default: preset, secret }: Setting): PropertySpec {
  return {
    type: settingTypes[kind],
    description,
    ...(preset !== undefined && { default: preset }),
    defaultInfo: { environment: [env] },
    ...(secret && { secret: true }),
  };
}

function resourceSpec(
  module: ModuleName,
  { resource, parts }: Declared,
  types: Record<string, NamedType>,
): ResourceSpec {
  const inputs = shapeOf(resource.inputs, "input", parts);
  const outputs = shapeOf(resource.outputs, "output", parts);
  const own = typeName(resource);
  const printer = new SpecPrinter(module, types);
  const properties = printer.properties(outputs, own);
  for (const name of resource.secretOutputs) properties[name] = { ...properties[name], secret: true };
  return {
    description: resource.description,
    inputProperties: printer.properties(inputs, own),
    requiredInputs: inputs.required ?? [],
    properties,
    required: outputs.required ?? [],
    aliases: [{ type: dynamicType(resource.token) }],
  };
}

/** Pulumi wants a name for every object and choice: a part's own, else the owner's and the property's. */
class SpecPrinter {
  constructor(
    private readonly module: ModuleName,
    private readonly types: Record<string, NamedType>,
  ) {}

  properties(shape: Shape, owner: string): Record<string, PropertySpec> {
    return mapValues(shape.properties ?? {}, (property, key) => ({
      ...this.type(property, `${owner}${capital(key)}`),
      ...(property.description && { description: property.description }),
      ...(isScalar(property.default) && { default: property.default }),
      ...(property.secret && { secret: true as const }),
      ...(property.replaces && { willReplaceOnChanges: true as const }),
    }));
  }

  private type(shape: Shape, name: string): TypeSpec {
    if (isFree(shape)) return { $ref: "pulumi.json#/Any" };
    const values = choices(shape);
    if (values) return this.named(name, { type: shape.type ?? "string", enum: values.map((value) => ({ value })) });
    if (shape.anyOf) return { oneOf: shape.anyOf.map((one, index) => this.type(one, `${name}${index || ""}`)) };
    if (shape.type === "array") return { type: "array", items: this.type(shape.items ?? {}, `${name}Item`) };
    if (shape.type !== "object") return { type: shape.type };
    if (!shape.properties) return { type: "object", additionalProperties: this.type(memberOf(shape), `${name}Value`) };
    const owner = shape.name ?? name;
    return this.named(owner, {
      type: "object",
      ...(shape.description && { description: shape.description }),
      properties: this.properties(shape, owner),
      required: shape.required ?? [],
    });
  }

  private named(name: string, spec: NamedType): TypeSpec {
    const token = `${PACKAGE}:${this.module}:${name}`;
    const known = this.types[token];
    // An output may allow more than the input of the same name, such as a status only the platform sets.
    if (known && JSON.stringify(known) !== JSON.stringify(spec)) return this.named(`${name}Declared`, spec);
    this.types[token] = spec;
    return { $ref: `#/types/${token}` };
  }
}

function memberOf({ additionalProperties }: Shape): Shape {
  return typeof additionalProperties === "object" ? additionalProperties : {};
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
