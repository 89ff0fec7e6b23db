/** What a caller asks of the HTTP client, and how the client is set up. */
import type { Json } from "../values";

/** A body that is JSON already: made once, where a large one would be made twice. */
export class JsonText {
  constructor(readonly text: string) {}
}

export interface HttpRequest {
  /** The platform's address: `https://journey.pushwoosh.com`; a path prefix is kept, a trailing slash doesn't matter. */
  base: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path with query, already percent-encoded: `/api/v3/journeygateway`. */
  path: string;
  /** Sent as JSON with its content type. A function is asked when the limits let an attempt go, not before. */
  body?: Json | JsonText | (() => Json | JsonText);
  /** Further headers, names in lower case; the credential goes into `authorization`. */
  headers?: Record<string, string>;
  /**
   * When the client may send the call again by itself. `"always"`: a repeat does no harm (reads), so also after an
   * unknown outcome; the reply then speaks of the last attempt. `"not-processed"`: only when the platform provably
   * didn't process it (never sent, or 429): everything that writes.
   */
  repeat: "always" | "not-processed";
  /** What the call does, for messages: `create journey`. */
  name: string;
  /**
   * Ends waiting at once; a call not yet sent ends as `notSent`. A read under way is given up as `unknown`. A write
   * under way still gets its answer: giving it up would leave open whether it took effect.
   */
  signal?: AbortSignal;
}

export interface HttpOptions {
  /** Requests a second, evenly spaced, retries included. 0 or Infinity switches the limit off. */
  rate: number;
  /** Requests under way at once. 0 or Infinity switches the limit off. */
  concurrency: number;
  /** Milliseconds until a connection stands, name look-up and TLS included. Default 10,000. */
  connectTimeout?: number;
  /** Milliseconds from the sent request to the answer's headers. Default 60,000. */
  headersTimeout?: number;
  /** Milliseconds between two pieces of the answer's body. Default 60,000. */
  bodyTimeout?: number;
  /** What must never occur in a message. Asked for each time, since credentials may be read late. */
  secrets: () => string[];
  /** Default `pulumi-journeys`. */
  userAgent?: string;
  /** Told of each attempt, its end, and each wait: for progress lines. */
  onRequest?: (event: HttpEvent) => void;
  /** Waits between attempts; ends early, without an error, when the signal aborts. */
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** A number from 0 to 1, for the jitter. */
  random?: () => number;
}

/** `attempt` counts from 1; `seconds` is how long the client waits before the next one. */
export type HttpEvent =
  | { kind: "attempt"; request: HttpRequest; attempt: number }
  | { kind: "ended"; request: HttpRequest; attempt: number; outcome: "answered" | "refused" | "notSent" | "unknown" }
  | { kind: "waiting"; request: HttpRequest; attempt: number; seconds: number; reason: string };
