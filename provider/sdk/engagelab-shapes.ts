/**
 * Generated from the resources' declarations by `npm run schema`: change those, not this file.
 */
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of `Contact`. An EngageLab marketing contact. */
export interface ContactArgs {
  /** E-mail address, the contact's identity. Another address replaces the contact; a difference in letter case is no change (vendor: general rules for its form). Secret. */
  email: pulumi.Input<string>;
  /** Phone number, free text. Left out: not touched, or emptied if it was declared before. Secret. */
  phone?: pulumi.Input<string>;
  /** The person's name. Left out: not touched, or emptied if it was declared before. Secret. */
  name?: pulumi.Input<string>;
  /** Values by property name, exactly as the property is spelled (see `ContactField`). Sent as text. Properties that aren't declared are kept; one that no longer is declared is emptied. Secret. */
  fields?: pulumi.Input<{ [key: string]: pulumi.Input<string | number | boolean> }>;
  /** Names of tags. They decide who gets a campaign. At most 64 letters, digits and underscores each (vendor: contact tags). */
  tags?: pulumi.Input<Array<pulumi.Input<string>>>;
  /** Which tags are taken off a contact: `declared` (default) only those that were declared here before and no longer are; `exclusive` every tag that isn't declared. */
  tagOwnership?: pulumi.Input<"declared" | "exclusive">;
  /** The call an update is made with: `upsert` (default) is batched; `put` is one call for each contact, and can't create one that somebody deleted meanwhile. Both lead to the same result. */
  updateMethod?: pulumi.Input<"upsert" | "put">;
  /** Allows to take over a contact that exists and differs, and to overwrite what is declared. Without it only a contact that already equals everything declared is taken over. Default: false. */
  adoptExisting?: pulumi.Input<boolean>;
  /** Allows to delete also a contact that existed before, and one whose person opted out (the opt-out may be lost with it). Must be in the saved state: apply it before the delete. Default: false. */
  forceDestroy?: pulumi.Input<boolean>;
}

/** Outputs of `Contact`. */
export interface ContactOutputs {
  /** The platform's id of the contact. */
  readonly contactId: pulumi.Output<string>;
  /** The account's list. Known as soon as the platform has shown a contact in this run. */
  readonly listId: pulumi.Output<number | undefined>;
  /** Address, as the platform spells it where that is known. */
  readonly email: pulumi.Output<string>;
  /** Phone number as last seen; empty where there is none. */
  readonly phone: pulumi.Output<string>;
  /** Name as last seen; empty where there is none. */
  readonly name: pulumi.Output<string>;
  /** All properties that aren't empty, as last seen. */
  readonly fields: pulumi.Output<{ [key: string]: string }>;
  /** All tags of the contact as last seen, sorted. */
  readonly tagNames: pulumi.Output<Array<string>>;
  /** Creation time, ISO 8601, once it was read. */
  readonly createdAt: pulumi.Output<string | undefined>;
  /** When the person opted out, ISO 8601. Nothing here can change it. */
  readonly unsubscribedAt: pulumi.Output<string | undefined>;
  /** Whether the contact existed before: then a delete only releases it. */
  readonly adopted: pulumi.Output<boolean>;
  /** What was declared and may be taken away again. */
  readonly owned: pulumi.Output<{
    phone: boolean;
    name: boolean;
    fields: Array<string>;
    tags: Array<string>;
  }>;
  /** The inputs last applied, as JSON text. */
  readonly appliedInputs: pulumi.Output<string>;
  /** The record this state covers. */
  readonly stamp: pulumi.Output<string>;
  /** Version of this state's form. */
  readonly stateVersion: pulumi.Output<number>;
}

/** The names of the outputs of `Contact`. */
export const contactOutputNames = [
  "contactId",
  "listId",
  "email",
  "phone",
  "name",
  "fields",
  "tagNames",
  "createdAt",
  "unsubscribedAt",
  "adopted",
  "owned",
  "appliedInputs",
  "stamp",
  "stateVersion",
] as const;

