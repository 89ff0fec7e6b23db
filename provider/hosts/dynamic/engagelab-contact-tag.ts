/** What `require("pulumi-journeys/dynamic/engagelab-contact-tag")` gives: the provider of `engagelab.ContactTag`. */
import type { contactTag } from "../../engagelab/tag/resource";
import { dynamicProvider } from "./dynamic-provider";

export = dynamicProvider(() => {
  const loaded = require("../../engagelab/tag/resource") as { contactTag: typeof contactTag };
  return loaded.contactTag;
});
