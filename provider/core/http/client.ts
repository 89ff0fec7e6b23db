/** The HTTP client of both platforms: limits, retries, and a reply for every way a call can end. */
import { type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { JourneysError } from "../errors";
import { exchange } from "./exchange";
import { Limits } from "./limits";
import { credentialsIn, redact } from "./redact";
import { type Reply, readExchange } from "./reply";
import { type HttpOptions, type HttpRequest, JsonText } from "./request";
import { judge, RetryBudget, sleep, type Verdict } from "./retry";
import { isLoopback, requireSafeUrl } from "./url";

/** A base URL with its own kept-alive connections. */
interface Endpoint {
  origin: string;
  prefix: string;
  dispatcher: Dispatcher;
}

/** Limits, retry budget and connections are shared by all calls of one client; use one per platform and credential. */
export class HttpClient {
  readonly #options: HttpOptions;
  readonly #limits: Limits;
  readonly #budget = new RetryBudget();
  readonly #endpoints = new Map<string, Endpoint>();
  #closed = false;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#limits = new Limits(options.rate, options.concurrency);
  }

  /**
   * Sends a request, again where that is safe, and says how it ended. Doesn't reject for anything the network or the
   * platform does.
   *
   * @throws JourneysError `invalid-configuration` for a base URL that isn't safe or a proxy that isn't a URL
   */
  async send(request: HttpRequest): Promise<Reply> {
    const endpoint = this.#endpoint(request.base);
    const { random = Math.random, onRequest } = this.#options;
    let outcomeOpen = false;
    for (let attempt = 1; ; attempt++) {
      const reply = await this.#attempt(endpoint, request, attempt);
      if (reply.kind === "answered") return reply;
      outcomeOpen ||= reply.kind === "unknown";
      const stopped: Verdict | undefined = request.signal?.aborted || this.#closed ? { repeat: false } : undefined;
      const verdict = stopped ?? judge(reply, request.repeat, attempt, this.#budget, random);
      if (!verdict.repeat) return conclude(reply, outcomeOpen, verdict.reason);
      onRequest?.({ kind: "waiting", request, attempt, seconds: verdict.wait / 1000, reason: reply.message });
      await (this.#options.sleep ?? sleep)(verdict.wait, request.signal);
      if (request.signal?.aborted) return conclude(reply, outcomeOpen, "stopped by this run before another attempt");
    }
  }

  /** Takes the credentials this client knows out of a text. */
  redact(text: string): string {
    return redact(text, this.#options.secrets());
  }

  /** Waits for the calls under way and closes the connections; calls made afterwards are `notSent`. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#endpoints.values()].map(({ dispatcher }) => dispatcher.close()));
  }

  async #attempt(endpoint: Endpoint, request: HttpRequest, attempt: number): Promise<Reply> {
    if (this.#closed) return { kind: "notSent", message: "this run is over" };
    const { onRequest } = this.#options;
    const began = async () => {
      if (attempt === 1) this.#budget.earn();
      onRequest?.({ kind: "attempt", request, attempt });
      const interruption = { signal: request.signal, midway: request.repeat === "always" };
      return exchange(endpoint.dispatcher, this.#dispatchOptions(endpoint, request), interruption);
    };
    const ended = await this.#limits.run(began, attempt > 1, request.signal);
    if (!ended) return { kind: "notSent", message: "stopped by this run before it was sent" };
    const secrets = () => [...this.#options.secrets(), ...credentialsIn(request.headers)];
    const reply = readExchange(ended, secrets, Date.now());
    onRequest?.({ kind: "ended", request, attempt, outcome: reply.kind });
    return reply;
  }

  #dispatchOptions({ origin, prefix }: Endpoint, request: HttpRequest): Dispatcher.DispatchOptions {
    const headers: Record<string, string> = {
      accept: "application/json",
      "user-agent": this.#options.userAgent ?? "pulumi-journeys",
      ...request.headers,
    };
    const options = { origin, path: prefix + request.path, method: request.method, headers };
    if (request.body === undefined) return options;
    headers["content-type"] ??= "application/json";
    const body = typeof request.body === "function" ? request.body() : request.body;
    return { ...options, body: body instanceof JsonText ? body.text : JSON.stringify(body) };
  }

  #endpoint(base: string): Endpoint {
    let endpoint = this.#endpoints.get(base);
    if (!endpoint) {
      const { origin, hostname, pathname } = new URL(requireSafeUrl(base, "the base URL"));
      endpoint = { origin, prefix: pathname.replace(/\/$/, ""), dispatcher: this.#connect(origin, hostname) };
      this.#endpoints.set(base, endpoint);
    }
    return endpoint;
  }

  /** This machine is reached directly; everything else as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say. */
  #connect(origin: string, hostname: string): Dispatcher {
    const { connectTimeout = 10_000, headersTimeout = 60_000, bodyTimeout = 60_000 } = this.#options;
    // HTTP/2 stays off: there a request may be moved to another connection after it was begun.
    const options = { connectTimeout, headersTimeout, bodyTimeout, allowH2: false };
    if (isLoopback(hostname)) return new Pool(origin, options);
    try {
      return new EnvHttpProxyAgent({
        ...options,
        // A proxy that doesn't answer the CONNECT is a connection that doesn't come about.
        clientFactory: (proxy, settings) => new Pool(proxy, { ...settings, headersTimeout: connectTimeout }),
      });
    } catch (cause) {
      throw new JourneysError({
        code: "invalid-configuration",
        what: "the environment's HTTPS_PROXY or HTTP_PROXY is not the URL of a proxy",
        now: "nothing was sent",
        next: "correct or unset it and run again",
        cause,
      });
    }
  }
}

/** An attempt that wasn't sent proves nothing about an earlier one whose outcome is open. */
function conclude(last: Exclude<Reply, { kind: "answered" }>, outcomeOpen: boolean, reason = ""): Reply {
  const message = reason ? `${last.message}; ${reason}` : last.message;
  if (last.kind === "notSent" && outcomeOpen) {
    return { kind: "unknown", message: `${message}; an earlier attempt was sent, and its outcome is not known` };
  }
  return { ...last, message };
}
