/** The parts an entry is sent in: what each was made from, and how far it is known to have come. Pure. */
import type { OperationRecord } from "../../core/record";
import { digest, type Json, type JsonObject } from "../../core/values";
import type { Selector } from "../api/entries";
import { type EntryInputs, PART_SIZE, selectorOf } from "./inputs";

/** `assumed`: nobody knows, and the program said to take it as entered. */
export type PartOutcome = "unsent" | "accepted" | "unknown" | "assumed";

export interface Part {
  /** Its place in the list; 0 for a filter. */
  start: number;
  /** Missing for a filter. */
  people?: number;
  /** Keyed digest of journey, attributes and people: says whether they are still the same, not who they are. */
  digest: string;
  outcome: PartOutcome;
  /** The platform's id of the accepted request. */
  requestId?: string;
  /** When the platform accepted it, ISO 8601. */
  enteredAt?: string;
}

/** Where a part is in the list. */
export type Share = Pick<Part, "start" | "people">;

/** How a list is split; nothing while it isn't known. */
export function shares(inputs: EntryInputs, selector = selectorOf(inputs)): Share[] {
  if (!selector) return [];
  if (selector.kind === "filter") return [{ start: 0 }];
  const size = inputs.partSize ?? PART_SIZE;
  const found: Share[] = [];
  for (let start = 0; start < selector.people.length; start += size)
    found.push({ start, people: Math.min(size, selector.people.length - start) });
  return found;
}

/** The parts of a new entry. */
export function split(inputs: EntryInputs, key: string): Part[] {
  const selector = selectorOf(inputs);
  if (!selector) return [];
  return shares(inputs, selector).map((share) => ({
    ...share,
    digest: digestOf(inputs, slice(selector, share), key),
    outcome: "unsent",
  }));
}

/** Tells whom a part means; undefined where the declaration doesn't say. */
export type Meaning = (part: Part) => Selector | undefined;

/** For parts that were just made from this very declaration. */
export function meantNow(inputs: EntryInputs): (share: Share) => Selector | undefined {
  const selector = selectorOf(inputs);
  return (share) => selector && slice(selector, share);
}

/** For parts of an earlier run: whom they mean if the declaration still says the same about them, undefined otherwise. */
export function meaningOf(inputs: EntryInputs, key: string): Meaning {
  let selector: Selector | undefined;
  return (part) => {
    selector ??= selectorOf(inputs);
    if (!selector || (selector.kind === "filter") !== (part.people === undefined)) return undefined;
    const own = slice(selector, part);
    return digestOf(inputs, own, key) === part.digest ? own : undefined;
  };
}

function slice(selector: Selector, { start, people = 0 }: Share): Selector {
  if (selector.kind === "filter") return selector;
  return { ...selector, people: selector.people.slice(start, start + people) };
}

function digestOf({ journeyId, attributes = {} }: EntryInputs, selector: Selector, key: string): string {
  return digest([key, journeyId, attributes, selector]);
}

/** The first step of a record: all parts, before any is sent. */
export const PLANNED = "plan parts";
/** Parts that are about to be sent, where they have no flush each. */
export const ANNOUNCED = "announce parts";
export const ENTER = "enter part";

/** What a record notes of an entry that is about to begin. */
export function notesOf(parts: readonly Part[], inputs: EntryInputs, key: string): JsonObject {
  return { journeyId: inputs.journeyId, triggers: triggersDigest(inputs, key), parts: parts as unknown as Json };
}

export function triggersDigest({ triggers = [] }: EntryInputs, key: string): string {
  return digest([key, triggers]);
}

/** The parts as records say they are. A call that was begun, and no more is known of, has an unknown outcome. */
export function replay(start: readonly Part[], records: readonly OperationRecord[]): Part[] {
  return records.reduce(
    replayOne,
    start.map((part) => ({ ...part })),
  );
}

function replayOne(start: Part[], { steps, done, intact }: OperationRecord): Part[] {
  let parts = start;
  const lost = new Set<number>();
  for (const { step, outcome, data, time } of steps) {
    if (step === PLANNED) parts = (data.parts as unknown as Part[]).map((part) => ({ ...part }));
    // The machine went down: notes of parts that were announced may be lost.
    if (step === ANNOUNCED && !done && !intact) for (const part of data.parts as number[]) lost.add(part);
    if (step === ENTER) lost.delete(data.part as number);
    const part = step === ENTER ? parts[data.part as number] : undefined;
    if (!part || outcome === "refused") continue;
    if (outcome === "answered") {
      Object.assign(part, { outcome: "accepted", requestId: data.requestId, enteredAt: data.enteredAt ?? time });
    } else part.outcome = "unknown";
  }
  for (const place of lost) if (parts[place]) parts[place].outcome = "unknown";
  return parts;
}

/** How many people are in the parts; undefined where a filter says who. */
export function countOf(parts: readonly Share[]): number | undefined {
  if (parts.some(({ people }) => people === undefined)) return undefined;
  return parts.reduce((count, { people = 0 }) => count + people, 0);
}

/** `1,200 people`; `everyone the filter matches`. */
export function whoIn(parts: readonly Share[]): string {
  const count = countOf(parts);
  if (count === undefined) return "everyone the filter matches";
  return count === 1 ? "1 person" : `${count.toLocaleString("en")} people`;
}

/** `part 2 of 3 (users 501 to 1,000)`: found in the list without naming anybody. */
export function placeOf(part: Part, parts: readonly Part[], inputs: EntryInputs): string {
  const number = `part ${parts.indexOf(part) + 1} of ${parts.length}`;
  if (part.people === undefined) return "the filter's call";
  const list = inputs.hwids ? "hwids" : "users";
  const [first, last] = [part.start, part.start + part.people - 1];
  return `${number} (${list}[${first}]${last > first ? ` to [${last}]` : ""})`;
}
