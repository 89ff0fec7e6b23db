/** The four ways a call can end, and how an exchange is read as one of them. */
import { isObject, type Json } from "../values";
import type { Exchange } from "./exchange";
import { redact, redactJson } from "./redact";

export type Reply = Answered | Refused | NotSent | Unknown;

/** A 2xx with a readable body. The body is as the platform sent it: redact before showing any of it. */
export interface Answered {
  kind: "answered";
  status: number;
  /** Undefined when the platform sent none. */
  body: Json | undefined;
  text: string;
  /** Names in lower case. */
  headers: Record<string, string>;
}

/** A 3xx or 4xx: the platform did not process the call. */
export interface Refused {
  kind: "refused";
  status: number;
  /** Undefined when empty or not JSON; free of credentials, as is `text`. */
  body: Json | undefined;
  text: string;
  /** The number in the body's `code`, where there is one. */
  code?: number;
  /** The platform's reason, shortened. */
  message: string;
  /** Seconds the platform asks to wait. */
  retryAfter?: number;
}

/** Provably no byte of the request left: no name, connection or TLS, or stopped before it began. */
export interface NotSent {
  kind: "notSent";
  message: string;
  /** The next attempt would end the same way: a certificate or a header is wrong. */
  final?: true;
}

/** Sent, and nobody knows what came of it: no or half an answer, 5xx, 408, 499, or a 2xx that can't be read. */
export interface Unknown {
  kind: "unknown";
  message: string;
  status?: number;
  /** Free of credentials, as is `text`. */
  body?: Json;
  text?: string;
  retryAfter?: number;
}

/** 408: the server gave up waiting; 499: somebody on the way did. Neither says how far the request came. */
const gaveUp = new Set([408, 499]);

export function readExchange(exchange: Exchange, secrets: () => readonly string[], now: number): Reply {
  if (exchange.kind === "failed") {
    const message = redact(describe(exchange.error), secrets());
    if (exchange.sent) return { kind: "unknown", message };
    return { kind: "notSent", message, ...(finalCodes.has(codeOf(exchange.error)) && { final: true }) };
  }
  const { status, headers, text } = exchange;
  if (status >= 200 && status < 300) {
    try {
      return { kind: "answered", status, body: JSON.parse(text) as Json, text, headers };
    } catch {
      if (text.trim() === "") return { kind: "answered", status, body: undefined, text, headers };
    }
  }
  return readFailure(exchange, secrets(), now);
}

function readFailure(
  { status, headers, text: raw }: Extract<Exchange, { kind: "response" }>,
  secrets: readonly string[],
  now: number,
): Refused | Unknown {
  const parsed = parse(raw);
  const body = parsed === undefined ? undefined : redactJson(parsed, secrets);
  const text = redact(raw, secrets);
  const retryAfter = readRetryAfter(headers["retry-after"], now);
  const about = { status, body, text, ...(retryAfter !== undefined && { retryAfter }) };
  const reason = reasonIn(body, text);
  if (status < 300)
    return { kind: "unknown", ...about, message: `HTTP ${status} with a body that is not JSON: ${reason}` };
  if (status < 400) return { kind: "refused", ...about, message: redirection(headers.location, secrets) };
  if (status >= 500 || gaveUp.has(status)) return { kind: "unknown", ...about, message: `HTTP ${status}: ${reason}` };
  const code = codeIn(body);
  return { kind: "refused", ...about, ...(code !== undefined && { code }), message: reason };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Platforms put their reason into `message`, some into `error`; proxies answer with a page. */
function reasonIn(body: Json | undefined, text: string): string {
  if (isObject(body)) {
    if (typeof body.message === "string" && body.message) return shorten(body.message);
    if (typeof body.error === "string" && body.error) return shorten(body.error);
  }
  const start = text.slice(0, 10_000).trim();
  // Half an answer may be about people, and is no reason; a page says what stands in the way.
  if (body === undefined && /^[[{]/.test(start)) return "it looks like JSON that was cut off";
  return shorten(start.startsWith("<") ? start.replace(/<[^>]*>/g, " ") : start) || "no reason given";
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** Some platforms write the code as a string. */
function codeIn(body: Json | undefined): number | undefined {
  if (!isObject(body) || body.code === "" || (typeof body.code !== "number" && typeof body.code !== "string")) return;
  const code = Number(body.code);
  return Number.isFinite(code) ? code : undefined;
}

function redirection(location: string | undefined, secrets: readonly string[]): string {
  const target = location ? ` to ${redact(location.replace(/[?#].*$/s, ""), secrets)}` : "";
  return `the address redirects${target}, which is not followed: the base URL is probably wrong`;
}

/** Seconds from a `Retry-After` of either form; undefined when absent or unreadable. */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (!value) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

const phrases: Record<string, string> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "the host name does not exist",
  EAI_AGAIN: "the host name can't be looked up at the moment",
  ENETUNREACH: "the network can't be reached",
  EHOSTUNREACH: "the host can't be reached",
  ETIMEDOUT: "the connection timed out",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed",
  UND_ERR_CONNECT_TIMEOUT: "no connection came about in time",
  UND_ERR_HEADERS_TIMEOUT: "no answer came in time",
  UND_ERR_BODY_TIMEOUT: "the answer stopped before its end",
  UND_ERR_SOCKET: "the other side closed the connection",
};

const untrusted = [
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];
for (const code of untrusted) phrases[code] = "the server's certificate is not trusted";

const finalCodes = new Set([...untrusted, "UND_ERR_INVALID_ARG"]);

function codeOf(error: Error & { code?: string }): string {
  return error.code ?? "";
}

/** A phrase for the reader and the code for a search; errors of several addresses have no message of their own. */
function describe(error: Error): string {
  const code = codeOf(error);
  return `${phrases[code] ?? (error.message || error.name)}${code && ` (${code})`}`;
}
