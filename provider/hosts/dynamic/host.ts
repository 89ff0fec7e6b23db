/** What all kinds of one dynamic-provider process share: one runtime, and what was checked and shown. */
import { Config, type Settings } from "../../core/config";
import { JourneysError } from "../../core/errors";
import { Runtime } from "../../core/runtime";
import { EngineWatch } from "./engine-watch";

export class Host {
  readonly watch: EngineWatch;
  /** URN to the digest of the inputs that passed Check in this process. A refresh calls Diff without one. */
  readonly #checked = new Map<string, string>();
  readonly #shown = new Set<string>();
  #runtime?: Runtime;
  #fault?: unknown;

  constructor(
    private readonly write: (text: string) => void,
    private readonly engineAddress?: string,
    exit: () => void = () => {},
  ) {
    this.watch = new EngineWatch(engineAddress, exit);
  }

  /**
   * Takes the configuration at once, with nothing awaited: the engine's first calls may be running already. A fault is
   * kept, so that every call fails with it and not only the first. Each kind configures; the configuration is the same.
   */
  configure(settings: Settings): void {
    if (this.#runtime) return;
    try {
      this.#runtime = new Runtime(new Config(settings, process.env), process.cwd(), this.engineAddress);
    } catch (error) {
      this.#fault = error;
    }
  }

  get runtime(): Runtime {
    if (this.#runtime) return this.#runtime;
    if (this.#fault !== undefined) throw this.#fault;
    throw new JourneysError({
      code: "missing-configuration",
      what: "the engine gave no configuration to the dynamic provider",
      now: "nothing was sent",
      next: "update the Pulumi CLI and @pulumi/pulumi to 3.216 or newer",
    });
  }

  passedCheck(urn: string, digest: string): void {
    this.#checked.set(urn, digest);
  }

  /** Whether these very inputs passed Check in this process. */
  hasChecked(urn: string, digest: string): boolean {
    return this.#checked.get(urn) === digest;
  }

  /** One block per resource and process. One write, so that blocks of several resources don't mix. */
  show(key: string, block: string | undefined): void {
    if (block === undefined || this.#shown.has(key)) return;
    this.#shown.add(key);
    this.write(`${block}\n`);
  }

  say(line: string): void {
    this.write(`${line}\n`);
  }
}

let only: Host | undefined;

/** The host of this process, which Pulumi starts with the engine's address as its one argument. */
export function processHost(): Host {
  only ??= new Host(
    (text) => process.stdout.write(text),
    process.argv[2],
    () => process.exit(0),
  );
  return only;
}
