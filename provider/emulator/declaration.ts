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
