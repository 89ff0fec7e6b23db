/**
 * `pushwoosh.UserRemoval`: people taken out of journeys, once. Doing it twice is doing it once, so a call whose outcome
 * is unknown is sent again, and a run that was cut off begins anew.
 */
import { randomUUID } from "node:crypto";
import { JourneysError } from "../../core/errors";
import type { Context, Outcome, Planned, Resource } from "../../core/resource";
import { isUnknown, type JsonObject } from "../../core/values";
import { pushwoosh } from "../api/client";
import { dropUsers } from "../api/entries";
import { asksAgain, changesOf, countText, forcing, notReplaced, Saved, withoutPeople } from "../once";
import { PART_SIZE, type RemovalInputs, removalInputs, removalProblems } from "./inputs";
import { type RemovalState, removalOutputs, STATE_VERSION, toState } from "./state";

const KIND = "pushwoosh-user-removal";

export const userRemoval: Resource<RemovalInputs, RemovalState> = {
  kind: KIND,
  token: "journeys:pushwoosh:UserRemoval",
  description: "People taken out of Pushwoosh journeys, once.",
  inputs: removalInputs,
  outputs: removalOutputs,
  secretOutputs: ["appliedInputs"],
  echoOutputs: [],
  stateVersion: STATE_VERSION,

  upgrade(state: JsonObject): RemovalState {
    return state as unknown as RemovalState;
  },

  describe(_inputs, context) {
    return removalName(context);
  },

  check: removalProblems,

  plan(desired: RemovalInputs, prior, context): Planned {
    const steps = [{ name: stepOf(desired) }];
    if (!prior) return { plan: { verb: "create", changes: [], steps, warnings: [] } };
    context.runtime.use(savedRemovals).keep(context.urn, prior.id, prior.state);
    const applied: RemovalInputs = JSON.parse(prior.state.appliedInputs);
    const changes = changesOf(applied, desired, inputNames, ["userIds"]);
    const again = asksAgain(desired, applied);
    if (again === "yes") return { plan: { verb: "replace", changes: forcing(changes), steps, warnings: [] } };
    const warnings = again === "not known yet" ? ["whether it is done again is decided when triggers are known"] : [];
    const changed = changes.map(({ path }) => String(path[0])).filter((name) => meaning.has(name));
    if (changed.length > 0)
      warnings.push(
        `${changed.join(", ")} changed: recorded without a call, since only a change of triggers removes people`,
      );
    return { plan: { verb: changes.length > 0 ? "update" : "none", changes, steps: [], warnings } };
  },

  async create(desired: RemovalInputs, context: Context): Promise<Outcome<RemovalState>> {
    const id = randomUUID();
    const saved = context.runtime.use(savedRemovals).of(context.urn);
    if (saved && asksAgain(desired, JSON.parse(saved.state.appliedInputs)) !== "yes") {
      context.log("warning", "it is replaced although its triggers did not change: nobody is removed again");
      const state = { ...toState(id, desired), ...doneBy(saved.state) };
      return { id, state };
    }
    await removeAll(desired, context);
    return { id, state: toState(id, desired) };
  },

  /** Records what is declared; nobody is removed again. */
  async update(
    id: string,
    prior: RemovalState,
    desired: RemovalInputs,
    context: Context,
  ): Promise<Outcome<RemovalState>> {
    if (asksAgain(desired, JSON.parse(prior.appliedInputs)) === "yes") throw notReplaced(removalName(context));
    return { id, state: { ...toState(id, desired), ...doneBy(prior) } };
  },

  async read(id: string, prior: RemovalState): Promise<Outcome<RemovalState>> {
    return { id, state: prior };
  },

  /** Nobody is put back: that is what a JourneyEntry is for. */
  async delete(): Promise<void> {},

  appliedInputs(state: RemovalState): JsonObject {
    return JSON.parse(state.appliedInputs);
  },
};

const inputNames = ["userIds", "journeyIds", "allJourneys", "allowAllJourneys", "triggers", "partSize"] as const;
const meaning: ReadonlySet<string> = new Set(["userIds", "journeyIds", "allJourneys"]);

function savedRemovals(): Saved<RemovalState> {
  return new Saved();
}

function doneBy({ removedAt, peopleRemoved }: RemovalState): Pick<RemovalState, "removedAt" | "peopleRemoved"> {
  return { removedAt, peopleRemoved };
}

function removalName({ name }: Pick<Context, "name">): string {
  return `user removal "${name ?? "?"}"`;
}

function stepOf({ userIds, journeyIds, allJourneys }: RemovalInputs): string {
  const who = isUnknown(userIds) ? "people" : countText(userIds);
  if (allJourneys) return `remove ${who} from all active journeys of the account`;
  const count = Array.isArray(journeyIds) ? journeyIds.length : undefined;
  return `remove ${who} from ${count === undefined ? "journeys" : count === 1 ? "1 journey" : `${count} journeys`}`;
}

async function removeAll(desired: RemovalInputs, context: Context): Promise<void> {
  const { userIds, journeyIds = [], allJourneys, partSize = PART_SIZE } = desired;
  const client = context.runtime.use(pushwoosh);
  const people = [...new Set(userIds)];
  for (let start = 0; start < people.length; start += partSize) {
    const done = start ? `removed: ${countText(people.slice(0, start))}` : "nobody was removed";
    if (context.signal?.aborted) throw engineGone(removalName(context), done);
    try {
      await dropUsers(client, people.slice(start, start + partSize), allJourneys ? "all journeys" : { journeyIds });
    } catch (error) {
      if (!(error instanceof JourneysError)) throw error;
      const next = `${error.parts.next ?? "run again"}; the next run removes all of them, which does no harm`;
      throw withoutPeople(
        new JourneysError({ ...error.parts, now: start ? done : error.parts.now, next }),
        removalName(context),
        people,
      );
    }
  }
}

function engineGone(resource: string, now: string): JourneysError {
  return new JourneysError({
    code: "engine-gone",
    resource,
    what: "nobody waits for it any more; no further call was made",
    now,
    next: "run again: all of them are removed, which does no harm",
  });
}
