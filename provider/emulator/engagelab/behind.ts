import type { Account } from "./account";
import type { Accounts } from "./accounts";
import type { Contact } from "./contact";

/** A contact as somebody in the platform's console may change it. */
export interface EditableContact {
  phone: string | null;
  name: string | null;
  fields: Record<string, string>;
}

/** What somebody else does to a contact: no request, no journal entry, no write counted. */
export interface ContactBehind {
  /** Changes phone, name and fields in place. */
  edit(change: (contact: EditableContact) => void): ContactBehind;
  /** Adds tags by name; creates the ones that are missing. */
  tag(...names: string[]): ContactBehind;
  untag(...names: string[]): ContactBehind;
  /** The person opts out. */
  unsubscribe(): ContactBehind;
  delete(): void;
  /** Deletes the contact and adds its address again: another id, no opt-out. Returns the new id. */
  recreate(): string;
}

/** Acts of other people on EngageLab's side. */
export interface EngagelabBehind {
  /**
   * A contact by address (letter case aside) or id.
   * @param listId Account, where several have the address.
   * @throws Error if there is no such contact, or several.
   */
  contact(emailOrId: string, listId?: number): ContactBehind;
}

/** A contact by address or id. */
export function findContact(
  accounts: Accounts,
  emailOrId: string,
  listId: number | undefined,
): { account: Account; contact: Contact } {
  const found = (listId === undefined ? accounts.all() : [accounts.get(listId)]).flatMap((account) => {
    const byId = account.contacts.get(emailOrId);
    return (byId ? [byId] : account.contacts.addressed(emailOrId)).map((contact) => ({ account, contact }));
  });
  const [only, ...others] = found;
  if (!only) throw new Error(`The emulator has no contact with the address or id "${emailOrId}".`);
  if (others.length > 0) {
    const places = found.map(({ account, contact }) => `${contact.id} in list ${account.listId}`).join(", ");
    throw new Error(`Several contacts have the address "${emailOrId}": ${places}. Name one by id or list.`);
  }
  return only;
}

/** Acts on a contact, as it is at each act. `changed` keeps the file up to date. */
export function contactBehind(account: Account, id: string, changed: () => void): ContactBehind {
  const present = (): Contact => {
    const contact = account.contacts.get(id);
    if (!contact) throw new Error(`The contact ${id} has been deleted meanwhile.`);
    return contact;
  };
  const act = (change: (contact: Contact) => void): ContactBehind => {
    change(present());
    changed();
    return behind;
  };
  const behind: ContactBehind = {
    edit: (change) =>
      act((contact) => {
        const { phone, name, fields } = contact;
        const edited: EditableContact = { phone, name, fields: { ...fields } };
        change(edited);
        account.change(contact, { ...edited, fields: { ...edited.fields } }, "outside", "edit");
      }),
    tag: (...names) =>
      act((contact) => {
        const tags = [...new Set([...contact.tags, ...account.tags.take(names)])];
        account.change(contact, { tags }, "outside", "tag");
      }),
    untag: (...names) =>
      act((contact) => {
        const gone = new Set(names.map((name) => account.tags.named(name)?.id));
        account.change(contact, { tags: contact.tags.filter((tag) => !gone.has(tag)) }, "outside", "tag");
      }),
    unsubscribe: () =>
      act((contact) => account.change(contact, { unsubscribedAt: account.now() }, "outside", "unsubscribe")),
    delete: () => {
      act((contact) => account.remove([contact], "outside"));
    },
    recreate: () => {
      const contact = present();
      account.remove([contact], "outside");
      const again = account.create(contact.email, contact, "outside", "create");
      changed();
      return again.id;
    },
  };
  return behind;
}
