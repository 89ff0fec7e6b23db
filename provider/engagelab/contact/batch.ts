/**
 * Upserts, batched: contacts that are written at the same time travel together, up to 500 members or 1 MB. A batch is
 * open until nothing joined it for 200 ms and the rate limit lets it go, so that under a slow rate it grows while it
 * waits. What comes back is mapped by address; one bad member never sinks its neighbours.
 */
import { JourneysError } from "../../core/errors";
import type { Runtime } from "../../core/runtime";
import type { Refused } from "../api/answer";
import { type EngagelabClient, engagelab } from "../api/client";
import type { WireContact } from "../api/contact";
import {
  MOST_MEMBERS,
  personalIn,
  type TagFlag,
  type Upserted,
  upsertContacts,
  type WireMember,
  wireMember,
} from "../api/contacts";
import { maskPersonal } from "../api/personal";
import { type Pace, pace } from "./pace";
import { engineGone } from "./refusals";

export type Member = WireContact & { email: string };

/** How one member's write ended. */
export type MemberOutcome =
  | { kind: "created" | "updated"; id: string /** An attempt before may have worked as well. */; again: boolean }
  /** The platform answered for others and said nothing of this one. */
  | { kind: "unmentioned" }
  | { kind: "refused" | "notSent" | "unknown"; error: JourneysError };

export interface BatchLimits {
  members: number;
  bytes: number;
}

const usual: BatchLimits = { members: 500, bytes: 1_000_000 };

/** Who waits for members to be written. */
interface Sender {
  signal?: AbortSignal;
  ended: (at: number, outcome: MemberOutcome) => void;
  reject: (error: unknown) => void;
}

interface Entry extends WireMember {
  bytes: number;
  sender: Sender;
  /** Which of its sender's members it is. */
  at: number;
}

/** Members that will be one request, until it is sealed. */
class Batch {
  readonly entries = new Map<string, Entry>();
  bytes = 0;
  sealed = false;
  timer?: NodeJS.Timeout;
  due = false;
  /** Aborts when nobody waits for any member any more and nothing was sent yet. */
  readonly abandoned = new AbortController();
  /** Who waits for members, and what hears of it when they do no longer. */
  readonly #waiting = new Map<AbortSignal | undefined, () => void>();

  add(entry: Entry): void {
    this.entries.set(entry.identity, entry);
    this.bytes += entry.bytes;
    const { signal } = entry.sender;
    if (this.#waiting.has(signal)) return;
    const listener = () => this.#leave(signal);
    this.#waiting.set(signal, listener);
    if (signal?.aborted) this.#leave(signal);
    else signal?.addEventListener("abort", listener);
  }

  /** From here on it is sent, or given up, as it is. */
  seal(): void {
    this.sealed = true;
    for (const [signal, listener] of this.#waiting) signal?.removeEventListener("abort", listener);
    for (const [identity, entry] of this.entries) {
      if (!entry.sender.signal?.aborted || this.entries.size === 1) continue;
      this.entries.delete(identity);
      end(entry, { kind: "notSent", error: engineGone() });
    }
  }

  #leave(signal: AbortSignal | undefined): void {
    this.#waiting.delete(signal);
    if (!this.sealed && this.#waiting.size === 0) this.abandoned.abort();
  }
}

export class Upserts {
  readonly #open = new Map<TagFlag, Batch>();
  #mostBytes: number;

  constructor(
    private readonly client: EngagelabClient,
    private readonly pace: Pace,
    private readonly limits: BatchLimits = usual,
  ) {
    if (limits.members > MOST_MEMBERS) throw new Error(`an upsert takes at most ${MOST_MEMBERS} members`);
    this.#mostBytes = limits.bytes;
  }

  /** Joins the open batch of the same flag. The signal takes a member out as long as nothing was sent. */
  write(member: Member, tagFlag: TagFlag, signal?: AbortSignal): Promise<MemberOutcome> {
    return new Promise((resolve, reject) => {
      const { identity, text } = wireMember(member);
      const sender: Sender = { signal, ended: (_at, outcome) => resolve(outcome), reject };
      const batch = this.#join({ identity, text, bytes: bytesIn(text), sender, at: 0 }, tagFlag);
      if (batch.due) return;
      if (batch.timer) batch.timer.refresh();
      else batch.timer = setTimeout(() => this.#dispatch(batch, tagFlag), this.pace.quiet);
    });
  }

  /**
   * Sends members who wait for nobody, each another person. Resolves once all of them were told of.
   *
   * @param ended told of each, by its place in the list
   */
  writeAll(
    members: readonly WireMember[],
    tagFlag: TagFlag,
    ended: (at: number, outcome: MemberOutcome) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    return new Promise((done, reject) => {
      let open = members.length;
      if (open === 0) done();
      const sender: Sender = {
        signal,
        ended(at, outcome) {
          ended(at, outcome);
          open -= 1;
          if (open === 0) done();
        },
        reject,
      };
      members.forEach(({ identity, text }, at) => {
        this.#join({ identity, text, bytes: bytesIn(text), sender, at }, tagFlag);
      });
      const last = this.#open.get(tagFlag);
      if (last) this.#dispatch(last, tagFlag);
    });
  }

  /** @returns the batch it is in */
  #join(entry: Entry, tagFlag: TagFlag): Batch {
    let batch = this.#open.get(tagFlag);
    const isFull =
      batch &&
      (batch.entries.size >= this.limits.members ||
        batch.bytes + entry.bytes > this.#mostBytes ||
        batch.entries.has(entry.identity));
    if (batch && isFull) {
      this.#seal(batch, tagFlag);
      this.#dispatch(batch, tagFlag);
      batch = undefined;
    }
    if (!batch) {
      batch = new Batch();
      this.#open.set(tagFlag, batch);
    }
    batch.add(entry);
    return batch;
  }

  /** Hands it to the client, whose limits decide when it goes; it grows until then. */
  #dispatch(batch: Batch, tagFlag: TagFlag): void {
    clearTimeout(batch.timer);
    if (batch.due) return;
    batch.due = true;
    void this.#send(batch, tagFlag, false);
  }

  /** Members of an answer that has to be asked for again: in a batch of their own that nobody joins. */
  #sendAgain(entries: readonly Entry[], tagFlag: TagFlag, again: boolean): void {
    const batch = new Batch();
    for (const entry of entries) batch.add(entry);
    batch.due = true;
    void this.#send(batch, tagFlag, again);
  }

