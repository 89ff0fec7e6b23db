/** What `require("pulumi-journeys/dynamic/pushwoosh-journey-entry")` gives: the provider of `pushwoosh.JourneyEntry`. */
import type { journeyEntry } from "../../pushwoosh/entry/resource";
import { dynamicProvider } from "./dynamic-provider";

export = dynamicProvider(() => {
  const loaded = require("../../pushwoosh/entry/resource") as { journeyEntry: typeof journeyEntry };
  return loaded.journeyEntry;
});
