import { type Answer, asObject, type Call, type Json, type Targets } from "../exchange";
import type { World } from "../world";
import type { Account } from "./account";
import { bareContact, contactObject } from "./answers";
import { readCondition } from "./condition";
import type { Contact } from "./contact";
import { invalid, unknownIdAnswer } from "./errors";
import { readPage, readRange, select } from "./listing";
import { merge } from "./merging";
import type { Route } from "./route";
import { ContactFault, readSent, type Sent } from "./sent";
import type { EngagelabSwitches } from "./switches";
import { upsert } from "./upsert";

const members = "/v1/marketing/lists/members";

/** The six methods of contacts. */
export function contactRoutes(world: World, switches: Required<EngagelabSwitches>): Route[] {
  const list = createList(world);
  const paths = switches.listPath === "both" ? ["list_members", "listMembers"] : [switches.listPath];
  return [
    { name: "contact.upsert", method: "POST", path: members, targets: memberTargets, answer: upsert },
    { name: "contact.get", method: "GET", path: `${members}/:id`, targets: idTargets, answer: get },
    { name: "contact.update", method: "PUT", path: `${members}/:id`, targets: idTargets, answer: update },
    { name: "contact.delete", method: "DELETE", path: `${members}/:id`, targets: idTargets, answer: remove },
    {
      name: "contact.deleteByCondition",
      method: "DELETE",
      path: `${members}/delete`,
      targets: conditionTargets,
      answer: removeByCondition,
    },
    ...paths.map((path): Route => {
      return {
        name: "contact.list",
        method: "POST",
        path: `/v1/marketing/lists/${path}`,
        targets: conditionTargets,
        answer: list,
      };
    }),
  ];
}

function get(account: Account, call: Call): Answer {
  const contact = account.readings.forCall("detail").get(call.params.id ?? "");
  if (!contact) return unknownIdAnswer(account.switches.unknownId);
  return { status: 200, body: { result: contactObject(account, contact) } };
}

function update(account: Account, call: Call): Answer {
  const body = asObject(call.body);
  if (!body) throw invalid("request body must be a JSON object");
  const contact = account.contacts.get(call.params.id ?? "");
  const { unknownId, putAnswer } = account.switches;
  if (!contact) return unknownIdAnswer(unknownId === "null-result" ? "200" : unknownId);
  const changed = account.change(contact, readChanges(account, contact, body), "api", "update");
  const answer = {
    count: () => ({ count: 1 }),
    result: () => ({ result: contactObject(account, changed) }),
    bare: () => bareContact(account, changed),
  }[putAnswer]();
  return { status: 200, body: answer, committed: true };
}

function readChanges(account: Account, contact: Contact, body: Json) {
  const { putScope, putFields, emptyText, nullValue } = account.switches;
  try {
    const sent = readSent(account, body);
    const rules = { scope: putScope, fields: putFields, emptyText, nullValue };
    return { ...merge(contact, sent, rules), tags: tagsAfter(account, contact, sent) };
  } catch (error) {
    throw error instanceof ContactFault ? invalid(error.message) : error;
  }
}

function tagsAfter(account: Account, contact: Contact, { tags }: Sent): readonly string[] {
  const { putTags, putScope } = account.switches;
  if (!tags) return putScope === "full" ? [] : contact.tags;
  const ids = account.tags.take(tags);
  return putTags === "appended" ? [...new Set([...contact.tags, ...ids])] : ids;
}

function remove(account: Account, call: Call): Answer {
  const id = call.params.id ?? "";
  // An id left empty, or spelled like the other method in whatever case, may well end up there: the worst case.
  if (id === "" || id.toLowerCase() === "delete") return removeByCondition(account, call);
  const contact = account.contacts.get(id);
  if (contact) {
    account.remove([contact], "api");
    return { status: 200, body: { count: 1 }, committed: true };
  }
  const { unknownDelete } = account.switches;
  return unknownDelete === "count-0" ? { status: 200, body: { count: 0 } } : unknownIdAnswer(unknownDelete);
}

function removeByCondition(account: Account, call: Call): Answer {
  const condition = readCondition(account, readOptionalBody(call));
  const { unconditionalDelete } = account.switches;
  if (!condition && unconditionalDelete === "refused") throw invalid("condition must be given");
  const nobody = !condition && unconditionalDelete === "nothing";
  const gone = nobody ? [] : [...select(account.contacts, condition)];
  account.remove(gone, "api");
  return { status: 200, body: { count: gone.length }, committed: gone.length > 0 };
}

function createList(world: World): Route["answer"] {
  let calls = 0;
  return (account, call) => {
    const { switches } = account;
    const range = readRange(call, switches.pageRange);
    const condition = readCondition(account, readOptionalBody(call));
    const table = account.readings.forCall("list");
    const selection = select(table, condition);
    calls += 1;
    const page = readPage(selection, range, switches, world, calls);
    const total = switches.filteredTotal === "all" ? table.size : selection.length;
    const rows = page.map((contact) => contactObject(account, contact));
    return { status: 200, body: { [switches.listKey]: rows, total, count: rows.length } };
  };
}

/** The body, which these methods can do without: what gets lost on the way is not missed. */
function readOptionalBody(call: Call): unknown {
  if (call.malformed) throw invalid("request body must be JSON");
  return call.body;
}

function idTargets(account: Account, call: Call): Targets {
  const id = call.params.id ?? "";
  const contact = account.contacts.get(id);
  return { ids: [id], titles: contact ? [contact.email] : [] };
}

function memberTargets(account: Account, call: Call): Targets {
  const given = asObject(call.body)?.members;
  const titles: string[] = [];
  const ids: string[] = [];
  for (const member of Array.isArray(given) ? given : []) {
    const email = asObject(member)?.email;
    if (typeof email !== "string") continue;
    titles.push(email);
    const known = account.find(email);
    if (known) ids.push(known.id);
  }
  return { ids, titles };
}

/** The whole addresses a filter names, and the contacts they belong to. */
function conditionTargets(account: Account, call: Call): Targets {
  const items = asObject(asObject(call.body)?.condition)?.items;
  const titles: string[] = [];
  for (const item of Array.isArray(items) ? items : []) {
    const { field_name: field, value } = asObject(item) ?? {};
    if (field === "Email" && typeof value === "string") titles.push(value);
  }
  const ids = titles.flatMap((email) => account.contacts.addressed(email).map(({ id }) => id));
  return { ids, titles };
}
