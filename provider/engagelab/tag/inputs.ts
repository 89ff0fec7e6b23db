/** What a program declares of a tag, and what is kept of it. */
import { z } from "zod";
import type { Problem } from "../../core/errors";
import { isUnknown } from "../../core/values";

export const STATE_VERSION = 1;
export const KIND = "engagelab-contact-tag";

export const tagInputs = z
  .strictObject({
    name: z
      .string()
      .describe(
        "The tag's name: at most 64 letters, digits and underscores, Chinese ones included (vendor: contact tags). Another name renames the tag, on every contact that carries it.",
      ),
    forceDestroy: z
      .boolean()
      .optional()
      .describe(
        "Allows to delete a tag that contacts carry, or that existed before. Must be in the saved state: apply it before the delete. Default: false.",
      ),
  })
  .describe("A tag that EngageLab contacts may carry.");

export type TagInputs = z.infer<typeof tagInputs>;

export const tagOutputs = z.object({
  tagId: z.string().describe("The platform's id of the tag."),
  name: z.string().describe("Name as last applied or seen."),
  createdAt: z.string().optional().describe("Creation time as answered, ISO 8601."),
  adopted: z.boolean().describe("Whether the tag existed before: then a delete only releases it."),
  appliedInputs: z.string().describe("The inputs last applied, as JSON text."),
  stamp: z.string().describe("The record this state covers."),
  stateVersion: z.number().describe("Version of this state's form."),
});

export type TagState = z.infer<typeof tagOutputs>;

export function tagProblems({ name }: TagInputs): Problem[] {
  if (isUnknown(name) || /^[\p{L}\p{N}_]{1,64}$/u.test(name)) return [];
  return [{ path: ["name"], reason: "must have 1 to 64 letters, digits and underscores, and nothing else" }];
}

export const tagName = (name: string): string => `tag "${name}"`;
