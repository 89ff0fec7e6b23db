/**
 * Generated from the resources' declarations by `npm run schema`: change those, not this file.
 */
import type * as pulumi from "@pulumi/pulumi";

/** One element of the canvas. Further fields are sent as they are. */
export interface PointInput {
  /** The platform's point type, such as `POINT_TYPE_SEND_PUSH` (vendor: point reference; any `POINT_TYPE_*` is accepted). */
  type: pulumi.Input<string>;
  /** The point's settings: an object with exactly one key, which belongs to the type and can't be derived from it (vendor: point reference). */
  data: pulumi.Input<{ [key: string]: unknown }>;
  /** Where people go next: a point's logical name, or a map from output name to it. Left out for a last point. */
  next?: pulumi.Input<
    | string
    | {
        [key: string]: pulumi.Input<
          | string
          | {
              to: pulumi.Input<string>;
              [field: string]: unknown;
            }
        >;
      }
  >;
  /** What the point is for, where its type doesn't tell. Used in checks and drawings, never sent. */
  role?: pulumi.Input<"entry" | "message" | "wait" | "split" | "exit">;
  /** Title on the canvas and in statistics. */
  title?: pulumi.Input<string>;
  /** The logical name this point had before: its UUID, and the people standing on it, are kept through the rename. */
  formerly?: pulumi.Input<string>;
  [field: string]: unknown;
}

