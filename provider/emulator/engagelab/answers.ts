import type { Json } from "../exchange";
import type { Account } from "./account";
import type { Contact } from "./contact";
import type { Tag } from "./tags";
import { wireTime } from "./times";

/** A contact, as the detail and the list answer it. */
export function contactObject(account: Account, contact: Contact): Json {
  const tags = account.tags.living(contact.tags);
  return { ...beforeTags(account, contact), tag_ids: ids(tags), tag_names: names(tags), ...afterTags(contact) };
}

/** A contact in the form that only the documentation of the PUT has: `tags` holds ids, and there is a `user_id`. */
export function bareContact(account: Account, contact: Contact): Json {
  const tags = account.tags.living(contact.tags);
  return {
    user_id: 1,
    ...beforeTags(account, contact),
    tags: ids(tags),
    tag_names: names(tags),
    ...afterTags(contact),
  };
}

function beforeTags({ listId }: Account, { id, email, phone, name, fields }: Contact): Json {
  return { member_id: id, list_id: listId, email, phone, name, fields };
}

function afterTags({ createdAt, updatedAt, unsubscribedAt }: Contact): Json {
  return {
    create_time: wireTime(createdAt),
    update_time: wireTime(updatedAt),
    unsubscribe_time: unsubscribedAt === null ? null : wireTime(unsubscribedAt),
  };
}

const ids = (tags: readonly Tag[]) => tags.map(({ id }) => id);
const names = (tags: readonly Tag[]) => tags.map(({ name }) => name);

/** A tag, as its endpoints answer it. */
export function tagObject({ id, name, createdAt, updatedAt }: Tag): Json {
  return { tag_id: id, tag_name: name, create_time: wireTime(createdAt), update_time: wireTime(updatedAt) };
}
