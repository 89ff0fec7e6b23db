/** How a platform's table declares its switches. */

/** One behaviour the contract leaves open: the value it has, those it may take, and what it is about. */
export interface SwitchDeclaration<Value extends string | number = string | number> {
  /** The values it takes; `"whole number"` for a count from 0 up. */
  readonly values: readonly Value[] | "whole number";
  readonly default: Value;
  readonly description: string;
}

/** Holds a table of switches to the interface programs use: the same names, the same values. */
export type SwitchTable<Switches> = {
  readonly [Name in keyof Switches]-?: SwitchDeclaration<Extract<Switches[Name], string | number>>;
};

/** Declares a switch that takes one of some words; the first is the default. */
export function choice<First extends string, Other extends string>(
  first: First,
  others: readonly Other[],
  description: string,
) {
  return { values: [first, ...others] as readonly (First | Other)[], default: first as First | Other, description };
}

/** Declares a switch that takes a whole number from 0 up. */
export function count(byDefault: number, description: string) {
  return { values: "whole number" as const, default: byDefault, description };
}
