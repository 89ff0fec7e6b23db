/** Finds points again in an answer that gave them other ids: by where they stand in the graph, type and title. Pure. */
import { canonicalJson, isObject, type JsonObject } from "../../core/values";
import { normalise } from "./definition";
import { idOf, inferredNames, type PointIds } from "./wire";

/**
 * What to do with points that look the same and stand in the same place. An answer to what was sent holds each of them,
 * so any order will do (`"pair"`); in a journey made by others a guess could move people (`"leave"`).
 */
export type Twins = "pair" | "leave";

/** The answered id of each sent point. Names without a match are missing from the result. */
export function matchIds(
  sent: readonly JsonObject[],
  ids: PointIds,
  answered: readonly JsonObject[],
  twins: Twins = "pair",
): PointIds {
  const matching = new Matching(readGraph(sent), readGraph(answered));
  matching.run(twins);
  return Object.fromEntries(
    Object.entries(ids).flatMap(([name, id]) => {
      const match = matching.theirId(id);
      return match === undefined ? [] : [[name, match] as const];
    }),
  );
}

class Node {
  /** Where people come from: source id and output. */
  readonly sources: { from: string; output: string }[] = [];
  #look?: string;
  #content?: string;

  constructor(
    readonly id: string,
    private readonly point: JsonObject,
    /** Output name → target id. */
    readonly edges: ReadonlyMap<string, string>,
  ) {}

  /** Type and title: what must agree in every pair. Asked for only where ids don't tell. */
  get look(): string {
    this.#look ??= JSON.stringify([this.point.point_type ?? "", this.point[inferredNames.pointTitle] ?? ""]);
    return this.#look;
  }

  /** All that is known of the point itself. */
  get content(): string {
    this.#content ??= `${this.look}${canonicalJson([normalise(this.point.point_data) ?? null, [...this.edges.keys()].sort()])}`;
    return this.#content;
  }
}

type Graph = Map<string, Node>;

function readGraph(points: readonly JsonObject[]): Graph {
  const graph: Graph = new Map();
  for (const point of points) {
    const id = idOf(point);
    if (id) graph.set(id, readNode(id, point));
  }
  for (const { id, edges } of graph.values()) {
    for (const [output, target] of edges) graph.get(target)?.sources.push({ from: id, output });
  }
  return graph;
}

function readNode(id: string, point: JsonObject): Node {
  const edges = new Map<string, string>();
  const outputs = point[inferredNames.outputs];
  for (const [output, edge] of Object.entries(isObject(outputs) ? outputs : {})) {
    const target = isObject(edge) && isObject(edge.info) ? edge.info.next_point_uuid : undefined;
    if (typeof target === "string" && target) edges.set(output, target);
  }
  return new Node(id, point, edges);
}

type Describe = (node: Node) => string;

class Matching {
  /** Our id → theirs, and back. */
  readonly #pairs = new Map<string, string>();
  readonly #back = new Map<string, string>();

  constructor(
    private readonly ours: Graph,
    private readonly theirs: Graph,
  ) {
    for (const node of ours.values()) this.#pair(node, theirs.get(node.id), true);
  }

  theirId(id: string): string | undefined {
    return this.#pairs.get(id);
  }

  /**
   * Walks along the edges from each pair, then pairs what has become unmistakable, by much first and then by less,
   * until nothing changes.
   */
  run(twins: Twins): void {
    const descriptions: Describe[] = [
      (node) => node.content,
      (node) => node.content + this.#place(node),
      (node) => this.#place(node),
      (node) => node.look,
    ];
    const step = () =>
      this.#walk() || descriptions.some((each) => this.#pairAlike(each, false)) || this.#pairTwins(twins);
    while (this.#pairs.size < this.ours.size && step());
  }

  #pair(our: Node | undefined, their: Node | undefined, sameId = false): boolean {
    if (!our || !their || this.#pairs.has(our.id) || this.#back.has(their.id)) return false;
    if (!sameId && our.look !== their.look) return false;
    this.#pairs.set(our.id, their.id);
    this.#back.set(their.id, our.id);
    return true;
  }

  #walk(): boolean {
    let found = false;
    for (const [our, their] of [...this.#pairs]) {
      for (const [output, target] of this.ours.get(our)!.edges) {
        const other = this.theirs.get(their)!.edges.get(output);
        if (other !== undefined && this.#pair(this.ours.get(target), this.theirs.get(other))) found = true;
      }
    }
    return found;
  }

  /** Pairs points that are the only ones of their description on both sides; with `twins` the first of several. */
  #pairAlike(describe: Describe, twins: boolean): boolean {
    const ours = group(this.#unpaired(this.ours, this.#pairs), describe);
    const theirs = group(this.#unpaired(this.theirs, this.#back), describe);
    let found = false;
    for (const [text, [our, ...ourTwins]] of ours) {
      const [their, ...theirTwins] = theirs.get(text) ?? [];
      const unmistakable = ourTwins.length === 0 && theirTwins.length === 0;
      if ((unmistakable || twins) && this.#pair(our, their)) found = true;
      if (found && twins) return true; // one pair may tell all others apart
    }
    return found;
  }

  #pairTwins(twins: Twins): boolean {
    return twins === "pair" && this.#pairAlike((node) => node.content + this.#place(node), true);
  }

  #unpaired(graph: Graph, paired: ReadonlyMap<string, string>): Node[] {
    return [...graph.values()].filter(({ id }) => !paired.has(id));
  }

  /** What leads here and on: paired points by who they are, others by how they look. */
  #place({ edges, sources }: Node): string {
    const after = [...edges].map(([output, target]) => `${output}>${this.#label(target)}`);
    const before = sources.map(({ from, output }) => `${this.#label(from)}>${output}`);
    return [...after.sort(), "<", ...before.sort()].join(" ");
  }

  #label(id: string): string {
    if (this.#pairs.has(id)) return id;
    return this.#back.get(id) ?? this.ours.get(id)?.look ?? this.theirs.get(id)?.look ?? "";
  }
}

function group(nodes: readonly Node[], describe: Describe): Map<string, Node[]> {
  const groups = new Map<string, Node[]>();
  for (const node of nodes) {
    const text = describe(node);
    const others = groups.get(text);
    if (others) others.push(node);
    else groups.set(text, [node]);
  }
  return groups;
}
