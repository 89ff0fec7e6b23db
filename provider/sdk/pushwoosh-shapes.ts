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
