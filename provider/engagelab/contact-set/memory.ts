/**
 * What a run notes before it sends, and what a later one makes of it: members whose write may or may not have taken
 * place are looked at again. Records hold digests under the set's key, which nobody can make without the API key.
 */
import { createHmac, hash } from "node:crypto";
import type { OperationRecord } from "../../core/record";
import type { Context } from "../../core/resource";
import { engagelab } from "../api/client";
import { doubted } from "./comparison";
import type { Entry } from "./entry";
import type { Verdict } from "./judge";
import { LooseRows } from "./loose-rows";
import { Packed } from "./packed";
import { KIND } from "./state";
import type { Task } from "./task";

/** The two steps a record has. */
const SEND = "send members";
const DELETE = "delete contacts";

/** A clock of the platform may differ from ours by so much. */
const CLOCKS_DIFFER_MS = 600_000;

/** The key of a set: the same for every run with this API key, so that a create that was cut off can be gone on with. */
export function keyOf(setId: string, { runtime }: Context): string {
  const secret = runtime.use(engagelab).digestKey;
  return createHmac("sha256", secret).update(`contact set ${setId}`).digest("base64url").slice(0, 22);
}

/** Tells whether digests were made with a key, and nothing of it. */
function checkOf(key: string): string {
  return hash("sha256", `check ${key}`).slice(0, 16);
}

/** Notes members about to be sent, as they are meant to be. */
export async function noteSends(
  record: OperationRecord,
  task: Task,
  verdicts: readonly Verdict[],
  key: string,
): Promise<void> {
  const rows = new LooseRows(verdicts.length);
  for (const verdict of verdicts) {
    const id = "contact" in verdict ? verdict.contact.id : "";
    const flags = "flags" in verdict ? verdict.flags : 0;
    rows.addRow(task.comparison.digests, verdict.row, id, flags);
  }
  await record.begin(SEND, { members: Packed.from(rows, rows.all()).encode(), key: checkOf(key) });
}

/** Notes contacts about to be deleted. */
export async function noteDeletions(
  record: OperationRecord,
  prior: Packed,
  positions: readonly number[],
  key: string,
): Promise<void> {
  const entries = positions.map((at) => prior.entry(at));
  await record.begin(DELETE, { members: Packed.of(entries).encode(), key: checkOf(key) });
}

export interface Remembered {
  prior: Packed;
  /** Earliest time at which contacts of unknown id may have been created. */
  since?: number;
}

/** What the state says, with a doubt about everybody a newer record speaks of. */
export function recall(saved: Packed, records: readonly OperationRecord[], key: string): Remembered {
  const steps = records.flatMap(({ steps, header }) => steps.map(({ data }) => ({ data, time: header.time })));
  const known = steps.filter(({ data }) => data.key === checkOf(key) && typeof data.members === "string");
  if (known.length === 0) return { prior: saved };
  const entries = new Map([...saved.entries()].map((entry) => [nameOf(entry), entry]));
  for (const { data } of known) {
    const noted = Packed.decode((data as { members: string }).members);
    for (const entry of noted.entries()) {
      const before = entries.get(nameOf(entry));
      entries.set(nameOf(entry), doubted({ ...entry, id: before?.id ?? entry.id }, before));
    }
  }
  const times = known.map(({ time }) => Date.parse(time));
  return { prior: Packed.of([...entries.values()]), since: Math.min(...times) - CLOCKS_DIFFER_MS };
}

function nameOf({ address }: Entry): string {
  return `${address.high} ${address.low}`;
}

/** Creates of this name that no saved state of this run stands for. */
export function createsOf({ runtime, urn }: Context): OperationRecord[] {
  const { records, run } = runtime;
  return records.creates(KIND, urn).filter(({ id }) => id !== undefined && !run.isKept(KIND, id));
}

/** The state's members and what newer records make of them. */
export function remembered(id: string, saved: Packed, stamp: string, key: string, { runtime }: Context): Remembered {
  return recall(saved, runtime.records.newer(KIND, id, stamp), key);
}
