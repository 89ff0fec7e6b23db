import { type JournalEntry, matches, type RequestFilter } from "./journal";

/** What a hook does; the request waits for it. */
export type Hook = (request: JournalEntry) => void | Promise<void>;

/**
 * When a hook runs: `before` the platform looks at the request, or `after` it has been carried out and before the
 * client gets the answer. Either way nothing else of that client's happens in between.
 */
export type HookMoment = "before" | "after";

/** Callbacks around requests, so that a test can act between two calls of a client. */
export class Hooks {
  private readonly registered = new Set<{ moment: HookMoment; filter: RequestFilter; hook: Hook }>();

  /** Registers a hook; the returned function takes it away again. */
  on(moment: HookMoment, filter: RequestFilter, hook: Hook): () => void {
    const entry = { moment, filter, hook };
    this.registered.add(entry);
    return () => {
      this.registered.delete(entry);
    };
  }

  get any(): boolean {
    return this.registered.size > 0;
  }

  async run(moment: HookMoment, request: JournalEntry): Promise<void> {
    for (const { moment: when, filter, hook } of [...this.registered]) {
      if (when === moment && matches(filter, request)) await hook(request);
    }
  }

  clear(): void {
    this.registered.clear();
  }
}
