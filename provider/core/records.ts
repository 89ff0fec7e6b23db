/**
 * The memory beside the state. Before every write that must not happen twice, one line is written and flushed into a
 * small file in the record folder; the outcome follows in a second line. A file is one operation on one resource.
 *
 * Pulumi forgets a create that failed without an id and repeats one that was killed; these files don't. They hold no
 * secret and no address.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { v7 as timeOrderedId } from "uuid";
import { JourneysError } from "./errors";
import { bootId, processStart } from "./process";
import { type Header, HOST, load, OperationRecord, type RecordSubject, unusable, WAIT_MS } from "./record";
import { RecordIndex } from "./record-index";

const DELETED_KEEP_MS = 7 * 24 * 3600_000;

export class Records {
  readonly #folder: () => string;
  #loaded?: RecordIndex;
  #ready = false;
  readonly #removals = new Set<Promise<void>>();
  /** By kind and id: the newest stamp a saved state was seen with. */
  readonly #saved = new Map<string, string>();
  /** Objects whose saved state was seen since the last sweep; undefined where every record is to be looked at. */
  #seen: { kind: string; id: string }[] | undefined;

  /** @param localOf the address of a kind's platform, where that is one of this machine */
  constructor(
    folder: () => string,
    private readonly localOf: (kind: string) => string | undefined = () => undefined,
  ) {
    this.#folder = folder;
  }

  /** A stamp for a state whose making wrote nothing. Newer than `after`, also where this machine's clock is behind. */
  stamp(after = ""): string {
    const stamp = timeOrderedId();
    return stamp > after ? stamp : timeOrderedId({ msecs: timeOf(after) + 1 });
  }

  /** Starts a record; nothing is written before its first step. Fails if the folder can't be used. */
  start(subject: RecordSubject): OperationRecord {
    this.#prepare();
    this.#sweep();
    const stamp = this.stamp(subject.id && this.#saved.get(`${subject.kind} ${subject.id}`));
    const header: Header = {
      version: 1,
      stamp,
      ...subject,
      time: new Date().toISOString(),
      host: HOST,
      pid: process.pid,
      processStart: processStart(process.pid),
      boot: bootId(),
      local: this.localOf(subject.kind),
    };
    const record = new OperationRecord(header, [], false, join(this.#folder(), `${stamp}.jsonl`));
    this.#all().add(record);
    return record;
  }

  /** Records of a remote object that are newer than the saved state. Oldest first. */
  newer(kind: string, id: string, stamp = ""): OperationRecord[] {
    return this.#all()
      .of(kind, id)
      .filter((record) => record.stamp > stamp && record.steps.length > 0 && !record.active);
  }

  /** Creates under the resource's name, or of the same application and title under whatever name. Oldest first. */
  creates(kind: string, urn: string | undefined, application?: string, title?: string): OperationRecord[] {
    return this.#all()
      .creates(kind, urn, application, title)
      .filter(({ steps, active }) => steps.length > 0 && !active);
  }

  /** A saved state was seen: records it covers go with the next operation that writes. */
  seen(kind: string, id: string, stamp: string | undefined): void {
    if (!stamp) return;
    this.#saved.set(`${kind} ${id}`, stamp);
    this.#seen?.push({ kind, id });
  }

  /** The object is gone: what earlier operations noted of it is of no use any more. */
  forget(kind: string, id: string): void {
    for (const record of this.#all().of(kind, id)) {
      if (record.header.operation !== "delete" && !record.active) this.drop(record);
    }
  }

  /** Forgets a record of which nothing remains to be known, such as a create the platform refused. */
  drop(record: OperationRecord): void {
    // Off the caller's path: whoever needs it gone waits with `dropped`.
    const removal = unlink(record.path)
      .catch(() => {})
      .then(() => void this.#removals.delete(removal));
    this.#removals.add(removal);
    this.#loaded?.remove(record);
  }

  /** Resolves when the files of dropped records are gone: a later run must not find them. */
  async dropped(): Promise<void> {
    await Promise.all(this.#removals);
  }

  /** Waits while another process is at work on one of the records; fails after two minutes. */
  async settled(find: () => OperationRecord[], resource: string, waitMs = WAIT_MS): Promise<OperationRecord[]> {
    const until = Date.now() + waitMs;
    // Whoever was at work on one when it was read may have gone on, and ended, since.
    if (find().some(({ done, own }) => !done && !own)) this.reload();
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
    const own = [...(this.#loaded ?? [])].filter((record) => record.own);
    const paths = new Set(own.map(({ path }) => path));
    this.#keep([...this.#load().filter(({ path }) => !paths.has(path)), ...own]);
  }

  #all(): RecordIndex {
    return this.#loaded ?? this.#keep(this.#load());
  }

  /** Those of these platforms: an emulator's and the platform's own have nothing to do with each other. */
  #load(): OperationRecord[] {
    return load(this.#folder()).filter(({ header }) => header.local === this.localOf(header.kind));
  }

  #keep(records: OperationRecord[]): RecordIndex {
    this.#seen = undefined;
    this.#loaded = new RecordIndex(records);
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

  /** Removes what later states cover. Records come to be covered when a state is seen, so only its own are looked at. */
  #sweep(): void {
    const index = this.#all();
    const candidates = this.#seen ? this.#seen.flatMap(({ kind, id }) => index.of(kind, id)) : [...index];
    this.#seen = [];
    for (const record of candidates) if (!record.own && !record.busy && this.#isSpent(record)) this.drop(record);
  }

  #isSpent({ header, id, stamp, steps, done }: OperationRecord): boolean {
    const saved = id === undefined ? undefined : this.#saved.get(`${header.kind} ${id}`);
    if (steps.length === 0 || (saved !== undefined && stamp <= saved)) return true;
    return header.operation === "delete" && done && Date.now() - Date.parse(header.time) > DELETED_KEEP_MS;
  }
}

/** The milliseconds a time-ordered id begins with. */
const timeOf = (stamp: string): number => Number.parseInt(stamp.replaceAll("-", "").slice(0, 12), 16);

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
