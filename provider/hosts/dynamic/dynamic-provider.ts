/** What a resource class hands to Pulumi's dynamic-provider process. */
import type { AnyResource } from "../../core/resource";
import { DynamicError } from "./failure";
import { nodeTooOld } from "./node-version";
import type { DynamicProvider } from "./protocol";

/**
 * The provider of one kind. Everything it is made of is loaded here and not before, so that an old Node.js gets one
 * readable line. One process has one host, whatever the number of kinds.
 */
export function dynamicProvider(load: () => AnyResource): DynamicProvider {
  const fault = nodeTooOld(process.versions.node);
  if (fault) throw new DynamicError(fault, "pulumi-journeys", "can't run here");
  const { adapt } = require("./adapter") as typeof import("./adapter");
  const { processHost } = require("./host") as typeof import("./host");
  return adapt(load(), processHost());
}
