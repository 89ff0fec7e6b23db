import { type Answer, asObject, type Call, type Json } from "../exchange";
import { answerOrRefusal, Refusal } from "../refusal";
import type { Account, Entry } from "./account";
import type { PushwooshEndpoint } from "./auth";
import { legacyRefusal } from "./errors";
import type { Journey } from "./journey";

/** The two older methods that move people: start by API, and drop users. */
export function peopleEndpoints(account: Account): PushwooshEndpoint[] {
  return [
    {
      name: "journey.enter",
      method: "POST",
      path: "/api/journey/:id/start/external",
      schemes: ["api"],
      targets: (call) => {
        const journey = account.journeys.get(call.params.id ?? "");
        return { ids: [call.params.id ?? ""], titles: journey ? [journey.definition.title] : [] };
      },
      refusal: legacyRefusal,
      answer: (call) => answerOrRefusal(() => enter(account, call)),
    },
    {
      name: "journey.dropUsers",
      method: "POST",
      path: "/api/journey/drop-users/external",
      schemes: ["api", "bearer"],
      targets: (call) => ({ ids: texts(asObject(call.body)?.journey_uuids) ?? [], titles: [] }),
      refusal: legacyRefusal,
      answer: (call) => answerOrRefusal(() => drop(account, call)),
    },
  ];
}

function enter(account: Account, call: Call): Answer {
  const payload = asObject(readBody(call).payload) ?? {};
  const selected = selectPeople(payload);
  const journey = account.journeys.get(call.params.id ?? "");
  if (!journey) throw refused("journey not found");
  if (journey.status !== "STATUS_RUNNING") throw refused("journey is not running");
  const attributes = checkAttributes(payload.attribute_values, activeApiEntry(journey));
  const requestId = account.world.uuid();
  account.entries.push({ requestId, journeyId: journey.id, time: account.time(), ...selected, attributes });
  const body =
    account.switches.requestIdPlace === "top" ? { request_uuid: requestId } : { payload: { request_uuid: requestId } };
  return { status: 200, body, committed: true };
}

/** Exactly one of the three ways to name people. */
function selectPeople(payload: Json): Pick<Entry, "users" | "hwids" | "filter"> {
  const users = texts(payload.users);
  const hwids = texts(payload.hwids);
  const filter = typeof payload.filter === "string" && payload.filter !== "" ? payload.filter : undefined;
  const given = [users, hwids, filter].filter((way) => way !== undefined).length;
  if (given === 0) throw refused("one of users, hwids or filter must be provided");
  if (given > 1) throw refused("only one of users, hwids or filter must be provided");
  return { ...(users && { users }), ...(hwids && { hwids }), ...(filter !== undefined && { filter }) };
}

/** The one API entry of a journey that is switched on. */
function activeApiEntry(journey: Journey): Json {
  const entries = journey.definition.points
    .map((point) => asObject(asObject(point.point_data)?.start_by_api))
    .filter((entry) => entry !== undefined && entry.is_deactivated !== true);
  const [entry, ...others] = entries;
  if (!entry) throw refused("journey has no active API entry point");
  if (others.length > 0) throw refused("journey must have exactly one API entry point");
  return entry;
}

/**
 * Every attribute sent must be configured on the entry. Under which names an entry declares its attributes isn't
 * documented, so any text or key within it counts as a declaration.
 */
function checkAttributes(value: unknown, entry: Json): Record<string, string> {
  const attributes = asObject(value) ?? {};
  const declared = new Set<string>();
  collectTexts(entry, declared);
  for (const [name, content] of Object.entries(attributes)) {
    if (typeof content !== "string") throw refused(`attribute ${name} must be a string`);
    if (!declared.has(name)) throw refused(`attribute ${name} is not configured on the API entry point`);
  }
  return attributes as Record<string, string>;
}

function collectTexts(value: unknown, found: Set<string>): void {
  if (typeof value === "string") found.add(value);
  else if (Array.isArray(value)) for (const member of value) collectTexts(member, found);
  else {
    for (const [key, member] of Object.entries(asObject(value) ?? {})) {
      found.add(key);
      collectTexts(member, found);
    }
  }
}

function drop(account: Account, call: Call): Answer {
  const body = readBody(call);
  const users = texts(body.user_ids);
  if (!users) throw refused("user_ids must be provided");
  const wanted = texts(body.journey_uuids);
  if (body.all_journeys !== true && !wanted) throw refused("journey_uuids must be provided if all_journeys is false");
  const journeyIds = [...account.journeys.all()]
    .filter((journey) => journey.status === "STATUS_RUNNING" || journey.status === "STATUS_PAUSED")
    .map((journey) => journey.id)
    .filter((id) => body.all_journeys === true || wanted?.includes(id));
  account.removals.push({ time: account.time(), users, journeyIds });
  return { status: 200, body: { success: true }, committed: true };
}

/** A list of texts that isn't empty, else undefined. */
function texts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (!value.every((member) => typeof member === "string")) throw refused("lists must hold strings");
  return value;
}

function readBody(call: Call): Json {
  const body = asObject(call.body);
  if (!body) throw refused("request body must be a JSON object");
  return body;
}

function refused(message: string): Refusal {
  return new Refusal(legacyRefusal("refused", message));
}
