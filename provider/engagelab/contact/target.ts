/**
 * What a contact has to become: everything declared, what was declared once and no longer is taken away, and whatever
 * else is there kept, because full state is sent. Pure.
 */
import { formatPath, type JsonObject, type Path } from "../../core/values";
import type { WireContact } from "../api/contact";
import { fieldOf, fieldText, sameField, TagSet } from "./compare";
import type { ContactInputs, Declared } from "./inputs";
import { type Actual, nobody, type Owned } from "./state";

export type Desired = Declared & Partial<Pick<ContactInputs, "tagOwnership">>;

export interface Target {
  /** The contact as it has to be. Tags are undefined where nobody knows what it has and none are declared. */
  wanted: Actual;
  /** Inputs that differ from what is there: nothing has to be sent without any. */
  differing: Path[];
  /** What has a value and must have none. */
  clears: Path[];
  /** Tags it has and must not have. */
  untags: string[];
  /** What is the program's to take away again afterwards. */
  owned: Owned;
}

export function targetOf(desired: Desired, owned: Owned, actual: Actual): Target {
  const differing: Path[] = [];
  const clears: Path[] = [];
  const text = (key: "phone" | "name"): string => {
    const want = desired[key] ?? (owned[key] ? "" : actual[key]);
    if (want === actual[key]) return want;
    differing.push([key]);
    if (want === "") clears.push([key]);
    return want;
  };
  const [phone, name] = [text("phone"), text("name")];
  const fields = fieldsAfter(desired, owned, actual, differing, clears);
  const { tags, untags } = tagsAfter(desired, owned, actual);
  if (untags.length > 0 || (tags && !sameNames(tags, actual.tags))) differing.push(["tags"]);
  return {
    wanted: { phone, name, fields, tags },
    differing,
    clears,
    untags,
    owned: {
      phone: desired.phone !== undefined,
      name: desired.name !== undefined,
      fields: Object.keys(desired.fields ?? {}).sort(),
      tags: [...new Set(desired.tags ?? [])].sort(),
    },
  };
}

function fieldsAfter(
  desired: Desired,
  owned: Owned,
  actual: Actual,
  differing: Path[],
  clears: Path[],
): Actual["fields"] {
  const fields: JsonObject = { ...actual.fields };
  const given = owned.fields
    .filter((key) => fieldOf(desired.fields, key) === undefined)
    .map((key) => [key, ""] as const);
  for (const [key, value] of [...Object.entries(desired.fields ?? {}), ...given]) {
    // A value that only is written differently stays as the platform writes it.
    if (sameField(value, fieldOf(actual.fields, key))) continue;
    differing.push(["fields", key]);
    if (value === "") {
      clears.push(["fields", key]);
      delete fields[key];
    } else fields[key] = fieldText(value);
  }
  return fields;
}

function tagsAfter(desired: Desired, owned: Owned, actual: Actual): { tags: string[] | undefined; untags: string[] } {
  if (!actual.tags) return { tags: desired.tags && [...new Set(desired.tags)], untags: [] };
  const want = new TagSet(desired.tags ?? []);
  const mine = new TagSet(owned.tags);
  const isExclusive = desired.tagOwnership === "exclusive" && desired.tags !== undefined;
  const untags = actual.tags.filter((tag) => !want.has(tag) && (isExclusive || mine.has(tag)));
  const kept = actual.tags.filter((tag) => !untags.includes(tag));
  const has = new TagSet(kept);
  return { tags: [...kept, ...new Set(want.names.filter((tag) => !has.has(tag)))], untags };
}

function sameNames(tags: readonly string[], actual: readonly string[] | undefined): boolean {
  return actual !== undefined && tags.length === actual.length && tags.every((tag) => actual.includes(tag));
}

/** The whole contact as it is sent; `""` empties, and where that didn't help, null may. */
export function toWire({ wanted, clears }: Target, clear: "" | null = ""): WireContact {
  const cleared = new Set(clears.map(formatPath));
  const text = (key: "phone" | "name") => (wanted[key] ? wanted[key] : cleared.has(key) ? clear : undefined);
  const [phone, name] = [text("phone"), text("name")];
  const emptied = clears.flatMap(([key, field]) => (key === "fields" ? [[String(field), clear] as const] : []));
  const fields = { ...wanted.fields, ...Object.fromEntries(emptied) };
  return {
    ...(phone !== undefined && { phone }),
    ...(name !== undefined && { name }),
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(wanted.tags && { tags: wanted.tags }),
  };
}

/** What was declared, or emptied, and is otherwise in what came back. */
export function lacking(desired: Desired, { clears, untags }: Pick<Target, "clears" | "untags">, seen: Actual): Path[] {
  const paths: Path[] = [];
  for (const key of ["phone", "name"] as const) {
    if (desired[key] !== undefined && seen[key] !== desired[key]) paths.push([key]);
  }
  for (const [key, value] of Object.entries(desired.fields ?? {})) {
    if (!sameField(value, fieldOf(seen.fields, key))) paths.push(["fields", key]);
  }
  for (const path of clears) {
    const [key, field] = path;
    const left = key === "fields" ? fieldText(fieldOf(seen.fields, String(field))) : seen[key as "phone" | "name"];
    const isListed = paths.some((listed) => formatPath(listed) === formatPath(path));
    if (left !== "" && !isListed) paths.push(path);
  }
  if (seen.tags) {
    const has = new TagSet(seen.tags);
    const lost = (desired.tags ?? []).filter((tag) => !has.has(tag));
    const left = untags.filter((tag) => seen.tags?.includes(tag));
    paths.push(...[...new Set([...lost, ...left])].map((tag) => ["tags", tag]));
  }
  return paths;
}

/** Nothing there yet: what a new contact is made of. */
export function newTarget(desired: Desired): Target {
  return targetOf(desired, { phone: false, name: false, fields: [], tags: [] }, nobody);
}
