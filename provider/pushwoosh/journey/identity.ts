/** Point UUIDs: made once, kept for ever. People stand on points, and statistics hang on them. Pure. */
import { randomUUID } from "node:crypto";
import { v5 as uuidFromName } from "uuid";
import { canonicalJson, isObject, type JsonObject } from "../../core/values";
import { normalise } from "./definition";
import { idOf, inferredNames, type PointIds } from "./wire";

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

interface Node {
  id: string;
  point: JsonObject;
  /** Output name → target id. */
  edges: Map<string, string>;
}

/**
 * Finds each sent point in an answer whose ids may have been rewritten: by the id itself, else by position in the graph,
 * type and title. Names without a match are missing from the result.
 */
export function matchIds(sent: readonly JsonObject[], ids: PointIds, answered: readonly JsonObject[]): PointIds {
  const theirs = new Map(answered.flatMap((point) => node(point) ?? []).map((entry) => [entry.id, entry]));
  const ours = new Map(sent.flatMap((point) => node(point) ?? []).map((entry) => [entry.id, entry]));
  const pairs = new Map<string, string>();
  for (const id of ours.keys()) if (theirs.has(id)) pairs.set(id, id);
  if (pairs.size < ours.size) matchByGraph(ours, theirs, pairs);
  return Object.fromEntries(
    Object.entries(ids).flatMap(([name, id]) => (pairs.has(id) ? [[name, pairs.get(id)!] as const] : [])),
  );
}

function node(point: JsonObject): Node | undefined {
  const id = idOf(point);
  if (!id) return undefined;
  const edges = new Map<string, string>();
  const outputs = point[inferredNames.outputs];
  for (const [output, edge] of Object.entries(isObject(outputs) ? outputs : {})) {
    const target = isObject(edge) && isObject(edge.info) ? edge.info.next_point_uuid : undefined;
    if (typeof target === "string" && target) edges.set(output, target);
  }
  return { id, point, edges };
}

/**
 * Pairs what is unmistakable first, then walks along the edges from each pair, then looks for newly unmistakable ones,
 * until nothing changes.
 */
function matchByGraph(ours: Map<string, Node>, theirs: Map<string, Node>, pairs: Map<string, string>): void {
  const taken = new Set(pairs.values());
  const pair = (a: Node | undefined, b: Node | undefined): boolean => {
    if (!a || !b || pairs.has(a.id) || taken.has(b.id) || look(a) !== look(b)) return false;
    pairs.set(a.id, b.id);
    taken.add(b.id);
    return true;
  };
  for (let progress = true; progress; ) {
    progress = false;
    for (const [a, b] of [...pairs]) {
      for (const [output, target] of ours.get(a)?.edges ?? []) {
        const other = theirs.get(b)?.edges.get(output);
        if (pair(ours.get(target), other === undefined ? undefined : theirs.get(other))) progress = true;
      }
    }
    if (!progress) progress = pairUnique(ours, theirs, pairs, taken, pair);
  }
}

/** Pairs points that are the only ones of their description on both sides: first by all that is known, then by less. */
function pairUnique(
  ours: Map<string, Node>,
  theirs: Map<string, Node>,
  pairs: Map<string, string>,
  taken: Set<string>,
  pair: (a: Node, b: Node) => boolean,
): boolean {
  for (const describe of [content, position(ours, theirs), look]) {
    const mine = only(
      [...ours.values()].filter(({ id }) => !pairs.has(id)),
      (entry) => describe(entry, ours),
    );
    const other = only(
      [...theirs.values()].filter(({ id }) => !taken.has(id)),
      (entry) => describe(entry, theirs),
    );
    let found = false;
    for (const [text, entry] of mine) {
      const match = other.get(text);
      if (match && pair(entry, match)) found = true;
    }
    if (found) return true;
  }
  return false;
}

/** Type and title: what must agree in every pair. */
function look({ point }: Node): string {
  return JSON.stringify([point.point_type ?? "", point[inferredNames.pointTitle] ?? ""]);
}

function content(entry: Node): string {
  const { point, edges } = entry;
  return `${look(entry)}${canonicalJson([normalise(point.point_data) ?? null, [...edges.keys()].sort()])}`;
}

/** Distance from the entries, with what leads here and on: where in the graph a point stands. */
function position(...graphs: Map<string, Node>[]): (entry: Node, graph: Map<string, Node>) => string {
  const incoming = new Map(graphs.map((graph) => [graph, sources(graph)]));
  return (entry, graph) => {
    const after = [...entry.edges].map(
      ([output, target]) => `${output}>${graph.has(target) ? look(graph.get(target)!) : ""}`,
    );
    return [look(entry), ...after.sort(), "<", ...(incoming.get(graph)?.get(entry.id) ?? []).sort()].join(" ");
  };
}

function sources(graph: Map<string, Node>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const from of graph.values()) {
    for (const [output, target] of from.edges) {
      const list = found.get(target) ?? [];
      list.push(`${look(from)}>${output}`);
      found.set(target, list);
    }
  }
  return found;
}

function only(entries: Node[], describe: (entry: Node) => string): Map<string, Node> {
  const groups = new Map<string, Node[]>();
  for (const entry of entries) {
    const text = describe(entry);
    groups.set(text, [...(groups.get(text) ?? []), entry]);
  }
  return new Map([...groups].flatMap(([text, group]) => (group.length === 1 ? [[text, group[0]!]] : [])));
}
