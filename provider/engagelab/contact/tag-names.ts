/** Names of a contact's tags, also where an answer only has their ids. */
import type { Context } from "../../core/resource";
import type { Runtime } from "../../core/runtime";
import { engagelab } from "../api/client";
import type { RemoteContact } from "../api/contact";
import { listTags } from "../api/tags";

class TagNames {
  #names: Promise<ReadonlyMap<string, string> | undefined> | undefined;

  constructor(private readonly runtime: Runtime) {}

  /** From id to name; undefined where the platform has no list of tags. One listing serves the run. */
  byId(): Promise<ReadonlyMap<string, string> | undefined> {
    this.#names ??= listTags(this.runtime.use(engagelab)).then(
      (tags) => tags && new Map(tags.map(({ id, name }) => [id, name])),
    );
    return this.#names;
  }
}

function tagNames(runtime: Runtime): TagNames {
  return new TagNames(runtime);
}

/** Undefined, with a warning, where nothing tells the names: tags are then neither compared nor taken off. */
export async function namedTags({ tags, tagIds }: RemoteContact, context: Context): Promise<string[] | undefined> {
  if (tags) return tags;
  if (tagIds.length === 0) return [];
  const names = await context.runtime.use(tagNames).byId();
  const named = tagIds.map((id) => names?.get(id));
  if (named.every((name) => name !== undefined)) return named;
  context.log("warning", "the platform shows ids of tags and not their names; tags are left as they are");
  return undefined;
}
