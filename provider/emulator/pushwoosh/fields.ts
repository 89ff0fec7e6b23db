import { asObject, type Json } from "../exchange";

/**
 * What is known of a message's fields: per name its zero value, and the fields within it where those are known too.
 * A message whose own fields are not known has `fields` left out and passes through untouched.
 */
export interface Fields {
  readonly [name: string]: { readonly zero: unknown; readonly fields?: Fields; readonly timestamp?: boolean };
}

/** Journey-wide configuration. */
export const paramsFields: Fields = {
  application_code: { zero: "" },
  silent_hours: { zero: null },
  capping: { zero: null },
  conversion_window: { zero: null },
  user_id_track_change_policy: { zero: null },
};

/** A point, without what its type decides. */
export const pointFields: Fields = {
  uuid: { zero: "" },
  title: { zero: "" },
  point_type: { zero: "" },
  point_data: { zero: null },
  outputs: { zero: {} },
};

/** One output of a point. */
export const outputFields: Fields = {
  info: { zero: null, fields: { next_point_uuid: { zero: "" } } },
};

/** The keys of `point_data` whose structure is known. */
export const pointDataFields: Readonly<Record<string, Fields>> = {
  start_by_segment: {
    application_code: { zero: "" },
    filter_code: { zero: "" },
    repeat: { zero: null },
    start_at: { zero: null, timestamp: true },
    is_deactivated: { zero: false },
  },
  message_bus: {
    event_name: { zero: "" },
    application_code: { zero: "" },
    event_conditions: { zero: [] },
    active_period: { zero: null },
    multi_entry: { zero: null },
    attribute_entry: { zero: null, fields: { enabled: { zero: false }, attribute_name: { zero: "" } } },
    allow_reenter: { zero: false },
  },
};

/** Called for a member no known field has; says whether it is kept. */
export type OnUnknown = (path: string) => boolean;

/**
 * A message as the server takes it in: known members under their snake_case names (lowerCamelCase is accepted too),
 * unknown ones as `onUnknown` decides.
 */
export function takeIn(message: Json, fields: Fields, path: string, onUnknown: OnUnknown): Json {
  const taken: Json = {};
  for (const [sent, value] of Object.entries(message)) {
    const name = Object.hasOwn(fields, sent) ? sent : toSnake(sent);
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) {
      if (onUnknown(`${path}.${sent}`)) setMember(taken, sent, value);
      continue;
    }
    const nested = field.fields && asObject(value);
    taken[name] = nested ? takeIn(nested, field.fields!, `${path}.${name}`, onUnknown) : value;
  }
  return taken;
}

/** How a message is written into an answer. */
export interface AnswerForm {
  /** Whether known fields that hold nothing are sent. */
  unpopulated: "omitted" | "emitted";
  timestamps: "kept" | "rewritten";
}

/** A message as the server answers it. */
export function giveOut(message: Json, fields: Fields, form: AnswerForm): Json {
  const given: Json = {};
  if (form.unpopulated === "emitted") for (const [name, field] of Object.entries(fields)) given[name] = field.zero;
  for (const [name, value] of Object.entries(message)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field && form.unpopulated === "omitted" && holdsNothing(value)) continue;
    const nested = field?.fields && asObject(value);
    if (nested) given[name] = giveOut(nested, field.fields!, form);
    else if (field?.timestamp && form.timestamps === "rewritten") given[name] = rewriteInstant(value);
    else setMember(given, name, value);
  }
  return given;
}

function holdsNothing(value: unknown): boolean {
  if (value === null || value === "" || value === 0 || value === false) return true;
  return Array.isArray(value) && value.length === 0;
}

/** The same instant with milliseconds and in UTC, as protobuf's JSON may write it. */
function rewriteInstant(value: unknown): unknown {
  const instant = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(instant) ? value : new Date(instant).toISOString();
}

/** Sets a member whatever its name: a client may well send `__proto__`. */
function setMember(target: Json, name: string, value: unknown): void {
  if (name === "__proto__")
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  else target[name] = value;
}

function toSnake(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => `_${letter.toLowerCase()}`);
}
