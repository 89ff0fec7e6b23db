/**
 * One operation's record: a small file of lines. The first says what the operation is about; then each step has a line
 * when it is begun, flushed before its request is sent, and one when its outcome is known.
 */
import { appendFileSync, closeSync, fdatasync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { JourneysError } from "./errors";
import { bootId, isAlive, processStart } from "./process";
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

export interface Header extends RecordSubject {
  version: 1;
  stamp: string;
  time: string;
  host: string;
  pid: number;
  processStart: string;
  /** Missing or empty where the system doesn't tell. */
  boot?: string;
  /** The platform's address, where that is one of this machine: what an emulator did means nothing to the platform itself. */
  local?: string;
}

export const WAIT_MS = 120_000;

/** This machine, in records. */
export const HOST = hostname();

/** Only this waits for the disk: opening and writing are quicker than another thread is asked. */
const flushed = promisify(fdatasync);

/** One operation, read back or under way. */
export class OperationRecord {
  #file?: number;
  /** Whether the last line may have been written in part. */
  #cut = false;
  /** Begun by this very process. */
  readonly own: boolean;

  constructor(
    readonly header: Header,
    readonly steps: RecordedStep[],
    /** Whether the operation came to its end, well or badly. */
    public done: boolean,
    readonly path: string,
  ) {
    const { host, pid, processStart: started } = header;
    this.own = host === HOST && pid === process.pid && started === processStart(pid);
  }

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
    if (this.done || this.own) return false;
    if (host === HOST) return isAlive(pid, started);
    return Date.now() - Date.parse(this.steps.at(-1)?.time ?? this.header.time) < WAIT_MS;
  }

  /** Under way in this process right now: not a memory yet. */
  get active(): boolean {
    return this.#file !== undefined;
  }

  /** Everything that was written is still there, flushed or not: the machine has not restarted since. */
  get intact(): boolean {
    return Boolean(this.header.boot) && this.header.boot === bootId();
  }

  /** Notes a step before its request is sent. Resolves when the note is on disk. */
  async begin(step: string, data: JsonObject = {}): Promise<void> {
    const entry: RecordedStep = { step, time: new Date().toISOString(), data };
    try {
      const head = this.#file === undefined ? [this.header] : [];
      this.#file ??= openSync(this.path, "wx", 0o600);
      this.#append(...head, { begin: entry });
      await flushed(this.#file);
    } catch (cause) {
      if (this.steps.length === 0) this.#discard();
      throw unusable(this.path, cause);
    }
    this.steps.push(entry);
  }

  /** A file without a whole first line says nothing. */
  #discard(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    rmSync(this.path, { force: true });
    this.#file = undefined;
    this.#cut = false;
  }

  /** Notes a step without a flush: the note outlives this process, but perhaps not the machine. */
  note(step: string, data: JsonObject = {}): void {
    const entry: RecordedStep = { step, time: new Date().toISOString(), data };
    try {
      this.#append({ begin: entry });
    } catch (cause) {
      throw unusable(this.path, cause);
    }
    this.steps.push(entry);
  }

  /**
   * Notes how the step just begun has ended. Never fails: on a disk that has become full the step stays open, which a
   * later run takes for a call of unknown outcome, and what was answered isn't lost with the note of it.
   */
  async end(outcome: StepOutcome, data: JsonObject = {}): Promise<void> {
    const last = this.steps.at(-1);
    if (!last) throw new Error("no step was begun");
    last.outcome = outcome;
    Object.assign(last.data, data);
    this.#tryAppend({ end: { outcome, data } });
  }

  #append(...lines: object[]): void {
    if (this.#file === undefined) throw new Error("no step was begun");
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    const onNewLine = this.#cut ? `\n${text}` : text;
    this.#cut = true;
    appendFileSync(this.#file, onNewLine);
    this.#cut = false;
  }

  #tryAppend(line: object): void {
    try {
      this.#append(line);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === undefined) throw cause;
    }
  }

  /** The operation is over: later runs need not wait for it. */
  async finish(): Promise<void> {
    this.done = true;
    if (this.#file === undefined) return;
    this.#tryAppend({ done: true });
    closeSync(this.#file);
    this.#file = undefined;
  }
}

export const byStamp = (a: OperationRecord, b: OperationRecord) => (a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : 0);

export function load(folder: string): OperationRecord[] {
  const names = unlessGone(folder, () => readdirSync(folder)) ?? [];
  const records = names.filter((name) => name.endsWith(".jsonl")).map((name) => read(join(folder, name)));
  return records.filter((record) => record !== undefined).sort(byStamp);
}

/** Another process may remove a record meanwhile. */
function read(path: string): OperationRecord | undefined {
  const text = unlessGone(path, () => readFileSync(path, "utf8"));
  return text === undefined ? undefined : parse(path, text);
}

function unlessGone<T>(path: string, look: () => T): T | undefined {
  try {
    return look();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unusable(path, cause);
  }
}

/** A last line cut by a power failure is left out: what it would have said is then simply not known. */
function parse(path: string, content: string): OperationRecord | undefined {
  let header: Header | undefined;
  const steps: RecordedStep[] = [];
  let done = false;
  for (const text of content.split("\n")) {
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

export function unusable(path: string, cause: unknown): JourneysError {
  return new JourneysError({
    code: "records-unusable",
    what: `can't use the record folder: ${path}: ${(cause as Error).message}`,
    now: "no request was sent: without a record, a killed run could do the same thing twice",
    next: "make the folder writable, or set journeys:recordFolder to one that is",
    cause,
  });
}
