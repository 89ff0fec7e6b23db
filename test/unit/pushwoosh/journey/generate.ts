/** Journeys and edits of them, drawn at random: valid ones, with all that a platform may twist. */
import * as fc from "fast-check";
import type { Json, JsonObject } from "../../../../provider/core/values";
import type { JourneyInputs, PointInput } from "../../../../provider/pushwoosh/journey/inputs";
import { APP } from "./bench";

/** Values that say something, and such as a platform takes for nothing. */
const scalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ minLength: 1, maxLength: 8 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 2 ** 40 }) },
  fc.constantFrom<Json>(true, false, 0, "", null, -1.5, "2030-01-31T09:00:00Z", "2030-01-31T10:00:00+01:00", "01"),
);
const memberName = fc.constantFrom("a", "b", "wait_for", "preset", "text", "x y", "constructor", "empty");
const value = (depth: number): fc.Arbitrary<Json> =>
  depth === 0
    ? scalar
    : fc.oneof(
        { weight: 3, arbitrary: scalar },
        fc.array(value(depth - 1), { maxLength: 3 }),
        fc.dictionary(memberName, value(depth - 1), { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<Json>,
      );
const settings = fc.dictionary(memberName, value(2), {
  minKeys: 1,
  maxKeys: 3,
  noNullPrototype: true,
}) as fc.Arbitrary<JsonObject>;

const entry: fc.Arbitrary<PointInput> = fc.oneof(
  fc
    .record({
      filter_code: fc.string({ minLength: 1, maxLength: 6 }),
      start_at: fc.option(fc.constantFrom("2030-01-01T00:00:00Z", "2030-06-01T12:00:00.5+02:00"), { nil: undefined }),
      is_deactivated: fc.boolean(),
      repeat: fc.option(settings, { nil: undefined }),
    })
    .map((data) => point("POINT_TYPE_START_BY_SEGMENT", "start_by_segment", { application_code: APP, ...clean(data) })),
  fc
    .record({ event_name: fc.string({ minLength: 1, maxLength: 6 }), allow_reenter: fc.boolean() })
    .map((data) => point("POINT_TYPE_EVENT", "message_bus", { application_code: APP, ...data })),
);
const element: fc.Arbitrary<PointInput> = fc
  .tuple(
    fc.constantFrom(["POINT_TYPE_SEND_PUSH", "send_push"], ["POINT_TYPE_WAIT", "wait"], ["POINT_TYPE_SPLIT", "split"]),
    settings,
  )
  .map(([[type, key], data]) => point(type!, key!, data));

const pointName = fc.constantFrom("push", "wait", "my wait", "split", "mail", "exit", "z.9", "ü");
const title = fc.option(fc.constantFrom("Hello", "Wait a day", ""), { nil: undefined });

/** A journey of one or two entries and up to six further points, edges among them at random. */
export function journeyInputs(name: string): fc.Arbitrary<JourneyInputs> {
  return fc
    .record({
      entries: fc.array(entry, { minLength: 1, maxLength: 2 }),
      elements: fc
        .uniqueArray(pointName, { maxLength: 6 })
        .chain((names) =>
          fc.tuple(fc.constant(names), fc.array(element, { minLength: names.length, maxLength: names.length })),
        ),
      titles: fc.array(title, { minLength: 8, maxLength: 8 }),
      edges: fc.array(fc.nat(99), { minLength: 16, maxLength: 16 }),
      params: fc.option(settings, { nil: undefined }),
      comments: fc.option(fc.array(settings, { maxLength: 2 }), { nil: undefined }),
      status: fc.constantFrom("draft", "running", "running", undefined),
    })
    .map(({ entries, elements: [names, elements], titles, edges, params, comments, status }) => {
      const points: Record<string, PointInput> = {};
      entries.forEach((each, index) => {
        points[`entry${index}`] = each;
      });
      names.forEach((each, index) => {
        points[each] = elements[index]!;
      });
      Object.keys(points).forEach((each, index) => {
        const next = edgesOf(
          points[each]!,
          names.filter((other) => other !== each),
          edges.slice(index * 2),
        );
        const pointTitle = titles[index];
        points[each] = {
          ...points[each]!,
          ...(next && { next }),
          ...(pointTitle !== undefined && { title: pointTitle }),
        };
      });
      return {
        title: name,
        applicationCode: APP,
        points,
        editWhileRunning: "pause-and-resume" as const,
        ...(status && { status: status as "draft" | "running" }),
        ...(params && { params: params as Record<string, Json> }),
        ...(comments && { comments: comments as Record<string, Json>[] }),
      };
    });
}

/** One edit: a changed, added or removed leaf, point, comment or setting. */
export const edit: fc.Arbitrary<(inputs: JourneyInputs) => JourneyInputs> = fc
  .record({
    kind: fc.constantFrom("leaf", "add", "drop", "point", "remove", "param", "comment", "edge", "title"),
    pick: fc.nat(99),
    value: scalar,
    name: pointName,
    member: memberName,
    point: element,
  })
  .map((choice) => (inputs) => apply(structuredClone(inputs), choice));

interface Choice {
  kind: string;
  pick: number;
  value: Json;
  name: string;
  member: string;
  point: PointInput;
}

function apply(inputs: JourneyInputs, { kind, pick, value: to, name, member, point: extra }: Choice): JourneyInputs {
  const names = Object.keys(inputs.points).filter((each) => !isEntry(inputs.points[each]!));
  const chosen = names[pick % (names.length || 1)];
  if (kind === "param" || chosen === undefined) return { ...inputs, params: { ...inputs.params, [member]: to } };
  const target = inputs.points[chosen]!;
  const [key] = Object.keys(target.data);
  const data = target.data[key!] as JsonObject;
  if (kind === "leaf") data[Object.keys(data)[pick % (Object.keys(data).length || 1)] ?? member] = to;
  if (kind === "add") data[member] = to;
  if (kind === "drop") delete data[Object.keys(data)[0] ?? ""];
  if (kind === "comment") return { ...inputs, comments: [...(inputs.comments ?? []), { text: to }] };
  if (kind === "title") target.title = `Title ${pick}`;
  if (kind === "edge") target.next = names.find((each) => each !== chosen) ?? undefined;
  if (kind === "point" && !(name in inputs.points)) {
    inputs.points[name] = { ...extra, next: chosen };
    Object.values(inputs.points).find(isEntry)!.next = name;
  }
  if (kind === "remove") removePoint(inputs.points, chosen);
  return inputs;
}

const isEntry = ({ data }: PointInput) => "start_by_segment" in data || "message_bus" in data;

function removePoint(points: Record<string, PointInput>, gone: string): void {
  delete points[gone];
  for (const each of Object.values(points)) {
    if (typeof each.next === "string" && each.next === gone) delete each.next;
    else if (typeof each.next === "object") {
      each.next = Object.fromEntries(Object.entries(each.next).filter(([, target]) => target !== gone));
    }
  }
}

function point(type: string, key: string, data: JsonObject): PointInput {
  return { type, data: { [key]: data } };
}

function edgesOf(of: PointInput, others: string[], picks: number[]): PointInput["next"] {
  const at = (pick = 0) => others[pick % others.length];
  if (others.length === 0 || picks[0]! % 5 === 0) return undefined;
  if (of.type !== "POINT_TYPE_SPLIT") return at(picks[0]);
  return { default: at(picks[0])!, output1: at(picks[1])! };
}

function clean(data: Record<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(data).filter(([, each]) => each !== undefined)) as JsonObject;
}
