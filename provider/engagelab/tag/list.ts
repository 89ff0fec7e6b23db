/** The run's one listing of tags. No documentation of this platform shows that list, so it may not be there. */
import { JourneysError } from "../../core/errors";
import type { Runtime } from "../../core/runtime";
import { engagelab } from "../api/client";
import { listTags, type RemoteTag } from "../api/tags";
import { type TagState, tagName } from "./inputs";

export class TagList {
  #listed: Promise<Map<string, RemoteTag> | undefined> | undefined;

  constructor(private readonly runtime: Runtime) {}

  /** Tags by id; undefined where the platform has no list. A listing that failed is tried again by the next one. */
  async all(): Promise<ReadonlyMap<string, RemoteTag> | undefined> {
    this.#listed ??= listTags(this.runtime.use(engagelab)).then(
      (tags) => tags && new Map(tags.map((tag) => [tag.id, tag])),
    );
    const listed = this.#listed;
    try {
      return await listed;
    } catch (error) {
      if (this.#listed === listed) this.#listed = undefined;
      throw error;
    }
  }

  /** The same, looked at anew. */
  again(): Promise<ReadonlyMap<string, RemoteTag> | undefined> {
    this.#listed = undefined;
    return this.all();
  }

  /** A tag was written, so what was listed is outdated in this one. */
  async note(tag: RemoteTag): Promise<void> {
    (await this.#listed)?.set(tag.id, tag);
  }

  async gone(id: string): Promise<void> {
    (await this.#listed)?.delete(id);
  }
}

/** The platform contradicts itself: no call says more than the list does. */
export function saysNone(does: "delete" | "rename", { name }: TagState): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    resource: tagName(name),
    what: `${does} tag: the platform says that there is none under this id, and lists it`,
    now: "the tag is still there; it stays in the state",
    next: "run again; if it stays so, ask EngageLab",
  });
}

/** The process's one listing. */
export function tagList(runtime: Runtime): TagList {
  return new TagList(runtime);
}

export function named(tags: ReadonlyMap<string, RemoteTag>, name: string): RemoteTag | undefined {
  for (const tag of tags.values()) if (tag.name === name) return tag;
  return undefined;
}
