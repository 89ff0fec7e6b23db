/**
 * Reads back what nothing has proved yet: the first member that carries each tag and each property, and everybody from
 * whom something was taken away.
 */
import { setTimeout as delay } from "node:timers/promises";
import { JourneysError } from "../../core/errors";
import { formatPath, type Path } from "../../core/values";
import { engagelab } from "../api/client";
import type { RemoteContact } from "../api/contact";
import { getContact } from "../api/contacts";
import { lookup } from "../contact/lookup";
import { pace } from "../contact/pace";
import { proofs } from "../contact/proofs";
import { lacking, type Target } from "../contact/target";
import { owningBoth, unknownContent } from "./comparison";
import { counted } from "./estimate";
import { desiredOf } from "./judge";
import { notKept } from "./refusals";
import { sendCleared, type Written } from "./send";
import type { Shape } from "./shapes";
import type { Task } from "./task";

/** Up to so many are read by id, which lags least; more are cheaper to list. */
const MOST_BY_ID = 50;

/** Gathers who has to be read back, while members are written. */
export class Suspects {
  readonly #rows = new Map<number, Written>();
  readonly #seen = new Set<string>();
  /** Of which no further row carries anything new. */
  readonly #known = new Set<Shape>();
  /** Keys this set proves for the whole run. */
  readonly keys: string[] = [];

  constructor(private readonly task: Task) {}

  note(written: Written): void {
    const { clears, untags } = written.target;
    const fresh = this.#fresh(written.row);
    const claimed = fresh.length > 0 ? this.task.context.runtime.use(proofs).claim(fresh) : [];
    this.keys.push(...claimed);
    if (clears.length + untags.length > 0 || claimed.length > 0) this.#rows.set(written.row, written);
  }

