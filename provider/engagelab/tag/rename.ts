/** Renaming a tag: on every contact that carries it. */
import { JourneysError } from "../../core/errors";
import type { Context, Outcome } from "../../core/resource";
import { engagelab } from "../api/client";
import { type RemoteTag, renameTag } from "../api/tags";
import { stateOf } from "./create";
import { KIND, type TagInputs, type TagState, tagName } from "./inputs";
import { named, saysNone, tagList } from "./list";

export async function update(
  _id: string,
  prior: TagState,
  desired: TagInputs,
  context: Context,
): Promise<Outcome<TagState>> {
  const { runtime, urn } = context;
  runtime.run.claim(KIND, prior.tagId, urn);
  const tag: RemoteTag = { id: prior.tagId, name: desired.name, createdAt: prior.createdAt };
  if (desired.name !== prior.name) await rename(prior, desired, context);
  return { id: prior.tagId, state: stateOf(desired, tag, prior.adopted, runtime.records.stamp(), context) };
}

async function rename(prior: TagState, { name }: TagInputs, { runtime }: Context): Promise<void> {
  const client = runtime.use(engagelab);
  const list = runtime.use(tagList);
  const tags = await list.all();
  if (tags && !tags.has(prior.tagId)) throw gone(prior);
  if (tags?.get(prior.tagId)?.name === name) return;
  const taken = tags && named(tags, name);
  if (taken) throw nameTaken(prior, taken);
  let answer = await renameTag(client, prior.tagId, name);
  // The same name a second time changes nothing more.
  if (answer.kind === "unknown") answer = await renameTag(client, prior.tagId, name);
  if (answer.kind === "refused" && answer.missing)
    throw (await list.again())?.has(prior.tagId) ? saysNone("rename", prior) : gone(prior);
  if (answer.kind !== "done") throw answer.error.of(tagName(prior.name));
  await list.note({ id: prior.tagId, name, createdAt: prior.createdAt });
}

function gone(prior: TagState): JourneysError {
  return new JourneysError({
    code: "gone",
    resource: tagName(prior.name),
    what: `somebody deleted the tag ${prior.tagId} outside of this program`,
    now: "nothing was sent for it, or what was sent changed nothing",
    next: "run a refresh; the tag is then created under its new name",
  });
}

function nameTaken(prior: TagState, taken: RemoteTag): JourneysError {
  return new JourneysError({
    code: "already-exists",
    resource: tagName(prior.name),
    what: `another tag (${taken.id}) has the name ${JSON.stringify(taken.name)} already, and tags can't be merged`,
    paths: [["name"]],
    now: "nothing was sent for it",
    next: "choose another name, or remove this resource and declare the other tag",
  });
}
