import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bench, startBench } from "../bench";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const ada = { email: "Ada@example.com", name: "Ada", phone: "123", fields: { Age: 36 }, tags: ["vip"] };

test("create, do nothing, edit, read, delete", async () => {
  const first = await bench.create("ada", ada);
  expect(first.failure).toBeUndefined();
  expect(first.state).toMatchObject({ adopted: false, name: "Ada", fields: { Age: "36" }, tagNames: ["vip"] });
  expect(first.state.listId).toBeTypeOf("number");
  expect(bench.called()).toEqual(["contact.list", "contact.upsert", "contact.get"]);

  expect(bench.plan("ada", ada, first).plan).toMatchObject({ verb: "none", changes: [], steps: [] });

  const edited = { ...ada, name: "Ada L.", tags: ["vip", "news"] };
  const second = await bench.update("ada", first, edited);
  expect(second.failure).toBeUndefined();
  expect(bench.emulator.engagelab.contact("ada@example.com")).toMatchObject({
    email: "Ada@example.com",
    name: "Ada L.",
    phone: "123",
    fields: { Age: "36" },
    tags: ["vip", "news"],
  });

  const seen = await bench.read("ada", second);
  expect(seen?.inputs).toEqual(edited);
  expect(bench.plan("ada", edited, { ...seen!, id: second.id }).plan?.verb).toBe("none");

  await bench.delete("ada", second);
  expect(bench.emulator.engagelab.count()).toBe(0);
});
