/**
 * Notices that the deployment engine is gone. The dynamic host lives on when its engine is killed, and is told nothing;
 * but the engine listens on the address it gave, so a connect that is refused tells.
 */
import { connect } from "node:net";

const EVERY_MS = 500;
const SURE_AFTER_MS = 100;

export class EngineWatch {
  readonly #controller = new AbortController();
  readonly #target?: { host: string; port: number };
  #underWay = 0;
  #timer?: NodeJS.Timeout;
  #seen = false;
  #refusals = 0;

  constructor(
    /** `127.0.0.1:41234`; without one nothing is watched. */
    address: string | undefined,
    /** Called when the engine is gone and nothing is under way any more. */
    private readonly onIdle: () => void,
    private readonly everyMs = EVERY_MS,
  ) {
    const match = /^(?:tcp:\/\/)?([\w.-]+|\[[\da-f:]+\]):(\d+)$/i.exec(address ?? "");
    if (match) this.#target = { host: match[1]!.replace(/[[\]]/g, ""), port: Number(match[2]) };
  }

  /** Runs an operation while watching; the signal says that nobody waits for its outcome any more. */
  async during<T>(operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#underWay += 1;
    if (this.#underWay === 1) this.#schedule(0);
    try {
      return await operation(this.#controller.signal);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) {
        clearTimeout(this.#timer);
        if (this.#controller.signal.aborted) this.onIdle();
      }
    }
  }

  #schedule(afterMs: number): void {
    if (!this.#target || this.#controller.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#probe(), afterMs).unref();
  }

  #probe(): void {
    const socket = connect(this.#target!).unref();
    const end = (listens: boolean | undefined) => {
      socket.destroy();
      if (this.#underWay > 0) this.#note(listens);
    };
    socket.once("connect", () => end(true));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code === "ECONNREFUSED" ? false : undefined));
    socket.setTimeout(this.everyMs * 4, () => end(undefined));
  }

  /** One refusal may be an accident of a busy machine, and an address that never answered isn't the engine's. */
  #note(listens: boolean | undefined): void {
    if (listens) this.#seen = true;
    this.#refusals = listens === false ? this.#refusals + 1 : 0;
    if (this.#seen && this.#refusals > 1) this.#controller.abort();
    else this.#schedule(this.#refusals ? SURE_AFTER_MS : this.everyMs);
  }
}
