/** Filters of the list: at most ten items, one relation for all of them. */
import { z } from "zod";
import type { Json } from "../../core/values";

export const MOST_ITEMS = 10;

export const operators = ["==", "!=", ">", ">=", "<", "<=", "exist", "contain", "does not contain"] as const;

export const conditionShape = z
  .strictObject({
    relation: z
      .enum(["and", "or"])
      .default("and")
      .describe("Whether all items must hold, or one of them. Default: `and`."),
    items: z
      .array(
        z.strictObject({
          field: z
            .string()
            .min(1)
            .describe("`Email`, `Phone`, `Name`, `tag`, or a property's name, in the platform's spelling."),
          operator: z
            .enum(operators)
            .describe(
              "How to compare. Which operators a field takes isn't documented in full; `==` and `contain` are known to be used (vendor: contact management).",
            ),
          value: z.string().describe("The text to compare with; for `tag` the tag's name."),
        }),
      )
      .min(1)
      .max(MOST_ITEMS)
      .describe("One to ten comparisons."),
  })
  .describe("Which contacts.");

export type Condition = z.output<typeof conditionShape>;
export type ConditionArgs = z.input<typeof conditionShape>;

/** Contacts of these addresses, at most ten. */
export function ofAddresses(addresses: readonly string[], operator: "==" | "contain"): Condition {
  return { relation: "or", items: addresses.map((value) => ({ field: "Email", operator, value })) };
}

export function toWire({ relation, items }: Condition): Json {
  return {
    relation,
    items: items.map(({ field, operator, value }) => ({ field_name: field, op: operator, value })),
  };
}
