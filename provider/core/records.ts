/**
 * The memory beside the state. Before every write that must not happen twice, one line is written and flushed into a
 * small file in the record folder; the outcome follows in a second line. A file is one operation on one resource.
 *
 * Pulumi forgets a create that failed without an id and repeats one that was killed; these files don't. They hold no
 * secret and no address.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { v7 as timeOrderedId } from "uuid";
import { JourneysError } from "./errors";
import { isAlive, processStart } from "./process";
import type { JsonObject } from "./values";

/** How a call ended, as far as it is known; a step without one was begun and nothing more is known. */
export type StepOutcome = "answered" | "refused" | "unknown";

/** One call of an operation, as it was begun and as it ended. */
export interface RecordedStep {
  step: string;
  time: string;
  outcome?: StepOutcome;
  /** What the resource noted when it began the step, and what it learned when the step ended. */
  data: JsonObject;
}

/** What an operation is about: enough to find it again by id, by URN or, for a create, by application and title. */
export interface RecordSubject {
  kind: string;
  operation: "create" | "update" | "delete";
  urn?: string;
  id?: string;
  application?: string;
  title?: string;
  /** The random key a creation derives its ids from. */
  key?: string;
}

interface Header extends RecordSubject {
  version: 1;
  stamp: string;
  time: string;
  host: string;
  pid: number;
  processStart: string;
}

const WAIT_MS = 120_000;
const DELETED_KEEP_MS = 7 * 24 * 3600_000;

/** One operation, read back or under way. */
export class OperationRecord {
  #file?: FileHandle;

  constructor(
    readonly header: Header,
    readonly steps: RecordedStep[],
    /** Whether the operation came to its end, well or badly. */
    public done: boolean,
    readonly path: string,
  ) {}

  get stamp(): string {
    return this.header.stamp;
  }

  /** The remote id, once known. */
  get id(): string | undefined {
    if (this.header.id) return this.header.id;
    for (const { data } of this.steps) if (typeof data.id === "string") return data.id;
    return undefined;
  }

  /** A step was begun, or sent, and nobody knows how it ended. */
  get unresolved(): boolean {
    const last = this.steps.at(-1);
    return last !== undefined && (last.outcome === undefined || last.outcome === "unknown");
  }

  /** Another process may still be at work on it. */
  get busy(): boolean {
    const { host, pid, processStart: started } = this.header;
    if (this.done || (host === hostname() && pid === process.pid && started === processStart(pid))) return false;
    if (host === hostname()) return isAlive(pid, started);
    return Date.now() - Date.parse(this.steps.at(-1)?.time ?? this.header.time) < WAIT_MS;
  }

  /** Under way in this process right now: not a memory yet. */
  get active(): boolean {
    return this.#file !== undefined;
  }

  /** Begun by this very process. */
  get own(): boolean {
    const { host, pid, processStart: started } = this.header;
    return host === hostname() && pid === process.pid && started === processStart(pid);
  }

  /** Notes a step before its request is sent. Resolves when the note is on disk. */
  async begin(step: string, data: JsonObject = {}): Promise<void> {
    const entry: RecordedStep = { step, time: new Date().toISOString(), data };
    try {
      const lines = this.#file ? [] : [this.header as unknown as JsonObject];
      this.#file ??= await open(this.path, "wx", 0o600);
      await this.#file.appendFile(`${[...lines, { begin: entry }].map((line) => JSON.stringify(line)).join("\n")}\n`);
      await this.#file.datasync();
    } catch (cause) {
      throw unusable(this.path, cause);
    }
    this.steps.push(entry);
  }

