/** A journey's digest that is the same in every environment: values filled in from outside are left out of it. */
import * as pulumi from "@pulumi/pulumi";
import { digest, type Json } from "../core/values";
import type { JourneyArgs } from "./pushwoosh-shapes";

const FILLED_IN = "<filled in>";
const APPLICATION_CODE = "<applicationCode>";

/**
 * SHA-256 over title, params, points and comments. Every Output and Promise counts as filled in, and so does every
 * occurrence of the journey's application code, wherever it stands.
 */
export function portableDigest({
  applicationCode,
  title,
  params,
  points,
  comments,
}: JourneyArgs): pulumi.Input<string> {
  const definition = { title, params, points, comments };
  if (typeof applicationCode === "string") return digest(portable(definition, applicationCode));
  return pulumi.unsecret(pulumi.output(applicationCode)).apply((code) => digest(portable(definition, code)));
}

function portable(value: unknown, code: string): Json | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string") return code ? value.replaceAll(code, APPLICATION_CODE) : value;
  if (value === null || typeof value !== "object") return value as Json;
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return FILLED_IN;
  if (Array.isArray(value)) return value.map((member) => portable(member, code) ?? null);
  const object: { [key: string]: Json } = {};
  for (const [key, member] of Object.entries(value)) {
    const json = portable(member, code);
    if (json !== undefined) object[key] = json;
  }
  return object;
}
