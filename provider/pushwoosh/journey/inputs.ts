/** What a program declares of a journey. One source for editor types, run-time checks and schema.json. */
import { z } from "zod";
import { type Json, parsePath } from "../../core/values";

const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;
const open = z.record(z.string(), json);

/** A lifecycle state a program may declare. */
export const declaredStatus = z.enum(["draft", "running", "paused", "finished"]);
export type DeclaredStatus = z.infer<typeof declaredStatus>;

/** Every state the platform knows, and `unknown` for what nothing has told yet. */
export const journeyStatus = z.enum(["draft", "running", "paused", "finished", "archived", "unknown"]);
export type JourneyStatus = z.infer<typeof journeyStatus>;

const edge = z
  .union([z.string().min(1), z.looseObject({ to: z.string().min(1) })])
  .describe("Logical name of the next point, or an object with that name as `to` and further fields of the output.");

const inputPath = z.string().refine(
  (text) => {
    try {
      return parsePath(text).length > 0;
    } catch {
      return false;
    }
  },
  { message: 'is not a path like points.push.data.send_push or points["my wait"]' },
);

export const pointShape = z
  .looseObject({
    type: z
      .string()
      .min(1)
      .describe(
        "The platform's point type, such as `POINT_TYPE_SEND_PUSH` (vendor: point reference; any `POINT_TYPE_*` is accepted).",
      ),
    data: open.describe(
      "The point's settings: an object with exactly one key, which belongs to the type and can't be derived from it (vendor: point reference).",
    ),
    next: z
      .union([z.string().min(1), z.record(z.string(), edge)])
      .optional()
      .describe(
        "Where people go next: a point's logical name, or a map from output name to it. Left out for a last point.",
      ),
    role: z
      .enum(["entry", "message", "wait", "split", "exit"])
      .optional()
      .describe("What the point is for, where its type doesn't tell. Used in checks and drawings, never sent."),
    title: z.string().optional().describe("Title on the canvas and in statistics."),
    formerly: z
      .string()
      .min(1)
      .optional()
      .describe(
        "The logical name this point had before: its UUID, and the people standing on it, are kept through the rename.",
      ),
  })
  .describe("One element of the canvas. Further fields are sent as they are.");

export const journeyInputs = z
  .strictObject({
    title: z.string().min(1).describe("Name of the journey. Not unique on the platform; see `allowSameTitle`."),
    applicationCode: z
      .string()
      .min(1)
      .describe(
        "Application the journey belongs to, `XXXXX-XXXXX`. The platform can't change it: another value replaces the journey.",
      )
      .meta({ replaces: true }),
    status: declaredStatus
      .optional()
      .describe(
        "Lifecycle state to be in. Left out: created as a draft, and its lifecycle is never touched afterwards, except that an edit allowed by `editWhileRunning` starts again what it paused.",
      ),
    points: z
      .record(z.string().min(1), pointShape)
      .describe(
        "The canvas: a map from a logical name to a point. Names stay in the program; the platform sees UUIDs, which stay the same through every edit.",
      ),
    comments: z.array(open).optional().describe("Canvas comments, in the platform's own form."),
    params: open
      .optional()
      .describe(
        "Journey-wide settings in the platform's own form: `silent_hours`, `capping`, `conversion_window`, `user_id_track_change_policy` and any further one. `application_code` comes from `applicationCode`.",
      ),
    editWhileRunning: z
      .literal("pause-and-resume")
      .optional()
      .describe(
        "Allows an edit of a running journey: it is paused, replaced and started again. People whose wait ends meanwhile may be lost.",
      ),
    overwriteOutsideEdits: z
      .boolean()
      .optional()
      .describe(
        "Allows an edit to overwrite what somebody changed in the builder. Remove it once it has done its work. Default: false.",
      ),
    onFinished: z
      .literal("replace")
      .optional()
      .describe(
        "Allows a new copy where a finished or archived journey is declared otherwise. Its audience enters again.",
      ),
    allowSameTitle: z
      .boolean()
      .optional()
      .describe(
        "Allows a new journey beside one of the same title (only seen where the undocumented list is enabled). Default: false.",
      ),
    forceDestroy: z
      .boolean()
      .optional()
      .describe(
        "Allows to finish and archive a journey that ever ran, on delete or replacement. Must be in the saved state: apply it before the delete. Default: false.",
      ),
    mayBeDropped: z
      .array(inputPath)
      .optional()
      .describe(
        "Paths the platform may leave out of its answer, such as `points.push.data.send_push.extra`. Any other value that doesn't come back is an error.",
      ),
    adoptId: z
      .uuid()
      .optional()
      .describe(
        "UUID of an existing journey to manage instead of creating one. Nothing is written by adopting. Removing it later changes nothing.",
      ),
    adoptStatus: journeyStatus
      .exclude(["unknown"])
      .optional()
      .describe(
        "The state an adopted journey is in, or a correction of what is believed of one in state. Counts once, when its value changes; sends nothing.",
      ),
    pointIds: z.record(z.string(), z.uuid()).optional().describe("Logical name to point UUID, for an adopted journey."),
  })
  .describe("A Pushwoosh customer journey: its definition and its lifecycle state.");

export type JourneyInputs = z.infer<typeof journeyInputs>;
export type PointInput = z.infer<typeof pointShape>;