  #fresh(row: number): string[] {
    const shape = this.task.reading.shapeOf(row);
    if (this.#known.has(shape)) return [];
    const keys = keysOf(this.task, row);
    const fresh = keys.filter((key) => !this.#seen.has(key));
    for (const key of fresh) this.#seen.add(key);
    // An empty value proves nothing of its property.
    if (!Object.values(desiredOf(this.task, row).fields ?? {}).includes("")) this.#known.add(shape);
    return fresh;
  }

  get all(): Written[] {
    return [...this.#rows.values()];
  }

  /** Every tag and property that was sent, as the run's proofs know them. */
  get sent(): string[] {
    return [...this.#seen];
  }
}

function keysOf(task: Task, row: number): string[] {
  const { tags = [], fields = {} } = desiredOf(task, row);
  const isNewAccount = task.listId === undefined && task.context.runtime.use(lookup).findings.listId === undefined;
  return [
    ...tags.map((tag) => JSON.stringify(["tags", tag])),
    ...Object.keys(fields).flatMap((key) => (fields[key] === "" ? [] : [JSON.stringify(["fields", key])])),
    // So that the account's list gets known by the first contact of an empty account.
    ...(isNewAccount ? ['["list"]'] : []),
  ];
}

/** Members whose write did not take in full are sent again by the next run, and told of now. */
export async function verify(task: Task, suspects: Suspects): Promise<void> {
  const ledger = task.context.runtime.use(proofs);
  let missing = new Map<number, Path[]>();
  let isSeen = false;
  try {
    missing = await readBack(task, suspects.all);
    const stubborn = suspects.all.filter(({ row, target }) => isCleared(target, missing.get(row)));
    if (stubborn.length > 0) {
      await sendCleared(task, stubborn);
      for (const [row, paths] of await readBack(task, stubborn)) missing.set(row, paths);
      for (const { row } of stubborn) if (!missing.get(row)?.length) missing.delete(row);
    }
    isSeen = true;
  } catch (error) {
    if (!(error instanceof JourneysError)) throw error;
    task.context.log("warning", "what was written could not be read back yet; the next refresh shows it");
    for (const { row, target } of suspects.all) if (target.clears.length + target.untags.length > 0) doubt(task, row);
  } finally {
    const lost = new Set([...missing.values()].flat().map(formatPath));
    for (const key of suspects.keys) ledger.settle(key, isSeen ? !lost.has(formatPath(pathOf(key))) : undefined);
  }
  const refuted = (await ledger.refuted(suspects.sent)).map(pathOf);
  report(task, missing, refuted);
}

function pathOf(key: string): Path {
  return JSON.parse(key) as string[];
}

/** Whether something that was to be emptied still has its value. */
function isCleared({ clears }: Pick<Target, "clears">, missing: readonly Path[] = []): boolean {
  const lost = new Set(missing.map(formatPath));
  return clears.some((path) => lost.has(formatPath(path)));
}

/** What of each is missing. Reads may lag behind writes, so what shows less than all is read again for a while. */
async function readBack(task: Task, suspects: readonly Written[]): Promise<Map<number, Path[]>> {
  const { runtime, signal } = task.context;
  let left = suspects;
  const missing = new Map<number, Path[]>();
  for (const wait of [...runtime.use(pace).lag, undefined]) {
    const contacts = await contactsOf(task, left);
    for (const { row, target } of left) {
      const contact = contacts.get(row);
      if (contact) missing.set(row, lacking(desiredOf(task, row), target, contact));
    }
    left = left.filter(({ row }) => missing.get(row)?.length !== 0);
    if (left.length === 0 || wait === undefined || signal?.aborted) break;
    await delay(wait);
  }
  for (const [row, paths] of missing) if (paths.length === 0) missing.delete(row);
  return missing;
}

async function contactsOf(task: Task, suspects: readonly Written[]): Promise<Map<number, RemoteContact>> {
  const { runtime } = task.context;
  const look = runtime.use(lookup);
  const found = new Map<number, RemoteContact>();
  if (suspects.length <= MOST_BY_ID) {
    const client = runtime.use(engagelab);
    await Promise.all(
      suspects.map(async ({ row, id }) => {
        const contact = await getContact(client, id);
        if (!contact) return;
        look.findings.glimpse(contact);
        found.set(row, contact);
      }),
    );
    return found;
  }
  const { identities, emails } = task.reading;
  for (const { row } of suspects) look.findings.doubt(identities[row]!);
  const rows = await look.findAll(suspects.map(({ row }) => emails[row]!));
  for (const { row, id } of suspects) {
    const contact = rows.get(identities[row]!)?.find((each) => each.id === id);
    if (contact) found.set(row, contact);
  }
  return found;
}

/** The next run looks at a member again; what wasn't emptied or taken off stays the set's to take away. */
function doubt({ ledger, comparison, prior }: Task, row: number): void {
  const entry = ledger.entry(row);
  const at = comparison.positions[row]!;
  if (entry) ledger.remember(row, at < 0 ? { ...entry, content: unknownContent } : owningBoth(entry, prior.entry(at)));
}

/** Whoever lacks something, or carries what another one has lost, is to be written again. */
function report(task: Task, missing: ReadonlyMap<number, Path[]>, refuted: readonly Path[]): void {
  const { ledger, reading, context } = task;
  const paths = new Map([...[...missing.values()].flat(), ...refuted].map((path) => [formatPath(path), path]));
  if (paths.size === 0) return;
  const lost = new Set(refuted.map((path) => JSON.stringify(path)));
  let members = 0;
  for (let row = 0; row < reading.count; row++) {
    const entry = ledger.entry(row);
    if (!entry || !(missing.has(row) || keysOf(task, row).some((key) => lost.has(key)))) continue;
    if (missing.has(row)) doubt(task, row);
    else ledger.remember(row, { ...entry, content: unknownContent });
    members += 1;
  }
  context.log("warning", `${counted(members, "member")} did not keep everything that was sent`);
  ledger.fail(notKept([...paths.values()], members));
}
