/** The list read to its end. Offsets shift while contacts come and go, so rows are counted and never trusted to be all. */
import { JourneysError } from "../../core/errors";
import type { EngagelabClient } from "../api/client";
import type { Condition } from "../api/condition";
import type { RemoteContact } from "../api/contact";
import { type ContactPage, listPage, PAGE } from "../api/contacts";

/** More pages than this list no account: the platform ignores the offset. */
const MOST_PAGES = 100_000;

export interface ListingOptions {
  condition?: Condition;
  /** Rows to leave out at the beginning. */
  from?: number;
  /** Told after each page: rows so far, and how many there should be, as far as that is known. */
  onProgress?: (rows: number, total: number | undefined) => void;
  signal?: AbortSignal;
}

/**
 * Every contact, each id once, page by page.
 *
 * A page that is short ends a filtered listing, whose `total` may count all contacts; without a filter the rows must
 * come to `total` as well, or an empty page says that there are no more.
 *
 * @returns how many contacts came, and the last `total` the platform named
 * @throws MovedList at the end of a filtered listing
 */
export async function* pages(
  client: EngagelabClient,
  { condition, from = 0, onProgress, signal }: ListingOptions,
): AsyncGenerator<RemoteContact[], { unique: number; total: number | undefined }, undefined> {
  const seen = new Set<string>();
  let offset = from;
  let page: ContactPage | undefined;
  for (let number = 0; number < MOST_PAGES; number++) {
    page = await listPage(client, { condition, limit: PAGE, offset, signal });
    offset += page.rows;
    const fresh = page.contacts.filter(({ id }) => !seen.has(id) && seen.add(id));
    onProgress?.(seen.size, condition ? undefined : page.total);
    if (fresh.length > 0) yield fresh;
    const isShort = page.rows < PAGE;
    const isAll = condition !== undefined || offset >= (page.total ?? 0);
    // An empty page is the end; so are rows that all came before, as from a list that ignores the offset.
    if (page.rows === 0 || (isShort && isAll) || (fresh.length === 0 && offset - from > 2 * seen.size + PAGE)) break;
  }
  if (condition && offset - from > seen.size) throw new MovedList();
  return { unique: seen.size, total: page?.total };
}

/** Some came twice, so the order moved meanwhile. Of a filtered list nothing else tells that it has gaps. */
export class MovedList extends JourneysError {
  constructor() {
    super({
      code: "unexpected-answer",
      what: "search contacts: some contacts were listed twice, so others may have been left out",
      now: "nothing was decided from it; contacts may have changed meanwhile, or the platform lists them in no order",
      next: "run again; if it stays so, narrow the condition until a page of 100 holds all it matches",
    });
  }
}
