/** The namespace `pushwoosh`: what a program declares on Pushwoosh. */
import type * as pulumi from "@pulumi/pulumi";
import { apiEntriesIn } from "../pushwoosh/entry/sight";
import { portableDigest } from "./portable-digest";
import {
  type JourneyArgs,
  type JourneyEntryArgs as JourneyEntryInputs,
  type JourneyEntryOutputs,
  type JourneyOutputs,
  type JourneySight,
  journeyEntryOutputNames,
  journeyOutputNames,
  type UserRemovalArgs,
  type UserRemovalOutputs,
  userRemovalOutputNames,
} from "./pushwoosh-shapes";
import { journeysResource } from "./resource";

export {
  type MessageBus,
  type PointOptions,
  type StartBySegment,
  startByApi,
  startByEvent,
  startBySegment,
} from "./points";
export * from "./pushwoosh-functions";
export type {
  JourneyArgs,
  JourneyEntryOutputs,
  JourneyOutputs,
  JourneySight,
  PointInput,
  UserRemovalArgs,
  UserRemovalOutputs,
} from "./pushwoosh-shapes";

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

/** Arguments of `JourneyEntry`. The journey is named by `journeyId`, by `journey`, or by both. */
export interface JourneyEntryArgs extends Omit<JourneyEntryInputs, "journeyId" | "journey"> {
  /** UUID of the journey. It must be running, with exactly one API entry point that is switched on. */
  journeyId?: pulumi.Input<string>;
  /**
   * The journey as this program declares it: then it is checked before anything is sent that people can enter it. Or,
   * beside `journeyId`, what else is known of it. Its changes are no changes of the entry.
   */
  journey?: Journey | pulumi.Input<JourneySight>;
}

/**
 * People put into a running journey through its API entry point, once. **Messages go to real people**, so only a change
 * of `triggers` enters people again; every other change is recorded without a call and warned of. A list is sent in
 * parts; an unknown outcome is never repeated by itself (see `onUnknown`). Deleting it takes nobody out: that is what
 * `UserRemoval` is for.
 */
export const JourneyEntry = journeysResource<JourneyEntryArgs, JourneyEntryOutputs>({
  kind: "pushwoosh-journey-entry",
  token: "journeys:pushwoosh:JourneyEntry",
  outputs: journeyEntryOutputNames,
  instead: "The platform keeps nothing of an entry that could be imported.",
  secretInputs: ["users", "hwids"],
  resolve: (args) => {
    const { journey } = args;
    if (!Journey.isInstance(journey)) return args;
    const sight = { status: journey.status, apiEntries: journey.appliedInputs.apply(apiEntriesIn) };
    return { ...args, journeyId: args.journeyId ?? journey.journeyId, journey: sight };
  },
});
export type JourneyEntry = InstanceType<typeof JourneyEntry>;

/**
 * People taken out of journeys, once, and again when `triggers` change; every other change is recorded without a call
 * and warned of. Doing it twice is doing it once, so it is repeated until the platform has answered. Deleting it puts
 * nobody back.
 */
export const UserRemoval = journeysResource<UserRemovalArgs, UserRemovalOutputs>({
  kind: "pushwoosh-user-removal",
  token: "journeys:pushwoosh:UserRemoval",
  outputs: userRemovalOutputNames,
  instead: "The platform keeps nothing of a removal that could be imported.",
  secretInputs: ["userIds"],
});
export type UserRemoval = InstanceType<typeof UserRemoval>;
