/**
 * Every resource of the package, as schema.json and the editor types are made from. Loads the platforms' code, so the
 * classes a program holds don't import it.
 */
import type { z } from "zod";
import type { AnyResource } from "../core/resource";
import { contact } from "../engagelab/contact/resource";
import { columnsShape, memberShape, sourceShape } from "../engagelab/contact-set/inputs";
import { contactSet } from "../engagelab/contact-set/resource";
import { contactField } from "../engagelab/field/resource";
import { contactTag } from "../engagelab/tag/resource";
import { journeySight } from "../pushwoosh/entry/inputs";
import { journeyEntry } from "../pushwoosh/entry/resource";
import { entryPart } from "../pushwoosh/entry/state";
import { pointShape } from "../pushwoosh/journey/inputs";
import { journey } from "../pushwoosh/journey/resource";
import { userRemoval } from "../pushwoosh/removal/resource";

export type ModuleName = "pushwoosh" | "engagelab";

export interface Declared {
  resource: AnyResource;
  /** Names of parts of the inputs that programs may want to speak of. */
  parts: Readonly<Record<string, z.ZodType>>;
}

export const declarations: Readonly<Record<ModuleName, readonly Declared[]>> = {
  pushwoosh: [
    { resource: journey, parts: { PointInput: pointShape } },
    { resource: journeyEntry, parts: { JourneySight: journeySight, EntryPart: entryPart } },
    { resource: userRemoval, parts: {} },
  ],
  engagelab: [
    { resource: contact, parts: {} },
    {
      resource: contactSet,
      parts: { ContactSource: sourceShape, ContactColumns: columnsShape, ContactMember: memberShape },
    },
    { resource: contactTag, parts: {} },
    { resource: contactField, parts: {} },
  ],
};

/** `Journey` of `journeys:pushwoosh:Journey`. */
export function typeName(resource: Pick<AnyResource, "token">): string {
  return resource.token.split(":")[2]!;
}
