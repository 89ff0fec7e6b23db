/** Point UUIDs: made once, kept for ever. People stand on points, and statistics hang on them. Pure. */
import { randomUUID } from "node:crypto";
import { v5 as uuidFromName } from "uuid";
import type { PointIds } from "./wire";

/** A random key for one creation: ids derived from it are new, and the same again when the creation is repeated. */
export const newKey = (): string => randomUUID();

/** Renames of points: logical name now → logical name before. */
export type Renames = Record<string, string>;

/** Ids for the declared points: kept where known, through renames, else derived from the key. */
export function assignIds(names: readonly string[], known: PointIds, renames: Renames, key: string): PointIds {
  const ids: PointIds = {};
  for (const name of names) {
    const former = renames[name];
    ids[name] = known[name] ?? (former === undefined ? undefined : known[former]) ?? uuidFromName(name, key);
  }
  return ids;
}
