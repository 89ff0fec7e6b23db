/** Which resource of the program declares a person: whom it was checked with, or, where that is still to come, announced. */
import type { Runtime } from "../../core/runtime";
import { engagelab } from "../api/client";
import { identityOf } from "../contact/address";
import { registry } from "../contact/registry";
import type { SetInputs } from "../contact-set/inputs";
import { readSource } from "../contact-set/source";
import { type Announcement, Announcements, personDigest } from "./announced";

export class Declarers {
  /** By digest, and by address where a source was read: the URN of who announced it. */
  readonly #announced = new Map<string, string>();
  readonly #program: Announcements;
  /** Who asks while sources are read waits for that too. */
  #heard: Promise<void> = Promise.resolve();

  constructor(private readonly runtime: Runtime) {
    this.#program = new Announcements(runtime.engineAddress);
  }

  /** The URN of another resource that declares the address. */
  async other(email: string, urn: string | undefined): Promise<string | undefined> {
    const identity = identityOf(email);
    const book = this.runtime.use(registry);
    const checked = book.ownerOf(identity);
    if (checked !== undefined) return checked === urn ? undefined : checked;
    this.#heard = this.#heard.then(() => this.#hear());
    await this.#heard;
    if (this.#announced.size === 0) return undefined;
    const key = this.runtime.use(engagelab).digestKey;
    const announced = this.#announced.get(identity) ?? this.#announced.get(personDigest(key, email));
    // Whoever was checked has said it all by that.
    return announced === undefined || announced === urn || book.hasDeclared(announced) ? undefined : announced;
  }

  async #hear(): Promise<void> {
    for (const each of this.#program.fresh()) await this.#take(each);
  }

  async #take({ urn, people = [], source }: Announcement): Promise<void> {
    for (const digest of people) this.#announced.set(digest, urn);
    if (!source || this.runtime.use(registry).hasDeclared(urn)) return;
    const { identities } = await readSource({ source } as unknown as SetInputs, this.runtime.folder);
    for (const identity of identities) this.#announced.set(identity, urn);
  }
}

/** The process's one view of the program. */
export function declarers(runtime: Runtime): Declarers {
  return new Declarers(runtime);
}
