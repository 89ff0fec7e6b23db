/** Reads the settings: stack configuration first, then the environment, then the default. */
import { isAbsolute, resolve } from "node:path";
import { JourneysError } from "./errors";
import { localAddress, requireSafeUrl } from "./http/url";
import { type Setting, type SettingName, settings } from "./settings";
import { isObject } from "./values";

export { type Setting, type SettingName, settings } from "./settings";

/** Where stack configuration comes from; full keys: `journeys:pushwooshApiToken`. */
export interface Settings {
  get(key: string): string | undefined;
}

type Table = typeof settings;
type Named<Kind extends Setting["kind"]> = {
  [Name in SettingName]: Table[Name]["kind"] extends Kind ? Name : never;
}[SettingName];
type Choice<Name extends Named<"enum">> = Table[Name]["choices"][number];

/** The words Pushwoosh's methods are documented, or seen, to take before a token. */
export type AuthScheme = (typeof authSchemes)[number];
const authSchemes = ["Api", "Key", "Token", "Bearer"] as const;

interface Found {
  value: string;
  /** Where it was set, as the reader knows it. */
  source: string;
}

/**
 * Reads settings when they are asked for, not before: a preview without any credential works, and the first request
 * fails with what to set. Stack configuration comes first, then the environment, then the default; blank counts as
 * not set.
 *
 * Every getter throws JourneysError `missing-configuration` for what is set nowhere and has no default, and
 * `invalid-configuration` for what can't be used.
 */
export class Config {
  constructor(
    private readonly stack: Settings,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Whether it is set or has a default. */
  has(name: SettingName): boolean {
    return this.#find(name) !== undefined;
  }

  text(name: Named<"string">): string {
    return this.#require(name).value;
  }

  /** Without a trailing slash; https, or http on this machine. */
  url(name: Named<"url">): string {
    const { value, source } = this.#require(name);
    return requireSafeUrl(value, source);
  }

  /** The address if it is one of this machine; undefined for any other, or for none. */
  localUrl(name: Named<"url">): string | undefined {
    const found = this.#find(name);
    return found && localAddress(found.value);
  }

  /** An absolute path; a relative one starts at `folder`. */
  path(name: Named<"path">, folder: string): string {
    const { value } = this.#require(name);
    return isAbsolute(value) ? value : resolve(folder, value);
  }

  flag(name: Named<"boolean">): boolean {
    const found = this.#require(name);
    if (/^(true|1)$/i.test(found.value)) return true;
    if (/^(false|0)$/i.test(found.value)) return false;
    throw unusable(name, found, "is neither true nor false");
  }

  number(name: Named<"number">): number {
    const found = this.#require(name);
    const value = Number(found.value);
    const { least, whole } = settings[name];
    if (!(whole ? Number.isInteger(value) : Number.isFinite(value)) || value < least) {
      throw unusable(name, found, `is not a ${whole ? "whole " : ""}number from ${least} up`);
    }
    return value;
  }

  choice<Name extends Named<"enum">>(name: Name): Choice<Name> {
    const found = this.#require(name);
    const choices: readonly Choice<Name>[] = settings[name].choices;
    const chosen = choices.find((choice) => choice === found.value);
    if (!chosen) throw unusable(name, found, `is none of ${choices.join(", ")}`);
    return chosen;
  }

  /** The scheme set for a method of Pushwoosh; undefined where the method's documented one is to be used. */
  authScheme(method: string): AuthScheme | undefined {
    const name = "pushwooshAuthScheme";
    const found = this.#find(name);
    if (!found) return undefined;
    const chosen = found.value.startsWith("{") ? readMap(name, found)[method] : found.value;
    if (chosen === undefined) return undefined;
    const scheme = authSchemes.find((known) => known === chosen);
    if (!scheme) throw unusable(name, found, `names a scheme that is none of ${authSchemes.join(", ")}`);
    return scheme;
  }

  /** The values of all secret settings that are set: what no message may contain. */
  secrets(): string[] {
    const names = Object.keys(settings) as SettingName[];
    return names.flatMap((name) => ((settings[name] as Setting).secret ? (this.#find(name)?.value ?? []) : []));
  }

  #require(name: SettingName): Found {
    const found = this.#find(name);
    if (found) return found;
    const { env, secret, description }: Setting = settings[name];
    const key = `journeys:${name}`;
    throw new JourneysError({
      code: "missing-configuration",
      what: `${key} is not set: ${description}`,
      now: "nothing was sent",
      next: `run "pulumi config set ${secret ? "--secret " : ""}${key}", or set the environment variable ${env}`,
    });
  }

  #find(name: SettingName): Found | undefined {
    const { env, default: preset }: Setting = settings[name];
    const key = `journeys:${name}`;
    const configured = this.stack.get(key)?.trim();
    if (configured) return { value: configured, source: key };
    const inherited = this.env[env]?.trim();
    if (inherited) return { value: inherited, source: `the environment variable ${env}` };
    return preset === undefined ? undefined : { value: String(preset), source: key };
  }
}

function readMap(name: SettingName, found: Found): Record<string, unknown> {
  try {
    const map: unknown = JSON.parse(found.value);
    if (isObject(map)) return map;
  } catch {
    // falls through to the same words
  }
  throw unusable(name, found, "begins like a JSON object, but is none");
}

function unusable(name: SettingName, { value, source }: Found, reason: string): JourneysError {
  const { env, description }: Setting = settings[name];
  return new JourneysError({
    code: "invalid-configuration",
    what: `${source} ${reason}: ${JSON.stringify(value)}`,
    now: "nothing was sent",
    next: `correct journeys:${name} (or ${env}) and run again. ${description}`,
  });
}
