/** What this process has seen of remote objects, so that a delete never hits one that somebody else still declares. */
export class Run {
  readonly #claims = new Map<string, Set<string>>();
  /** By kind and URN: resources that hold many objects each. */
  readonly #manyClaims = new Map<string, Map<string, (id: string) => boolean>>();
  readonly #renamed = new Map<string, string>();
  readonly #replacing = new Map<string, string>();
  readonly #titles = new Map<string, string>();
  readonly #said = new Map<string, string>();
  readonly #adopted = new Set<string>();

  /** A resource created, adopted, updated, read or diffed the object. */
  claim(kind: string, id: string, urn: string | undefined): void {
    if (!urn) return;
    const key = `${kind} ${id}`;
    const owners = this.#claims.get(key);
    if (owners) owners.add(urn);
    else this.#claims.set(key, new Set([urn]));
  }

  /** A resource holds many objects, in the place of those it held before: which ones is asked when it matters. */
  claimMany(kind: string, holds: (id: string) => boolean, urn: string | undefined): void {
    if (!urn) return;
    const owners = this.#manyClaims.get(kind) ?? new Map<string, (id: string) => boolean>();
    this.#manyClaims.set(kind, owners.set(urn, holds));
  }

  /** The state still carries the name a resource had before an alias renamed it. */
  rename(from: string | undefined, to: string | undefined): void {
    if (from && to && from !== to) this.#renamed.set(from, to);
  }

  /** The object is about to be replaced by a new one of the same resource. */
  replacing(kind: string, id: string, urn: string | undefined): void {
    if (urn) this.#replacing.set(`${kind} ${id}`, urn);
  }

  /** A resource of this process holds the object, and isn't about to replace it. */
  isKept(kind: string, id: string): boolean {
    return this.#owners(kind, id).length > 0 && !this.isReplacing(kind, id);
  }

  /** Every object of a kind that a resource of this process holds. */
  held(kind: string): string[] {
    const prefix = `${kind} `;
    return [...this.#claims.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  isReplacing(kind: string, id: string): boolean {
    return this.#replacing.has(`${kind} ${id}`);
  }

  /** A create took over the object, instead of making one. */
  adopt(kind: string, id: string): void {
    this.#adopted.add(`${kind} ${id}`);
  }

  isAdopted(kind: string, id: string): boolean {
    return this.#adopted.has(`${kind} ${id}`);
  }

  /** A program said in what state the object is that it is about to replace: its saved state doesn't know it. */
  said(kind: string, id: string, status: string): void {
    this.#said.set(`${kind} ${id}`, status);
  }

  saidOf(kind: string, id: string): string | undefined {
    return this.#said.get(`${kind} ${id}`);
  }

  /**
   * A resource is about to make an object of this title. Returns another one that did so before in this process: no list
   * needs to show that one's object yet.
   */
  takeTitle(kind: string, title: string, urn: string | undefined): string | undefined {
    const key = `${kind} ${title}`;
    const before = this.#titles.get(key);
    if (urn && !before) this.#titles.set(key, urn);
    return before === urn ? undefined : before;
  }

  /** The objects this resource is replacing. */
  replacedBy(kind: string, urn: string | undefined): string[] {
    const ids: string[] = [];
    for (const [key, owner] of this.#replacing) {
      if (owner === urn && key.startsWith(`${kind} `)) ids.push(key.slice(kind.length + 1));
    }
    return ids;
  }

  /** Another resource of this process that holds the object, if there is one. */
  heldByOther(kind: string, id: string, urn: string | undefined): string | undefined {
    const own = urn ? (this.#renamed.get(urn) ?? urn) : undefined;
    return this.#owners(kind, id).find((owner) => owner !== own && owner !== urn);
  }

  #owners(kind: string, id: string): string[] {
    const many = [...(this.#manyClaims.get(kind) ?? [])].filter(([, holds]) => holds(id)).map(([urn]) => urn);
    return [...(this.#claims.get(`${kind} ${id}`) ?? []), ...many];
  }
}
