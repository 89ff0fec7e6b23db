/** What is known of a journey before people are sent to it. */
import { JourneysError } from "../../core/errors";
import { isObject, isUnknown } from "../../core/values";

export interface JourneySight {
  /** Its lifecycle state: `running`, or `unknown`. */
  status?: string;
  /** How many API entry points it has that are switched on. */
  apiEntries?: number;
}

/** How many API entry points a journey's inputs declare that are switched on. The switch's name is inferred from its sibling's. */
export function apiEntriesIn(appliedInputs: string): number {
  const declared: unknown = JSON.parse(appliedInputs);
  const points = isObject(declared) && isObject(declared.points) ? Object.values(declared.points) : [];
  return points.filter((point) => {
    const entry = isObject(point) && isObject(point.data) ? point.data.start_by_api : undefined;
    return entry !== undefined && !(isObject(entry) && entry.is_deactivated === true);
  }).length;
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
