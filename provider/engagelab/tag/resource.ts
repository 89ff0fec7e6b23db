/** `engagelab.ContactTag`: a tag contacts may carry. */
import type { Change, Context, Outcome, Planned, Resource } from "../../core/resource";
import { equal, isUnknown, type JsonObject } from "../../core/values";
import { nameProblems } from "../contact/inputs";
import { create } from "./create";
import {
  KIND,
  STATE_VERSION,
  type TagInputs,
  type TagState,
  tagInputs,
  tagName,
  tagOutputs,
  tagProblems,
} from "./inputs";
import { tagList } from "./list";
import { remove } from "./remove";
import { update } from "./rename";

export const contactTag: Resource<TagInputs, TagState> = {
  kind: KIND,
  token: "journeys:engagelab:ContactTag",
  description: "A tag that EngageLab contacts may carry. Tags decide who gets a campaign.",
  inputs: tagInputs,
  outputs: tagOutputs,
  secretOutputs: [],
  echoOutputs: ["name", "appliedInputs"],
  stateVersion: STATE_VERSION,

  upgrade(state: JsonObject): TagState {
    return state as unknown as TagState;
  },

  describe(inputs, { secretPaths, name }) {
    const isShown = typeof inputs.name === "string" && !isUnknown(inputs.name) && secretPaths.length === 0;
    return tagName(isShown ? String(inputs.name) : (name ?? "?"));
  },

  check(inputs: TagInputs, { name }: Context) {
    return [...nameProblems(name), ...tagProblems(inputs)];
  },

  plan(desired: TagInputs, prior, context: Context): Planned {
    if (!prior) {
      const steps = [{ name: "list tags" }, { name: "create tag", when: "unless it exists" }];
      return { plan: { verb: "create", changes: [], steps, warnings: [] } };
    }
    const { state } = prior;
    context.runtime.records.seen(KIND, state.tagId, state.stamp);
    const changes = changesOf(desired, state);
    const renames = changes.some(({ path }) => path[0] === "name");
    return {
      plan: {
        verb: changes.length ? "update" : "none",
        changes,
        steps: renames ? [{ name: "list tags" }, { name: "rename tag" }] : [],
        warnings: renames ? [renaming] : [],
      },
    };
  },

  create,
  update,
  read,
  delete: remove,

  appliedInputs(state: TagState): JsonObject {
    return JSON.parse(state.appliedInputs);
  },
};

const renaming =
  "every contact that carries the tag gets its new name, and campaigns sent to the old one find nobody; declare the new name on contacts in the same run";

function changesOf(desired: TagInputs, state: TagState): Change[] {
  const applied = JSON.parse(state.appliedInputs) as TagInputs;
  const changes: Change[] = [];
  if (desired.name !== state.name) {
    changes.push({ path: ["name"], kind: "update", before: state.name, after: desired.name });
  }
  const [before, after] = [applied.forceDestroy, desired.forceDestroy];
  if (!equal(before, after)) {
    const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
    changes.push({ path: ["forceDestroy"], kind, before, after });
  }
  return changes;
}

/** Gone only if the list shows another tag of this program: a wrong account shows none of them. */
async function read(_id: string, prior: TagState, context: Context): Promise<Outcome<TagState> | undefined> {
  const { run, records } = context.runtime;
  const { tagId: id } = prior;
  run.claim(KIND, id, context.urn);
  records.seen(KIND, id, prior.stamp);
  const tags = await context.runtime.use(tagList).all();
  const tag = tags?.get(id);
  if (tag) {
    const inputs = { ...JSON.parse(prior.appliedInputs), name: tag.name };
    return { id, state: { ...prior, name: tag.name, createdAt: tag.createdAt ?? prior.createdAt }, inputs };
  }
  if (tags && run.held(KIND).some((other) => other !== id && tags.has(other))) return undefined;
  const why = tags
    ? "was not found, and no other tag of this program either: a wrong account looks the same. If it is gone, remove it with `pulumi state delete`"
    : "could not be seen: the platform doesn't list tags";
  context.log("warning", `it (${id}) ${why}; its state stays as it was`);
  return { id, state: prior };
}
