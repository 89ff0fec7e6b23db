/**
 * Which addresses the program declares, and by which resource: found out at Check, in this process. It finds the
 * same address declared twice, and tells look-ups which addresses will be asked for next.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Runtime } from "../../core/runtime";
import { identityOf } from "./address";

export class Registry {
  readonly #owners = new Map<string, string>();
  readonly #declared = new Map<string, readonly string[]>();
  readonly #expected = new Map<string, string>();
  #lastDeclared = 0;

  /**
   * Takes note of everybody one resource declares, in the place of those it declared before.
   *
   * @param identities lower-cased addresses
   * @returns those that another resource declares as well, with that one's URN; they stay with it
   */
  declare(urn: string, identities: readonly string[]): { identity: string; urn: string }[] {
    this.#lastDeclared = Date.now();
    const before = this.#declared.get(urn);
    for (const identity of before === identities ? [] : (before ?? [])) {
      if (this.#owners.get(identity) === urn) this.#owners.delete(identity);
    }
    const taken: { identity: string; urn: string }[] = [];
    for (const identity of identities) {
      const owner = this.#owners.get(identity);
      if (owner !== undefined && owner !== urn) taken.push({ identity, urn: owner });
      else this.#owners.set(identity, urn);
    }
    this.#declared.set(urn, identities);
    return taken;
  }

  /** A plan needs to know of this address: a look-up under way may take it in. */
  expect(email: string): void {
    this.#expected.set(identityOf(email), email.trim());
  }

  /** Addresses whose plan needs a look-up that hasn't taken place; identity to spelling. */
  get expected(): ReadonlyMap<string, string> {
    return this.#expected;
  }

  /** A look-up has found out about it. */
  met(identity: string): void {
    this.#expected.delete(identity);
  }

  /** The URN of the resource that declares the address. */
  ownerOf(identity: string): string | undefined {
    return this.#owners.get(identity);
  }

  /** Whether this resource was checked in this process. */
  hasDeclared(urn: string): boolean {
    return this.#declared.has(urn);
  }

  /** Waits until nothing was declared for a while: what a resource gives up may be on its way to another one. */
  async settled(quiet: number): Promise<void> {
    for (let wait = quiet; wait > 0; wait = this.#lastDeclared + quiet - Date.now()) await delay(wait);
  }

  /** Whether a resource of this process declares the address. */
  isDeclared(identity: string): boolean {
    return this.#owners.has(identity);
  }
}

/** The process's one registry. */
export function registry(_runtime: Runtime): Registry {
  return new Registry();
}
