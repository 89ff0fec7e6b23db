import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { settings } from "../../../provider/core/settings";
import { declarations, type ModuleName } from "../../../provider/sdk/declarations";
import { type PropertySpec, packageSchema, type TypeSpec } from "../../../provider/sdk/schema";
import { shapesText } from "../../../provider/sdk/typescript";

const schema = packageSchema();
const objects = [
  ...Object.entries(schema.resources).flatMap(([token, { inputProperties, requiredInputs, properties, required }]) => [
    { token, side: "inputs", properties: inputProperties, required: requiredInputs },
    { token, side: "outputs", properties, required },
  ]),
  ...Object.entries(schema.types).map(([token, { properties = {}, required = [] }]) => ({
    token,
    side: "type",
    properties,
    required,
  })),
];

/** Every type spec below a property, itself included. */
function specs(spec: TypeSpec): TypeSpec[] {
  const below = [spec.items, spec.additionalProperties, ...(spec.oneOf ?? [])].filter((part) => part !== undefined);
  return [spec, ...below.flatMap(specs)];
}

describe("schema.json", () => {
  test("is what the declarations say (`npm run schema` writes it)", () => {
    expect(JSON.parse(readFileSync("schema.json", "utf8"))).toEqual(schema);
  });

  test.each(Object.keys(schema.resources).concat(Object.keys(schema.types)))(
    "%s is a token of this package",
    (token) => {
      expect(token).toMatch(/^journeys:(pushwoosh|engagelab):[A-Z]\w*$/);
    },
  );

  test.each(objects)(
    "$token, $side: what is required is there, and no name is reserved",
    ({ token, properties, required }) => {
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(required));
      for (const name of Object.keys(properties)) {
        expect(name).not.toBe("pulumi");
        expect(name).toMatch(/^[A-Za-z]\w*$/);
        if (token in schema.resources) expect(["id", "urn"]).not.toContain(name);
      }
    },
  );

  const types = objects.flatMap(({ token, side, properties }) =>
    Object.entries(properties).map(([name, property]) => ({ at: `${token} ${side} ${name}`, property })),
  );
  test.each(types)("$at: a type Pulumi knows, with a text", ({ property, at }) => {
    for (const spec of specs(property)) {
      const kinds = [spec.type, spec.$ref, spec.oneOf].filter((kind) => kind !== undefined);
      expect(kinds).toHaveLength(1);
      if (spec.type) expect(["string", "number", "integer", "boolean", "array", "object"]).toContain(spec.type);
      if (spec.type === "array") expect(spec.items).toBeDefined();
      if (spec.type === "object") expect(spec.additionalProperties).toBeDefined();
      if (spec.oneOf) expect(spec.oneOf.length).toBeGreaterThan(1);
      if (spec.$ref?.startsWith("#/types/")) expect(schema.types).toHaveProperty([spec.$ref.slice("#/types/".length)]);
      else if (spec.$ref) expect(spec.$ref).toBe("pulumi.json#/Any");
    }
    if (!at.includes(" type ")) expect(property.description).toMatch(/\S/);
  });

  test("named types are objects or choices, and each is used", () => {
    const used = new Set(types.flatMap(({ property }) => specs(property).map(({ $ref }) => $ref)));
    for (const [token, type] of Object.entries(schema.types)) {
      expect(used).toContain(`#/types/${token}`);
      if (type.enum) expect(type.enum.length).toBeGreaterThan(0);
      else expect(type.properties).toBeDefined();
    }
  });

  test("settings: the same table twice, secrets marked, no reserved name", () => {
    expect(Object.keys(schema.config.variables)).toEqual(Object.keys(settings));
    expect(schema.provider.inputProperties).toEqual(schema.config.variables);
    expect(schema.config.variables).not.toHaveProperty("version");
    const secret = Object.entries(schema.config.variables).filter(([, { secret: isSecret }]) => isSecret);
    expect(secret.map(([name]) => name)).toEqual(["pushwooshApiToken", "engagelabApiKey"]);
    expect(schema.config.variables.pushwooshApiToken?.defaultInfo).toEqual({ environment: ["PUSHWOOSH_API_TOKEN"] });
  });

  test("a journey: what replaces it, what it must have, what it was called as a dynamic resource", () => {
    const journey = schema.resources["journeys:pushwoosh:Journey"]!;
    expect(journey.requiredInputs).toEqual(["title", "applicationCode", "points"]);
    expect(replacing(journey.inputProperties)).toEqual(["applicationCode"]);
    expect(journey.aliases).toEqual([{ type: "pulumi-nodejs:dynamic/journeys/pushwoosh:Journey" }]);
  });
});

const replacing = (properties: Record<string, PropertySpec>) =>
  Object.entries(properties)
    .filter(([, { willReplaceOnChanges }]) => willReplaceOnChanges)
    .map(([name]) => name);

describe("editor types", () => {
  const modules = (Object.keys(declarations) as ModuleName[]).filter((module) => declarations[module].length);
  test.each(modules)("of %s are what the declarations say (`npm run schema` writes them)", (module) => {
    const path = `provider/sdk/${module}-shapes.ts`;
    const { stdout } = spawnSync("node_modules/.bin/biome", ["check", "--write", `--stdin-file-path=${path}`], {
      input: shapesText(module),
      encoding: "utf8",
    });
    expect(readFileSync(path, "utf8")).toBe(stdout);
  });
});
