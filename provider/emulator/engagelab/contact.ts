/** Who wrote: a client through the API, or somebody by other means. */
export type Author = "api" | "outside";

/** What a contact's owner may set. Tags are ids. */
export interface Properties {
  readonly phone: string | null;
  readonly name: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

export const noProperties: Properties = { phone: null, name: null, fields: {}, tags: [] };

/** How a version of a contact came to be. */
export type WriteAction = "upsert" | "update" | "seed" | "create" | "edit" | "tag" | "unsubscribe";

/** A contact as one write left it. Versions never change, so that a lagging read can hold an older one. */
export interface Contact extends Properties {
  readonly id: string;
  /** Grows with each creation: the order of the list. */
  readonly serial: number;
  readonly email: string;
  /** Times in milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly unsubscribedAt: number | null;
  readonly by: Author;
  readonly action: WriteAction;
  readonly previous: Contact | undefined;
}

/** All versions of a contact, the oldest first. */
export function versions(contact: Contact): Contact[] {
  const found: Contact[] = [];
  for (let version: Contact | undefined = contact; version; version = version.previous) found.push(version);
  return found.reverse();
}
