/** The editor types of a module's resources as TypeScript text: every part of an input may be given as an Output. */
import { type Declared, declarations, type ModuleName, typeName } from "./declarations";
import { choices, isFree, type Shape, shapeOf } from "./shape";

const HEADER = `/**
 * Generated from the resources' declarations by \`npm run schema\`: change those, not this file.
 */
import type * as pulumi from "@pulumi/pulumi";
`;

/** The text of `<module>-shapes.ts`: arguments, their named parts, outputs, and the outputs' names. */
export function shapesText(module: ModuleName): string {
  return [HEADER, ...declarations[module].map(resourceText)].join("\n");
}

function resourceText({ resource, parts }: Declared): string {
  const inputs = shapeOf(resource.inputs, "input", parts);
  const outputs = shapeOf(resource.outputs, "output", {});
  const own = typeName(resource);
  const named = new Map<string, Shape>();
  collect(inputs, named);
  return [
    ...[...named].map(([name, shape]) => interfaceText(name, shape, lifted)),
    interfaceText(
      `${own}Args`,
      { ...inputs, description: `Arguments of \`${own}\`. ${inputs.description ?? ""}`.trim() },
      lifted,
    ),
    interfaceText(
      `${own}Outputs`,
      { ...outputs, description: `Outputs of \`${own}\`.` },
      (shape) => `pulumi.Output<${plain(shape)}>`,
    ),
    `/** The names of the outputs of \`${own}\`. */
export const ${own.charAt(0).toLowerCase()}${own.slice(1)}OutputNames = ${JSON.stringify(Object.keys(outputs.properties ?? {}))} as const;\n`,
  ].join("\n");
}

function collect(shape: Shape, named: Map<string, Shape>): void {
  const { properties = {}, items, anyOf = [], additionalProperties } = shape;
  for (const part of [...Object.values(properties), ...anyOf]) collect(part, named);
  if (items) collect(items, named);
  if (typeof additionalProperties === "object") collect(additionalProperties, named);
  if (shape.name) named.set(shape.name, shape);
}

function interfaceText(name: string, shape: Shape, print: (shape: Shape) => string): string {
  return `${comment(shape.description)}export interface ${name} ${members(shape, print)}\n`;
}

function members(shape: Shape, print: (shape: Shape) => string): string {
  const isOutput = print !== lifted && print !== plain;
  const lines = Object.entries(shape.properties ?? {}).map(([key, property]) => {
    const isOptional = !shape.required?.includes(key);
    const name = `${isOutput ? "readonly " : ""}${propertyName(key)}${isOptional && !isOutput ? "?" : ""}`;
    const text = print(property);
    const type = isOptional && isOutput ? text.replace(/>$/, " | undefined>") : text;
    return `${comment(property.description)}${name}: ${type};`;
  });
  // An object with further fields: the strict ones have `additionalProperties: false`.
  if (typeof shape.additionalProperties === "object") lines.push("[field: string]: unknown;");
  return `{\n${lines.join("\n")}\n}`;
}

/** A type every part of which may be an Output. */
function lifted(shape: Shape): string {
  return isFree(shape) ? "unknown" : `pulumi.Input<${written(shape, lifted)}>`;
}

function plain(shape: Shape): string {
  return isFree(shape) ? "unknown" : written(shape, plain);
}

function written(shape: Shape, print: (shape: Shape) => string): string {
  if (shape.name && print === lifted) return shape.name;
  const values = choices(shape);
  if (values) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (shape.anyOf) return shape.anyOf.map((one) => (isFree(one) ? "unknown" : written(one, print))).join(" | ");
  if (shape.type === "array") return `Array<${print(shape.items ?? {})}>`;
  if (shape.type === "object") {
    if (shape.properties) return members(shape, print);
    const { additionalProperties } = shape;
    return `{ [key: string]: ${typeof additionalProperties === "object" ? print(additionalProperties) : "unknown"} }`;
  }
  return shape.type === "integer" ? "number" : (shape.type ?? "unknown");
}

function comment(text: string | undefined): string {
  return text ? `/** ${text.replaceAll("*/", "*\\/")} */\n` : "";
}

function propertyName(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
