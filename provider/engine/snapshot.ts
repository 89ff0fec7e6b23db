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
type Entry =
  | { begin: number; operation: PendingOperation }
  | { end: number }
  | { add: number; resource: Resource; instead?: number }
  | { keep: number }
  | { amend: number; resource: Resource }
  | { drop: number };

/** Makes a line of the journal durable. */
export type Recorder = (entries: Entry[]) => Promise<void>;

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
    private readonly record: Recorder = async () => {},
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
    this.pending.set(begin, operation);
    await this.record([{ begin, operation }]);
    return begin;
  }

  async commit(...changes: Change[]): Promise<void> {
    await this.record(changes.map((change) => this.apply(change)));
  }

  private apply(change: Change): Entry {
    if ("end" in change) {
      this.pending.delete(change.end);
      return { end: change.end };
    }
    if ("add" in change) return this.add(change.add, change.instead);
    this.changed = true;
    if ("drop" in change) {
      const drop = this.keyOf(change.drop);
      this.leave(drop);
      return { drop };
    }
    Object.assign(change.amend, change.with);
    return { amend: this.keyOf(change.amend), resource: change.amend };
  }

  private add(resource: Resource, instead: Resource | undefined): Entry {
    const former = instead && this.keyOf(instead);
    if (former !== undefined && equal(instead, resource)) {
      this.leave(former);
      this.enter(this.news, former, resource);
      return { keep: former };
    }
    this.changed = true;
    if (former !== undefined) this.leave(former);
    const add = this.next++;
    this.enter(this.news, add, resource);
    return former === undefined ? { add, resource } : { add, resource, instead: former };
  }

  private keyOf(resource: Resource): number {
    const key = this.keys.get(resource);
    if (key === undefined) throw new Error(`${resource.urn} is not in the snapshot.`);
    return key;
  }

  private enter(where: Map<number, Resource>, key: number, resource: Resource): void {
    where.set(key, resource);
    this.keys.set(resource, key);
  }

  private leave(key: number): void {
    const resource = this.olds.get(key) ?? this.news.get(key);
    if (resource) this.keys.delete(resource);
    this.olds.delete(key);
    this.news.delete(key);
  }

  /** The state which a journal leads to, from the state it began with. */
  static replay(state: State, journal: readonly Entry[][]): State {
    const snapshot = new Snapshot(state);
    for (const entries of journal) for (const entry of entries) snapshot.redo(entry);
    return snapshot.state();
  }

  private redo(entry: Entry): void {
    if ("begin" in entry) this.pending.set(entry.begin, entry.operation);
    else if ("end" in entry) this.pending.delete(entry.end);
    else if ("drop" in entry) this.leave(entry.drop);
    else if ("keep" in entry) {
      const resource = this.olds.get(entry.keep);
      this.leave(entry.keep);
      if (resource) this.enter(this.news, entry.keep, resource);
    } else if ("amend" in entry) {
      const where = this.news.has(entry.amend) ? this.news : this.olds;
      where.set(entry.amend, entry.resource);
    } else {
      if (entry.instead !== undefined) this.leave(entry.instead);
      this.enter(this.news, entry.add, entry.resource);
    }
  }
}
