import { type Answer, asObject, type Call, type Json } from "../exchange";
import type { Account } from "./account";
import { invalid } from "./errors";
import { type Property, type PropertyType, propertyTypes, systemNames } from "./properties";
import type { Route } from "./route";

const formats: Partial<Record<PropertyType, readonly string[]>> = {
  number: ["0", ".0", ".00"],
  date: ["MM/DD/YYYY", "DD/MM/YYYY"],
  birthday: ["MM/DD", "DD/MM"],
};

/** The creation of properties: the only method of theirs that is documented. */
export function fieldRoutes(): Route[] {
  return [
    {
      name: "field.create",
      method: "POST",
      path: "/v1/marketing/lists/fields",
      targets: (_account, call) => {
        const name = asObject(call.body)?.field_name;
        return { ids: [], titles: typeof name === "string" ? [name] : [] };
      },
      answer: create,
    },
  ];
}

function create(account: Account, call: Call): Answer {
  const body = asObject(call.body);
  if (!body) throw invalid("request body must be a JSON object");
  const { properties } = account;
  const name = readName(body.field_name);
  const wanted = { name, ...readKind(body) };
  if (properties.named(name)) throw invalid(`field ${name} exists already`);
  if (properties.full) throw invalid("there are 50 fields already");
  const { id, type, visible, format, options } = properties.create(wanted);
  const result: Json = {
    field_id: id,
    field_name: name,
    field_type: propertyTypes.indexOf(type),
    visible,
    ...(format !== undefined && { format }),
    ...(options && { options }),
  };
  return { status: 200, body: { result }, committed: true, id: String(id), title: name };
}

function readName(name: unknown): string {
  if (typeof name !== "string" || !/^\w{1,64}$/.test(name)) {
    throw invalid("field_name must have 1 to 64 letters, digits and underscores");
  }
  if (systemNames.some((system) => system.toLowerCase() === name.toLowerCase())) {
    throw invalid(`field_name ${name} is a system property`);
  }
  return name;
}

function readKind({ field_type: number, visible, format, options }: Json): Omit<Property, "id" | "name"> {
  const type = typeof number === "number" ? propertyTypes[number] : undefined;
  if (!type) throw invalid("field_type must be 0, 1, 2, 3 or 4");
  if (typeof visible !== "boolean") throw invalid("visible must be true or false");
  const allowed = formats[type];
  if (format !== undefined && !(typeof format === "string" && allowed?.includes(format))) {
    throw invalid(`format must be one of ${allowed?.join(", ") ?? "none"}`);
  }
  if (type !== "dropdown") return { type, visible, ...(format !== undefined && { format }) };
  if (!Array.isArray(options) || options.length === 0 || options.length > 10) {
    throw invalid("options must have 1 to 10 entries");
  }
  if (!options.every((option) => typeof option === "string")) throw invalid("options must be strings");
  return { type, visible, options };
}
