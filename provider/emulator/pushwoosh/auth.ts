import type { Answer, Call, Endpoint } from "../exchange";

const schemes = ["api", "key", "token", "bearer"];

/** What a Pushwoosh endpoint adds to an endpoint: the authorization schemes its documentation shows, lower-case. */
export interface PushwooshEndpoint extends Endpoint {
  /** Left out where the documentation shows none. */
  readonly schemes?: readonly string[];
}

/** Checks scheme and token; any token will do where none are given. */
export function createAuthentication(mode: "any" | "documented", tokens: readonly string[] | undefined) {
  return (call: Call, endpoint: PushwooshEndpoint): Answer | undefined => {
    const [, scheme = "", token = ""] = /^(\S+) (\S+)$/.exec(call.authorization ?? "") ?? [];
    const accepted = mode === "documented" ? (endpoint.schemes ?? schemes) : schemes;
    if (token === "") return endpoint.refusal("unauthenticated", "authorization header is missing or malformed");
    if (!accepted.includes(scheme.toLowerCase())) {
      return endpoint.refusal("unauthenticated", `authorization scheme must be ${accepted.join(" or ")}`);
    }
    if (tokens && !tokens.includes(token)) return endpoint.refusal("unauthenticated", "access token is not valid");
    return undefined;
  };
}
