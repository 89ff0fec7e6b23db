/** People in and out of journeys: start by API, and drop users. Nobody can ask afterwards what came of a call. */
import { JourneysError } from "../../core/errors";
import { type FailedRequest, failure } from "../../core/http";
import { isObject, type Json, type JsonObject } from "../../core/values";
import type { Method, PushwooshClient } from "./client";
import { errorIn } from "./reading";

/** People by user id, by device, or by an expression of the platform's segmentation language. */
export type Selector = { kind: "users" | "hwids"; people: readonly string[] } | { kind: "filter"; expression: string };

/** How a call that enters people ended. An answer without a request id counts as unknown: it may well have worked. */
export type Entered =
  | { kind: "answered"; requestId: string }
  | { kind: "refused" | "unknown" | "notSent"; error: JourneysError };

const entering: Method = { name: "journey.enter", host: "journey", scheme: "Api" };
const dropping: Method = { name: "journey.dropUsers", host: "journey", scheme: "Api" };

/** Sends people to the API entry point of a running journey. Sent again only if it provably was not processed. */
export async function enterJourney(
  client: PushwooshClient,
  journeyId: string,
  selector: Selector,
  attributes: Record<string, string> | undefined,
): Promise<Entered> {
  const selected =
    selector.kind === "filter" ? { filter: selector.expression } : { [selector.kind]: selector.people as string[] };
  const hasAttributes = attributes !== undefined && Object.keys(attributes).length > 0;
  const payload = { ...selected, ...(hasAttributes && { attribute_values: attributes }) } as Json;
  const path = `/api/journey/${encodeURIComponent(journeyId)}/start/external`;
  const does = "enter people";
  const request = { method: "POST", path, repeat: "not-processed" } as const;
  const reply = await client.send(entering, { ...request, body: { payload }, does });
  if (reply.kind !== "answered") return { kind: reply.kind, error: failure(reply, { name: does, ...request }) };
  const requestId = requestIdIn(reply.body);
  if (requestId !== undefined) return { kind: "answered", requestId };
  const reason = errorIn(reply.body) ?? "the answer holds no request id";
  return { kind: "unknown", error: unclear(request, `${does}: ${reason}`) };
}

/** Its place isn't shown: at the top, or inside `payload` as in the request. */
function requestIdIn(body: Json | undefined): string | undefined {
  if (!isObject(body)) return undefined;
  const id = body.request_uuid ?? (isObject(body.payload) ? body.payload.request_uuid : undefined);
  return typeof id === "string" && id !== "" ? id : undefined;
}

/**
 * Takes people out of journeys. Doing it twice is doing it once, so it is sent again after any failure of the network.
 *
 * @throws JourneysError of the call's failure, or when the answer doesn't say that it worked
 */
export async function dropUsers(
  client: PushwooshClient,
  userIds: readonly string[],
  from: { journeyIds: readonly string[] } | "all journeys",
): Promise<void> {
  const where: JsonObject = from === "all journeys" ? { all_journeys: true } : { journey_uuids: [...from.journeyIds] };
  const does = "drop users";
  const request = { method: "POST", path: "/api/journey/drop-users/external", repeat: "always" } as const;
  const reply = await client.send(dropping, { ...request, body: { user_ids: [...userIds], ...where }, does });
  if (reply.kind !== "answered") throw failure(reply, { name: does, ...request });
  if (isObject(reply.body) && reply.body.success === true) return;
  throw unclear(request, `${does}: ${errorIn(reply.body) ?? "the answer does not say that it worked"}`);
}

function unclear({ method, path }: Partial<FailedRequest>, what: string): JourneysError {
  return new JourneysError({
    code: "unexpected-answer",
    what: `${what} (${method} ${path})`,
    now: "the call may or may not have taken effect",
    next: "check journeys:pushwooshJourneyUrl, then run again",
  });
}
