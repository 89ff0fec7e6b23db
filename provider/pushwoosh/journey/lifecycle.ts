/** The lifecycle's vocabulary: states on the wire, and which call leads where. Pure. */
import type { Json } from "../../core/values";
import type { JourneyStatus } from "./inputs";

/** The platform's lifecycle calls. */
export const actions = ["start", "pause", "finish", "draft", "archive"] as const;
export type Action = (typeof actions)[number];

/** The state each call leads to. Source: vendor, lifecycle page. */
export const target: Record<Action, JourneyStatus> = {
  start: "running",
  pause: "paused",
  finish: "finished",
  draft: "draft",
  archive: "archived",
};

const known: Record<string, JourneyStatus> = {
  DRAFT: "draft",
  RUNNING: "running",
  ACTIVE: "running", // seen only in the undocumented list
  PAUSED: "paused",
  FINISHED: "finished",
  ARCHIVED: "archived",
};

/** `STATUS_RUNNING` → `running`. A state this release doesn't know is `unknown`, never an error. */
export function statusFrom(text: Json | undefined): JourneyStatus {
  if (typeof text !== "string") return "unknown";
  return known[text.toUpperCase().replace(/^STATUS_/, "")] ?? "unknown";
}
