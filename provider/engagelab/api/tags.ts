/** Contact tags: create, rename, delete, and the list no documentation of this platform shows. */
import { isObject, type Json } from "../../core/values";
import type { Answer, Open, Refused } from "./answer";
import { type EngagelabClient, hasResult } from "./client";
import { idText } from "./contact";
import { pathId } from "./ids";
import { readTime } from "./times";

const root = "/v1/marketing/lists/tags";

export interface RemoteTag {
  id: string;
  name: string;
  createdAt?: string;
}

export type TagAnswer = { kind: "done"; tag: RemoteTag } | Refused | Open;

export async function createTag(client: EngagelabClient, name: string): Promise<TagAnswer> {
  const answer = await client.send({
    method: "POST",
    path: root,
    body: { name },
    repeat: "not-processed",
    does: "create tag",
    expects: (body) => hasResult(body) && readTag(body.result) !== undefined,
  });
  if (answer.kind !== "done") return answer;
  return { kind: "done", tag: readTag(answer.body.result)! };
}

export async function renameTag(client: EngagelabClient, id: string, name: string): Promise<Answer> {
  return client.send({
    method: "PUT",
    path: `${root}/${pathId(id)}`,
    body: { name },
    repeat: "not-processed",
    does: "rename tag",
  });
}

export async function deleteTag(client: EngagelabClient, id: string): Promise<Answer> {
  return client.send({
    method: "DELETE",
    path: `${root}/${pathId(id)}`,
    repeat: "not-processed",
    does: "delete tag",
  });
}

const PAGE = 100;
const MOST_PAGES = 1000;

/**
 * Every tag, read to the last page; undefined where the platform has no such list, or it doesn't end.
 *
 * @throws JourneysError for a page that failed: half a list decides nothing
 */
export async function listTags(client: EngagelabClient): Promise<RemoteTag[] | undefined> {
  const tags = new Map<string, RemoteTag>();
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await client.send({
      method: "GET",
      path: `${root}?offset=${page * PAGE}&limit=${PAGE}`,
      repeat: "always",
      does: "list tags",
    });
    // Not documented, so a refusal of any kind but that of the credential only says that it isn't there.
    if (answer.kind === "refused" && answer.error.code !== "unauthorized" && !answer.throttled) return undefined;
    if (answer.kind !== "done") throw answer.error;
    const rows = answer.body.result;
    if (!Array.isArray(rows)) return undefined;
    for (const tag of rows.map(readTag)) {
      if (!tag) return undefined;
      tags.set(tag.id, tag);
    }
    if (rows.length < PAGE) return [...tags.values()];
  }
  return undefined;
}

function readTag(value: Json | undefined): RemoteTag | undefined {
  if (!isObject(value)) return undefined;
  const id = idText(value.tag_id);
  const name = value.tag_name ?? value.name;
  return id && typeof name === "string" ? { id, name, createdAt: readTime(value.create_time) } : undefined;
}
