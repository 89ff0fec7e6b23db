/**
 * One request and its answer over an undici dispatcher.
 *
 * The dispatcher's own callback interface is used because it tells the one thing that matters most here: undici calls
 * `onRequestStart` right before the first byte is written. An error before that proves that nothing was sent; after it
 * nothing is proved, not even when a kept-alive connection turns out to have been closed long ago.
 */
import type { Dispatcher } from "undici";

export type Exchange =
  | { kind: "response"; status: number; headers: Record<string, string>; text: string }
  | { kind: "failed"; sent: boolean; error: Error };

/** What ends an exchange early. */
export interface Interruption {
  signal?: AbortSignal;
  /** Whether a request may also be given up once its first byte is written: its outcome is unknown then. */
  midway: boolean;
}

/** Never rejects. Without a byte written when the signal aborts first. */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  interruption: Interruption = { midway: false },
): Promise<Exchange> {
  return new Promise((resolve) => {
    if (interruption.signal?.aborted) return resolve({ kind: "failed", sent: false, error: stopped() });
    const handler = new ExchangeHandler(resolve, interruption);
    try {
      dispatcher.dispatch(options, handler);
    } catch (error) {
      handler.onResponseError(undefined, error as Error);
    }
  });
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #aborted: Error | undefined;
  #status = 0;
  #headers: Record<string, string> = {};
  readonly #chunks: Buffer[] = [];

  constructor(
    private readonly resolve: (exchange: Exchange) => void,
    private readonly interruption: Interruption,
  ) {
    interruption.signal?.addEventListener("abort", this.#abort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#aborted) controller.abort(this.#aborted);
    else this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return; // an interim answer; the real one follows
    this.#status = status;
    for (const name in headers) {
      const value = headers[name];
      this.#headers[name] = Array.isArray(value) ? value.join(", ") : (value ?? "");
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks);
    this.#settle({ kind: "response", status: this.#status, headers: this.#headers, text: bytes.toString("utf8") });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#settle({ kind: "failed", sent: this.#controller !== undefined, error });
  }

  readonly #abort = (): void => {
    if (this.#controller && !this.interruption.midway) return;
    this.#aborted = stopped();
    if (this.#controller) this.#controller.abort(this.#aborted);
    else this.#settle({ kind: "failed", sent: false, error: this.#aborted });
  };

  /** A request that was aborted while it waited for a connection is reported a second time; that changes nothing. */
  #settle(exchange: Exchange): void {
    this.interruption.signal?.removeEventListener("abort", this.#abort);
    this.resolve(exchange);
  }
}

function stopped(): Error {
  return new Error("stopped by this run");
}
