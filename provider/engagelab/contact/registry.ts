/**
 * Which addresses the program declares, and by which resource: found out at Check, in this process. It finds the
 * same address declared twice, and tells look-ups which addresses will be asked for next.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Runtime } from "../../core/runtime";
import { identityOf } from "./address";

/** Whom one resource declares. */
interface Crowd {
  people: ReadonlySet<string>;
  /** Those who stay with the resource that declared them first. */
  taken: ReadonlySet<string>;
}

/** More people than this are looked for in their own set: each once more in a map would take time and memory. */
const MOST_NOTED = 1_000;

export class Registry {
  /** Whom resources of few people declare. */
  readonly #owners = new Map<string, string>();
  /** By URN, those of many. */
  readonly #crowds = new Map<string, Crowd>();
  readonly #declared = new Map<string, ReadonlySet<string>>();
  readonly #expected = new Map<string, string>();
  #lastDeclared = 0;

  /**
   * Takes note of everybody one resource declares, in the place of those it declared before.
   *
   * @param people lower-cased addresses
   * @returns those that another resource declares as well, with that one's URN; they stay with it
   */
  declare(urn: string, people: ReadonlySet<string>): { identity: string; urn: string }[] {
    this.#lastDeclared = Date.now();
    this.#forget(urn);
    const taken: { identity: string; urn: string }[] = [];
    if (this.#owners.size + this.#crowds.size > 0) {
      for (const identity of people) {
        const owner = this.ownerOf(identity);
        if (owner !== undefined) taken.push({ identity, urn: owner });
      }
    }
    const lost = new Set(taken.map(({ identity }) => identity));
    if (people.size > MOST_NOTED) this.#crowds.set(urn, { people, taken: lost });
    else for (const identity of people) if (!lost.has(identity)) this.#owners.set(identity, urn);
    this.#declared.set(urn, people);
    return taken;
  }

  #forget(urn: string): void {
    if (this.#crowds.delete(urn)) return;
    for (const identity of this.#declared.get(urn) ?? []) {
      if (this.#owners.get(identity) === urn) this.#owners.delete(identity);
    }
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
    const owner = this.#owners.get(identity);
    if (owner !== undefined) return owner;
    for (const [urn, { people, taken }] of this.#crowds) {
      if (people.has(identity) && !taken.has(identity)) return urn;
    }
    return undefined;
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
    return this.ownerOf(identity) !== undefined;
  }
}

/** The process's one registry. */
export function registry(_runtime: Runtime): Registry {
  return new Registry();
}
