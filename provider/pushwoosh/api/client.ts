/** How Pushwoosh is called: addresses, the authorization each method documents, limits. */

import type { Config } from "../../core/config";
import { HttpClient, type HttpRequest, type Reply } from "../../core/http";
import type { Runtime } from "../../core/runtime";

/** Where a method lives, and the word its documentation shows before the token. */
export interface Method {
  /** Name in `journeys:pushwooshAuthScheme` and in messages: `journey.create`. */
  name: string;
  host: "journey" | "api";
  scheme: "Api" | "Key";
}

export type Call = Pick<HttpRequest, "method" | "path" | "body" | "repeat" | "signal"> & {
  /** What the call does, for messages: `create journey`. */
  does: string;
};

export class PushwooshClient {
  readonly #config: Config;
  #http: HttpClient | undefined;

  constructor(config: Config) {
    this.#config = config;
  }

  /** @throws JourneysError `missing-configuration` when no token is set; everything else is in the reply. */
  async send(method: Method, call: Call): Promise<Reply> {
    const { does, ...rest } = call;
    const token = this.#config.text("pushwooshApiToken");
    const scheme = this.#config.authScheme(method.name) ?? method.scheme;
    const base = this.#config.url(method.host === "journey" ? "pushwooshJourneyUrl" : "pushwooshApiUrl");
    return this.#client().send({ ...rest, base, name: does, headers: { authorization: `${scheme} ${token}` } });
  }

  /** Whether the list method, which no documentation mentions, may be used. */
  get listEnabled(): boolean {
    return this.#config.flag("pushwooshUseUndocumentedList");
  }

  async close(): Promise<void> {
    await this.#http?.close();
  }

  /** Made at the first call, so that a preview reads no limit and opens no connection. */
  #client(): HttpClient {
    this.#http ??= new HttpClient({
      rate: this.#config.number("requestRate"),
      concurrency: this.#config.number("requestConcurrency"),
      connectTimeout: this.#config.number("connectTimeout"),
      headersTimeout: this.#config.number("headersTimeout"),
      bodyTimeout: this.#config.number("bodyTimeout"),
      secrets: () => this.#config.secrets(),
    });
    return this.#http;
  }
}

/** The process's one client. */
export function pushwoosh(runtime: Runtime): PushwooshClient {
  const client = new PushwooshClient(runtime.config);
  runtime.onClose(() => client.close());
  return client;
}
