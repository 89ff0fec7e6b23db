import { choice, count, type SwitchTable } from "../declaration";

/** Behaviours of the EngageLab half that its documentation leaves open or states in two ways. */
export interface EngagelabSwitches {
  /** GET and PUT of an unknown id (and a tag's): 200 or 404 with code 30036, 404 as plain text, or, for GET, `{"result": null}`. Default `200`. */
  unknownId?: "200" | "404" | "404-text" | "null-result";
  /** DELETE of an unknown contact: `{"count": 0}` (default), or code 30036 with status 200 or 404. */
  unknownDelete?: "count-0" | "200" | "404";
  /** Status of a refusal of the credentials. Default `401`. */
  authStatus?: "401" | "200";
  /** Its message. */
  authMessage?: "Authentication failed" | "Authentication failed." | "Unauthorized.";
  /** `total` of a filtered page: the matches (default) or all contacts. */
  filteredTotal?: "matches" | "all";
  /** What a PUT leaves out: kept (default), or emptied. */
  putScope?: "partial" | "full";
  /** `fields` of a PUT: merged key by key (default), or in place of the ones before. */
  putFields?: "merged" | "replaced";
  /** `""` for phone, name or a field in a PUT or upsert: clears (default), changes nothing, or is stored as such. */
  emptyText?: "clears" | "ignored" | "stored";
  /** null for phone, name or a field in a PUT or upsert. Default `keeps`. */
  nullValue?: "keeps" | "clears";
  /** `tags` of a PUT. Default `replaced`. */
  putTags?: "replaced" | "appended";
  /** Body of a successful PUT: `{"count": 1}` (default), `{"result": contact}`, or the bare contact with `tags` as ids. */
  putAnswer?: "count" | "result" | "bare";
  /** `fields` of an upsert of an existing contact: as in a PUT (default), or in place of the ones before. */
  upsertFields?: "as-put" | "replaced";
  /** Where an existing contact is listed that `update_existing: false` left alone. Default `updated`. */
  untouched?: "updated" | "nowhere" | "error";
  /** Its tags: by `tag_flag` (default), or left alone too. */
  untouchedTags?: "by-flag" | "kept";
  /** Tags of a new contact under `tag_flag` 2. Default `none`. */
  skippedTagsOfNew?: "none" | "applied";
  /** A tag name nobody has created: created (default), an error of that member, or dropped silently. */
  unknownTag?: "created" | "refused" | "dropped";
  /** Creating a tag (or renaming one) to a name that is taken: refused (default), or the existing tag is answered. */
  takenTagName?: "refused" | "answered";
  /** A key of `fields` that is no property: dropped silently (default), stored, or an error of that member. */
  undefinedField?: "dropped" | "stored" | "refused";
  /** Numbers in `fields`: kept as sent (default), or rewritten in the property's format. */
  fieldValues?: "kept" | "formatted";
  /** When two addresses are one contact: letter case aside, the first spelling kept (default); never; or stored lower-cased. */
  emailIdentity?: "case-insensitive" | "case-sensitive" | "lower-cased";
  /** An address the platform does not take: an error of that member (default), or of the whole request. */
  invalidEmail?: "member" | "request";
  /** The same address twice in one upsert: the last wins (default), or the second is an error. */
  duplicateMember?: "last" | "error";
  /** `limit` and `offset` out of range. Default `refused`. */
  pageRange?: "refused" | "clamped";
  /** Letter case in filters on text. Default `ignoring-case`. */
  textMatch?: "ignoring-case" | "exact";
  /** The filter operator `==`. Default `supported`. */
  equals?: "supported" | "refused";
  /** Names of system properties in filters: in any letter case (default), or only as documented. */
  systemNames?: "any-case" | "exact";
  /** Delete by condition without one: everything (default, the worst case), a refusal, or nothing. */
  unconditionalDelete?: "everything" | "refused" | "nothing";
  /** Order of the list. Default `oldest-first`. */
  listOrder?: "oldest-first" | "newest-first" | "shuffled";
  /** The list's path. Default `list_members`. */
  listPath?: "list_members" | "listMembers" | "both";
  /** The array's key in the list. Default `result`. */
  listKey?: "result" | "list";
  /** Contacts the list can reach, from the first on; 0 (default) for all. */
  listReach?: number;
  /** How many reads after a write still show what was before. Default 0. */
  lagCalls?: number;
  /** For how many milliseconds after a write reads still show what was before. Default 0. */
  lagMs?: number;
  /** Which reads lag behind: the list (default), or the detail too. */
  lagScope?: "list" | "list-and-detail";
  /** Calls an account may make in a minute; 0 (default) for any number. */
  callsPerMinute?: number;
  /** The answer beyond that: 429 with Retry-After (default), 429 without, or 200 with an error code. */
  throttledAnswer?: "429" | "429-bare" | "200";
  /** Members an upsert takes. Default 1000. */
  maxMembers?: number;
  /** Bytes of body an upsert takes, 413 beyond; 0 (default) for any number. */
  maxBodyBytes?: number;
  /** Ids of contacts: 24 hexadecimal digits (default), or short decimals. */
  ids?: "hex" | "decimal";
  /** Properties an account begins with, besides Email, Name and Phone: Gender, Birthday and Age (default), or none. */
  predefinedFields?: "usual" | "none";
  /** The list of tags, which is not documented. Default `on`. */
  tagList?: "on" | "off";
}

