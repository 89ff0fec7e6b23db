/** Names of a contact's tags, also where an answer only has their ids. */
import type { Context } from "../../core/resource";
import type { RemoteContact } from "../api/contact";
import { tagList } from "../tag/list";

/** Undefined, with a warning, where nothing tells the names: tags are then neither compared nor taken off. */
export async function namedTags({ tags, tagIds }: RemoteContact, context: Context): Promise<string[] | undefined> {
  if (tags) return tags;
  if (tagIds.length === 0) return [];
  const listed = await context.runtime.use(tagList).all();
  const names = tagIds.map((id) => listed?.get(id)?.name);
  if (names.every((name) => name !== undefined)) return names;
  context.log("warning", "the platform shows ids of tags and not their names; tags are left as they are");
  return undefined;
}
