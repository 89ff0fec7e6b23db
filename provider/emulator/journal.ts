import type { PlatformName } from "./exchange";

/** One request the emulator received. Credentials are never part of it. */
export interface JournalEntry {
  /** 1 for the first request. */
  readonly n: number;
  /** Time of arrival, ISO 8601, by the emulator's clock. */
  readonly time: string;
  readonly platform: PlatformName;
  /** Name of the endpoint, such as `journey.create`; `unknown` for a path that has none. */
  readonly endpoint: string;
  readonly method: string;
  /** Path with the query string. */
  readonly path: string;
  /** The parsed JSON body, or the text of a body that is not JSON. */
  readonly body?: unknown;
  /** Status of the answer; absent while there is none, and for a connection cut before it. */
  status?: number;
  /** True once the platform has taken the write, whatever the client got to see. */
  committed: boolean;
  title?: string;
  id?: string;
  /** The fault this request ran into. */
  fault?: string;
  /** @internal All ids and titles concerned: one call may name many. */
  readonly ids: readonly string[];
  /** @internal */
  readonly titles: readonly string[];
}

/** Picks requests; every member given must hold. */
export interface RequestFilter {
  platform?: PlatformName;
  /** One name, several, or a beginning such as `journey.*`. */
  endpoint?: string | readonly string[];
  method?: string;
  /** Title of the journey (or name of the thing) concerned, before or after the call. */
  title?: string;
  id?: string;
  /** Address of a contact that the request names or has in its path by id; letter case does not count. */
  email?: string;
}

/** The requests in order, and how many of them were committed writes. */
export class Journal {
  readonly entries: JournalEntry[] = [];

  /** Counts requests. */
  requests(filter?: RequestFilter): number {
    return filter ? this.entries.filter((entry) => matches(filter, entry)).length : this.entries.length;
  }

  /** Counts committed writes. */
  writes(filter: RequestFilter = {}): number {
    return this.entries.reduce((count, entry) => count + (entry.committed && matches(filter, entry) ? 1 : 0), 0);
  }

  clear(): void {
    this.entries.length = 0;
  }
}

/** Whether a request is one the filter asks for. */
export function matches(filter: RequestFilter, entry: JournalEntry): boolean {
  return (
    (filter.platform === undefined || filter.platform === entry.platform) &&
    (filter.method === undefined || filter.method === entry.method) &&
    (filter.endpoint === undefined || namesEndpoint(filter.endpoint, entry.endpoint)) &&
    (filter.id === undefined || filter.id === entry.id || entry.ids.includes(filter.id)) &&
    (filter.title === undefined || filter.title === entry.title || entry.titles.includes(filter.title)) &&
    (filter.email === undefined || namesAddress(entry, filter.email.toLowerCase()))
  );
}

function namesAddress({ platform, titles }: JournalEntry, wanted: string): boolean {
  return platform === "engagelab" && titles.some((title) => title.toLowerCase() === wanted);
}

function namesEndpoint(wanted: string | readonly string[], endpoint: string): boolean {
  if (typeof wanted !== "string") return wanted.some((name) => namesEndpoint(name, endpoint));
  return wanted.endsWith("*") ? endpoint.startsWith(wanted.slice(0, -1)) : wanted === endpoint;
}
