/** What lives as long as one provider process with one configuration: settings, limits, connections, memory. */
import type { Config } from "./config";
import { Records } from "./records";
import { Run } from "./run";

export class Runtime {
  readonly run = new Run();
  readonly records: Records;
  readonly #made = new Map<unknown, unknown>();
  readonly #closers: (() => Promise<void>)[] = [];

  constructor(
    readonly config: Config,
    /** The program's folder: relative paths of settings and sources start here. */
    readonly folder: string,
    /** Where the engine of this run listens, which the program knows as well; undefined without an engine. */
    readonly engineAddress?: string,
  ) {
    this.records = new Records(
      () => config.path("recordFolder", folder),
      // Kinds begin with the name of their platform.
      (kind) => config.localUrl(kind.startsWith("engagelab-") ? "engagelabUrl" : "pushwooshJourneyUrl"),
    );
  }

  /** A platform's client: made on first use, one per process. */
  use<T>(make: (runtime: Runtime) => T): T {
    let made = this.#made.get(make) as T | undefined;
    if (made === undefined) {
      made = make(this);
      this.#made.set(make, made);
    }
    return made;
  }

  onClose(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    await Promise.all(this.#closers.splice(0).map((close) => close()));
  }
}
