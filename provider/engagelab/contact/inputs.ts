/** What a program declares of a contact. One source for editor types, run-time checks and schema.json. */
import { z } from "zod";
import type { Problem } from "../../core/errors";
import { isUnknown, type Path } from "../../core/values";
import { addressFault, hasControls, holdsAddress } from "./address";

export const fieldValue = z.union([z.string(), z.number(), z.boolean()]);

/** Options a set of contacts shares with a single one. */
export const sharedOptions = {
  tagOwnership: z
    .enum(["declared", "exclusive"])
    .optional()
    .describe(
      "Which tags are taken off a contact: `declared` (default) only those that were declared here before and no longer are; `exclusive` every tag that isn't declared.",
    ),
  adoptExisting: z
    .boolean()
    .optional()
    .describe(
      "Allows to take over a contact that exists and differs, and to overwrite what is declared. Without it only a contact that already equals everything declared is taken over. Default: false.",
    ),
  forceDestroy: z
    .boolean()
    .optional()
    .describe(
      "Allows to delete also a contact that existed before, and one whose person opted out (the opt-out may be lost with it). Must be in the saved state: apply it before the delete. Default: false.",
    ),
};

export const tagsShape = z.array(z.string());
export const fieldsShape = z.record(z.string(), fieldValue);

export const contactInputs = z
  .strictObject({
    email: z
      .string()
      .describe(
        "E-mail address, the contact's identity. Another address replaces the contact; a difference in letter case is no change (vendor: general rules for its form). Secret.",
      )
      .meta({ secret: true, replaces: true }),
    phone: z
      .string()
      .optional()
      .describe("Phone number, free text. Left out: not touched, or emptied if it was declared before. Secret.")
      .meta({ secret: true }),
    name: z
      .string()
      .optional()
      .describe("The person's name. Left out: not touched, or emptied if it was declared before. Secret.")
      .meta({ secret: true }),
    fields: fieldsShape
      .optional()
      .describe(
        "Values by property name, exactly as the property is spelled (see `ContactField`). Sent as text. Properties that aren't declared are kept; one that no longer is declared is emptied. Secret.",
      )
      .meta({ secret: true }),
    tags: tagsShape
      .optional()
      .describe(
        "Names of tags. They decide who gets a campaign. At most 64 letters, digits and underscores each (vendor: contact tags).",
      ),
    tagOwnership: sharedOptions.tagOwnership,
    updateMethod: z
      .enum(["upsert", "put"])
      .optional()
      .describe(
        "The call an update is made with: `upsert` (default) is batched; `put` is one call for each contact, and can't create one that somebody deleted meanwhile. Both lead to the same result.",
      ),
    adoptExisting: sharedOptions.adoptExisting,
    forceDestroy: sharedOptions.forceDestroy,
  })
  .describe("An EngageLab marketing contact.");

export type ContactInputs = z.infer<typeof contactInputs>;
export type ContactArgs = z.input<typeof contactInputs>;

/** Inputs that are personal data, whatever the program marks. */
export const personalInputs = ["email", "phone", "name", "fields"] as const;

/** What a contact is declared to be; a set's members are declared so as well. */
export type Declared = Pick<ContactInputs, "phone" | "name" | "fields" | "tags">;

const MOST = 64;

/** What the shape alone can't say. No reason repeats a value. */
export function contactProblems(inputs: ContactInputs): Problem[] {
  const problems: Problem[] = [];
  const fault = isUnknown(inputs.email) ? undefined : addressFault(inputs.email);
  if (fault) problems.push({ path: ["email"], reason: fault });
  problems.push(...declaredProblems(inputs));
  if (inputs.tagOwnership === "exclusive" && inputs.tags === undefined) {
    problems.push({
      path: ["tagOwnership"],
      reason: '"exclusive" needs tags: declare them, or an empty list to take all off',
    });
  }
  return problems;
}

/** Phone, name, fields and tags, whether of one contact or common to a set. */
export function declaredProblems({ phone, name, fields, tags }: Declared): Problem[] {
  const problems: Problem[] = [];
  const text = (value: unknown, path: Path) => {
    if (typeof value === "string" && !isUnknown(value) && hasControls(value)) {
      problems.push({ path, reason: "must not contain control characters" });
    }
  };
  text(phone, ["phone"]);
  text(name, ["name"]);
  for (const [key, value] of Object.entries(fields && !isUnknown(fields) ? fields : {})) {
    const reason = fieldFault(key);
    if (reason) problems.push({ path: ["fields", key], reason });
    text(value, ["fields", key]);
  }
  (tags && !isUnknown(tags) ? tags : []).forEach((tag, index) => {
    const reason = isUnknown(tag) ? undefined : tagFault(tag);
    if (reason) problems.push({ path: ["tags", index], reason });
  });
  return problems;
}

const topLevel: Readonly<Record<string, string>> = { email: "email", phone: "phone", name: "name", tag: "tags" };
/** Names the platform keeps for itself, in any letter case. */
export const reservedFields = [
  "email",
  "name",
  "phone",
  "tag",
  "campaign",
  "segment",
  "domain",
  "createtime",
  "updatetime",
  "unsubscribetime",
];

export function fieldFault(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (Object.hasOwn(topLevel, lower)) return `belongs to the input ${topLevel[lower]}, not to fields`;
  if (name === "__proto__") return "has a name that JavaScript loses on the way";
  if (reservedFields.includes(lower)) return "is a property the platform sets itself";
  if (!name.trim() || name.length > MOST || hasControls(name)) return `a property's name has 1 to ${MOST} characters`;
  return undefined;
}

export function tagFault(name: string): string | undefined {
  if (!name.trim()) return "must not be empty";
  if (name.length > MOST) return `must have at most ${MOST} characters`;
  return hasControls(name) ? "must not contain control characters" : undefined;
}

/** Tag names the documentation doesn't clearly allow. */
export function oddTags(tags: readonly string[] = []): string[] {
  return tags.filter((tag) => !isUnknown(tag) && !/^[\p{L}\p{N}_]+$/u.test(tag));
}

/** A name becomes a part of the URN, which is shown everywhere and secret nowhere. */
export function nameProblems(name: string | undefined): Problem[] {
  if (!name || !holdsAddress(name)) return [];
  return [
    {
      path: [],
      reason:
        "the resource's name contains an e-mail address, and names are shown in every output and stored plainly; " +
        'name it by something of your own that identifies nobody, such as "contact-1042" or "newsletter-owner"',
    },
  ];
}
