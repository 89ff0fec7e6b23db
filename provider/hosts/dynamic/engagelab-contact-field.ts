/** What `require("pulumi-journeys/dynamic/engagelab-contact-field")` gives: the provider of `engagelab.ContactField`. */
import type { contactField } from "../../engagelab/field/resource";
import { dynamicProvider } from "./dynamic-provider";

export = dynamicProvider(() => {
  const loaded = require("../../engagelab/field/resource") as { contactField: typeof contactField };
  return loaded.contactField;
});
