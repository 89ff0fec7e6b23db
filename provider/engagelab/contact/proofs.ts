/**
 * What this run has read back: that the platform keeps each tag and each property it is sent. The first contact that
 * carries one proves it for all others; they wait for that, and fail with it if it isn't kept.
 */
import type { Runtime } from "../../core/runtime";

interface Proof {
  /** Whether it is kept; undefined where nobody could tell. */
  kept: Promise<boolean | undefined>;
  settle: (kept: boolean | undefined) => void;
}

export class Proofs {
  readonly #proofs = new Map<string, Proof>();

  /** The keys nobody has proved: whoever gets them must settle them. */
  claim(keys: readonly string[]): string[] {
    const mine = keys.filter((key) => !this.#proofs.has(key));
    for (const key of mine) {
      let settle: Proof["settle"] = () => {};
      const kept = new Promise<boolean | undefined>((resolve) => {
        settle = resolve;
      });
      this.#proofs.set(key, { kept, settle });
    }
    return mine;
  }

  /** What isn't proved is looked at anew by the next contact that carries it. */
  settle(key: string, kept: boolean | undefined): void {
    this.#proofs.get(key)?.settle(kept);
    if (!kept) this.#proofs.delete(key);
  }

  /** Of the keys those that another contact has shown not to be kept. */
  async refuted(keys: readonly string[]): Promise<string[]> {
    const outcomes = await Promise.all(keys.map(async (key) => [key, await this.#proofs.get(key)?.kept] as const));
    return outcomes.filter(([, kept]) => kept === false).map(([key]) => key);
  }
}

/** The process's proofs. */
export function proofs(_runtime: Runtime): Proofs {
  return new Proofs();
}