/** Which column (of JSON Lines: which member) holds what; the others are left out. Without it the columns are `email`, `phone`, `name`, `tags` and `fields.<property>`, and any other is an error. */
export interface ContactColumns {
  /** Column of the address. Default: `email`. */
  email?: pulumi.Input<string>;
  /** Column of the phone number. */
  phone?: pulumi.Input<string>;
  /** Column of the person's name. */
  name?: pulumi.Input<string>;
  /** Column of tag names, separated by `tagSeparator`. */
  tags?: pulumi.Input<string>;
  /** Property name, exactly as the property is spelled, to column. */
  fields?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** The file the members are in. Exactly one of `source` and `members`. */
export interface ContactSource {
  /** Path of the file, relative to the program. */
  file: pulumi.Input<string>;
  /** Default: by the file's name, `.csv`, or `.jsonl` and `.ndjson` for JSON Lines. */
  format?: pulumi.Input<"csv" | "jsonl">;
  /** Which column (of JSON Lines: which member) holds what; the others are left out. Without it the columns are `email`, `phone`, `name`, `tags` and `fields.<property>`, and any other is an error. */
  columns?: pulumi.Input<ContactColumns>;
  /** Between the cells of a CSV file. Default: `,`. */
  delimiter?: pulumi.Input<string>;
  /** Between tag names in one cell. Default: `;`. */
  tagSeparator?: pulumi.Input<string>;
  /** SHA-256 of the file as it was reviewed, hexadecimal: any other content is refused. */
  sha256?: pulumi.Input<string>;
}

/** One member of a set. */
export interface ContactMember {
  /** E-mail address. */
  email: pulumi.Input<string>;
  /** Phone number, free text. */
  phone?: pulumi.Input<string>;
  /** The person's name. */
  name?: pulumi.Input<string>;
  /** Values by property name. */
  fields?: pulumi.Input<{ [key: string]: pulumi.Input<string | number | boolean> }>;
  /** Names of tags, beside those of the whole set. */
  tags?: pulumi.Input<Array<pulumi.Input<string>>>;
}

/** Arguments of `ContactSet`. Many EngageLab marketing contacts, from a file or a short list. */
export interface ContactSetArgs {
  /** The file the members are in. Exactly one of `source` and `members`. */
  source?: pulumi.Input<ContactSource>;
  /** The members themselves, at most 1000. Secret. */
  members?: pulumi.Input<Array<pulumi.Input<ContactMember>>>;
  /** SHA-256 of the file as the program found it. The class fills it in; it is not to be given. */
  sourceDigest?: pulumi.Input<string>;
  /** Names of tags every member has. Tags decide who gets a campaign. */
  tags?: pulumi.Input<Array<pulumi.Input<string>>>;
  /** Values every member has, by property name; a member's own value comes before. Secret. */
  fields?: pulumi.Input<{ [key: string]: pulumi.Input<string | number | boolean> }>;
  /** What happens to the contact of a member that left the list, and of all members when the set is deleted: `keep` (default) leaves it as it is, `delete` deletes it, unless it existed before or opted out. */
  onRemoval?: pulumi.Input<"keep" | "delete">;
  /** How many members may leave at once. Needed to delete more than 30 % of the members (from 10 members up) or more than 100, and for an empty list. Remove it once it has done its work. */
  allowDeletions?: pulumi.Input<number>;
  /** Which tags are taken off a contact: `declared` (default) only those that were declared here before and no longer are; `exclusive` every tag that isn't declared. */
  tagOwnership?: pulumi.Input<"declared" | "exclusive">;
  /** Allows to take over a contact that exists and differs, and to overwrite what is declared. Without it only a contact that already equals everything declared is taken over. Default: false. */
  adoptExisting?: pulumi.Input<boolean>;
  /** Allows to delete also a contact that existed before, and one whose person opted out (the opt-out may be lost with it). Must be in the saved state: apply it before the delete. Default: false. */
  forceDestroy?: pulumi.Input<boolean>;
}

/** Outputs of `ContactSet`. */
export interface ContactSetOutputs {
  /** Id of this set. It is ours: the platform knows contacts only. */
  readonly setId: pulumi.Output<string>;
  /** How many members the set has. */
  readonly memberCount: pulumi.Output<number>;
  /** How many of them existed before: they are released, not deleted. */
  readonly adoptedCount: pulumi.Output<number>;
  /** How many of them opted out, as last seen; a refresh looks at all of them. */
  readonly unsubscribedCount: pulumi.Output<number>;
  /** How many of them somebody else deleted, as last seen. */
  readonly missingCount: pulumi.Output<number>;
  /** The account's list, once a contact of it was seen. */
  readonly listId: pulumi.Output<number | undefined>;
  /** How many contacts the account has, as last seen. */
  readonly accountSize: pulumi.Output<number | undefined>;
  /** The members: digests of address and content under the set's key, contact ids, what is whose. No public contract. */
  readonly memberDigests: pulumi.Output<string>;
  /** The key of the members' digests. No public contract. Secret. */
  readonly key: pulumi.Output<string>;
  /** The inputs last applied, as JSON text. Secret. */
  readonly appliedInputs: pulumi.Output<string>;
  /** The record this state covers. */
  readonly stamp: pulumi.Output<string>;
  /** Version of this state's form. */
  readonly stateVersion: pulumi.Output<number>;
}

/** The names of the outputs of `ContactSet`. */
export const contactSetOutputNames = [
  "setId",
  "memberCount",
  "adoptedCount",
  "unsubscribedCount",
  "missingCount",
  "listId",
  "accountSize",
  "memberDigests",
  "key",
  "appliedInputs",
  "stamp",
  "stateVersion",
] as const;

/** Arguments of `ContactTag`. A tag that EngageLab contacts may carry. */
export interface ContactTagArgs {
  /** The tag's name: at most 64 letters, digits and underscores, Chinese ones included (vendor: contact tags). Another name renames the tag, on every contact that carries it. */
  name: pulumi.Input<string>;
  /** Allows to delete a tag that contacts carry, or that existed before. Must be in the saved state: apply it before the delete. Default: false. */
  forceDestroy?: pulumi.Input<boolean>;
}

/** Outputs of `ContactTag`. */
export interface ContactTagOutputs {
  /** The platform's id of the tag. */
  readonly tagId: pulumi.Output<string>;
  /** Name as last applied or seen. */
  readonly name: pulumi.Output<string>;
  /** Creation time as answered, ISO 8601. */
  readonly createdAt: pulumi.Output<string | undefined>;
  /** Whether the tag existed before: then a delete only releases it. */
  readonly adopted: pulumi.Output<boolean>;
  /** The inputs last applied, as JSON text. */
  readonly appliedInputs: pulumi.Output<string>;
  /** The record this state covers. */
  readonly stamp: pulumi.Output<string>;
  /** Version of this state's form. */
  readonly stateVersion: pulumi.Output<number>;
}

/** The names of the outputs of `ContactTag`. */
export const contactTagOutputNames = [
  "tagId",
  "name",
  "createdAt",
  "adopted",
  "appliedInputs",
  "stamp",
  "stateVersion",
] as const;

/** Arguments of `ContactField`. A property that EngageLab contacts may have a value of. */
export interface ContactFieldArgs {
  /** The property's name, as contacts use it in `fields`: at most 64 of a-z, A-Z, 0-9 and _; not one of the platform's own (vendor: contact properties). */
  name: pulumi.Input<string>;
  /** What values it takes. */
  type: pulumi.Input<"text" | "number" | "date" | "birthday" | "dropdown">;
  /** Whether the console shows it. Default: true. */
  visible?: pulumi.Input<boolean>;
  /** For numbers `0`, `.0` or `.00`; for dates `MM/DD/YYYY` or `DD/MM/YYYY`; for birthdays `MM/DD` or `DD/MM` (vendor: contact properties). */
  format?: pulumi.Input<string>;
  /** For a dropdown: one to ten values. */
  options?: pulumi.Input<Array<pulumi.Input<string>>>;
  /** Says that the property exists already: nothing is sent, and since the platform shows no property, nothing is checked. Default: false. */
  adoptExisting?: pulumi.Input<boolean>;
}

/** Outputs of `ContactField`. */
export interface ContactFieldOutputs {
  /** The property's name. */
  readonly name: pulumi.Output<string>;
  /** The platform's id, where its answer named one. */
  readonly fieldId: pulumi.Output<number | undefined>;
  /** Whether it was declared as existing. */
  readonly adopted: pulumi.Output<boolean>;
  /** The inputs last applied, as JSON text. */
  readonly appliedInputs: pulumi.Output<string>;
  /** The record this state covers. */
  readonly stamp: pulumi.Output<string>;
  /** Version of this state's form. */
  readonly stateVersion: pulumi.Output<number>;
}

/** The names of the outputs of `ContactField`. */
export const contactFieldOutputNames = [
  "name",
  "fieldId",
  "adopted",
  "appliedInputs",
  "stamp",
  "stateVersion",
] as const;