  #seal(batch: Batch, tagFlag: TagFlag): void {
    if (this.#open.get(tagFlag) === batch) this.#open.delete(tagFlag);
    batch.seal();
  }

  async #send(batch: Batch, tagFlag: TagFlag, again: boolean): Promise<void> {
    const entries = () => {
      if (!batch.sealed) this.#seal(batch, tagFlag);
      return [...batch.entries.values()];
    };
    try {
      const answer = await upsertContacts(this.client, entries, tagFlag, batch.abandoned.signal);
      if (answer.kind === "done") this.#deliver(entries(), answer.upserted, tagFlag, again);
      else if (answer.kind === "refused") this.#refused(entries(), answer, tagFlag, again);
      else for (const entry of entries()) end(entry, { kind: answer.kind, error: answer.error });
    } catch (error) {
      for (const entry of entries()) {
        if (error instanceof JourneysError) end(entry, { kind: "notSent", error });
        else entry.sender.reject(error);
      }
    }
  }

  #deliver(entries: Entry[], upserted: Upserted, tagFlag: TagFlag, again: boolean): void {
    for (const entry of entries) {
      const answer = upserted.get(entry.identity);
      if (answer?.kind === "failed") {
        // Alone, so that neighbours can't be the cause; once, because a reason has no code that says more.
        if (!again) this.#sendAgain([entry], tagFlag, true);
        else end(entry, { kind: "refused", error: memberRefused(entry, answer.reason) });
      } else if (answer?.id) end(entry, { kind: answer.kind, id: answer.id, again });
      else end(entry, { kind: "unmentioned" });
    }
  }

  /** A batch that is too large, or has a member the platform refuses everything for, is halved down to one. */
  #refused(entries: Entry[], answer: Refused, tagFlag: TagFlag, again: boolean): void {
    const isTooLarge = answer.status === 413;
    const isDivisible = isTooLarge || (answer.status === 400 && answer.error.code === "refused");
    if (isTooLarge) this.#mostBytes = Math.max(1, Math.min(this.#mostBytes, bytesOf(entries) / 2));
    if (entries.length === 1 || !isDivisible) {
      for (const entry of entries) end(entry, { kind: "refused", error: answer.error });
      return;
    }
    const middle = Math.ceil(entries.length / 2);
    for (const half of [entries.slice(0, middle), entries.slice(middle)]) this.#sendAgain(half, tagFlag, again);
  }
}

function end({ sender, at }: Entry, outcome: MemberOutcome): void {
  sender.ended(at, outcome);
}

/** The size of a member in a list. */
function bytesIn(text: string): number {
  return Buffer.byteLength(text) + 1;
}

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

function memberRefused(member: WireMember, reason: string): JourneysError {
  return new JourneysError({
    code: "refused",
    what: `EngageLab did not take it: ${maskPersonal(reason, [personalIn(member)]) || "no reason given"}`,
    now: "it was refused twice, the second time alone; nothing of it was changed",
    next: "correct what the platform objects to and run again",
  });
}

/** The process's one batcher. */
export function upserts(runtime: Runtime): Upserts {
  return new Upserts(runtime.use(engagelab), runtime.use(pace));
}
