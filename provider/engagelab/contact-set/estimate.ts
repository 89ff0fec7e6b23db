/** How many calls a plan takes, and how long they last at the configured rate. Pure. */
import { MOST_ITEMS } from "../api/condition";
import { MOST_MEMBERS, PAGE } from "../api/contacts";

export interface Work {
  /** Members to create, and members to update: they travel apart, since a new contact's tags are added. */
  creates: number;
  updates: number;
  /** Contacts to read and delete. */
  deletions: number;
  /** How many contacts the account has, where that was seen before. */
  accountSize?: number;
}

export interface Estimate {
  lookUpCalls: number;
  /** Whether fewer look-ups may do: the size of the account isn't known before. */
  isUpperBound: boolean;
  upsertCalls: number;
  deleteCalls: number;
  calls: number;
}

export function estimate({ creates, updates, deletions, accountSize }: Work): Estimate {
  const lookUps = creates + updates;
  // The first page tells how large the account is, and proves the searches.
  const searches = lookUps === 0 ? 0 : 1 + Math.ceil(lookUps / MOST_ITEMS);
  const lookUpCalls = Math.min(searches, listingCalls(accountSize));
  const upsertCalls = Math.ceil(creates / MOST_MEMBERS) + Math.ceil(updates / MOST_MEMBERS);
  const deleteCalls = 2 * deletions;
  return {
    lookUpCalls,
    isUpperBound: accountSize === undefined && lookUps > 0,
    upsertCalls,
    deleteCalls,
    calls: lookUpCalls + upsertCalls + deleteCalls,
  };
}

/** A first page that isn't full is the whole list; else it is read from the start. */
function listingCalls(accountSize = Number.POSITIVE_INFINITY): number {
  return accountSize < PAGE ? 1 : 1 + Math.ceil(accountSize / PAGE);
}

/** `about 3 min`; undefined without a limit, when only the platform's own speed counts. */
export function durationText(calls: number, rate: number): string | undefined {
  if (rate === 0 || calls === 0) return undefined;
  const seconds = Math.ceil(calls / rate);
  if (seconds < 120) return `about ${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `about ${minutes} min`;
  return `about ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 call`, `1,200 calls`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}
