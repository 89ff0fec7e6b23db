/** Logical names to the wire and back: what nobody documents comes along, at every depth. */
import { expect, test } from "vitest";
import type { Definition } from "../../../../provider/pushwoosh/journey/definition";
import { fromWire, toWire } from "../../../../provider/pushwoosh/journey/wire";

const ids = { entry: "00000000-0000-4000-8000-000000000001", exit: "00000000-0000-4000-8000-000000000002" };
const definition: Definition = {
  title: "t",
  params: { unknown: { deep: [1, null] } },
  points: {
    entry: {
      type: "T",
      data: { key: { a: 1 } },
      title: "Entry",
      x: 12,
      next: { default: { to: "exit", label: "yes", info: { colour: "red" } } },
    },
    exit: { type: "E", data: { exit: {} } },
  },
  comments: [{ text: "hi" }],
};

test("there and back again, nothing is lost and nothing comes up", () => {
  const wire = toWire(definition, "APP", ids);
  expect(wire.points[0]).toEqual({
    uuid: ids.entry,
    point_type: "T",
    point_data: { key: { a: 1 } },
    title: "Entry",
    x: 12,
    outputs: { default: { label: "yes", info: { colour: "red", next_point_uuid: ids.exit } } },
  });
  expect(fromWire(wire, ids)).toEqual(definition);
});
