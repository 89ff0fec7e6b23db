/** Takes credentials out of texts, in whatever form a server, a proxy or a library echoes them. */
import type { Json } from "../values";

const MARK = "[redacted]";

/** Below this many characters a fragment of base64 says nothing, and would match everywhere. */
const SHORTEST_FRAGMENT = 6;

/**
 * Replaces every secret by `[redacted]`: as it is (in any letter case), as it stands inside JSON, percent-encoded, and
 * inside base64, also when it is only a part of what was encoded (`user:key`).
 */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  // The longest first: a secret may be a part of another, and what is left of that must not stay.
  for (const secret of secrets.filter(Boolean).sort((a, b) => b.length - a.length)) {
    for (const form of patterns(secret)) clean = clean.replace(form, MARK);
  }
  return clean;
}

/** The same for every string, keys included, of a JSON value. */
export function redactJson(value: Json, secrets: readonly string[]): Json {
  if (typeof value === "string") return redact(value, secrets);
  if (typeof value === "number") return redact(String(value), secrets) === String(value) ? value : MARK;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => redactJson(item, secrets));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [redact(key, secrets), redactJson(member, secrets)]),
  );
}

/** What in a request's headers is a credential: the whole value, and the part after the scheme. */
export function credentialsIn(headers: Record<string, string> = {}): string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (!/^(proxy-)?authorization$/i.test(name)) continue;
    const credential = value.slice(value.indexOf(" ") + 1).trim();
    found.push(value, credential);
    if (/^basic /i.test(value)) found.push(...passwordOf(credential));
  }
  return found;
}

function passwordOf(basic: string): string[] {
  const pair = Buffer.from(basic, "base64").toString("utf8");
  return pair.includes(":") ? [pair, pair.slice(pair.indexOf(":") + 1)] : [];
}

function patterns(secret: string): RegExp[] {
  const plain = new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(toWellFormed(secret))]);
  return [
    ...[...plain].map((form) => new RegExp(literally(form), "gi")),
    // The characters at both ends mix a byte of the secret with its neighbours, so they go too.
    ...base64Cores(secret).map((core) => new RegExp(`[\\w+/-]{0,2}${core}[\\w+/-]{0,2}={0,2}`, "g")),
  ];
}

/** The base64 of a secret at each of the three places it can have in a group of three bytes, without the mixed ends. */
function base64Cores(secret: string): string[] {
  const cores = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const first = Math.ceil((before * 8) / 6);
    return bytes.toString("base64url").slice(first, Math.floor((bytes.length * 8) / 6));
  });
  return cores
    .filter((core) => core.length >= SHORTEST_FRAGMENT)
    .map((core) => core.replaceAll("-", "[-+]").replaceAll("_", "[_/]"));
}

/** A lone surrogate can't be percent-encoded; it is what a server would send as the replacement character. */
function toWellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
