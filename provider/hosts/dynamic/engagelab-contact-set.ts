/** What `require("pulumi-journeys/dynamic/engagelab-contact-set")` gives: the provider of `engagelab.ContactSet`. */
import type { contactSet } from "../../engagelab/contact-set/resource";
import { dynamicProvider } from "./dynamic-provider";

export = dynamicProvider(() => {
  const loaded = require("../../engagelab/contact-set/resource") as { contactSet: typeof contactSet };
  return loaded.contactSet;
});