/** Arguments of `Journey`. A Pushwoosh customer journey: its definition and its lifecycle state. */
export interface JourneyArgs {
  /** Name of the journey. Not unique on the platform; see `allowSameTitle`. */
  title: pulumi.Input<string>;
  /** Application the journey belongs to, `XXXXX-XXXXX`. The platform can't change it: another value replaces the journey. */
  applicationCode: pulumi.Input<string>;
  /** Lifecycle state to be in. Left out: created as a draft, and its lifecycle is never touched afterwards, except that an edit allowed by `editWhileRunning` starts again what it paused. */
  status?: pulumi.Input<"draft" | "running" | "paused" | "finished">;
  /** The canvas: a map from a logical name to a point. Names stay in the program; the platform sees UUIDs, which stay the same through every edit. */
  points: pulumi.Input<{ [key: string]: pulumi.Input<PointInput> }>;
  /** Canvas comments, in the platform's own form. */
  comments?: pulumi.Input<Array<pulumi.Input<{ [key: string]: unknown }>>>;
  /** Journey-wide settings in the platform's own form: `silent_hours`, `capping`, `conversion_window`, `user_id_track_change_policy` and any further one. `application_code` comes from `applicationCode`. */
  params?: pulumi.Input<{ [key: string]: unknown }>;
  /** Allows an edit of a running journey: it is paused, replaced and started again. People whose wait ends meanwhile may be lost. */
  editWhileRunning?: pulumi.Input<"pause-and-resume">;
  /** Allows an edit to overwrite what somebody changed in the builder. Remove it once it has done its work. Default: false. */
  overwriteOutsideEdits?: pulumi.Input<boolean>;
  /** Allows a new copy where a finished or archived journey is declared otherwise. Its audience enters again. */
  onFinished?: pulumi.Input<"replace">;
  /** Allows a new journey beside one of the same title (only seen where the undocumented list is enabled). Default: false. */
  allowSameTitle?: pulumi.Input<boolean>;
  /** Allows to finish and archive a journey that ever ran, on delete or replacement. Must be in the saved state: apply it before the delete. Default: false. */
  forceDestroy?: pulumi.Input<boolean>;
  /** Paths the platform may leave out of its answer, such as `points.push.data.send_push.extra`. Any other value that doesn't come back is an error. */
  mayBeDropped?: pulumi.Input<Array<pulumi.Input<string>>>;
  /** UUID of an existing journey to manage instead of creating one. Nothing is written by adopting. Removing it later changes nothing. */
  adoptId?: pulumi.Input<string>;
  /** The state an adopted journey is in, or a correction of what is believed of one in state. Counts once, when its value changes; sends nothing. */
  adoptStatus?: pulumi.Input<"draft" | "running" | "paused" | "finished" | "archived">;
  /** Logical name to point UUID, for an adopted journey. */
  pointIds?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** Outputs of `Journey`. */
export interface JourneyOutputs {
  /** UUID of the journey. */
  readonly journeyId: pulumi.Output<string>;
  /** Title as last applied or read. */
  readonly title: pulumi.Output<string>;
  /** Application the journey belongs to. */
  readonly applicationCode: pulumi.Output<string>;
  /** Lifecycle state as far as it is known. */
  readonly status: pulumi.Output<"draft" | "running" | "paused" | "finished" | "archived" | "unknown">;
  /** Where `status` comes from: an answer of the platform, the undocumented list, an assumption, or nowhere. */
  readonly statusSource: pulumi.Output<"answered" | "listed" | "assumed" | "unknown">;
  /** Logical point name to point UUID. */
  readonly pointIds: pulumi.Output<{ [key: string]: string }>;
  /** Creation time as answered, ISO 8601. */
  readonly createdAt: pulumi.Output<string | undefined>;
  /** Last update as answered, ISO 8601. */
  readonly updatedAt: pulumi.Output<string | undefined>;
  /** When the program was last applied, ISO 8601. */
  readonly appliedAt: pulumi.Output<string>;
  /** SHA-256 of the applied definition. */
  readonly definitionDigest: pulumi.Output<string>;
  /** SHA-256 of the definition before environment values are filled in. */
  readonly portableDigest: pulumi.Output<string | undefined>;
  /** Whether the journey ever ran; true also where that isn't known. */
  readonly everRan: pulumi.Output<boolean>;
  /** What else the platform answered in `info`, untouched. */
  readonly info: pulumi.Output<{ [key: string]: unknown }>;
  /** The inputs last applied, as JSON text. */
  readonly appliedInputs: pulumi.Output<string>;
  /** Version of this state's form. */
  readonly stateVersion: pulumi.Output<number>;
}

/** The names of the outputs of `Journey`. */
export const journeyOutputNames = [
  "journeyId",
  "title",
  "applicationCode",
  "status",
  "statusSource",
  "pointIds",
  "createdAt",
  "updatedAt",
  "appliedAt",
  "definitionDigest",
  "portableDigest",
  "everRan",
  "info",
  "appliedInputs",
  "stateVersion",
] as const;

/** What is known of the journey, checked before anything is sent; a `Journey` passes it along. Its changes are no changes of the entry. */
export interface JourneySight {
  /** Its lifecycle state, as far as it is known: `running`. */
  status?: pulumi.Input<string>;
  /** How many API entry points it has that are switched on. */
  apiEntries?: pulumi.Input<number>;
}

/** Arguments of `JourneyEntry`. People put into a running journey, once. */
export interface JourneyEntryArgs {
  /** UUID of the journey. It must be running, with exactly one API entry point that is switched on. */
  journeyId: pulumi.Input<string>;
  /** User ids. Exactly one of `users`, `hwids` and `filter` is given. Personal data: secret. */
  users?: pulumi.Input<Array<pulumi.Input<string>>>;
  /** Device ids (HWIDs). Personal data: secret. */
  hwids?: pulumi.Input<Array<pulumi.Input<string>>>;
  /** Expression of the platform's segmentation language. How many match isn't known beforehand, so it needs `maxUsers: "unlimited"`. */
  filter?: pulumi.Input<string>;
  /** Values for the attributes configured on the API entry point, the same for everyone. */
  attributes?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /** Any values. It is done again when they change, and for no other reason; while one of them isn't known yet, nothing is decided. They are shown and saved in plain text: name an occasion, nobody's id. */
  triggers?: pulumi.Input<Array<unknown>>;
  /** The most people this may enter. Default: 1,000. */
  maxUsers?: pulumi.Input<number | "unlimited">;
  /** People sent in one call: a longer list is sent in parts, and if the outcome of a call stays unknown, so does that of its part only. Default: 500. The platform documents no maximum. */
  partSize?: pulumi.Input<number>;
  /** What to do about a part an earlier run reported as unknown: take it as entered, or send it again (whoever did enter may enter twice). Left out: neither, and the run fails until it is said. It holds for every such part while it is declared: take it out once it is done. */
  onUnknown?: pulumi.Input<"accept" | "resend">;
  /** What is known of the journey, checked before anything is sent; a `Journey` passes it along. Its changes are no changes of the entry. */
  journey?: pulumi.Input<JourneySight>;
}

/** Outputs of `JourneyEntry`. */
export interface JourneyEntryOutputs {
  /** Id of this entry. It is ours: the platform has none that can be asked for. */
  readonly entryId: pulumi.Output<string>;
  /** UUID of the journey the people were entered into. */
  readonly journeyId: pulumi.Output<string>;
  /** The platform's ids of the accepted requests, in the order of the parts. */
  readonly requestIds: pulumi.Output<Array<string>>;
  /** When the last part was accepted, ISO 8601. */
  readonly enteredAt: pulumi.Output<string | undefined>;
  /** `accepted`: every part was. `partial`: parts were not sent. `unknown`: of a part nobody knows. */
  readonly outcome: pulumi.Output<"accepted" | "partial" | "unknown">;
  /** How many people the accepted parts hold. Missing for a filter. The platform enters them later. */
  readonly peopleEntered: pulumi.Output<number | undefined>;
  /** The parts, by their place in the list; nobody is named. */
  readonly parts: pulumi.Output<
    Array<{
      /** Its place in the list; 0 for a filter. */
      start: number;
      /** How many people it holds. Missing for a filter. */
      people?: number;
      /** Keyed digest of journey, attributes and people: it doesn't say who they are. */
      digest: string;
      /** `assumed`: nobody knows, and `onUnknown` said to take it as entered. */
      outcome: "unsent" | "accepted" | "unknown" | "assumed";
      /** The platform's id of the accepted request. */
      requestId?: string;
      /** When the platform accepted it, ISO 8601. */
      enteredAt?: string;
    }>
  >;
  /** The inputs last applied, as JSON text. */
  readonly appliedInputs: pulumi.Output<string>;
  /** Version of this state's form. */
  readonly stateVersion: pulumi.Output<number>;
}

/** The names of the outputs of `JourneyEntry`. */
export const journeyEntryOutputNames = [
  "entryId",
  "journeyId",
  "requestIds",
  "enteredAt",
  "outcome",
  "peopleEntered",
  "parts",
  "appliedInputs",
  "stateVersion",
] as const;

/** Arguments of `UserRemoval`. People taken out of journeys, once. */
export interface UserRemovalArgs {
  /** User ids. Personal data: secret. */
  userIds: pulumi.Input<Array<pulumi.Input<string>>>;
  /** UUIDs of the journeys to remove them from. This or `allJourneys` is given. */
  journeyIds?: pulumi.Input<Array<pulumi.Input<string>>>;
  /** Removes them from every active journey of the account. Needs `allowAllJourneys`. */
  allJourneys?: pulumi.Input<true>;
  /** Consent to `allJourneys`: journeys this program doesn't declare are meant too. */
  allowAllJourneys?: pulumi.Input<true>;
  /** Any values. It is done again when they change, and for no other reason; while one of them isn't known yet, nothing is decided. They are shown and saved in plain text: name an occasion, nobody's id. */
  triggers?: pulumi.Input<Array<unknown>>;
  /** People removed by one call. Default: 1,000. The platform documents no maximum. */
  partSize?: pulumi.Input<number>;
}

/** Outputs of `UserRemoval`. */
export interface UserRemovalOutputs {
  /** Id of this removal. It is ours: the platform has none. */
  readonly removalId: pulumi.Output<string>;
  /** When the platform accepted the last call, ISO 8601. */
  readonly removedAt: pulumi.Output<string>;
  /** How many people were named. The platform doesn't say who was in a journey. */
  readonly peopleRemoved: pulumi.Output<number>;
  /** The inputs last applied, as JSON text. */
  readonly appliedInputs: pulumi.Output<string>;
  /** Version of this state's form. */
  readonly stateVersion: pulumi.Output<number>;
}

/** The names of the outputs of `UserRemoval`. */
export const userRemovalOutputNames = [
  "removalId",
  "removedAt",
  "peopleRemoved",
  "appliedInputs",
  "stateVersion",
] as const;
