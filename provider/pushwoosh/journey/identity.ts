/** Point UUIDs: made once, kept for ever. People stand on points, and statistics hang on them. Pure. */
import { randomUUID } from "node:crypto";
import { v5 as uuidFromName } from "uuid";
import type { PointIds } from "./wire";

/** A random key for one creation: ids derived from it are new, and the same again when the creation is repeated. */
export const newKey = (): string => randomUUID();

/**
 * Ids for the declared points: kept where known, else derived from the key. A point that was renamed keeps the id made
 * from its first name, so a new point of that name gets another one.
 */
export function assignIds(names: readonly string[], known: PointIds, key: string): PointIds {
  const taken = new Set(Object.values(known));
  return Object.fromEntries(names.map((name) => [name, known[name] ?? freeId(name, key, taken)]));
}

function freeId(name: string, key: string, taken: Set<string>): string {
  let id = uuidFromName(name, key);
  for (let count = 2; taken.has(id); count++) id = uuidFromName(`${name}\n${count}`, key);
  taken.add(id);
  return id;
}
