/** Turns a reply that isn't an answer into the error a reader sees. */
import { type ErrorCode, JourneysError } from "../errors";
import type { Reply } from "./reply";
import type { HttpRequest } from "./request";
import { LONGEST_RETRY_AFTER } from "./retry";

/** What of the request the text names; a whole `HttpRequest` will do. */
export type FailedRequest = Pick<HttpRequest, "name"> &
  Partial<Pick<HttpRequest, "method" | "base" | "path" | "repeat">>;

/**
 * 401 → unauthorized, 403 → forbidden, 404 → not-found, 429 → rate-limited, any other refusal → refused. A redirection →
 * unexpected-answer: a login page or a proxy on the way says nothing of what the platform thinks of the call.
 */
export function failure(reply: Exclude<Reply, { kind: "answered" }>, request: FailedRequest): JourneysError {
  const call = request.method && request.path ? `${request.name} (${request.method} ${place(request)})` : request.name;
  if (reply.kind === "notSent") {
    return new JourneysError({
      code: "not-sent",
      what: `${call}: ${reply.message}`,
      now: "this call did not reach the platform",
      next: "check the network, the proxy settings and the address, then run again",
    });
  }
  if (reply.kind === "unknown") {
    const reading = request.repeat === "always";
    return new JourneysError({
      code: "outcome-unknown",
      what: `${call}: ${reply.message}`,
      now: reading
        ? "the platform did not say; nothing was decided from that"
        : "the call may or may not have taken effect",
      next: reading
        ? "run again when the platform answers"
        : "look at the platform, or run again when it answers: what was begun is looked at before anything is repeated",
    });
  }
  const { code, next } = adviceFor(reply.status);
  return new JourneysError({
    code,
    what: `${call}: HTTP ${reply.status}: ${reply.message}`,
    now: "the platform did not process this call",
    next,
  });
}

function place({ base = "", path = "" }: FailedRequest): string {
  return `${base.replace(/\/+$/, "")}${path}`;
}

function adviceFor(status: number): { code: ErrorCode; next: string } {
  if (status < 400)
    return { code: "unexpected-answer", next: "correct the platform's address in the configuration and run again" };
  return advice[status] ?? { code: "refused", next: "correct what the platform objects to and run again" };
}

const advice: Record<number, { code: ErrorCode; next: string }> = {
  401: {
    code: "unauthorized",
    next: "check the credential: that it is complete, not revoked, of the right kind, and belongs to this address",
  },
  403: { code: "forbidden", next: "give the credential access to this application and operation, then run again" },
  404: {
    code: "not-found",
    next: "check the id, the account of the credential and the address; a 404 alone doesn't prove that it is gone",
  },
  429: {
    code: "rate-limited",
    next: `wait, then run again, with a lower request rate if it happens often (a run waits up to ${LONGEST_RETRY_AFTER} s when asked to)`,
  },
};
