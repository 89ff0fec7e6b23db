/** What `require("pulumi-journeys/dynamic/pushwoosh-journey")` gives: the provider of `pushwoosh.Journey`. */
import type { journey } from "../../pushwoosh/journey/resource";
import { dynamicProvider } from "./dynamic-provider";

export = dynamicProvider(() => {
  const loaded = require("../../pushwoosh/journey/resource") as { journey: typeof journey };
  return loaded.journey;
});
