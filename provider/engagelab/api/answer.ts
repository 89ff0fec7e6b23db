/** How EngageLab's answers are read: the code in the body decides, then the status, never the wording. Pure. */
import { type ErrorCode, JourneysError } from "../../core/errors";
import { type FailedRequest, failure, type Reply } from "../../core/http";
import { isObject, type Json, type JsonObject } from "../../core/values";
import { maskPersonal } from "./personal";

/** How a call ended, as the platform means it. */
export type Answer = Done | Refused | Open;

export interface Done {
  kind: "done";
  body: JsonObject;
}

/** The platform did not do it. */
export interface Refused {
  kind: "refused";
  status: number;
  code?: number;
  /** The platform's reason, without anything personal. */
  message: string;
  /** It knows nothing under this id. */
  missing: boolean;
  /** It asks to slow down, in whatever form. */
  throttled: boolean;
  error: JourneysError;
}

/** Not sent, or nobody knows what came of it. */
export interface Open {
  kind: "notSent" | "unknown";
  error: JourneysError;
}

/** What a reading of an answer has to know of its call. */
export interface Asked {
  request: FailedRequest;
  /** Whether a body without an error code is the answer this call has when it worked. */
  expects: (body: JsonObject) => boolean;
  /** What must not be repeated in a message. */
  personal: () => readonly unknown[];
  /** What to say when the credential isn't accepted. */
  unauthorized: () => JourneysError;
}

const AUTHENTICATION_FAILED = 30000;
const RESOURCE_NOT_FOUND = 30036;

/** Codes of a platform this one descends from, and words: for what no code is published. */
const throttleCodes = new Set([50000, 429]);
const throttleWords = /frequen|too many|throttl|rate limit/i;

export function readAnswer(reply: Reply, asked: Asked): Answer {
  if (reply.kind === "notSent" || reply.kind === "unknown") {
    return { kind: reply.kind, error: masked(failure(reply, asked.request), asked) };
  }
  const { body, status } = reply;
  const code = codeIn(body);
  if (reply.kind === "refused" || code !== undefined) {
    const retryAfter = reply.kind === "refused" ? reply.retryAfter : undefined;
    return refusal(status, code, messageIn(body, reply.text), asked, retryAfter);
  }
  const answer = body === undefined ? {} : body;
  if (isObject(answer) && asked.expects(answer)) return { kind: "done", body: answer };
  return { kind: "unknown", error: unexpected(asked.request) };
}

/** A code that says something went wrong; some answers carry one of success, some write it as text. */
function codeIn(body: Json | undefined): number | undefined {
  if (!isObject(body) || (typeof body.code !== "number" && typeof body.code !== "string")) return undefined;
  const code = Number(body.code);
  return body.code === "" || !Number.isFinite(code) || code === 0 || code === 200 ? undefined : code;
}

function messageIn(body: Json | undefined, text: string): string {
  const message = isObject(body) && typeof body.message === "string" && body.message ? body.message : text;
  const line = message
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return (line.length > 300 ? `${line.slice(0, 300)}…` : line) || "no reason given";
}

function refusal(
  status: number,
  code: number | undefined,
  text: string,
  asked: Asked,
  retryAfter: number | undefined,
): Refused {
  const message = maskPersonal(text, asked.personal());
  const missing = code === RESOURCE_NOT_FOUND || (status === 404 && code !== AUTHENTICATION_FAILED);
  const throttled = status === 429 || throttleCodes.has(code ?? 0) || (code !== undefined && throttleWords.test(text));
  const isAuthentication = code === AUTHENTICATION_FAILED || (status === 401 && code === undefined);
  const about = { kind: "refused", status, ...(code !== undefined && { code }), message, missing, throttled } as const;
  if (isAuthentication) return { ...about, missing: false, throttled: false, error: asked.unauthorized() };
  const errorCode = missing ? "not-found" : throttled ? "rate-limited" : status === 403 ? "forbidden" : "refused";
  const wait = retryAfter === undefined ? "" : ` (wait ${retryAfter} s)`;
  const said = code === undefined ? `HTTP ${status}` : `HTTP ${status}, code ${code}`;
  return {
    ...about,
    error: new JourneysError({
      code: errorCode,
      what: `${asked.request.name}: ${said}: ${message}${wait}`,
      now: "the platform did not process this call",
      next: advice[errorCode],
    }),
  };
}

const advice = {
  "not-found": "check the id, the account of the credential and the region; that alone doesn't prove that it is gone",
  "rate-limited": "wait, then run again, with a lower journeys:engagelabRate if it happens often",
  forbidden: "give the API user the right to this operation, or allow this machine's address, then run again",
  refused: "correct what the platform objects to and run again",
} as const satisfies Partial<Record<ErrorCode, string>>;

function unexpected({ name }: FailedRequest): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: `${name}: the answer is not of the documented form`,
    now: "whether the call took effect is not known, and nothing was decided from the answer",
    next: "check journeys:engagelabUrl or journeys:engagelabRegion, then run again",
  });
}

function masked(error: JourneysError, { personal }: Asked): JourneysError {
  const { cause: _, ...parts } = error.parts;
  return new JourneysError({ ...parts, what: maskPersonal(parts.what, personal()) });
}
