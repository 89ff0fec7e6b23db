import type { Answer } from "../exchange";
import type { Account } from "./account";
import { throttled } from "./errors";

const minute = 60_000;

/** Counts the calls of each account in a minute that begins with the first of them. */
export class Throttle {
  private readonly windows = new Map<Account, { since: number; calls: number }>();

  /** The answer to a call too many, or undefined for one that may pass. */
  admit(account: Account): Answer | undefined {
    const { callsPerMinute, throttledAnswer } = account.switches;
    if (callsPerMinute === 0) return undefined;
    const now = account.now();
    let window = this.windows.get(account);
    if (!window || now - window.since >= minute) {
      window = { since: now, calls: 0 };
      this.windows.set(account, window);
    }
    window.calls += 1;
    if (window.calls <= callsPerMinute) return undefined;
    return throttled(throttledAnswer, Math.max(1, Math.ceil((window.since + minute - now) / 1000)));
  }

  clear(): void {
    this.windows.clear();
  }
}
