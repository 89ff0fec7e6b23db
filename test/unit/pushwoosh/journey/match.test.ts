/** Finding points again in an answer that gave them other ids. */
import { expect, test } from "vitest";
import type { JsonObject } from "../../../../provider/core/values";
import { matchIds } from "../../../../provider/pushwoosh/journey/match";

const point = (uuid: string, point_type: string, title: string, next?: string): JsonObject => ({
  uuid,
  point_type,
  title,
  point_data: { [title]: {} },
  ...(next && { outputs: { default: { info: { next_point_uuid: next } } } }),
});
const sent = [point("a", "START", "audience", "b"), point("b", "PUSH", "greeting", "c"), point("c", "EXIT", "end")];
const ids = { audience: "a", push: "b", exit: "c" };

test("by where they stand, whatever their ids and their order", () => {
  const answered = [
    point("3", "EXIT", "end"),
    point("2", "PUSH", "greeting", "3"),
    point("1", "START", "audience", "2"),
  ];
  expect(matchIds(sent, ids, answered)).toEqual({ audience: "1", push: "2", exit: "3" });
});

test.each([
  ["type", point("2", "EMAIL", "greeting", "3")],
  ["title", point("2", "PUSH", "goodbye", "3")],
])("not where another %s stands in the same place", (_, other) => {
  const answered = [point("a", "START", "audience", "2"), other, point("3", "EXIT", "end")];
  expect(matchIds(sent, ids, answered)).toEqual({ audience: "a", exit: "3" });
});
