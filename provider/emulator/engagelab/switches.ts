import type { SwitchTable } from "../switches";

/** Behaviours of the EngageLab half that its contract leaves open. */
export type EngagelabSwitches = Record<never, never>;

export const engagelabSwitchTable: SwitchTable<EngagelabSwitches> = {};
