/**
 * What a program may take away again, remembered also through a run that was killed before its state was saved. The
 * records hold names of tags and properties and a keyed digest of the address; no value, and no address.
 */
import type { OperationRecord } from "../../core/record";
import type { Context } from "../../core/resource";
import type { JsonObject } from "../../core/values";
import { engagelab } from "../api/client";
import { personDigest } from "../declared/announced";
import { fieldOf, fieldText, TagSet } from "./compare";
import type { Declared } from "./inputs";
import type { Actual, Owned } from "./state";

/** The kind of the resource, and of the object claims are about: a set's members are claimed under it too. */
export const KIND = "engagelab-contact";

/** Stands for an address in a record. Made with the API key, so that a record alone can't be tried with addresses. */
export function addressDigest(email: string, { runtime }: Context): string {
  return personDigest(runtime.use(engagelab).digestKey, email);
}

/** What a record notes of what its operation declares. */
export function notesOf(owned: Owned): JsonObject {
  return { phone: owned.phone, name: owned.name, fields: owned.fields, tags: owned.tags };
}

export function union(one: Owned, other: Owned): Owned {
  const both = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])].sort();
  return {
    phone: one.phone || other.phone,
    name: one.name || other.name,
    fields: both(one.fields, other.fields),
    tags: both(one.tags, other.tags),
  };
}

/** What a contact was seen to have no longer, and isn't declared any more, was given back. */
export function stillOwned(owned: Owned, declared: Declared, actual: Actual): Owned {
  const [wanted, has] = [new TagSet(declared.tags ?? []), new TagSet(actual.tags ?? owned.tags)];
  return {
    phone: owned.phone && (declared.phone !== undefined || actual.phone !== ""),
    name: owned.name && (declared.name !== undefined || actual.name !== ""),
    fields: owned.fields.filter(
      (key) => fieldOf(declared.fields, key) !== undefined || fieldText(fieldOf(actual.fields, key)) !== "",
    ),
    tags: owned.tags.filter((tag) => wanted.has(tag) || has.has(tag)),
  };
}

/** What the state says was declared, and what newer operations declared. */
export function recall(owned: Owned, records: readonly OperationRecord[]): Owned {
  return records
    .flatMap(({ steps }) => steps)
    .reduce((sum, { data }) => {
      const noted = data as Partial<Owned>;
      return union(sum, {
        phone: noted.phone === true,
        name: noted.name === true,
        fields: noted.fields ?? [],
        tags: noted.tags ?? [],
      });
    }, owned);
}

/** Whether one has nothing the other hasn't. */
export function within(one: Owned, other: Owned): boolean {
  const all = (a: readonly string[], b: readonly string[]) => a.every((name) => b.includes(name));
  return (
    (!one.phone || other.phone) &&
    (!one.name || other.name) &&
    all(one.fields, other.fields) &&
    all(one.tags, other.tags)
  );
}

/** The newest state this process gave of a contact: what an older one says of it is outdated. */
export class Latest {
  readonly #stamps = new Map<string, string>();

  gave(id: string, stamp: string): void {
    this.#stamps.set(id, stamp);
  }

  /** A replacement under the same address ends up with the same contact: the old state must not delete it. */
  isOutdated(id: string, stamp: string): boolean {
    return (this.#stamps.get(id) ?? "") > stamp;
  }
}

export function latest(): Latest {
  return new Latest();
}
