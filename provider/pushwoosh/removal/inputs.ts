/** What a program declares of a removal of people from journeys. */
import { z } from "zod";
import type { Problem } from "../../core/errors";
import { isUnknown } from "../../core/values";
import { code } from "../api/codes";
import { triggersShape } from "../once";

/** People a call removes. */
export const PART_SIZE = 1000;

export const removalInputs = z
  .strictObject({
    userIds: z.array(code).min(1).describe("User ids. Personal data: secret.").meta({ secret: true }),
    journeyIds: z
      .array(z.guid())
      .min(1)
      .optional()
      .describe("UUIDs of the journeys to remove them from. This or `allJourneys` is given."),
    allJourneys: z
      .literal(true)
      .optional()
      .describe("Removes them from every active journey of the account. Needs `allowAllJourneys`."),
    allowAllJourneys: z
      .literal(true)
      .optional()
      .describe("Consent to `allJourneys`: journeys this program doesn't declare are meant too."),
    triggers: triggersShape,
    partSize: z
      .int()
      .min(1)
      .optional()
      .describe("People removed by one call. Default: 1,000. The platform documents no maximum."),
  })
  .describe("People taken out of journeys, once.");

export type RemovalInputs = z.infer<typeof removalInputs>;

/** What the shape can't say. */
export function removalProblems({ journeyIds, allJourneys, allowAllJourneys }: RemovalInputs): Problem[] {
  if (journeyIds === undefined && allJourneys === undefined)
    return [{ path: ["journeyIds"], reason: "is required, or allJourneys: true instead" }];
  if (journeyIds !== undefined && allJourneys !== undefined)
    return [{ path: ["allJourneys"], reason: "can't be given beside journeyIds: say which is meant" }];
  if (allJourneys !== undefined && allowAllJourneys === undefined && !isUnknown(allJourneys)) {
    const reason = "reaches journeys this program doesn't declare: set allowAllJourneys: true if that is meant";
    return [{ path: ["allJourneys"], reason }];
  }
  return [];
}
