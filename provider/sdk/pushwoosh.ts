/** The namespace `pushwoosh`: what a program declares on Pushwoosh. */
import { portableDigest } from "./portable-digest";
import { type JourneyArgs, type JourneyOutputs, journeyOutputNames } from "./pushwoosh-shapes";
import { journeysResource } from "./resource";

export {
  type MessageBus,
  type PointOptions,
  type StartBySegment,
  startByApi,
  startByEvent,
  startBySegment,
} from "./points";
export type { JourneyArgs, JourneyOutputs, PointInput } from "./pushwoosh-shapes";

/**
 * A customer journey: its definition and its lifecycle state. `pulumi up` creates it as a draft, brings it to the
 * declared `status`, and edits it only in ways its options allow. Deleting archives it, after finishing it if it runs;
 * one that ever ran needs `forceDestroy` for that. What a change will send is shown by `pulumi preview`.
 */
export const Journey = journeysResource<JourneyArgs, JourneyOutputs>({
  kind: "pushwoosh-journey",
  token: "journeys:pushwoosh:Journey",
  outputs: journeyOutputNames,
  instead: "Declare it with `adoptId`, `adoptStatus` and, if you know them, `pointIds`: adopting writes nothing.",
  portableDigest,
});
export type Journey = InstanceType<typeof Journey>;
