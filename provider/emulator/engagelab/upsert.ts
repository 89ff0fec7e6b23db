import { type Answer, asObject, type Call, type Json } from "../exchange";
import type { Account } from "./account";
import { addressFault } from "./address";
import { type Contact, noProperties } from "./contact";
import { invalid, privateRefusal } from "./errors";
import { type MergeRules, merge } from "./merging";
import { ContactFault, readSent, type Sent } from "./sent";

/** What happens to tags: 0 overwrites, 1 appends, 2 skips. */
type TagFlag = 0 | 1 | 2;

interface Batch {
  readonly members: readonly unknown[];
  readonly tagFlag: TagFlag;
  readonly updateExisting: boolean;
}

type Outcome = "created" | "updated" | "nowhere";

/** Adds contacts or, where the address is known, updates them. A member that can't be taken does not hold up the others. */
export function upsert(account: Account, call: Call): Answer {
  const { maxBodyBytes } = account.switches;
  if (maxBodyBytes > 0 && Buffer.byteLength(call.text) > maxBodyBytes) {
    throw privateRefusal(413, "request body is too large");
  }
  const batch = readBatch(account, call.body);
  const created: Json[] = [];
  const updated: Json[] = [];
  const errors: Json[] = [];
  let committed = false;
  for (const { member, fault } of withoutDuplicates(account, batch.members)) {
    try {
      if (fault !== undefined) throw new ContactFault(fault);
      const { outcome, contact } = write(account, member, batch);
      committed = true;
      const entry = { email: contact.email, member_id: contact.id };
      if (outcome === "created") created.push(entry);
      else if (outcome === "updated") updated.push(entry);
    } catch (error) {
      if (!(error instanceof ContactFault)) throw error;
      errors.push({ email: addressOf(member), message: error.message });
    }
  }
  return {
    status: 200,
    body: {
      created_count: created.length,
      created_members: created,
      updated_count: updated.length,
      updated_members: updated,
      error_count: errors.length,
      error_members: errors,
    },
    committed,
  };
}

function readBatch({ switches }: Account, value: unknown): Batch {
  const body = asObject(value);
  if (!body) throw invalid("request body must be a JSON object");
  const { members, tag_flag: tagFlag = 1, update_existing: updateExisting } = body;
  if (!Array.isArray(members) || members.length === 0) throw invalid("members must be an array that is not empty");
  if (members.length > switches.maxMembers) throw invalid(`members must have at most ${switches.maxMembers} entries`);
  if (typeof updateExisting !== "boolean") throw invalid("update_existing must be true or false");
  if (tagFlag !== 0 && tagFlag !== 1 && tagFlag !== 2) throw invalid("tag_flag must be 0, 1 or 2");
  if (switches.invalidEmail === "request") {
    for (const member of members) {
      const fault = addressFault(addressOf(member));
      if (fault !== undefined) throw invalid(fault);
    }
  }
  return { members, tagFlag, updateExisting };
}

/** The members to write: of those with one address the last, or the first with an error for the others. */
function withoutDuplicates(account: Account, members: readonly unknown[]): { member: unknown; fault?: string }[] {
  const identity = (member: unknown) => {
    const email = addressOf(member);
    return account.switches.emailIdentity === "case-sensitive" ? email : email.toLowerCase();
  };
  if (account.switches.duplicateMember === "last") {
    const last = new Map(members.map((member, index) => [identity(member), index]));
    return members
      .filter((member, index) => addressOf(member) === "" || last.get(identity(member)) === index)
      .map((member) => ({ member }));
  }
  const seen = new Set<string>();
  return members.map((member) => {
    const key = identity(member);
    if (seen.has(key)) return { member, fault: "email appears more than once" };
    seen.add(key);
    return { member };
  });
}

function addressOf(member: unknown): string {
  const email = asObject(member)?.email;
  return typeof email === "string" ? email : "";
}

function write(account: Account, member: unknown, batch: Batch): { outcome: Outcome; contact: Contact } {
  const email = addressOf(member);
  const fault = addressFault(email);
  if (fault !== undefined) throw new ContactFault(fault);
  const existing = account.find(email);
  const { skippedTagsOfNew, untouchedTags } = account.switches;
  const isUntouched = existing !== undefined && !batch.updateExisting;
  const leavesTags = isUntouched
    ? untouchedTags === "kept" || batch.tagFlag === 2
    : batch.tagFlag === 2 && (existing !== undefined || skippedTagsOfNew === "none");
  const sent = readSent(account, asObject(member) ?? {}, !leavesTags);
  if (!existing) {
    const properties = { ...merge(noProperties, sent, upsertRules(account)), tags: account.tags.take(sent.tags ?? []) };
    return { outcome: "created", contact: account.create(email, properties, "api", "upsert") };
  }
  const tags = tagsAfter(account, existing, sent, batch.tagFlag);
  if (isUntouched) return leaveAlone(account, existing, tags);
  const changes = { ...merge(existing, sent, upsertRules(account)), tags };
  return { outcome: "updated", contact: account.change(existing, changes, "api", "upsert") };
}

/** An existing contact under `update_existing: false`: its tags may change all the same. */
function leaveAlone(account: Account, existing: Contact, tags: readonly string[]) {
  const { untouched } = account.switches;
  if (untouched === "error") throw new ContactFault("email already exists");
  const contact = tags === existing.tags ? existing : account.change(existing, { tags }, "api", "upsert");
  return { outcome: untouched, contact } as const;
}

function tagsAfter(account: Account, existing: Contact, sent: Sent, tagFlag: TagFlag): readonly string[] {
  if (!sent.tags) return existing.tags;
  const ids = account.tags.take(sent.tags);
  return tagFlag === 1 ? [...new Set([...existing.tags, ...ids])] : ids;
}

function upsertRules({ switches }: Account): MergeRules {
  const { putScope, putFields, upsertFields, emptyText, nullValue } = switches;
  return { scope: putScope, fields: upsertFields === "replaced" ? "replaced" : putFields, emptyText, nullValue };
}