/** The same switches as data. */
export const engagelabSwitchTable: SwitchTable<EngagelabSwitches> = {
  unknownId: choice("200", ["404", "404-text", "null-result"], "GET and PUT of an unknown id"),
  unknownDelete: choice("count-0", ["200", "404"], "DELETE of an unknown contact"),
  authStatus: choice("401", ["200"], "status of a refusal of the credentials"),
  authMessage: choice("Authentication failed", ["Authentication failed.", "Unauthorized."], "message of that refusal"),
  filteredTotal: choice("matches", ["all"], "total of a filtered page"),
  putScope: choice("partial", ["full"], "what a PUT leaves out: kept or emptied"),
  putFields: choice("merged", ["replaced"], "fields of a PUT"),
  emptyText: choice("clears", ["ignored", "stored"], 'an empty text "" in a PUT or upsert'),
  nullValue: choice("keeps", ["clears"], "null in a PUT or upsert"),
  putTags: choice("replaced", ["appended"], "tags of a PUT"),
  putAnswer: choice("count", ["result", "bare"], "body of a successful PUT"),
  upsertFields: choice("as-put", ["replaced"], "fields of an upsert of an existing contact"),
  untouched: choice("updated", ["nowhere", "error"], "where update_existing false lists an existing contact"),
  untouchedTags: choice("by-flag", ["kept"], "tags of that contact"),
  skippedTagsOfNew: choice("none", ["applied"], "tags of a new contact under tag_flag 2"),
  unknownTag: choice("created", ["refused", "dropped"], "a tag name nobody has created"),
  takenTagName: choice("refused", ["answered"], "creating a tag whose name is taken"),
  undefinedField: choice("dropped", ["stored", "refused"], "a field that is no property"),
  fieldValues: choice("kept", ["formatted"], "numbers in fields"),
  emailIdentity: choice("case-insensitive", ["case-sensitive", "lower-cased"], "when two addresses are one contact"),
  invalidEmail: choice("member", ["request"], "what an invalid address is an error of"),
  duplicateMember: choice("last", ["error"], "the same address twice in one upsert"),
  pageRange: choice("refused", ["clamped"], "limit and offset out of range"),
  textMatch: choice("ignoring-case", ["exact"], "letter case in filters on text"),
  equals: choice("supported", ["refused"], "the filter operator =="),
  systemNames: choice("any-case", ["exact"], "names of system properties in filters"),
  unconditionalDelete: choice("everything", ["refused", "nothing"], "delete by condition without one"),
  listOrder: choice("oldest-first", ["newest-first", "shuffled"], "order of the list"),
  listPath: choice("list_members", ["listMembers", "both"], "path of the list"),
  listKey: choice("result", ["list"], "key of the list's array"),
  listReach: count(0, "contacts the list can reach; 0: all"),
  lagCalls: count(0, "reads that still show what was before a write"),
  lagMs: count(0, "milliseconds for which reads show what was before a write"),
  lagScope: choice("list", ["list-and-detail"], "reads that lag behind"),
  callsPerMinute: count(0, "calls an account may make in a minute; 0: any number"),
  throttledAnswer: choice("429", ["429-bare", "200"], "answer beyond that"),
  maxMembers: count(1000, "members an upsert takes"),
  maxBodyBytes: count(0, "bytes of body an upsert takes; 0: any number"),
  ids: choice("hex", ["decimal"], "ids of contacts"),
  predefinedFields: choice("usual", ["none"], "properties an account begins with"),
  tagList: choice("on", ["off"], "the undocumented list of tags"),
};
