/** What a program declares of a set of contacts. One source for editor types, run-time checks and schema.json. */
import { z } from "zod";
import { hasUnknown } from "../../core/values";
import { fieldsShape, fieldValue, sharedOptions, tagsShape } from "../contact/inputs";

/** Members a program may write out; more belong into a file. */
export const MOST_INLINE = 1000;

export const columnsShape = z
  .strictObject({
    email: z.string().min(1).default("email").describe("Column of the address. Default: `email`."),
    phone: z.string().min(1).optional().describe("Column of the phone number."),
    name: z.string().min(1).optional().describe("Column of the person's name."),
    tags: z.string().min(1).optional().describe("Column of tag names, separated by `tagSeparator`."),
    fields: z
      .record(z.string().min(1), z.string().min(1))
      .optional()
      .describe("Property name, exactly as the property is spelled, to column."),
  })
  .describe("Which column holds what.");

export const sourceShape = z
  .strictObject({
    file: z.string().min(1).describe("Path of the file, relative to the program."),
    format: z
      .enum(["csv", "jsonl"])
      .optional()
      .describe("Default: by the file's name, `.csv`, or `.jsonl` and `.ndjson` for JSON Lines."),
    columns: columnsShape
      .optional()
      .describe(
        "Which column (of JSON Lines: which member) holds what; the others are left out. Without it the columns are `email`, `phone`, `name`, `tags` and `fields.<property>`, and any other is an error.",
      ),
    delimiter: z.string().min(1).default(",").describe("Between the cells of a CSV file. Default: `,`."),
    tagSeparator: z.string().min(1).default(";").describe("Between tag names in one cell. Default: `;`."),
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/)
      .optional()
      .describe("SHA-256 of the file as it was reviewed, hexadecimal: any other content is refused."),
  })
  .describe(
    "A CSV file with a header line, or a JSON Lines file with an object on each line; UTF-8. An empty cell says nothing of a member, and empties what an earlier version of the file had set.",
  );

export const memberShape = z
  .strictObject({
    email: z.string().describe("E-mail address."),
    phone: z.string().optional().describe("Phone number, free text."),
    name: z.string().optional().describe("The person's name."),
    fields: fieldsShape.optional().describe("Values by property name."),
    tags: tagsShape.optional().describe("Names of tags, beside those of the whole set."),
  })
  .describe("One member of a set.");

export const contactSetInputs = z
  .strictObject({
    source: sourceShape.optional().describe("The file the members are in. Exactly one of `source` and `members`."),
    members: z
      .array(memberShape)
      .max(MOST_INLINE, `must have at most ${MOST_INLINE} members: put more into a file and name it as source`)
      .optional()
      .describe(`The members themselves, at most ${MOST_INLINE}. Secret.`)
      .meta({ secret: true }),
    sourceDigest: z
      .string()
      .optional()
      .describe("SHA-256 of the file as the program found it. The class fills it in; it is not to be given."),
    tags: tagsShape.optional().describe("Names of tags every member has. Tags decide who gets a campaign."),
    fields: z
      .record(z.string(), fieldValue)
      .optional()
      .describe("Values every member has, by property name; a member's own value comes before. Secret.")
      .meta({ secret: true }),
    onRemoval: z
      .enum(["keep", "delete"])
      .default("keep")
      .describe(
        "What happens to the contact of a member that left the list, and of all members when the set is deleted: `keep` (default) leaves it as it is, `delete` deletes it, unless it existed before or opted out.",
      ),
    allowDeletions: z
      .int()
      .min(0)
      .optional()
      .describe(
        "How many members may leave at once. Needed to delete more than 30 % of the members (from 10 members up) or more than 100, and for an empty list. Remove it once it has done its work.",
      ),
    ...sharedOptions,
  })
  .describe("Many EngageLab marketing contacts, from a file or a short list.");

export type SetInputs = z.infer<typeof contactSetInputs>;
export type SetArgs = z.input<typeof contactSetInputs>;
export type SourceInputs = z.infer<typeof sourceShape>;
export type MemberInputs = z.infer<typeof memberShape>;

/** Inputs that are personal data, whatever the program marks. */
export const personalInputs = ["members", "fields"] as const;

/** What decides which members there are and what they are to be. */
export const contentInputs = ["source", "sourceDigest", "members", "tags", "fields", "tagOwnership"] as const;

/** Whether a preview can know the members yet. */
export function isKnown(inputs: SetInputs): boolean {
  return !contentInputs.some((name) => hasUnknown(inputs[name]));
}