  /** Notes how the step just begun has ended. */
  async end(outcome: StepOutcome, data: JsonObject = {}): Promise<void> {
    const last = this.steps.at(-1);
    if (!last || !this.#file) throw new Error("no step was begun");
    last.outcome = outcome;
    Object.assign(last.data, data);
    await this.#file.appendFile(`${JSON.stringify({ end: { outcome, data } })}\n`);
  }

  /** The operation is over: later runs need not wait for it. */
  async finish(): Promise<void> {
    this.done = true;
    if (!this.#file) return;
    await this.#file.appendFile(`${JSON.stringify({ done: true })}\n`);
    await this.#file.close();
    this.#file = undefined;
  }
}

export class Records {
  readonly #folder: () => string;
  #loaded?: OperationRecord[];
  #ready = false;
  readonly #removals = new Set<Promise<void>>();
  /** By kind and id: the newest stamp a saved state was seen with. */
  readonly #saved = new Map<string, string>();

  constructor(folder: () => string) {
    this.#folder = folder;
  }

  /** A stamp for a state whose making wrote nothing. */
  stamp(): string {
    return timeOrderedId();
  }

  /** Starts a record; nothing is written before its first step. Fails if the folder can't be used. */
  start(subject: RecordSubject): OperationRecord {
    this.#prepare();
    this.#sweep();
    const stamp = this.stamp();
    const header: Header = {
      version: 1,
      stamp,
      ...subject,
      time: new Date().toISOString(),
      host: hostname(),
      pid: process.pid,
      processStart: processStart(process.pid),
    };
    const record = new OperationRecord(header, [], false, join(this.#folder(), `${stamp}.jsonl`));
    this.#all().push(record);
    return record;
  }

  /** Records of a remote object that are newer than the saved state. Oldest first. */
  newer(kind: string, id: string, stamp = ""): OperationRecord[] {
    return this.#all().filter(
      (record) =>
        record.header.kind === kind &&
        record.id === id &&
        record.stamp > stamp &&
        record.steps.length > 0 &&
        !record.active,
    );
  }

  /** Creates under the resource's name, or of the same application and title under whatever name. Oldest first. */
  creates(kind: string, urn: string | undefined, application?: string, title?: string): OperationRecord[] {
    return this.#all().filter(
      ({ header, steps, active }) =>
        header.kind === kind &&
        header.operation === "create" &&
        ((urn !== undefined && header.urn === urn) ||
          (title !== undefined && header.application === application && header.title === title)) &&
        steps.length > 0 &&
        !active,
    );
  }

  /** A saved state was seen: records it covers go with the next operation that writes. */
  seen(kind: string, id: string, stamp: string | undefined): void {
    if (stamp) this.#saved.set(`${kind} ${id}`, stamp);
  }

  /** The object is gone: what earlier operations noted of it is of no use any more. */
  forget(kind: string, id: string): void {
    for (const record of [...this.#all()]) {
      if (record.header.kind === kind && record.id === id && record.header.operation !== "delete" && !record.active)
        this.drop(record);
    }
  }

  /** Forgets a record of which nothing remains to be known, such as a create the platform refused. */
  drop(record: OperationRecord): void {
    // Off the caller's path: whoever needs it gone waits with `dropped`.
    const removal = rm(record.path, { force: true })
      .catch(() => {})
      .then(() => void this.#removals.delete(removal));
    this.#removals.add(removal);
    if (this.#loaded) this.#loaded = this.#loaded.filter((other) => other !== record);
  }

  /** Resolves when the files of dropped records are gone: a later run must not find them. */
  async dropped(): Promise<void> {
    await Promise.all(this.#removals);
  }

  /** Waits while another process is at work on one of the records; fails after two minutes. */
  async settled(find: () => OperationRecord[], resource: string, waitMs = WAIT_MS): Promise<OperationRecord[]> {
    const until = Date.now() + waitMs;
    for (;;) {
      const found = find();
      const busy = found.find((record) => record.busy);
      if (!busy) return found;
      if (Date.now() > until) throw heldElsewhere(resource, busy);
      await new Promise((resolve) => setTimeout(resolve, 250));
      this.reload();
    }
  }

  /** Reads the folder again: another process may have written. Records under way here are kept as they are. */
  reload(): void {
    const own = (this.#loaded ?? []).filter((record) => record.own);
    this.#loaded = undefined;
    const paths = new Set(own.map((record) => record.path));
    this.#loaded = [...this.#all().filter((record) => !paths.has(record.path)), ...own].sort(byStamp);
  }

  #all(): OperationRecord[] {
    this.#loaded ??= load(this.#folder());
    return this.#loaded;
  }

  #prepare(): void {
    if (this.#ready) return;
    const folder = this.#folder();
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(join(folder, ".gitignore"), "*\n");
    } catch (cause) {
      throw unusable(folder, cause);
    }
    this.#ready = true;
  }

  #sweep(): void {
    for (const record of [...this.#all()]) {
      if (record.own || record.busy) continue;
      const saved = record.id === undefined ? undefined : this.#saved.get(`${record.header.kind} ${record.id}`);
      const covered = saved !== undefined && record.stamp <= saved;
      const deleted =
        record.header.operation === "delete" &&
        record.done &&
        Date.now() - Date.parse(record.header.time) > DELETED_KEEP_MS;
      if (covered || deleted || record.steps.length === 0) this.drop(record);
    }
  }
}

const byStamp = (a: OperationRecord, b: OperationRecord) => (a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : 0);

function load(folder: string): OperationRecord[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw unusable(folder, cause);
  }
  return names.flatMap((name) => parse(join(folder, name)) ?? []).sort(byStamp);
}

/** A last line cut by a power failure is left out: what it would have said is then simply not known. */
function parse(path: string): OperationRecord | undefined {
  let header: Header | undefined;
  const steps: RecordedStep[] = [];
  let done = false;
  for (const text of readFileSync(path, "utf8").split("\n")) {
    if (!text) continue;
    let line: { begin?: RecordedStep; end?: { outcome: StepOutcome; data: JsonObject }; done?: boolean };
    try {
      line = JSON.parse(text);
    } catch {
      continue;
    }
    if (!header) header = line as unknown as Header;
    else if (line.begin) steps.push(line.begin);
    else if (line.done) done = true;
    else {
      const last = steps.at(-1);
      if (last && line.end)
        Object.assign(last, { outcome: line.end.outcome, data: { ...last.data, ...line.end.data } });
    }
  }
  if (header && header.version !== 1) {
    throw new JourneysError({
      code: "records-unusable",
      what: `the record ${path} was written by a newer release (version ${header.version})`,
      now: "nothing was sent",
      next: "use the release that wrote it, or a newer one",
    });
  }
  return header ? new OperationRecord(header, steps, done, path) : undefined;
}

function unusable(path: string, cause: unknown): JourneysError {
  return new JourneysError({
    code: "records-unusable",
    what: `can't use the record folder: ${path}: ${(cause as Error).message}`,
    now: "no request was sent: without a record, a killed run could do the same thing twice",
    next: "make the folder writable, or set journeys:recordFolder to one that is",
    cause,
  });
}

function heldElsewhere(resource: string, record: OperationRecord): JourneysError {
  const { host, pid, time } = record.header;
  return new JourneysError({
    code: "held-elsewhere",
    resource,
    what: `process ${pid} on ${host} has been working on it since ${time}`,
    now: "this run sent nothing for it",
    next: `wait for that process to end, or end it, then run again (its record: ${record.path})`,
  });
}
