/** When a call is sent again, after how long, and when the client stops trying. */
import { setTimeout as delay } from "node:timers/promises";
import type { Reply } from "./reply";
import type { HttpRequest } from "./request";

export const ATTEMPTS = 5;
const FIRST_BACKOFF = 500;
const LONGEST_BACKOFF = 20_000;
/** Seconds; what a platform asks for beyond that is longer than a run should stand still. */
export const LONGEST_RETRY_AFTER = 120;

/**
 * Keeps an outage from being stormed: all calls of a client share it. It begins with a reserve of 10 retries; every
 * call adds a fifth of one, every retry takes one, and it never holds more than the reserve. So with everything
 * failing at most 20 % more requests go out than without retries, beyond the reserve. A retry whose moment the
 * platform itself named (`Retry-After`) is free: there the platform sets the pace.
 */
export class RetryBudget {
  static readonly reserve = 10;
  static readonly perCall = 0.2;
  #tokens = RetryBudget.reserve;

  earn(): void {
    this.#tokens = Math.min(RetryBudget.reserve, this.#tokens + RetryBudget.perCall);
  }

  spend(): boolean {
    // Five fifths don't sum up to exactly one in binary fractions.
    if (this.#tokens < 1 - 1e-9) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** Go on after `wait` milliseconds, or stop; `reason` is why, where the reply alone doesn't say it. */
export type Verdict = { repeat: true; wait: number } | { repeat: false; reason?: string };

export function judge(
  reply: Reply,
  repeat: HttpRequest["repeat"],
  attempt: number,
  budget: RetryBudget,
  random: () => number,
): Verdict {
  if (!mayRepeat(reply, repeat)) return { repeat: false };
  const retryAfter = "retryAfter" in reply ? reply.retryAfter : undefined;
  if (retryAfter !== undefined && retryAfter > LONGEST_RETRY_AFTER) {
    return {
      repeat: false,
      reason: `the platform asks to wait ${retryAfter} s, which is longer than the ${LONGEST_RETRY_AFTER} s a run waits`,
    };
  }
  if (attempt >= ATTEMPTS) return { repeat: false, reason: `tried ${ATTEMPTS} times` };
  if (retryAfter !== undefined) return { repeat: true, wait: retryAfter * 1000 + random() * FIRST_BACKOFF };
  if (!budget.spend()) return { repeat: false, reason: "not repeated, because too many calls fail at the moment" };
  return { repeat: true, wait: random() * Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 4 ** (attempt - 1)) };
}

function mayRepeat(reply: Reply, repeat: HttpRequest["repeat"]): boolean {
  if (reply.kind === "notSent") return !reply.final;
  if (reply.kind === "refused") return reply.status === 429;
  return reply.kind === "unknown" && repeat === "always";
}

export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
