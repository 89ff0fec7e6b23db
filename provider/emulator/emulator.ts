import { rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type { EngagelabAccount } from "./engagelab/accounts";
import type { EngagelabBehind } from "./engagelab/behind";
import { createEngagelab } from "./engagelab/platform";
import type { EngagelabSwitches } from "./engagelab/switches";
import type { EngagelabView } from "./engagelab/view";
import { type ActiveFault, type Fault, Faults } from "./faults";
import { type Hook, type HookMoment, Hooks } from "./hooks";
import { Journal, type JournalEntry, type RequestFilter } from "./journal";
import { Persistence } from "./persist";
import { createPushwoosh, type PushwooshBehind } from "./pushwoosh/platform";
import type { PushwooshSwitches } from "./pushwoosh/switches";
import type { PushwooshView } from "./pushwoosh/view";
import { createServer } from "./server";
import { type EmulatorConfig, settingsFor } from "./settings";
import { World } from "./world";

/** How an emulator behaves. Everything is optional. */
export interface EmulatorOptions {
  /** Behaviours of the Pushwoosh half that its documentation leaves open. */
  pushwoosh?: PushwooshSwitches;
  /** Behaviours of the EngageLab half that its documentation leaves open. */
  engagelab?: EngagelabSwitches;
  /** Pushwoosh access tokens that are accepted. Default: any. */
  tokens?: readonly string[];
  /** EngageLab credentials that are accepted, and the accounts they open. Default: any, all for one account. */
  accounts?: readonly EngagelabAccount[];
  /** File that keeps the state over restarts; written after each commit. Default: memory only. */
  persist?: string;
  /** Port on 127.0.0.1. Default: a free one. */
  port?: number;
  /** The time. Default: the system's. */
  clock?: () => Date;
  /** Seed of ids and sample figures: the same seed and calls give the same answers. Default: at random. A file's own seed goes on. */
  seed?: number;
  /** Whether the journal keeps request bodies. Default true; false saves memory in long runs. */
  journalBodies?: boolean;
}

/** Both platforms, running on this machine. */
export interface Emulator {
  /** Base URL of all hosts of both platforms, such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /**
   * Configuration of a stack whose program is tried on this emulator: addresses, credentials that are accepted (the first of
   * `tokens` and `accounts`), no limits, and a record folder of its own.
   */
  readonly config: EmulatorConfig;
  readonly seed: number;
  /** The requests in order. Credentials are never in it. */
  readonly journal: readonly JournalEntry[];
  /** Counts requests. */
  requests(filter?: RequestFilter): number;
  /** Counts committed writes, acts behind the client's back not included. */
  writes(filter?: RequestFilter): number;
  /** Sets a fault; by default for the next matching request only. */
  fault(fault: Fault): ActiveFault;
  clearFaults(): void;
  /** Runs a callback before or after matching requests; the returned function takes it away. */
  on(moment: HookMoment, filter: RequestFilter, hook: Hook): () => void;
  /** Acts of other people: no requests, no journal, no write counted. */
  readonly behind: PushwooshBehind & EngagelabBehind;
  /** What the Pushwoosh half holds. */
  readonly pushwoosh: PushwooshView;
  /** What the EngageLab half holds, and how to fill it. */
  readonly engagelab: EngagelabView;
  /** The emulator's present time. */
  now(): Date;
  /** Lets time pass at once. */
  advance(time: { hours?: number; minutes?: number; seconds?: number }): void;
  /** Back to empty accounts, without journal, faults, hooks and records. */
  reset(): void;
  /** Stops at once; open connections are cut, and the record folder of `config` goes. */
  close(): Promise<void>;
}

/**
 * Starts both platforms on 127.0.0.1.
 * @throws Error for an unknown switch or value, a file it didn't write, or a port in use.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const world = new World(options);
  const pushwoosh = createPushwoosh(world, options.pushwoosh, options.tokens);
  const engagelab = createEngagelab(world, options.engagelab, options.accounts);
  const platforms = [pushwoosh.platform, engagelab.platform];
  const persistence = new Persistence(options.persist, world, platforms);
  persistence.load();
  // A file that can't be written is said now, and not by the first commit.
  persistence.save();

  const journal = new Journal();
  const hooks = new Hooks();
  const faults = new Faults(world);
  const journalBodies = options.journalBodies ?? true;
  const server = createServer({ platforms, world, journal, hooks, faults, persistence, journalBodies });
  await server.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const changed = () => persistence.save();
  const { config, recordFolder } = settingsFor(url, options.tokens, options.accounts);
  const forgetRecords = () => rmSync(recordFolder, { recursive: true, force: true });

  return {
    url,
    config,
    seed: world.seed,
    journal: journal.entries,
    requests: (filter) => journal.requests(filter),
    writes: (filter) => journal.writes(filter),
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    on: (moment, filter, hook) => hooks.on(moment, filter, hook),
    behind: { ...pushwoosh.behind(changed), ...engagelab.behind(changed) },
    pushwoosh: pushwoosh.view,
    engagelab: engagelab.view(url, changed),
    now: () => world.now(),
    advance: ({ hours = 0, minutes = 0, seconds = 0 }) => {
      world.advance(((hours * 60 + minutes) * 60 + seconds) * 1000);
      persistence.save();
    },
    reset: () => {
      for (const platform of platforms) platform.clear();
      journal.clear();
      faults.clear();
      hooks.clear();
      forgetRecords();
      persistence.save();
    },
    close: async () => {
      await server.close();
      forgetRecords();
    },
  };
}
