/** What `require("pulumi-journeys/dynamic/pushwoosh-user-removal")` gives: the provider of `pushwoosh.UserRemoval`. */
import type { userRemoval } from "../../pushwoosh/removal/resource";
import { dynamicProvider } from "./dynamic-provider";

export = dynamicProvider(() => {
  const loaded = require("../../pushwoosh/removal/resource") as { userRemoval: typeof userRemoval };
  return loaded.userRemoval;
});
