/** What is said of contacts that weren't found in an account that looks like another one: once a run, not by each of them. */
import type { Context } from "../../core/resource";
import type { Runtime } from "../../core/runtime";

export class Unseen {
  readonly #told = new Set<number | undefined>();

  /** @param what what the first contact or set notices: `contact "ada" was not found` */
  tell(what: string, listId: number | undefined, { log }: Pick<Context, "log">): void {
    if (this.#told.has(listId)) return;
    this.#told.add(listId);
    const list = listId === undefined ? "its list" : `its list (${listId})`;
    log(
      "warning",
      `${what}, nor any other contact of ${list}: a wrong account or region looks the same. ` +
        "So nothing counts as gone: every contact and set that this run doesn't find keeps its state, and no other line says so again. " +
        "Check journeys:engagelabApiUser, journeys:engagelabApiKey and journeys:engagelabRegion; what is really gone, remove with `pulumi state delete`",
    );
  }
}

/** The process's one memory of it. */
export function unseen(_runtime: Runtime): Unseen {
  return new Unseen();
}
