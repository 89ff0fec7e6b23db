import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { validate } from "../../../provider/core/validate";
import { formatPath, parsePath, UNKNOWN } from "../../../provider/core/values";

const point = z.looseObject({ type: z.string(), data: z.record(z.string(), z.unknown()) });
const schema = z.strictObject({
  title: z.string().min(1),
  status: z.enum(["draft", "running", "paused"]).optional(),
  count: z.int().min(1).max(9).optional(),
  next: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  points: z.record(z.string().regex(/^[a-z]+$/, "may hold lower-case letters only"), point).optional(),
  tagged: z
    .discriminatedUnion("kind", [
      z.object({ kind: z.literal("email"), to: z.string() }),
      z.object({ kind: z.literal("push") }),
    ])
    .optional(),
  choice: z.union([z.strictObject({ a: z.string() }), z.strictObject({ a: z.string(), b: z.number() })]).optional(),
  list: z.array(z.string()).min(1).optional(),
  ruled: z
    .object({ from: z.number(), to: z.number() })
    .refine((value) => value.from < value.to, "must end after it begins")
    .optional(),
});

const said = (value: unknown, secret: string[] = []) =>
  validate(schema, value, secret.map(parsePath)).map(({ path, reason }) => `${formatPath(path)} ${reason}`);

describe("validate", () => {
  test.each<[string, object, string]>([
    ["a missing input", {}, "title is required: text"],
    ["an empty text", { title: "" }, "title must not be empty"],
    ["a wrong type", { title: 5 }, "title must be text, not 5"],
    ["a list for a text", { title: ["x"] }, "title must be text, not a list"],
    ["null for a text", { title: null }, "title must be text, not null"],
    [
      "a mistyped value",
      { title: "x", status: "runing" },
      'status must be "draft", "running" or "paused", not "runing"; did you mean "running"?',
    ],
    ["a far-off value", { title: "x", status: "on" }, 'status must be "draft", "running" or "paused", not "on"'],
    ["a fraction", { title: "x", count: 1.5 }, "count must be a whole number, not 1.5"],
    ["too small a number", { title: "x", count: 0 }, "count must be at least 1"],
    ["too big a number", { title: "x", count: 10 }, "count must be at most 9"],
    ["an empty list", { title: "x", list: [] }, "list must have at least 1 item"],
    ["a mistyped key", { title: "x", staus: "draft" }, 'staus is not known here; did you mean "status"?'],
    [
      "a key from nowhere",
      { title: "x", zzzzzz: 1 },
      "zzzzzz is not known here; known are title, status, count, next, points, tagged, choice, list, ruled",
    ],
    ["none of two shapes", { title: "x", next: 4 }, "next must be text or an object, not 4"],
    ["the nearer of two shapes", { title: "x", next: { yes: 4 } }, "next.yes must be text, not 4"],
    ["the shape with fewest faults", { title: "x", choice: { a: 1 } }, "choice.a must be text, not 1"],
    [
      "a bad name in a map",
      { title: "x", points: { "A b": {} } },
      'points["A b"] this name may hold lower-case letters only',
    ],
    [
      "a missing part far down",
      { title: "x", points: { push: { type: "p" } } },
      "points.push.data is required: an object",
    ],
    [
      "an unknown tag",
      { title: "x", tagged: { kind: "mail" } },
      'tagged.kind must be "email" or "push", not "mail"; did you mean "email"?',
    ],
    ["a rule of the declaration", { title: "x", ruled: { from: 2, to: 1 } }, "ruled must end after it begins"],
  ])("%s", (_, value, text) => {
    expect(said(value)).toContain(text);
  });

  test("says everything at once", () => {
    expect(said({ staus: 1, titel: 2, count: 0 })).toEqual([
      "title is required: text",
      "count must be at least 1",
      'staus is not known here; did you mean "status"?',
      'titel is not known here; did you mean "title"?',
    ]);
  });

  test("a secret value isn't cited", () => {
    expect(said({ title: 12345 }, ["title"])).toEqual(["title must be text, not [secret]"]);
    expect(said({ title: "x", status: "running-secretly" }, ["status"])[0]).not.toContain("secretly");
  });

  test("long values are cut", () => {
    expect(said({ title: "x", status: "y".repeat(500) })[0]!.length).toBeLessThan(130);
  });
});

describe("validate with unknowns", () => {
  test.each<[string, object]>([
    ["an unknown text", { title: UNKNOWN }],
    ["an unknown choice", { title: "x", status: UNKNOWN }],
    ["an unknown number", { title: "x", count: UNKNOWN }],
    ["an unknown map", { title: "x", points: UNKNOWN }],
    ["an unknown part", { title: "x", points: { push: { type: "p", data: UNKNOWN } } }],
    ["an unknown in one of two shapes", { title: "x", next: { yes: UNKNOWN } }],
    ["an unknown that decides between shapes", { title: "x", choice: { a: UNKNOWN, b: UNKNOWN } }],
    ["an unknown tag", { title: "x", tagged: { kind: UNKNOWN } }],
    ["an unknown part of a rule", { title: "x", ruled: { from: 2, to: UNKNOWN } }],
    ["everything unknown", UNKNOWN as unknown as object],
  ])("no error for %s", (_, value) => {
    expect(said(value)).toEqual([]);
  });

  test("errors beside an unknown stay", () => {
    expect(said({ title: UNKNOWN, staus: UNKNOWN, points: { push: { type: 5, data: UNKNOWN } } })).toEqual([
      "points.push.type must be text, not 5",
      'staus is not known here; did you mean "status"?',
    ]);
    expect(said({ title: { en: UNKNOWN } })).toEqual(["title must be text, not an object"]);
    expect(said({ title: UNKNOWN, points: { push: { data: UNKNOWN } } })).toEqual([
      "points.push.type is required: text",
    ]);
  });

  test("making any part of a right value unknown gives no error", () => {
    const right = {
      title: "x",
      status: "draft",
      count: 3,
      next: { yes: "a", no: "b" },
      points: { push: { type: "p", data: { x: { y: 1 } } } },
      tagged: { kind: "email", to: "x" },
      choice: { a: "x", b: 1 },
      list: ["x", "y"],
      ruled: { from: 1, to: 2 },
    };
    const blank = (value: unknown, pick: () => boolean): unknown => {
      if (pick()) return UNKNOWN;
      if (Array.isArray(value)) return value.map((member) => blank(member, pick));
      if (value === null || typeof value !== "object") return value;
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, blank(member, pick)]));
    };
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 4 })), (stream) => {
        expect(said(blank(right, () => stream.next().value === 0) as object)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
