/** What goes back to the engine: pure JSON, with secrets marked. */
import { JourneysError } from "../../core/errors";
import { passedOnly } from "../../core/passed";
import type { AnyResource } from "../../core/resource";
import { formatPath, type Json, type JsonObject, type Path } from "../../core/values";

/** Pulumi's mark for a secret value on the wire, which the dynamic host passes through. */
const SECRET_MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" } as const;

export interface Outputs {
  properties: JsonObject;
  /** Set if some value could not be kept. */
  failure?: JourneysError;
}

/** A resource's state as outputs, with what the program passed, so that reads and deletes find it again. */
export function outputs(resource: AnyResource, state: object, passedFrom: JsonObject, anySecret: boolean): Outputs {
  const { json, odd } = pureJson(state);
  const properties = json as JsonObject;
  for (const name of [...resource.secretOutputs, ...(anySecret ? resource.echoOutputs : [])]) {
    const value = properties[name];
    if (value !== undefined) properties[name] = { ...SECRET_MARK, value };
  }
  Object.assign(properties, passedOnly(passedFrom));
  return odd.length ? { properties, failure: notJson(odd) } : { properties };
}

interface Oddity {
  path: Path;
  kind: string;
}

/** The value without `undefined` members, and what in it is no JSON; that is left out. */
export function pureJson(value: unknown): { json: Json; odd: Oddity[] } {
  const odd: Oddity[] = [];
  const json = pure(value, [], odd);
  return { json: json ?? null, odd };
}

function pure(value: unknown, path: Path, odd: Oddity[]): Json | undefined {
  if (value === undefined && typeof path.at(-1) !== "number") return undefined;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((member, index) => pure(member, [...path, index], odd) ?? null);
  if (typeof value === "object" && isPlain(value)) {
    const object: JsonObject = {};
    for (const [key, member] of Object.entries(value)) {
      const json = pure(member, [...path, key], odd);
      if (json !== undefined) object[key] = json;
    }
    return object;
  }
  odd.push({ path, kind: typeof value === "object" ? (value.constructor?.name ?? "an object") : typeof value });
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function notJson(odd: readonly Oddity[]): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: `can't be saved as it is: ${odd.map(({ path, kind }) => `${formatPath(path)} (${kind})`).join(", ")}`,
    now: "the call was made; everything else is saved",
    next: "report this text: it is a fault in pulumi-journeys",
    paths: odd.map(({ path }) => path),
  });
}
