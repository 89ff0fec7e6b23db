/** How EngageLab is called: data centre, credential and its proof, limits. */
import { setTimeout as delay } from "node:timers/promises";
import type { Config } from "../../core/config";
import { JourneysError } from "../../core/errors";
import { HttpClient, type HttpRequest } from "../../core/http";
import type { Runtime } from "../../core/runtime";
import { isObject, type JsonObject } from "../../core/values";
import { type Answer, readAnswer } from "./answer";

const regions = {
  sg: "https://email.api.engagelab.cc",
  tr: "https://emailapi-tr.engagelab.com",
} as const;

export type Call = Pick<HttpRequest, "method" | "path" | "body" | "repeat" | "signal"> & {
  /** What the call does, for messages: `upsert contacts`. */
  does: string;
  /** Whether a body without an error code is this call's success. Default: any object. */
  expects?: (body: JsonObject) => boolean;
  /** Values sent that no message may repeat. */
  personal?: () => readonly unknown[];
};

/** Waits after a refusal that asks to slow down under a status HTTP has another meaning for. Milliseconds. */
const SLOW_DOWN = [2_000, 8_000, 20_000, 40_000] as const;

export interface ClientOptions {
  /** Waits; tests shorten it. */
  sleep?: (milliseconds: number) => Promise<unknown>;
}

export class EngagelabClient {
  readonly #config: Config;
  readonly #sleep: (milliseconds: number) => Promise<unknown>;
  #http: HttpClient | undefined;
  #proof: Promise<void> | undefined;

  constructor(config: Config, { sleep = delay }: ClientOptions = {}) {
    this.#config = config;
    this.#sleep = sleep;
  }

  /**
   * Sends a call. Before the first one of a run the credential is proved by reading the account's quota, so that a
   * wrong key or region is one clear error and not one for each contact.
   *
   * @throws JourneysError `missing-configuration`, `invalid-configuration` for the settings, `unauthorized` for a
   * credential that isn't accepted, `not-sent` or `outcome-unknown` if it could not be proved
   */
  async send(call: Call): Promise<Answer> {
    this.#proof ??= this.#prove();
    const proof = this.#proof;
    try {
      await proof;
    } catch (error) {
      // A credential that was refused stays so; whatever else went wrong may be over by the next call.
      const refused = error instanceof JourneysError && error.code === "unauthorized";
      if (!refused && this.#proof === proof) this.#proof = undefined;
      throw error;
    }
    return this.#exchange(call);
  }

  async close(): Promise<void> {
    await this.#http?.close();
  }

  /** The key that digests in records are made with: whoever has a record alone can't try addresses on it. */
  get digestKey(): string {
    return this.#config.text("engagelabApiKey");
  }

  /** Whose contacts these are: `API user "shop" at region sg (https://…)`. */
  get account(): string {
    return `API user "${this.#config.text("engagelabApiUser")}" at ${this.#place()}`;
  }

  async #prove(): Promise<void> {
    const answer = await this.#exchange({
      method: "GET",
      path: "/v1/account/quota",
      repeat: "always",
      does: "check the EngageLab credential",
    });
    if (answer.kind === "done") return;
    // Any refusal but that of the credential says that it was accepted, and something else is the matter.
    if (answer.kind !== "refused" || answer.error.code === "unauthorized") throw answer.error;
  }

  async #exchange({ does, expects = () => true, personal = () => [], ...rest }: Call): Promise<Answer> {
    const user = this.#config.text("engagelabApiUser");
    const key = this.#config.text("engagelabApiKey");
    const base = this.#base();
    const authorization = `Basic ${Buffer.from(`${user}:${key}`, "utf8").toString("base64")}`;
    const headers: Record<string, string> = { authorization };
    if (rest.body !== undefined) headers["content-type"] = "application/json; charset=utf-8";
    const request: HttpRequest = { ...rest, base, name: does, headers };
    const asked = { request, expects, personal, unauthorized: () => unauthorized(this.account) };
    for (const wait of [...SLOW_DOWN, undefined]) {
      const reply = await this.#client().send(request);
      const answer = readAnswer(reply, asked);
      // The HTTP client has its own patience with a 429.
      const isPatient = answer.kind === "refused" && answer.throttled && answer.status !== 429;
      if (!isPatient || wait === undefined || rest.signal?.aborted) return answer;
      await this.#sleep(wait * (0.5 + Math.random() / 2));
    }
    throw new Error("unreachable");
  }

  #base(): string {
    if (this.#config.has("engagelabUrl")) return this.#config.url("engagelabUrl");
    return regions[this.#config.choice("engagelabRegion")];
  }

  #place(): string {
    if (this.#config.has("engagelabUrl")) return this.#config.url("engagelabUrl");
    const region = this.#config.choice("engagelabRegion");
    return `region ${region} (${regions[region]})`;
  }

  /** Made at the first call, so that a preview reads no limit and opens no connection. */
  #client(): HttpClient {
    this.#http ??= new HttpClient({
      rate: this.#config.number("engagelabRate"),
      concurrency: this.#config.number("engagelabConcurrency"),
      connectTimeout: this.#config.number("connectTimeout"),
      headersTimeout: this.#config.number("headersTimeout"),
      bodyTimeout: this.#config.number("bodyTimeout"),
      secrets: () => this.#config.secrets(),
    });
    return this.#http;
  }
}

function unauthorized(account: string): JourneysError {
  return new JourneysError({
    code: "unauthorized",
    what: `EngageLab does not accept the credential of ${account}`,
    now: "the platform did not process this call, and no other was made with it",
    next:
      "check journeys:engagelabApiUser and journeys:engagelabApiKey, and that they belong to this data centre: " +
      "those of another one are refused in the same way (journeys:engagelabRegion)",
  });
}

/** The process's one client. */
export function engagelab(runtime: Runtime): EngagelabClient {
  const client = new EngagelabClient(runtime.config);
  runtime.onClose(() => client.close());
  return client;
}

/** The member every answer that isn't a mere counter has. */
export function hasResult(body: JsonObject): boolean {
  return isObject(body.result);
}
