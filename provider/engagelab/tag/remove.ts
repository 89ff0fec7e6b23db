/** Deleting a tag: refused while a contact carries it, because campaigns are sent to tags. */
import { JourneysError } from "../../core/errors";
import type { Context } from "../../core/resource";
import { type EngagelabClient, engagelab } from "../api/client";
import { listPage, PAGE, RefusedList } from "../api/contacts";
import { pathId } from "../api/ids";
import { deleteTag } from "../api/tags";
import { KIND, type TagInputs, type TagState, tagName } from "./inputs";
import { tagList } from "./list";

export async function remove(_id: string, prior: TagState, context: Context): Promise<void> {
  const { runtime, urn } = context;
  const { tagId: id } = prior;
  const resource = tagName(prior.name);
  const force = (JSON.parse(prior.appliedInputs) as TagInputs).forceDestroy === true;
  const holder = runtime.run.heldByOther(KIND, id, urn);
  if (holder) return context.log("info", `${resource} (${id}) is released without a call: ${holder} still declares it`);
  if (prior.adopted && !force) {
    return context.log("info", `${resource} (${id}) is released without a call: it existed before it was declared`);
  }
  pathId(id);
  const tags = await runtime.use(tagList).all();
  if (!tags || tags.has(id)) {
    const client = runtime.use(engagelab);
    if (!force) await refuseIfCarried(client, tags?.get(id)?.name ?? prior.name, resource);
    if (context.signal?.aborted) throw goneEngine(resource);
    await deleteOnce(client, id, resource);
  }
  await runtime.use(tagList).gone(id);
  runtime.records.forget(KIND, id);
}

async function refuseIfCarried(client: EngagelabClient, name: string, resource: string): Promise<void> {
  for (const operator of ["==", "contain"] as const) {
    try {
      const condition = { relation: "and" as const, items: [{ field: "tag", operator, value: name }] };
      const { contacts, rows } = await listPage(client, { condition, limit: PAGE, offset: 0 });
      const carries = contacts.some(({ tags }) => !tags || tags.includes(name));
      if (carries || rows === PAGE) throw carried(resource, carries);
      return;
    } catch (error) {
      if (!(error instanceof RefusedList) || error.code !== "refused") throw error;
    }
  }
  throw carried(resource, false);
}

function carried(resource: string, certain: boolean): JourneysError {
  return new JourneysError({
    code: "consent-needed",
    resource,
    what: certain
      ? "contacts carry it; without it they would no longer get what is sent to this tag"
      : "whether contacts carry it could not be found out",
    paths: [["forceDestroy"]],
    now: "the tag was not deleted",
    next: "take the tag off all contacts first; or set forceDestroy: true and run `up`, then delete",
  });
}

function goneEngine(resource: string): JourneysError {
  return new JourneysError({
    code: "engine-gone",
    resource,
    what: "nobody waits for it any more; the tag was not deleted",
    next: "run again",
  });
}

/** A tag that is there or not has no third state: the call may be repeated. */
async function deleteOnce(client: EngagelabClient, id: string, resource: string): Promise<void> {
  let answer = await deleteTag(client, id);
  if (answer.kind === "unknown") answer = await deleteTag(client, id);
  if (answer.kind === "done" || (answer.kind === "refused" && answer.missing)) return;
  throw answer.error.of(resource);
}
