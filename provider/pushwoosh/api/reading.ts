/** One way for all methods that only read: check the arguments, call, tell an error from an answer, read the answer. */
import type { z } from "zod";
import { invalidInput, JourneysError, type Problem } from "../../core/errors";
import { failure } from "../../core/http";
import { masking } from "../../core/mask";
import { parsed } from "../../core/validate";
import { formatPath, isObject, type Json } from "../../core/values";
import type { Method, PushwooshClient } from "./client";
import { Mismatch, type Shape } from "./shape";

/** What is read, and how. */
export interface Reading<Value> {
  method: Method;
  /** For messages: `read message log`. */
  does: string;
  path: string;
  /** Sent with POST; without one the method is a GET. */
  body?: Json;
  answer: Shape<Value>;
  /** Ids of people, which no message may repeat. */
  personal?: readonly unknown[];
  signal?: AbortSignal;
}

/**
 * Sends a reading call, again where the network failed, and reads the answer.
 *
 * @throws JourneysError of the call's failure, `refused` also for an `error` under status 200, and `unexpected-answer`
 * for an answer of another shape
 */
export async function ask<Value>(
  client: PushwooshClient,
  { method, does, path, body, answer, personal = [], signal }: Reading<Value>,
): Promise<Value> {
  const verb = body === undefined ? "GET" : "POST";
  const request = { method: verb, path, repeat: "always", signal } as const;
  const reply = await client.send(method, { ...request, does, ...(body !== undefined && { body }) });
  const mask = masking([personal], [[]]);
  if (reply.kind !== "answered") throw masked(failure(reply, { name: does, ...request }), mask);
  const error = errorIn(reply.body);
  if (error !== undefined) throw masked(refusal(does, error), mask);
  try {
    return answer(exactly(reply.body, reply.text));
  } catch (mismatch) {
    throw mismatch instanceof Mismatch ? unexpected(does, mismatch) : mismatch;
  }
}

/** What a body says went wrong, although its status doesn't: the forms the families of methods have for it. */
export function errorIn(body: Json | undefined): string | undefined {
  if (!isObject(body)) return undefined;
  if (typeof body.error === "string" && body.error !== "") return body.error;
  if (typeof body.message === "string" && (body.success === false || (Number(body.code) > 0 && "details" in body))) {
    return body.message;
  }
  const old = Number(body.status_code);
  return old >= 400 ? `${old} ${String(body.status_message ?? "")}`.trim() : undefined;
}

/** Whole numbers beyond 2^53 stay exact as text, as those that travel as text do. */
function exactly(body: Json | undefined, text: string): Json | undefined {
  // A number follows one of these; looking for digits anywhere would cost as much as reading the body.
  if (!/[\s:[,-]\d{16}/.test(text)) return body;
  return JSON.parse(text, (_key, value, context?: { source: string }) =>
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && context
      ? context.source
      : value,
  );
}

/**
 * Checks arguments: their shape, then what the shape can't say. Nothing has been sent when it throws.
 *
 * @param personal arguments whose values no message may repeat
 */
export function checked<Args extends z.ZodType>(
  name: string,
  shape: Args,
  given: unknown,
  rules: (args: z.output<Args>) => Problem[],
  personal: readonly string[] = [],
): z.output<Args> {
  const secretPaths = personal.map((argument) => [argument]);
  const args = parsed(name, shape, given, secretPaths);
  const broken = rules(args);
  if (broken.length > 0) throw invalidInput(name, broken);
  return args;
}

/** At least one of several arguments is given: an empty list or text is nothing. */
export function oneOf<Args extends object>(args: Args, names: readonly (keyof Args & string)[]): Problem[] {
  if (names.some((name) => isGiven(args[name]))) return [];
  return [{ path: [names[0]!], reason: `is required, or one of ${names.slice(1).join(", ")} instead` }];
}

export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** A message id as it is sent: a number where that is exact. */
export function messageIdOf(id: number | string): number | string {
  const value = Number(id);
  return Number.isSafeInteger(value) ? value : String(id);
}

function refusal(does: string, message: string): JourneysError {
  return new JourneysError({
    code: "refused",
    what: `${does}: ${message}`,
    now: "nothing was read",
    next: "correct what the platform objects to and run again",
  });
}

function unexpected(does: string, { path, expected }: Mismatch): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: `${does}: the answer is not as documented: ${formatPath(path)} must be ${expected}`,
    now: "nothing was taken from it",
    next: "check journeys:pushwooshApiUrl and journeys:pushwooshJourneyUrl; if they are right, report the difference",
  });
}

function masked(error: JourneysError, mask: (text: string) => string): JourneysError {
  return new JourneysError({ ...error.parts, what: mask(error.parts.what) });
}
