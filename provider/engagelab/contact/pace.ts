/** How long things are waited for, in milliseconds. */
import type { Runtime } from "../../core/runtime";

export interface Pace {
  /** A batch closes when nothing joined it for so long. */
  quiet: number;
  /** The first look-up of a burst waits so long for company. */
  gather: number;
  /** Between readings of what a write should have left: reads may lag behind. */
  lag: number[];
  /** A look-up's finding holds for so long. */
  fresh: number;
}

export function usualPace(): Pace {
  return { quiet: 200, gather: 10, lag: [300, 1_000, 3_000, 6_000], fresh: 300_000 };
}

/** The process's one pace; tests shorten it. */
export function pace(_runtime: Runtime): Pace {
  return usualPace();
}
