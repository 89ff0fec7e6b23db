/** The state while it changes: what this run has registered so far, and what remains of the state before it. */
import type { PendingOperation, Resource, State } from "./deployment.js";
import { equal } from "./values.js";

/** A change of the snapshot. Changes that are committed together are durable together. */
export type Change =
  /** A resource of this run, in place of an older one if `instead` is given. */
  | { add: Resource; instead?: Resource | undefined }
  | { amend: Resource; with: Partial<Resource> }
  | { drop: Resource }
  /** The answer to a pending operation has come. */
  | { end: number };

/** The same in the journal, where numbers stand for resources. `keep` is a resource that was registered again unchanged. */
export type Entry =
  | { begin: number; operation: PendingOperation }
  | { end: number }
  | { add: number; resource: Resource; instead?: number }
  | { keep: number }
  | { amend: number; resource: Resource }
  | { drop: number };

export class Snapshot {
  /** Whether anything but order differs from the state at the start. */
  changed: boolean;
  /** What earlier runs left open. Only creations are carried on: other operations have their resource in the state. */
  readonly interrupted: PendingOperation[];
  private readonly olds = new Map<number, Resource>();
  private readonly news = new Map<number, Resource>();
  private readonly pending = new Map<number, PendingOperation>();
  private readonly keys = new Map<Resource, number>();
  private next = 0;

  constructor(
    state: State,
    /** Makes a line of the journal durable. */
    private readonly record: (entries: Entry[]) => Promise<void> = async () => {},
  ) {
    for (const resource of state.resources) this.enter(this.olds, this.next++, { ...resource });
    this.interrupted = state.pending;
    const creations = state.pending.filter(({ type }) => type === "creating");
    for (const operation of creations) this.pending.set(this.next++, operation);
    this.changed = creations.length < state.pending.length;
  }

  /** Resources of the former state that this run has neither registered again nor deleted, in their order. */
  get remaining(): Resource[] {
    return [...this.olds.values()];
  }

  /** Resources this run has registered, dependencies first. */
  get registered(): Resource[] {
    return [...this.news.values()];
  }

  state(): State {
    return { resources: [...this.registered, ...this.remaining], pending: [...this.pending.values()] };
  }

  /** Notes that a provider is about to be asked for a change, so that a killed run leaves a trace of it. */
  async begin(operation: PendingOperation): Promise<number> {
    const begin = this.next++;
    this.apply({ begin, operation });
    await this.record([{ begin, operation }]);
    return begin;
  }

  async commit(...changes: Change[]): Promise<void> {
    const entries = changes.map((change) => {
      const entry = this.entryOf(change);
      this.apply(entry, "add" in change ? change.add : undefined);
      this.changed ||= !("end" in entry || "keep" in entry);
      return entry;
    });
    await this.record(entries);
  }

  private entryOf(change: Change): Entry {
    if ("end" in change) return change;
    if ("drop" in change) return { drop: this.keyOf(change.drop) };
    if ("amend" in change)
      return { amend: this.keyOf(change.amend), resource: Object.assign(change.amend, change.with) };
    const { add: resource, instead } = change;
    if (!instead) return { add: this.next++, resource };
    const former = this.keyOf(instead);
    return equal(instead, resource) ? { keep: former } : { add: this.next++, resource, instead: former };
  }

  private keyOf(resource: Resource): number {
    const key = this.keys.get(resource);
    if (key === undefined) throw new Error(`${resource.urn} is not in the snapshot.`);
    return key;
  }

  /** `kept` is the object that stands for a resource from now on, if it is registered again unchanged. */
  private apply(entry: Entry, kept?: Resource): void {
    if ("begin" in entry) this.pending.set(entry.begin, entry.operation);
    else if ("end" in entry) this.pending.delete(entry.end);
    else if ("drop" in entry) this.leave(entry.drop);
    else if ("amend" in entry)
      this.enter(this.news.has(entry.amend) ? this.news : this.olds, entry.amend, entry.resource);
    else if ("keep" in entry) {
      const old = this.leave(entry.keep);
      this.enter(this.news, entry.keep, kept ?? (old as Resource));
    } else {
      if (entry.instead !== undefined) this.leave(entry.instead);
      this.enter(this.news, entry.add, entry.resource);
    }
  }

  private enter(where: Map<number, Resource>, key: number, resource: Resource): void {
    where.set(key, resource);
    this.keys.set(resource, key);
  }

  private leave(key: number): Resource | undefined {
    const resource = this.olds.get(key) ?? this.news.get(key);
    if (resource) this.keys.delete(resource);
    this.olds.delete(key);
    this.news.delete(key);
    return resource;
  }

  /** The state which a journal leads to, from the state it began with. */
  static replay(state: State, journal: readonly Entry[][]): State {
    const snapshot = new Snapshot(state);
    for (const entry of journal.flat()) snapshot.apply(entry);
    return snapshot.state();
  }
}
