/** The records of one folder: found by the object they are of, or by what a create was to make. */
import { byStamp, type OperationRecord } from "./record";

export class RecordIndex implements Iterable<OperationRecord> {
  readonly #all = new Set<OperationRecord>();
  readonly #byObject = new Map<string, Set<OperationRecord>>();
  readonly #byUrn = new Map<string, Set<OperationRecord>>();
  readonly #byTitle = new Map<string, Set<OperationRecord>>();
  /** Of an object whose id isn't known, or not known yet. */
  readonly #nameless = new Set<OperationRecord>();

  constructor(records: readonly OperationRecord[]) {
    for (const record of records) this.add(record);
  }

  [Symbol.iterator](): Iterator<OperationRecord> {
    return this.#all.values();
  }

  add(record: OperationRecord): void {
    const { kind, operation, urn, application, title } = record.header;
    this.#all.add(record);
    this.#nameless.add(record);
    if (operation !== "create") return;
    if (urn !== undefined) put(this.#byUrn, keyOf(kind, urn), record);
    if (title !== undefined) put(this.#byTitle, keyOf(kind, application, title), record);
  }

  remove(record: OperationRecord): void {
    const { kind, urn, application, title } = record.header;
    this.#all.delete(record);
    this.#nameless.delete(record);
    take(this.#byObject, keyOf(kind, record.id), record);
    take(this.#byUrn, keyOf(kind, urn), record);
    take(this.#byTitle, keyOf(kind, application, title), record);
  }

  /** Records of one object, oldest first. */
  of(kind: string, id: string): OperationRecord[] {
    for (const record of this.#nameless) {
      if (record.id === undefined) continue;
      this.#nameless.delete(record);
      put(this.#byObject, keyOf(record.header.kind, record.id), record);
    }
    return [...(this.#byObject.get(keyOf(kind, id)) ?? [])].sort(byStamp);
  }

  /** Creates under a URN, or of an application and title, oldest first. */
  creates(kind: string, urn?: string, application?: string, title?: string): OperationRecord[] {
    const underUrn = urn === undefined ? undefined : this.#byUrn.get(keyOf(kind, urn));
    const ofTitle = title === undefined ? undefined : this.#byTitle.get(keyOf(kind, application, title));
    return [...new Set([...(underUrn ?? []), ...(ofTitle ?? [])])].sort(byStamp);
  }
}

const keyOf = (...parts: (string | undefined)[]): string => JSON.stringify(parts);

function put(map: Map<string, Set<OperationRecord>>, key: string, record: OperationRecord): void {
  const known = map.get(key);
  if (known) known.add(record);
  else map.set(key, new Set([record]));
}

function take(map: Map<string, Set<OperationRecord>>, key: string, record: OperationRecord): void {
  const known = map.get(key);
  if (known?.delete(record) && known.size === 0) map.delete(key);
}
