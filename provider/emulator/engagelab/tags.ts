import type { World } from "../world";

/** A tag of contacts. Contacts carry its id, so that a new name reaches all of them. */
export interface Tag {
  readonly id: string;
  readonly name: string;
  /** Times in milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

const nameForm = /^[\p{L}\p{N}_]{1,64}$/u;

/** Whether the platform takes this as a tag's name: up to 64 letters, digits and underscores, Chinese ones included. */
export function isTagName(name: string): boolean {
  return nameForm.test(name);
}

/** The tags of one account. */
export class Tags {
  private readonly byId = new Map<string, Tag>();
  private readonly byName = new Map<string, Tag>();

  constructor(private readonly world: World) {}

  all(): readonly Tag[] {
    return [...this.byId.values()];
  }

  get(id: string): Tag | undefined {
    return this.byId.get(id);
  }

  named(name: string): Tag | undefined {
    return this.byName.get(name);
  }

  create(name: string): Tag {
    const now = this.world.now().getTime();
    const tag: Tag = { id: this.world.hex(24), name, createdAt: now, updatedAt: now };
    this.put(tag);
    return tag;
  }

  rename(tag: Tag, name: string): void {
    this.byName.delete(tag.name);
    this.put({ ...tag, name, updatedAt: this.world.now().getTime() });
  }

  remove(tag: Tag): void {
    this.byId.delete(tag.id);
    this.byName.delete(tag.name);
  }

  /** Ids of the tags of these names, each once; names that have no tag get one. */
  take(names: readonly string[]): readonly string[] {
    return [...new Set(names.map((name) => (this.named(name) ?? this.create(name)).id))];
  }

  /** Those of a contact's tags that nobody has deleted since. */
  living(ids: readonly string[]): readonly Tag[] {
    const found: Tag[] = [];
    for (const id of ids) {
      const tag = this.byId.get(id);
      if (tag) found.push(tag);
    }
    return found;
  }

  put(tag: Tag): void {
    this.byId.set(tag.id, tag);
    this.byName.set(tag.name, tag);
  }

  clear(): void {
    this.byId.clear();
    this.byName.clear();
  }
}
