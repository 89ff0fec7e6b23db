/**
 * Somebody at work in the builder at the same time, and an eye on what becomes of that work: it may be overwritten only
 * where no answer could show it and the preview said so, and what they paused or finished stays so until a preview has
 * shown a start.
 */

import type { Plan } from "../../../../provider/core/resource";
import type { Emulator, JournalEntry, JourneySnapshot } from "../../../../provider/emulator";
import type { Deployment } from "./deployment";

/** What somebody else does to a journey. */
export const acts = ["edit", "pause", "pause and edit", "finish"] as const;
export type Act = (typeof acts)[number];

const THEIRS = "edited by somebody else";

/** What is known of one act, from the act on. */
interface Work {
  edited: boolean;
  /** They paused what was running. */
  paused: boolean;
  finished: boolean;
  /** An answer has shown us their edit. */
  seen: boolean;
  /** They came between our pause and our replace, where nothing shows it. */
  betweenPauseAndReplace: boolean;
}

export class Witness {
  /** What happened to their work that must not. */
  readonly wrong: string[] = [];
  #work?: { id: string } & Work;
  #plan?: Plan;
  #calls: string[] = [];
  #actIn = Number.POSITIVE_INFINITY;
  readonly #off: () => void;

  constructor(
    readonly emulator: Emulator,
    readonly title: string,
    readonly act: Act,
  ) {
    this.#off = emulator.on("after", { title }, (entry) => this.#after(entry));
  }

  close(): void {
    this.#off();
  }

  /** What the preview before the next run shows; undefined for a destroy or a refresh. */
  shown(plan: Plan | undefined): void {
    this.#plan = plan;
    this.#calls = [];
  }

  /** They act once this many of our calls have been carried out; 0: now. Returns whether there is anything to act on. */
  actAfter(calls: number): boolean {
    if (calls > 0) this.#actIn = calls;
    else if (!this.#newest()) return false;
    else this.#doIt(this.#newest()!.id);
    return true;
  }

  get acted(): boolean {
    return this.#work !== undefined;
  }

  #newest(): JourneySnapshot | undefined {
    return this.emulator.pushwoosh.journeys(this.title).at(-1);
  }

  #doIt(id: string): void {
    const behind = this.emulator.behind.journey(id);
    const { status } = this.emulator.pushwoosh.journey(id);
    const edits = this.act.endsWith("edit");
    if (this.act.startsWith("pause")) behind.pause();
    if (this.act === "finish") behind.finish();
    if (edits) behind.edit(({ points }) => Object.assign(exitOf(points), { reason: THEIRS }));
    this.#work = {
      id,
      edited: edits,
      paused: this.act.startsWith("pause") && status === "STATUS_RUNNING",
      finished: this.act === "finish",
      seen: false,
      betweenPauseAndReplace: edits && this.#calls.at(-1) === "pause",
    };
  }

  #after({ endpoint, committed, ids }: JournalEntry): void {
    const call = endpoint.replace("journey.", "");
    if (this.#work && committed && (ids.includes(this.#work.id) || call === "create")) this.#judge(this.#work, call);
    this.#calls.push(call);
    if (--this.#actIn === 0) this.#doIt(call === "create" ? this.#newest()!.id : ids[0]!);
  }

  #judge(work: { id: string } & Work, call: string): void {
    const journey = this.emulator.pushwoosh.journey(work.id);
    const gone = work.edited && exitOf(journey.points)?.reason !== THEIRS;
    if (gone) {
      if (work.seen) this.wrong.push("an edit that an answer had shown was overwritten");
      else if (!work.betweenPauseAndReplace && !this.#says(/overwritten unseen/))
        this.wrong.push("an edit was overwritten, and the preview had not said that it could be");
      work.edited = false;
    } else if (work.edited) work.seen = true;
    if (work.paused && call === "start") {
      if (!this.#showsStart())
        this.wrong.push("what somebody else paused was started without a preview that showed it");
      work.paused = false;
    }
    if (work.finished && !["STATUS_FINISHED", "STATUS_ARCHIVED"].includes(journey.status))
      this.wrong.push(`what somebody else finished is ${journey.status}`);
  }

  #says = (text: RegExp) => this.#plan?.warnings.some((warning) => text.test(warning)) ?? false;

  /** A start that stands for itself, and doesn't take back a pause of the same plan. */
  #showsStart(): boolean {
    const names = this.#plan?.steps.map(({ name }) => name) ?? [];
    return names.find((name) => name === "start" || name === "pause") === "start";
  }
}

function exitOf(points: readonly unknown[]): { reason: string } {
  for (const point of points) {
    const { exit } = (point as { point_data: { exit?: { reason: string } } }).point_data;
    if (exit) return exit;
  }
  throw new Error("no exit");
}

/** The plan a preview shows before a run, in a process of its own. */
export async function shownBy(
  deployment: Deployment,
  inputs: Parameters<Deployment["preview"]>[0] | undefined,
): Promise<Plan | undefined> {
  await deployment.restart();
  const preview = inputs && deployment.preview(inputs);
  return preview && "steps" in preview ? preview : undefined;
}
