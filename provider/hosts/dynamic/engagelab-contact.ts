/** What `require("pulumi-journeys/dynamic/engagelab-contact")` gives: the provider of `engagelab.Contact`. */
import type { contact } from "../../engagelab/contact/resource";
import { dynamicProvider } from "./dynamic-provider";

export = dynamicProvider(() => {
  const loaded = require("../../engagelab/contact/resource") as { contact: typeof contact };
  return loaded.contact;
});
