import type { Answer, RefusalReason } from "../exchange";
import { Refusal } from "../refusal";
import type { EngagelabSwitches } from "./switches";

/** The codes that are published. */
const authenticationFailed = 30000;
const resourceNotFound = 30036;
const tagNameTaken = 32603;

/**
 * Code of a refusal the platform has but publishes no code for: 99000 plus a status. No real code looks like it, so
 * a client that decides by one of these decides by the emulator.
 */
const privateCode = (status: number) => 99000 + status;

/** The envelope of every error: a code and a message under a status that need not agree with them. */
export function errorAnswer(status: number, code: number, message: string): Answer {
  return { status, body: { code, message } };
}

/** A request that breaks a rule; its code is the emulator's own. */
export function invalid(message: string): Refusal {
  return privateRefusal(400, message);
}

/** A refusal under a code of the emulator's own. */
export function privateRefusal(status: number, message: string): Refusal {
  return new Refusal(errorAnswer(status, privateCode(status), message));
}

/** A tag name that another tag has: the one conflict whose answer is published, under a status of 401. */
export function nameTaken(): Refusal {
  return new Refusal(errorAnswer(401, tagNameTaken, "tag name already exist"));
}

export function authenticationError(switches: Required<EngagelabSwitches>): Answer {
  return errorAnswer(Number(switches.authStatus), authenticationFailed, switches.authMessage);
}

/** The answer to an id that nothing has, under one of the forms the platform may have. */
export function unknownIdAnswer(form: "200" | "404" | "404-text" | "null-result"): Answer {
  switch (form) {
    case "404":
      return errorAnswer(404, resourceNotFound, "resource not found");
    case "404-text":
      return { status: 404, text: "not found" };
    case "null-result":
      return { status: 200, body: { result: null } };
    default:
      return errorAnswer(200, resourceNotFound, "resource not found");
  }
}

/** Too many calls; with status 200 only the code and the message say so. */
export function throttled(form: "429" | "429-bare" | "200", waitSeconds: number): Answer {
  const answer = errorAnswer(form === "200" ? 200 : 429, privateCode(429), "request frequency limited");
  return form === "429" ? { ...answer, headers: { "retry-after": String(waitSeconds) } } : answer;
}

/** A refusal for a general reason, as a fault asks for it. */
export function createRefusal(switches: Required<EngagelabSwitches>) {
  const status = { refused: 400, forbidden: 403, "too many": 429, internal: 500 } as const;
  return (reason: RefusalReason, message: string): Answer => {
    if (reason === "unauthenticated") return authenticationError(switches);
    if (reason === "not found") return { status: 404, text: "not found" };
    return errorAnswer(status[reason], privateCode(status[reason]), message);
  };
}
