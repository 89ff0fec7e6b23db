/** Pages turned into one stream of items: a page is held at a time, and one that comes twice is an error. */
import { JourneysError } from "../../core/errors";
import { digest, equal } from "../../core/values";
import { type Figure, toNumber } from "../api/shape";

/** How far a reading has come. */
export interface Progress {
  items: number;
  pages: number;
  /** How many there are in all, where the platform says so. */
  total?: number;
}

export interface StreamOptions {
  /** Told after each page, before its items are handed out. */
  onProgress?: (progress: Progress) => void;
}

export interface NumberedPage<Item> {
  total?: Figure;
  items: Item[];
}

/**
 * Items of pages counted from 0. The end is an empty page, or the total; without a total it is a page that isn't full.
 *
 * @throws JourneysError `unexpected-answer` when a page comes twice
 */
export async function* byNumber<Item>(
  what: string,
  perPage: number,
  read: (page: number) => Promise<NumberedPage<Item>>,
  { onProgress }: StreamOptions = {},
): AsyncGenerator<Item, void, undefined> {
  const seen = new Map<string, number>();
  let count = 0;
  for (let page = 0; ; page++) {
    const { total: answered, items } = await read(page);
    if (items.length === 0) return;
    const print = digest(items);
    const before = seen.get(print);
    if (before !== undefined) throw repeated(what, `page ${page} is the same as page ${before}`, count);
    seen.set(print, page);
    const total = toNumber(answered);
    count += items.length;
    onProgress?.({ items: count, pages: page + 1, ...(total > 0 && { total }) });
    for (const item of items) yield item; // `yield*` would wait three times for each
    if (total > 0 ? count >= total : items.length < perPage) return;
  }
}

export interface TokenPage<Item> {
  token?: string;
  events: Item[];
}

/**
 * Items of pages of which each names the next by a token. How the last one looks isn't documented: no token, an empty
 * one, an empty page, or, on a page that isn't full, the token just used.
 *
 * @throws JourneysError `unexpected-answer` when a token or a page comes twice and there may be more
 */
export async function* byToken<Item>(
  what: string,
  perPage: number,
  read: (token: string | undefined) => Promise<TokenPage<Item>>,
  { onProgress }: StreamOptions = {},
): AsyncGenerator<Item, void, undefined> {
  const used = new Set<string>();
  let token: string | undefined;
  let last: Item[] = [];
  let count = 0;
  for (let pages = 1; ; pages++) {
    const { token: next, events } = await read(token);
    if (events.length === 0) return;
    const isFull = events.length >= perPage;
    if (equal(events, last)) {
      if (!isFull) return;
      throw repeated(what, `page ${pages} is the same as the one before`, count);
    }
    count += events.length;
    onProgress?.({ items: count, pages });
    for (const event of events) yield event;
    if (!next || (next === token && !isFull)) return;
    if (used.has(next)) throw repeated(what, `page ${pages} names a next page that was read before`, count);
    used.add(next);
    token = next;
    last = events;
  }
}

function repeated(what: string, how: string, count: number): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: `${what}: ${how}`,
    now: `${count} were read; whether there are more can't be told`,
    next: "narrow what is asked for (dates, a campaign, a message), or run again later",
  });
}

/** The first items, and whether there are more. */
export async function take<Item>(
  items: AsyncIterable<Item>,
  limit: number,
): Promise<{ items: Item[]; truncated: boolean }> {
  const taken: Item[] = [];
  for await (const item of items) {
    if (taken.length === limit) return { items: taken, truncated: true };
    taken.push(item);
  }
  return { items: taken, truncated: false };
}
