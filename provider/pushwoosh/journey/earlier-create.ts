/** Creates of earlier runs, known from their records: a run that was killed may have made the journey already. */
import type { OperationRecord } from "../../core/record";
import type { Context } from "../../core/resource";
import { pushwoosh } from "../api/client";
import type { ListedJourney } from "../api/journeys";
import { declaredOnly } from "./belief";
import { assignIds, newKey } from "./identity";
import type { JourneyInputs } from "./inputs";
import { type JourneyPlan, planUpdate } from "./plan";
import { prepare } from "./prepare";
import { recall } from "./recall";
import { type Believed, type JourneyState, KIND } from "./state";
import type { PointIds } from "./wire";

/** Records of creates that may be this one: under its name, or of its application and title and not yet resolved. */
export function earlierCreates(desired: JourneyInputs, { runtime, urn }: Context): OperationRecord[] {
  const { records, run } = runtime;
  return records.creates(KIND, urn, desired.applicationCode, desired.title).filter((record) => {
    if (record.id !== undefined)
      return record.header.urn === urn && !run.isReplacing(KIND, record.id) && !run.isKept(KIND, record.id);
    return record.header.urn === urn || !record.own;
  });
}

/** What is believed of a journey that an earlier run created, by its record. */
export function believedFrom(record: OperationRecord, desired: JourneyInputs, { runtime }: Context): Believed {
  const draft: Believed = {
    ...asSent(record, record.id!, desired),
    status: "draft",
    source: "answered",
    everRan: false,
  };
  const steps = [record, ...runtime.records.newer(KIND, record.id!, record.stamp)].flatMap(({ steps }) => steps);
  const recalled = recall(draft, steps);
  // What came back of a draft was perhaps never looked at: send it again, and look, before anything is started.
  return recalled.status === "draft" ? { ...recalled, put: "perhaps" } : recalled;
}

/** What is believed of a journey that the list shows where a create's outcome is unknown. */
export function believedListed(
  record: OperationRecord,
  { id, status }: Pick<ListedJourney, "id" | "status">,
  desired: JourneyInputs,
): Believed {
  return { ...asSent(record, id, desired), status, source: "listed", put: "perhaps", everRan: status !== "draft" };
}

/** Of what is declared now, the points that were sent: those that came later are new, and have no UUID to be lost. */
function asSent({ header, steps }: OperationRecord, id: string, desired: JourneyInputs): Believed {
  const key = header.key ?? newKey();
  const noted = steps[0]?.data.pointIds as PointIds | undefined;
  const pointIds = noted ?? assignIds(Object.keys(desired.points), {}, key);
  const points = Object.fromEntries(Object.entries(desired.points).filter(([name]) => Object.hasOwn(pointIds, name)));
  return declaredOnly(id, { ...desired, points }, key, pointIds);
}

/** What a create comes to where an earlier run began it; undefined where none did. `replaced`: it takes that one's place. */
export function planGoingOn(desired: JourneyInputs, context: Context, replaced?: string): JourneyPlan | undefined {
  const earlier = earlierCreates(desired, context).filter(({ id }) => id === undefined || id !== replaced);
  const known = earlier.find(({ id }) => id !== undefined);
  if (known) {
    const plan = planUpdate(desired, prepare(desired, believedFrom(known, desired, context)));
    return warned(plan, `an earlier run created ${known.id}, and no state has it: this run goes on from there`);
  }
  const open = earlier.find(({ unresolved }) => unresolved);
  if (!open) return undefined;
  const unknown = `the outcome of an earlier create (${open.header.time}) is unknown`;
  if (!context.runtime.use(pushwoosh).listEnabled)
    return { steps: [], warnings: [`${unknown}: it is not sent again, and \`up\` says how to go on`] };
  const listed = prepare(desired, believedListed(open, { id: "", status: "draft" }, desired));
  const { steps, warnings } = planUpdate(desired, listed);
  return {
    steps: steps.map((step) => ({ ...step, when: "on the journey the list shows" })),
    warnings: [`${unknown}: it is not sent again, but looked for in the list`, ...warnings],
  };
}

const warned = (plan: JourneyPlan, warning: string): JourneyPlan => ({
  ...plan,
  warnings: [warning, ...plan.warnings],
});

/** A killed replacement whose commit was reverted since: its new journey belongs to nobody, and may be running. */
export function lostCreates({ journeyId, createdAt }: JourneyState, { runtime, urn }: Context): string[] {
  return runtime.records
    .creates(KIND, urn)
    .filter(({ id, unresolved }) => id !== journeyId && (id !== undefined || unresolved))
    .filter(({ header }) => !createdAt || Date.parse(header.time) >= Date.parse(createdAt))
    .map(
      ({ id, path, header }) =>
        `an earlier run (${header.time}) ${id ? `created ${id}` : "may have created a journey"} in place of this one ` +
        `and was cut off: nothing manages it. Look at it in Pushwoosh; once it is settled, delete the record ${path}`,
    );
}
