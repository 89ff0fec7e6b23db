/**
 * What is declared of one member, as one text: compact enough to keep a hundred thousand of, and the same text for the
 * same declaration. Values hold no control characters (they are refused), so those serve as separators. Pure.
 */
import type { JsonObject } from "../../core/values";
import type { RemoteContact } from "../api/contact";
import { comparedField, fieldOf, fieldText } from "../contact/compare";
import type { Declared } from "../contact/inputs";

/** Between attributes. */
export const NEXT = "\x1e";
/** Between a name and its value, and between tags. */
export const UNIT = "\x1f";
/** Before the tags; absent where none are declared, not even an empty list. */
export const TAGS = "\x1d";

/** Which attributes a member declares, in the order of the text. */
export interface Attributes {
  phone: boolean;
  name: boolean;
  /** Sorted. */
  fields: readonly string[];
  /** Undefined where it says nothing of tags. */
  tags: readonly string[] | undefined;
}

/** The start of an attribute in the text; the value follows. */
export const attributeStart = {
  phone: `${NEXT}p`,
  name: `${NEXT}n`,
  field: (name: string) => `${NEXT}f${name}${UNIT}`,
} as const;

/** The end of the text: the set's and the member's tags, each once, sorted. */
export function tagsEnd(tags: readonly string[] | undefined): string {
  return tags ? TAGS + [...new Set(tags)].sort().join(UNIT) : "";
}

export function encode({ phone, name, fields = {}, tags }: Declared): string {
  let text = "";
  if (phone !== undefined) text += attributeStart.phone + phone;
  if (name !== undefined) text += attributeStart.name + name;
  for (const key of Object.keys(fields).sort()) text += attributeStart.field(key) + fieldText(fields[key]);
  return text + tagsEnd(tags);
}

export function decode(content: string): Declared {
  const [attributes = "", tags] = content.split(TAGS);
  const declared: Declared = {};
  const fields: JsonObject = {};
  for (const part of attributes.split(NEXT)) {
    if (part[0] === "p") declared.phone = part.slice(1);
    else if (part[0] === "n") declared.name = part.slice(1);
    else if (part[0] === "f") {
      const end = part.indexOf(UNIT);
      fields[part.slice(1, end)] = part.slice(end + 1);
    }
  }
  if (Object.keys(fields).length > 0) declared.fields = fields as Declared["fields"];
  if (tags !== undefined) declared.tags = tags === "" ? [] : tags.split(UNIT);
  return declared;
}

export function attributesOf(content: string): Attributes {
  const { phone, name, fields = {}, tags } = decode(content);
  return {
    phone: phone !== undefined,
    name: name !== undefined,
    fields: Object.keys(fields),
    tags,
  };
}

/** What is the same for all members that declare the same things, whatever their values. */
export function shapeOf(content: string): string {
  const at = content.indexOf(TAGS);
  const end = at < 0 ? content.length : at;
  let shape = "";
  for (let from = 0; from < end; ) {
    const next = content.indexOf(NEXT, from + 1);
    shape += content.slice(from, content[from + 1] === "f" ? content.indexOf(UNIT, from) : from + 2);
    from = next < 0 ? end : next;
  }
  return shape + content.slice(end);
}

/** The text as contents are compared: numbers by value, tags in whatever letter case. */
export function compared(content: string): string {
  const at = content.indexOf(TAGS);
  const attributes = at < 0 ? content : content.slice(0, at);
  const tags = at < 0 ? "" : content.slice(at);
  const lower = tags.toLowerCase();
  const folded = lower === tags ? tags : tagsEnd(lower.slice(1).split(UNIT));
  const values = attributes.includes(`${NEXT}f`) ? comparedFields(attributes) : attributes;
  return values === attributes && folded === tags ? content : values + folded;
}

function comparedFields(attributes: string): string {
  let text = "";
  let done = 0;
  for (let at = attributes.indexOf(`${NEXT}f`); at >= 0; at = attributes.indexOf(`${NEXT}f`, at + 1)) {
    const start = attributes.indexOf(UNIT, at) + 1;
    const next = attributes.indexOf(NEXT, start);
    const end = next < 0 ? attributes.length : next;
    const value = attributes.slice(start, end);
    const same = comparedField(value);
    if (same === value) continue;
    text += attributes.slice(done, start) + same;
    done = end;
  }
  return done === 0 ? attributes : text + attributes.slice(done);
}

/** What a contact has of what a member declares, as contents are compared. Other tags count where all are the set's. */
export function comparedOf(contact: RemoteContact, attributes: Attributes, isExclusive: boolean): string {
  let text = "";
  if (attributes.phone) text += attributeStart.phone + contact.phone;
  if (attributes.name) text += attributeStart.name + contact.name;
  for (const key of attributes.fields) {
    text += attributeStart.field(key) + comparedField(fieldText(fieldOf(contact.fields, key)));
  }
  if (!attributes.tags) return text;
  const has = (contact.tags ?? []).map((tag) => tag.toLowerCase());
  if (isExclusive) return text + tagsEnd(has);
  const declared = attributes.tags.map((tag) => tag.toLowerCase());
  return text + tagsEnd(has.filter((tag) => declared.includes(tag)));
}
