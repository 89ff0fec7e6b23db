/** The namespace `engagelab`: what a program declares on EngageLab. */
import {
  type ContactArgs,
  type ContactFieldArgs,
  type ContactFieldOutputs,
  type ContactOutputs,
  type ContactTagArgs,
  type ContactTagOutputs,
  contactFieldOutputNames,
  contactOutputNames,
  contactTagOutputNames,
} from "./engagelab-shapes";
import { journeysResource } from "./resource";

export * from "./engagelab-functions";
export type {
  ContactArgs,
  ContactFieldArgs,
  ContactFieldOutputs,
  ContactOutputs,
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
});
export type Contact = InstanceType<typeof Contact>;

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
