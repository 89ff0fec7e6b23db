/** Deleting a tag: refused while a contact carries it, because campaigns are sent to tags. */
import { JourneysError } from "../../core/errors";
import type { Context } from "../../core/resource";
import { type EngagelabClient, engagelab } from "../api/client";
import type { Condition } from "../api/condition";
import type { RemoteContact } from "../api/contact";
import { RefusedList } from "../api/contacts";
import { pathId } from "../api/ids";
import { deleteTag } from "../api/tags";
import { MovedList, pages } from "../contact/listing";
import { KIND, type TagInputs, type TagState, tagName } from "./inputs";
import { saysNone, tagList } from "./list";

export async function remove(_id: string, prior: TagState, context: Context): Promise<void> {
  const { runtime, urn } = context;
  const { tagId: id } = prior;
  const resource = tagName(prior.name);
  const force = (JSON.parse(prior.appliedInputs) as TagInputs).forceDestroy === true;
  const holder = runtime.run.heldByOther(KIND, id, urn);
  if (holder) return context.log("info", `${id} is released without a call: ${holder} still declares it`);
  if (prior.adopted && !force) {
    return context.log("info", `${id} is released without a call: it existed before it was declared`);
  }
  pathId(id);
  const tags = await runtime.use(tagList).all();
  if (!tags || tags.has(id)) {
    const client = runtime.use(engagelab);
    if (!force) await refuseIfCarried(client, id, tags?.get(id)?.name ?? prior.name, resource);
    if (context.signal?.aborted) throw goneEngine(resource);
    await deleteOnce(prior, resource, context);
  } else {
    context.log(
      "warning",
      `${id} was not found, so nothing was deleted: a wrong account looks the same. If it is in another one, delete it there`,
    );
  }
  await runtime.use(tagList).gone(id);
  runtime.records.forget(KIND, id);
}

async function refuseIfCarried(client: EngagelabClient, id: string, name: string, resource: string): Promise<void> {
  for (const operator of ["==", "contain"] as const) {
    try {
      const condition = { relation: "and" as const, items: [{ field: "tag", operator, value: name }] };
      return await readAll(client, condition, { id, name, resource });
    } catch (error) {
      if (error instanceof MovedList) throw carried(resource, false);
      if (!(error instanceof RefusedList) || error.code !== "refused") throw error;
    }
  }
  throw carried(resource, false);
}

/** A search for a tag whose rows go on for longer without it isn't one. */
const MOST_ROWS = 2000;

/** A page of contacts without the tag proves nothing of the next one: what is searched for isn't documented to the letter. */
async function readAll(
  client: EngagelabClient,
  condition: Condition,
  { id, name, resource }: { id: string; name: string; resource: string },
): Promise<void> {
  let rows = 0;
  for await (const contacts of pages(client, { condition })) {
    // A row that tells nothing of tags was found by one.
    const carries = ({ tags, tagIds }: RemoteContact) =>
      tagIds.includes(id) || (tags ? tags.includes(name) : tagIds.length === 0);
    if (contacts.some(carries)) throw carried(resource, true);
    rows += contacts.length;
    if (rows >= MOST_ROWS) throw carried(resource, false);
  }
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
    next: certain
      ? "take the tag off all contacts first; or set forceDestroy: true and run `up`, then delete"
      : "look for contacts that carry it in EngageLab; if nobody does, set forceDestroy: true and run `up`, then delete",
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

/** A tag that is there or not has no third state: the call may be repeated. A miss of what was just listed is looked at. */
async function deleteOnce(prior: TagState, resource: string, { runtime }: Context): Promise<void> {
  let open: JourneysError | undefined;
  for (let attempt = 0; attempt < 2; attempt++) {
    const answer = await deleteTag(runtime.use(engagelab), prior.tagId);
    if (answer.kind === "done") return;
    const isMissing = answer.kind === "refused" && answer.missing;
    if (answer.kind !== "unknown" && !isMissing) throw answer.error.of(resource);
    open = isMissing ? undefined : answer.error;
    if (isMissing && !(await runtime.use(tagList).again())?.has(prior.tagId)) return;
  }
  throw open ? open.of(resource) : saysNone("delete", prior);
}
