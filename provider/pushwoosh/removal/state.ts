/** What is kept of a removal. */
import { z } from "zod";
import { canonicalJson } from "../../core/values";
import type { RemovalInputs } from "./inputs";

export const STATE_VERSION = 1;

export const removalOutputs = z.object({
  removalId: z.string().describe("Id of this removal. It is ours: the platform has none."),
  removedAt: z.string().describe("When the platform accepted the last call, ISO 8601."),
  peopleRemoved: z.number().describe("How many people were named. The platform doesn't say who was in a journey."),
  appliedInputs: z.string().describe("The inputs last applied, as JSON text."),
  stateVersion: z.number().describe("Version of this state's form."),
});

export type RemovalState = z.infer<typeof removalOutputs>;

export function toState(id: string, desired: RemovalInputs): RemovalState {
  return {
    removalId: id,
    removedAt: new Date().toISOString(),
    peopleRemoved: new Set(desired.userIds).size,
    appliedInputs: canonicalJson(desired),
    stateVersion: STATE_VERSION,
  };
}
