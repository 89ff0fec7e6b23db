/** The namespace `engagelab`: what a program declares on EngageLab. */
import { announcingMembers, announcingPerson } from "./announce";
import { withSourceDigest } from "./contact-source";
import {
  type ContactArgs,
  type ContactFieldArgs,
  type ContactFieldOutputs,
  type ContactOutputs,
  type ContactSetArgs as ContactSetInputs,
  type ContactSetOutputs,
  type ContactTagArgs,
  type ContactTagOutputs,
  contactFieldOutputNames,
  contactOutputNames,
  contactSetOutputNames,
  contactTagOutputNames,
} from "./engagelab-shapes";
import { journeysResource } from "./resource";

export * from "./engagelab-functions";
export type {
  ContactArgs,
  ContactColumns,
  ContactFieldArgs,
  ContactFieldOutputs,
  ContactMember,
  ContactOutputs,
  ContactSetOutputs,
  ContactSource,
  ContactTagArgs,
  ContactTagOutputs,
} from "./engagelab-shapes";

/**
 * One person, by e-mail address. Look-ups and writes of a run travel in batches, so a high `--parallel` makes many
 * contacts cheap. An existing contact is taken over only where nothing would be overwritten, or with `adoptExisting`;
 * deleting releases one that existed before, or whose person opted out. Address, phone, name and fields are always
 * secret, so don't use them in the resource's name.
 */
export const Contact = journeysResource<ContactArgs, ContactOutputs>({
  kind: "engagelab-contact",
  token: "journeys:engagelab:Contact",
  outputs: contactOutputNames,
  instead: "Declare it: an existing contact that equals the declaration is taken over, any other with `adoptExisting`.",
  secretInputs: ["email", "phone", "name", "fields"],
  resolve: announcingPerson,
});
export type Contact = InstanceType<typeof Contact>;

/** Arguments of `ContactSet`. */
export type ContactSetArgs = Omit<ContactSetInputs, "sourceDigest">;

/**
 * Many people, from a CSV or JSON Lines file beside the program or a short list in it: thousands of contacts as one
 * resource, of which the state holds digests and no address. Only members that changed are sent. Members that leave are
 * let go, or deleted with `onRemoval: "delete"`; a mass removal and an empty file need consent by number.
 */
export const ContactSet = journeysResource<ContactSetArgs, ContactSetOutputs>({
  kind: "engagelab-contact-set",
  token: "journeys:engagelab:ContactSet",
  outputs: contactSetOutputNames,
  instead: "Declare it: contacts that equal the declaration are taken over, all others with `adoptExisting`.",
  secretInputs: ["members", "fields"],
  resolve: (args, urn) => announcingMembers(withSourceDigest(args), urn),
});
export type ContactSet = InstanceType<typeof ContactSet>;

/**
 * A tag contacts may carry. **Campaigns are sent to tags**: a rename reaches every contact that carries it, and a delete
 * is refused while one does. A tag that existed before is taken over, and only released by a delete.
 */
export const ContactTag = journeysResource<ContactTagArgs, ContactTagOutputs>({
  kind: "engagelab-contact-tag",
  token: "journeys:engagelab:ContactTag",
  outputs: contactTagOutputNames,
  instead: "Declare it: a tag of this name that exists is taken over.",
});
export type ContactTag = InstanceType<typeof ContactTag>;

/**
 * A property contacts may have a value of. The platform's API can create one and nothing else: a change is refused, and
 * a delete leaves it where it is.
 */
export const ContactField = journeysResource<ContactFieldArgs, ContactFieldOutputs>({
  kind: "engagelab-contact-field",
  token: "journeys:engagelab:ContactField",
  outputs: contactFieldOutputNames,
  instead: "Declare it with `adoptExisting`: then nothing is sent.",
});
export type ContactField = InstanceType<typeof ContactField>;
