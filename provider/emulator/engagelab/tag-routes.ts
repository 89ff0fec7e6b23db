import { type Answer, asObject, type Call } from "../exchange";
import type { Account } from "./account";
import { tagObject } from "./answers";
import { invalid, nameTaken, unknownIdAnswer } from "./errors";
import { readRange } from "./listing";
import type { Route } from "./route";
import type { EngagelabSwitches } from "./switches";
import { isTagName, type Tag } from "./tags";

const path = "/v1/marketing/lists/tags";

/** The methods of tags. */
export function tagRoutes(switches: Required<EngagelabSwitches>): Route[] {
  const byId = (account: Account, call: Call) => {
    const tag = account.tags.get(call.params.id ?? "");
    return { ids: [call.params.id ?? ""], titles: tag ? [tag.name] : [] };
  };
  const byName = (_account: Account, call: Call) => {
    const name = sentName(call);
    return { ids: [], titles: typeof name === "string" ? [name] : [] };
  };
  const routes: Route[] = [
    { name: "tag.create", method: "POST", path, targets: byName, answer: create },
    { name: "tag.rename", method: "PUT", path: `${path}/:id`, targets: byId, answer: rename },
    { name: "tag.delete", method: "DELETE", path: `${path}/:id`, targets: byId, answer: remove },
  ];
  return switches.tagList === "on" ? [...routes, { name: "tag.list", method: "GET", path, answer: list }] : routes;
}

function create(account: Account, call: Call): Answer {
  const name = checkName(sentName(call));
  const taken = account.tags.named(name);
  if (taken && account.switches.takenTagName === "refused") throw nameTaken();
  const tag = taken ?? account.tags.create(name);
  return { status: 200, body: { result: tagObject(tag) }, committed: true, id: tag.id, title: tag.name };
}

function rename(account: Account, call: Call): Answer {
  const tag = account.tags.get(call.params.id ?? "");
  if (!tag) return unknownTag(account);
  const given = sentName(call);
  if (given === undefined) return { status: 200, body: { count: 1 } };
  const name = checkName(given);
  const taken = account.tags.named(name);
  if (taken && taken.id !== tag.id) throw nameTaken();
  account.tags.rename(tag, name);
  return { status: 200, body: { count: 1 }, committed: true, title: name };
}

function remove(account: Account, call: Call): Answer {
  const tag = account.tags.get(call.params.id ?? "");
  if (!tag) return unknownTag(account);
  account.tags.remove(tag);
  return { status: 200, body: { count: 1 }, committed: true };
}

function list(account: Account, call: Call): Answer {
  const { limit, offset } = readRange(call, account.switches.pageRange);
  const part = (call.query.tag_name ?? "").toLowerCase();
  const found: readonly Tag[] = account.tags.all().filter(({ name }) => name.toLowerCase().includes(part));
  const page = found.slice(offset, offset + limit).map(tagObject);
  return { status: 200, body: { result: page, total: found.length, count: page.length } };
}

function unknownTag({ switches }: Account): Answer {
  return unknownIdAnswer(switches.unknownId === "null-result" ? "200" : switches.unknownId);
}

/** The documentation has `name` in its samples and, once, `tag_name`. */
function sentName(call: Call): unknown {
  const body = asObject(call.body);
  return body?.name ?? body?.tag_name;
}

function checkName(name: unknown): string {
  if (typeof name !== "string" || !isTagName(name)) {
    throw invalid("name must have 1 to 64 letters, digits and underscores");
  }
  return name;
}
