/** What is known of a journey before people are sent to it. */
import { z } from "zod";
import { JourneysError } from "../../core/errors";
import { isObject, isUnknown } from "../../core/values";

export const journeySight = z.strictObject({
  status: z.string().optional().describe("Its lifecycle state, as far as it is known: `running`."),
  apiEntries: z.int().min(0).optional().describe("How many API entry points it has that are switched on."),
});

export type JourneySight = z.infer<typeof journeySight>;

/** The sight a journey's outputs give: its state, and its definition as last answered. */
export function sightOf(status: string, lastAnswer: string): JourneySight {
  const definition: unknown = JSON.parse(lastAnswer);
  const points = isObject(definition) && isObject(definition.points) ? Object.values(definition.points) : [];
  const entries = points.flatMap((point) => {
    const data = isObject(point) && isObject(point.data) ? point.data.start_by_api : undefined;
    // The name of the switch is inferred from the sibling entry's.
    return data !== undefined && !(isObject(data) && data.is_deactivated === true) ? [data] : [];
  });
  return { status, apiEntries: entries.length };
}

/** Why the platform would turn people away, if that is known. */
export function cannotEnter(sight: JourneySight | undefined, resource: string): JourneysError | undefined {
  if (!sight || isUnknown(sight)) return undefined;
  const { status = "unknown", apiEntries = 1 } = sight;
  if (status !== "running" && status !== "unknown" && !isUnknown(status)) {
    return refusal(
      resource,
      `the journey is ${status}`,
      "start the journey: only a running one takes people in",
      "status",
    );
  }
  if (isUnknown(apiEntries) || apiEntries === 1) return undefined;
  const found = apiEntries === 0 ? "no API entry point that is switched on" : `${apiEntries} API entry points`;
  return refusal(
    resource,
    `the journey has ${found}`,
    "give it exactly one API entry point, switched on",
    "apiEntries",
  );
}

function refusal(resource: string, what: string, next: string, member: string): JourneysError {
  return new JourneysError({
    code: "illegal-move",
    resource,
    what: `nobody can be entered: ${what}`,
    paths: [["journey", member]],
    now: "nothing was sent",
    next,
  });
}
