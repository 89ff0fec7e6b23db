/** The platforms one emulator serves under one base URL. */
export type PlatformName = "pushwoosh" | "engagelab";

/** A JSON object whose members nobody has vouched for yet. */
export type Json = { [member: string]: unknown };

/** One request on its way through the emulator. */
export interface Call {
  readonly method: string;
  /** Path with the query string, as sent. */
  readonly url: string;
  /** Values of the named parts of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The `Authorization` header. It is never stored. */
  readonly authorization: string | undefined;
  /** The body as text; empty when there is none. */
  readonly text: string;
  /** The parsed body; undefined when there is none or it is not JSON. */
  readonly body: unknown;
  /** True when there is a body and it is not JSON. */
  readonly malformed: boolean;
}

/** What an endpoint says to a call. */
export interface Answer {
  readonly status: number;
  /** A JSON value, sent as `application/json`. */
  readonly body?: unknown;
  /** Plain text in place of a JSON body. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** True when the call changed, or was allowed to change, what the platform holds. */
  readonly committed?: boolean;
  /** Id and title of the thing concerned, where they were not known before the call (a create). */
  readonly id?: string;
  readonly title?: string;
}

/** What a call is about, so that faults, hooks and the journal can be addressed by it. */
export interface Targets {
  readonly ids: readonly string[];
  readonly titles: readonly string[];
}

/** The reasons for which a platform turns a call away. Each family of endpoints has its own bodies for them. */
export type RefusalReason = "refused" | "unauthenticated" | "forbidden" | "not found" | "too many" | "internal";

/** One method of a platform. */
export interface Endpoint {
  /** Name in journal, faults and hooks, such as `journey.create`. */
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  /** Path in the router's notation: `:name` for a part, `::` for a colon. */
  readonly path: string;
  readonly targets?: (call: Call) => Targets;
  /** The platform's body for a refusal of this endpoint's family. */
  readonly refusal: (reason: RefusalReason, message: string) => Answer;
  /** Carries the call out; must leave the state untouched when it refuses. */
  readonly answer: (call: Call) => Answer;
}

/** One platform behind the shared frame. */
export interface Platform {
  readonly name: PlatformName;
  readonly endpoints: readonly Endpoint[];
  /** Whether an unknown route under this path is this platform's to answer. */
  readonly serves: (path: string) => boolean;
  /** The answer to a path no endpoint has; `allowed` names the methods the path does have. */
  readonly unknownRoute: (allowed: readonly string[]) => Answer;
  /** A refusal when the credentials do not do for this endpoint. */
  readonly authenticate: (call: Call, endpoint: Endpoint) => Answer | undefined;
  /** The whole state as JSON, for the file; `restore` takes the same back. */
  readonly save: () => unknown;
  readonly restore: (saved: unknown) => void;
  readonly clear: () => void;
}

/** The object in a value of unknown shape, or undefined for anything else. */
export function asObject(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}
