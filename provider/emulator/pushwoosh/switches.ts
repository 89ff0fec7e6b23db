import { choice, count, type SwitchTable } from "../declaration";

/** Behaviours of the Pushwoosh half that its documentation leaves open or states in two ways. */
export interface PushwooshSwitches {
  /** Which lifecycle moves are allowed: only the documented and likely ones (default), or nearly all, with a PUT while running. */
  transitions?: "strict" | "permissive";
  /** gRPC code and HTTP status of a refusal because of the journey's state. Default `9-400`. */
  refusalCode?: "9-400" | "3-400" | "9-412" | "10-409";
  /** Documented fields that hold nothing: left out of answers (default), or sent as zero values and null. */
  unpopulated?: "omitted" | "emitted";
  /** Unknown top-level members of a create or PUT. Default `dropped`. */
  unknownFields?: "dropped" | "rejected" | "stored";
  /** Unknown members within params, points and comments. Default `stored`, verbatim. */
  unknownNestedFields?: "stored" | "dropped" | "rejected";
  /** Point ids a client sends: kept (default), or replaced by the server's own, edges included. */
  pointIds?: "kept" | "rewritten";
  /** A point id that another journey has: taken (default) or refused. */
  pointIdsAcrossJourneys?: "accepted" | "refused";
  /** Status after a PUT. Default `unchanged`. */
  putStatus?: "unchanged" | "draft";
  /** Form of `start_at` in answers: as sent (default), or the same instant rewritten. */
  timestamps?: "kept" | "rewritten";
  /** Whether lifecycle calls move `updated_at`. Default `kept`. */
  lifecycleUpdatedAt?: "kept" | "moved";
  /** Place of params in answers. Default `info`. */
  paramsPlace?: "info" | "top" | "both";
  /** Accepted authorization schemes: `Api`, `Key`, `Token` or `Bearer` (default), or the one documented for the method. */
  auth?: "any" | "documented";
  /** 64-bit numbers outside totalsByIntervals (whose counters are always strings). Default `numbers`. */
  int64?: "numbers" | "strings";
  /** `uniqOpened` in the journey statistics. Default `absent`. */
  uniqOpened?: "absent" | "present";
  /** Statistics of an unknown journey: 404 (default), 400 with `success: false`, or 200 without points. */
  unknownStatistics?: "404" | "400" | "empty";
  /** Statistics of a journey that never ran: zero figures (default), no points, or a refusal. */
  draftStatistics?: "zeros" | "empty" | "refused";
  /** The undocumented list of journeys. Default `off`. */
  list?: "off" | "on";
  /** Form of a status in that list: `STATUS_RUNNING` (default), `RUNNING` or `active`. */
  listStatus?: "prefixed" | "bare" | "legacy";
  /** Journeys on a page of that list. Default 20. */
  listPageSize?: number;
  /** How many list calls after a change still show what was before. Default 0. */
  listLagCalls?: number;
  /** For how many milliseconds after a change the list still shows what was before. Default 0. */
  listLagMs?: number;
  /** A read of one journey, `GET /api/v3/journeygateway/{uuid}`, which is documented nowhere. Default `off`. */
  read?: "off" | "on";
  /** Place of `request_uuid` in the answer of start by API. Default `top`. */
  requestIdPlace?: "top" | "payload";
  /** Status under which the message statistics send `{"error": …}`. Default 400. */
  statisticsErrors?: "400" | "200";
  /** Rules of the message log: the current page's (default), or the older page's, with 30 days and `hwid` or `user_id` enough. */
  messageLog?: "current" | "older";
  /** How the message log says that it ends: no token (default), an empty one, one that leads to an empty page, or the last one again. */
  logEnd?: "absent" | "empty" | "empty-page" | "repeated";
  /** Place of tag conditions in the details of a push message. Default `platform_parameters`. */
  conditionsPlace?: "platform_parameters" | "details";
  /** Events in the log of each message; 0 (default) lets them follow from the hours a journey has run. */
  eventsPerMessage?: number;
}

/** The same switches as data. */
export const pushwooshSwitchTable: SwitchTable<PushwooshSwitches> = {
  transitions: choice("strict", ["permissive"], "lifecycle moves that are allowed"),
  refusalCode: choice("9-400", ["3-400", "9-412", "10-409"], "code and status of a refusal because of the state"),
  unpopulated: choice("omitted", ["emitted"], "documented fields that hold nothing"),
  unknownFields: choice("dropped", ["rejected", "stored"], "unknown top-level members of a definition"),
  unknownNestedFields: choice("stored", ["dropped", "rejected"], "unknown members of params, points and comments"),
  pointIds: choice("kept", ["rewritten"], "point ids sent by a client"),
  pointIdsAcrossJourneys: choice("accepted", ["refused"], "a point id that another journey has"),
  putStatus: choice("unchanged", ["draft"], "status after a PUT"),
  timestamps: choice("kept", ["rewritten"], "form of start_at in answers"),
  lifecycleUpdatedAt: choice("kept", ["moved"], "updated_at at lifecycle calls"),
  paramsPlace: choice("info", ["top", "both"], "place of params in answers"),
  auth: choice("any", ["documented"], "accepted authorization schemes"),
  int64: choice("numbers", ["strings"], "64-bit numbers outside totalsByIntervals"),
  uniqOpened: choice("absent", ["present"], "uniqOpened in journey statistics"),
  unknownStatistics: choice("404", ["400", "empty"], "statistics of an unknown journey"),
  draftStatistics: choice("zeros", ["empty", "refused"], "statistics of a journey that never ran"),
  list: choice("off", ["on"], "the undocumented list of journeys"),
  listStatus: choice("prefixed", ["bare", "legacy"], "form of a status in the list"),
  listPageSize: count(20, "journeys on a page of the list"),
  listLagCalls: count(0, "list calls that still show what was before a change"),
  listLagMs: count(0, "milliseconds for which the list shows what was before a change"),
  read: choice("off", ["on"], "the undocumented read of one journey"),
  requestIdPlace: choice("top", ["payload"], "place of request_uuid"),
  statisticsErrors: choice("400", ["200"], "status of an error of the message statistics"),
  messageLog: choice("current", ["older"], "rules of the message log"),
  logEnd: choice("absent", ["empty", "empty-page", "repeated"], "end of the message log"),
  conditionsPlace: choice("platform_parameters", ["details"], "place of tag conditions of a push message"),
  eventsPerMessage: count(0, "events in the log of each message; 0: by hours run"),
};
