import type { Account } from "./account";

/** A contact to begin with. */
export interface ContactSeed {
  email: string;
  phone?: string | null;
  name?: string | null;
  /** Values by property name; names that are no property become text properties. */
  fields?: Record<string, string>;
  /** Names; missing tags are created. */
  tags?: readonly string[];
  /** Whether the person has opted out. Default false. */
  unsubscribed?: boolean;
}

/** Puts contacts into an account as if they had always been there; returns their ids in order. */
export function seedContacts(account: Account, seeds: readonly ContactSeed[]): string[] {
  const taken = seeds.find(({ email }) => account.find(email));
  if (taken) throw new Error(`The emulator has a contact with the address "${taken.email}" already.`);
  const ids = seeds.map(({ email, phone = null, name = null, fields = {}, tags = [], unsubscribed = false }) => {
    for (const field of Object.keys(fields)) {
      if (!account.properties.named(field)) account.properties.create({ name: field, type: "text", visible: true });
    }
    const properties = { phone, name, fields: { ...fields }, tags: account.tags.take(tags) };
    return account.create(email, properties, "outside", "seed", unsubscribed ? account.now() : null).id;
  });
  account.readings.settle();
  return ids;
}
