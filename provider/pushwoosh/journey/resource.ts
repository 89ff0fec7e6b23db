/** `pushwoosh.Journey`: inputs, state, plan, read, steps. Each part has its own file beside this one. */
import type { Problem } from "../../core/errors";
import type { Change, Context, Outcome, Planned, PlannedStep, Resource } from "../../core/resource";
import { isUnknown, type JsonObject } from "../../core/values";
import { pushwoosh } from "../api/client";
import { changesOf } from "./changes";
import { create, outcome } from "./create";
import { drive } from "./drive";
import { lostCreates, planGoingOn } from "./earlier-create";
import { type JourneyInputs, journeyInputs } from "./inputs";
import { type JourneyPlan, onReplaced, planCreate, planUpdate, type Step } from "./plan";
import { pointProblems } from "./points";
import { prepare } from "./prepare";
import { read } from "./read";
import { recall } from "./recall";
import { journeyName } from "./refusals";
import { remove } from "./remove";
import { type Believed, believe, type JourneyState, journeyOutputs, KIND, STATE_VERSION } from "./state";

export const journey: Resource<JourneyInputs, JourneyState> = {
  kind: KIND,
  token: "journeys:pushwoosh:Journey",
  description: "A Pushwoosh customer journey: its definition and its lifecycle state.",
  inputs: journeyInputs,
  outputs: journeyOutputs,
  secretOutputs: [],
  echoOutputs: ["title", "appliedInputs", "lastAnswer", "memory", "info"],
  stateVersion: STATE_VERSION,

  upgrade(state: JsonObject): JourneyState {
    return state as unknown as JourneyState;
  },

  describe(inputs, { secretPaths, name }) {
    const secret = secretPaths.some(([key]) => key === "title");
    const title =
      typeof inputs.title === "string" && !secret && !isUnknown(inputs.title) ? inputs.title : (name ?? "?");
    return journeyName(title);
  },

  check(inputs: JourneyInputs): Problem[] {
    const problems = pointProblems(inputs);
    if (inputs.pointIds && !isUnknown(inputs.pointIds)) {
      for (const name of Object.keys(inputs.pointIds)) {
        if (isUnknown(inputs.points) || Object.hasOwn(inputs.points, name)) continue;
        problems.push({ path: ["pointIds", name], reason: "is not a point of this journey" });
      }
      problems.push(...sharedIds(inputs.pointIds));
    }
    return problems;
  },

  plan(desired: JourneyInputs, prior, context): Planned {
    if (!prior) {
      const drafted = creation(desired, planCreate(desired), context);
      return drafted.refusal
        ? { refusal: drafted.refusal }
        : { plan: { verb: "create", changes: [], ...shown(drafted) } };
    }
    context.runtime.records.seen(KIND, prior.id, prior.state.stamp);
    const believed = prepare(desired, remembered(prior.state, context));
    const drafted = planUpdate(desired, believed);
    if (!drafted.replacement) drafted.warnings.push(...lostCreates(prior.state, context));
    const changes = changesOf(desired, believed);
    if (drafted.refusal) return { refusal: drafted.refusal, plan: { verb: "update", changes, ...shown(drafted) } };
    if (drafted.replacement) {
      if (believed.status !== prior.state.status) context.runtime.run.said(KIND, prior.id, believed.status);
      const replacement = creation(desired, drafted, context, prior.id);
      if (replacement.refusal) return { refusal: replacement.refusal };
      // An adopted journey that was replaced before is not taken up again.
      if (desired.adoptId !== undefined && drafted.steps[0]?.action !== "adopt")
        context.runtime.run.replacing(KIND, desired.adoptId, context.urn);
      return { plan: { verb: "replace", changes: forced(changes), ...shown(replacement) } };
    }
    const idle = changes.length === 0 && drafted.steps.length === 0 && !believed.newerRecord && !believed.outside;
    return { plan: { verb: idle ? "none" : "update", changes, ...shown(drafted) } };
  },

  create,

  async update(
    _id: string,
    prior: JourneyState,
    desired: JourneyInputs,
    context: Context,
  ): Promise<Outcome<JourneyState>> {
    const { records, run } = context.runtime;
    const client = context.runtime.use(pushwoosh);
    run.claim(KIND, prior.journeyId, context.urn);
    records.seen(KIND, prior.journeyId, prior.stamp);
    await records.settled(() => records.newer(KIND, prior.journeyId, prior.stamp), journeyName(prior.title));
    const believed = prepare(desired, remembered(prior, context));
    const { refusal } = planUpdate(desired, believed);
    if (refusal) throw refusal;
    const record = records.start({ kind: KIND, operation: "update", urn: context.urn, id: prior.journeyId });
    const ended = await drive({ desired, client, context, record }, counted(desired, believed));
    await record.finish();
    return outcome(desired, ended.believed, ended.failure, record.stamp, context);
  },

  read,

  delete: remove,

  appliedInputs(state: JourneyState): JsonObject {
    return JSON.parse(state.appliedInputs);
  },
};

/** Two points of one UUID would be one on the platform. */
function sharedIds(pointIds: Record<string, string>): Problem[] {
  const first = new Map<string, string>();
  return Object.entries(pointIds).flatMap(([name, id]) => {
    const other = first.get(id);
    first.set(id, other ?? name);
    return other === undefined || isUnknown(id)
      ? []
      : [{ path: ["pointIds", name], reason: `is the UUID of "${other}" already` }];
  });
}

/** What holds from here on, also where this run fails: `adoptStatus` is heard, and renamed points have their new names. */
function counted({ adoptStatus, points: declared }: JourneyInputs, believed: Believed): Believed {
  const points = Object.fromEntries(
    Object.entries(believed.applied.points).map(([name, point]) => {
      const { formerly } = (Object.hasOwn(declared, name) && declared[name]) || point;
      return [name, formerly === undefined ? point : { ...point, formerly }];
    }),
  );
  return { ...believed, applied: { ...believed.applied, points, adoptStatus } };
}

/** What the state says, or a record that is newer. */
function remembered(state: JourneyState, { runtime }: Context): Believed {
  const newer = runtime.records.newer(KIND, state.journeyId, state.stamp);
  return newer.length
    ? recall(
        believe(state),
        newer.flatMap(({ steps }) => steps),
      )
    : believe(state);
}

/** The plan of a create, or of the create in a replacement: an earlier run may have begun it. */
function creation(desired: JourneyInputs, drafted: JourneyPlan, context: Context, replaced?: string): JourneyPlan {
  if (drafted.refusal || drafted.steps[0]?.action !== "create") return drafted;
  const begun = planGoingOn(desired, context, replaced);
  if (!begun) return drafted;
  const others = drafted.steps.filter(({ when }) => when === onReplaced);
  return { ...begun, steps: [...begun.steps, ...others], warnings: [...begun.warnings, ...drafted.warnings] };
}

function shown({ steps, warnings }: JourneyPlan): { steps: PlannedStep[]; warnings: string[] } {
  return {
    steps: steps.map(({ action, when }: Step) => ({ name: words[action] ?? action, ...(when && { when }) })),
    warnings,
  };
}

const words: Partial<Record<Step["action"], string>> = {
  adopt: "look at the journey (nothing is written)",
  replace: "replace definition",
  "put back": "put the former definition back",
};

/** An engine needs to be told which input forces the replacement. */
function forced(changes: Change[]) {
  if (changes.some(({ replaces }) => replaces)) return changes;
  const first = changes.findIndex(({ path }) => path[0] === "status");
  return changes.map((change, index) => (index === Math.max(first, 0) ? { ...change, replaces: true } : change));
}
