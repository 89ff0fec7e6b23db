/** `engagelab.ContactSet`: inputs, state, plan, read, steps. Each part has its own file beside this one. */
import { JourneysError, type Problem } from "../../core/errors";
import type { Context, Planned, Resource } from "../../core/resource";
import { isUnknown, type JsonObject } from "../../core/values";
import { declaredProblems, fieldFault, nameProblems } from "../contact/inputs";
import { KIND as CONTACT } from "../contact/ownership";
import { registry } from "../contact/registry";
import { create, update } from "./apply";
import { allAdded, compare } from "./comparison";
import { contactSetInputs, isKnown, personalInputs, type SetInputs } from "./inputs";
import { createsOf, type Remembered, remembered } from "./memory";
import { Packed } from "./packed";
import { planSet } from "./plan";
import { read } from "./read";
import { remove } from "./remove";
import { RowDigests } from "./row-digests";
import type { Reading } from "./rows";
import { formatOf, readings } from "./source";
import {
  appliedOf,
  contactSetOutputs,
  declarerOf,
  KIND,
  type SetState,
  STATE_VERSION,
  secretOutputs,
  setName,
} from "./state";

export const contactSet: Resource<SetInputs, SetState> = {
  kind: KIND,
  token: "journeys:engagelab:ContactSet",
  description: "Many EngageLab marketing contacts, from a file or a short list.",
  inputs: contactSetInputs,
  outputs: contactSetOutputs,
  secretInputs: personalInputs,
  secretOutputs,
  echoOutputs: [],
  stateVersion: STATE_VERSION,

  upgrade(state: JsonObject): SetState {
    return state as unknown as SetState;
  },

  describe(_inputs, context) {
    return setName(context);
  },

  /** Reads the source, so that check and plan can look at it. */
  async prepare(inputs: SetInputs, context: Context): Promise<void> {
    if (isReadable(inputs)) await context.runtime.use(readings).read(inputs);
  },

  check(inputs: SetInputs, context: Context): Problem[] {
    const problems = [...nameProblems(context.name), ...ownProblems(inputs)];
    if (problems.length > 0 || !isKnown(inputs)) return problems;
    const reading = context.runtime.use(readings).of(inputs);
    if (!reading) return [];
    return reading.problems.length > 0 ? [...reading.problems] : declare(inputs, reading, context);
  },

  plan(desired: SetInputs, prior, context: Context): Planned {
    const { runtime } = context;
    const resource = setName(context);
    const rate = runtime.config.number("engagelabRate");
    const reading = isKnown(desired) ? runtime.use(readings).of(desired) : undefined;
    if (reading?.problems.length) return { refusal: notReadable(reading, resource) };
    if (!prior) {
      const isUnsettled = createsOf(context).length > 0;
      const comparison = reading && allAdded(reading);
      return planSet({ desired, reading, comparison, prior: Packed.empty, rate, isUnsettled, resource });
    }
    const { id, state } = prior;
    const saved = Packed.decode(state.memberDigests);
    runtime.records.seen(KIND, id, state.stamp);
    runtime.run.claimMany(CONTACT, (contact) => saved.holds(contact), context.urn);
    const isUnsettled = runtime.records.newer(KIND, id, state.stamp).length > 0;
    const begun = remembered(id, saved, state.stamp, state.key, context);
    const comparison = reading && comparisonOf(desired, reading, begun, state.key);
    const { accountSize } = state;
    const applied = appliedOf(state);
    return planSet({
      desired,
      reading,
      applied,
      prior: begun.prior,
      comparison,
      accountSize,
      rate,
      isUnsettled,
      resource,
    });
  },

  create,
  update,
  read,
  delete: remove,

  appliedInputs(state: SetState): JsonObject {
    return appliedOf(state) as unknown as JsonObject;
  },
};

function comparisonOf(desired: SetInputs, reading: Reading, { prior }: Remembered, key: string) {
  return compare(reading, new RowDigests(reading, key, desired.tagOwnership === "exclusive"), prior);
}

/** Whether there is anything to read yet: a source and a list at once, or neither, is told by check. */
function isReadable(inputs: SetInputs): boolean {
  return isKnown(inputs) && ownProblems(inputs).length === 0;
}

/** What the shape can't say and the source isn't needed for. */
function ownProblems(inputs: SetInputs): Problem[] {
  const { source, members, fields, tags } = inputs;
  if (source === undefined && members === undefined) {
    return [{ path: ["source"], reason: "is required, or members instead" }];
  }
  if (source !== undefined && members !== undefined) {
    return [{ path: ["members"], reason: "can't be given beside source: exactly one of both" }];
  }
  const problems = [...declaredProblems({ fields, tags }), ...columnProblems(source)];
  if (source && !isUnknown(source) && !isUnknown(source.file) && formatOf(source) === undefined) {
    problems.push({
      path: ["source", "format"],
      reason: 'is required where the file\'s name tells nothing: "csv" or "jsonl"',
    });
  }
  if (inputs.tagOwnership === "exclusive" && tags === undefined && !isUnknown(source) && !declaresTags(inputs)) {
    const reason =
      '"exclusive" takes off every tag that isn\'t declared, and nothing declares any: give tags, or an empty list';
    problems.push({ path: ["tagOwnership"], reason });
  }
  return problems;
}

/** Names of properties that the program gives to columns, where the file's first line can't. */
function columnProblems(source: SetInputs["source"]): Problem[] {
  if (!source || isUnknown(source) || isUnknown(source.columns) || isUnknown(source.columns?.fields)) return [];
  return Object.keys(source.columns?.fields ?? {}).flatMap((key) => {
    const reason = fieldFault(key);
    return reason ? [{ path: ["source", "columns", "fields", key], reason }] : [];
  });
}

function declaresTags({ source, members }: SetInputs): boolean {
  if (source) return source.columns === undefined || source.columns.tags !== undefined;
  return Array.isArray(members) && members.some((member) => member.tags !== undefined);
}

/** Problems that are told of each address; the rest is counted. */
const MOST_TOLD = 20;

/** One person, declared twice, would be written and deleted from two places. */
function declare(inputs: SetInputs, reading: Reading, context: Context): Problem[] {
  const taken = context.runtime.use(registry).declare(declarerOf(context), reading.people);
  const rows = new Map(
    taken.slice(0, MOST_TOLD).map(({ identity, urn: other }) => [reading.identities.indexOf(identity), other]),
  );
  const problems: Problem[] = [...rows].map(([row, other]) => ({
    path: [inputs.source ? "source" : "members"],
    reason: `${reading.place(row)}: this address is declared already, by ${other.split("::").at(-1)}; declare a person once`,
  }));
  const more = taken.length - problems.length;
  if (more > 0) problems.push({ path: ["source"], reason: `and ${more} more addresses that are declared already` });
  return problems;
}

/** Check has told it before; this is for an engine that asks for a plan all the same. */
function notReadable({ problems }: Reading, resource: string): JourneysError {
  return new JourneysError({
    code: "invalid-input",
    resource,
    what: problems[0]!.reason,
    now: "nothing was sent",
    next: "correct the source and run again",
  });
}
