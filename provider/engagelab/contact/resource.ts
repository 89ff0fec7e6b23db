/** `engagelab.Contact`: inputs, state, plan, read, steps. Each part has its own file beside this one. */
import type { Problem } from "../../core/errors";
import type { Context, Planned, Resource } from "../../core/resource";
import { isUnknown, type JsonObject } from "../../core/values";
import { identityOf } from "./address";
import { create } from "./create";
import { type ContactInputs, contactInputs, contactProblems, nameProblems, personalInputs } from "./inputs";
import { KIND, recall } from "./ownership";
import { planCreate, planUpdate } from "./plan";
import { read } from "./read";
import { contactName } from "./refusals";
import { registry } from "./registry";
import { remove } from "./remove";
import { type ContactState, contactOutputs, STATE_VERSION, secretOutputs } from "./state";
import { update } from "./update";

export const contact: Resource<ContactInputs, ContactState> = {
  kind: KIND,
  token: "journeys:engagelab:Contact",
  description: "An EngageLab marketing contact: one person, by e-mail address.",
  inputs: contactInputs,
  outputs: contactOutputs,
  secretInputs: personalInputs,
  secretOutputs,
  echoOutputs: [],
  stateVersion: STATE_VERSION,

  upgrade(state: JsonObject): ContactState {
    return state as unknown as ContactState;
  },

  describe(_inputs, { name }) {
    return contactName(name);
  },

  check(inputs: ContactInputs, context: Context): Problem[] {
    const problems = [...nameProblems(context.name), ...contactProblems(inputs)];
    if (problems.length === 0 && !isUnknown(inputs.email)) problems.push(...declare(inputs.email, context));
    return problems;
  },

  plan(desired: ContactInputs, prior, context: Context): Planned {
    const { runtime } = context;
    const book = runtime.use(registry);
    if (!prior) {
      if (!isUnknown(desired.email)) book.expect(desired.email);
      return { plan: planCreate(desired) };
    }
    const { state } = prior;
    runtime.run.claim(KIND, state.contactId, context.urn);
    runtime.records.seen(KIND, state.contactId, state.stamp);
    const newer = runtime.records.newer(KIND, state.contactId, state.stamp);
    const plan = planUpdate(desired, state, recall(state.owned, newer), newer.length > 0);
    if (plan.verb !== "none" && plan.steps.length > 0 && !isUnknown(desired.email)) book.expect(desired.email);
    return { plan };
  },

  create,
  update,
  read,
  delete: remove,

  appliedInputs(state: ContactState): JsonObject {
    return JSON.parse(state.appliedInputs);
  },
};

/** One person, declared twice, would be written and deleted from two places. */
function declare(email: string, { runtime, urn, name }: Context): Problem[] {
  const taken = runtime.use(registry).declare(urn ?? name ?? identityOf(email), new Set([identityOf(email)]));
  return taken.map(({ urn: other }) => ({
    path: ["email"],
    reason: `this address is declared already, by ${other.split("::").slice(-1)[0]}; declare a person once`,
  }));
}
