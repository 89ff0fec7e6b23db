import { afterEach, describe, expect, test } from "vitest";
import type { EmulatorOptions } from "../../../../provider/emulator";
import type { ContactInputs } from "../../../../provider/engagelab/contact/inputs";
import { type Bench, errorOf, startBench } from "../bench";

let bench: Bench;
const start = async (options?: EmulatorOptions, settings?: Record<string, string>) => {
  bench = await startBench(options, settings);
};
afterEach(() => bench.close());

const ada: ContactInputs = { email: "ada@example.com", name: "Ada", tags: ["vip"] };
const others = Array.from({ length: 130 }, (_, index) => ({ email: `person-${index}@example.org` }));

describe("an address that exists", () => {
  test("and equals everything declared counts as done, adopted, with nothing sent", async () => {
    await start();
    const [id] = bench.emulator.engagelab.seed([
      { email: "ADA@example.com", name: "Ada", phone: "7", tags: ["x", "vip"] },
    ]);
    const kept = await bench.create("ada", ada);
    expect(kept).toMatchObject({ id, state: { adopted: true, phone: "7", tagNames: ["vip", "x"] } });
    expect(bench.emulator.writes()).toBe(0);
    expect(await bench.recordText()).toBe("");
  });

  test("and differs is an error that names what differs, and nothing is overwritten", async () => {
    await start();
    bench.emulator.engagelab.seed([{ email: "ada@example.com", name: "Somebody", fields: { Age: "1" } }]);
    const error = await errorOf(bench.create("ada", { ...ada, fields: { Age: 2 } }));
    expect(error.code).toBe("already-exists");
    expect(error.parts.paths).toEqual([["name"], ["fields", "Age"], ["tags"]]);
    expect(error.message).not.toMatch(/Somebody|ada@/);
    expect(bench.emulator.writes()).toBe(0);
  });

  test("and differs is overwritten with adoptExisting, and what isn't declared is kept", async () => {
    await start();
    bench.emulator.engagelab.seed([
      { email: "ada@example.com", name: "Somebody", phone: "7", fields: { Age: "1" }, tags: ["x"] },
    ]);
    const kept = await bench.create("ada", { ...ada, adoptExisting: true });
    expect(kept.state.adopted).toBe(true);
    expect(bench.emulator.engagelab.contact("ada@example.com")).toMatchObject({
      name: "Ada",
      phone: "7",
      fields: { Age: "1" },
      tags: ["x", "vip"],
    });
  });

  test("in two spellings stops with both ids", async () => {
    await start({ engagelab: { emailIdentity: "case-sensitive" } });
    const ids = bench.emulator.engagelab.seed([{ email: "ada@example.com" }, { email: "Ada@example.com" }]);
    const error = await errorOf(bench.create("ada", ada));
    for (const id of ids) expect(error.message).toContain(id);
    expect(bench.emulator.writes()).toBe(0);
  });
});

describe("looking first", () => {
  test.each([
    ["the whole list of a small account", [], {}],
    ["a search", others, {}],
    ["a search with contain where == is refused", others, { equals: "refused" }],
    ["a search whose total counts everybody", others, { filteredTotal: "all" }],
    ["the list's other path", others, { listPath: "listMembers" }],
    ["the list under its other key", others, { listKey: "list" }],
    ["a list that can't reach everybody", others, { listReach: 50 }],
    ["a shuffled list", others, { listOrder: "shuffled" }],
  ] as const)("finds an existing contact by %s", async (_, seeds, switches) => {
    await start({ engagelab: switches });
    bench.emulator.engagelab.seed([...seeds, { email: "ada@example.com", name: "Ada", tags: ["vip"] }]);
    const kept = await bench.create("ada", ada);
    expect(kept.state.adopted).toBe(true);
    const absent = await bench.create("grace", { email: "grace@example.com" });
    expect(absent.state.adopted).toBe(false);
    expect(bench.emulator.writes()).toBe(1);
  });

  test("a search that finds nobody at all isn't believed", async () => {
    await start({ engagelab: { systemNames: "exact", equals: "refused", textMatch: "exact" } });
    bench.emulator.engagelab.seed([...others, { email: "ada@example.com", name: "Somebody" }]);
    expect((await errorOf(bench.create("ada", ada))).code).toBe("already-exists");
  });

  test("both spellings are searched for where letter case counts", async () => {
    await start({ engagelab: { textMatch: "exact", emailIdentity: "lower-cased" } });
    bench.emulator.engagelab.seed([...others, { email: "ada@example.com", name: "Ada", tags: ["vip"] }]);
    const kept = await bench.create("ada", { ...ada, email: "Ada@Example.com" });
    expect(kept.state.adopted).toBe(true);
    expect(bench.emulator.engagelab.count()).toBe(others.length + 1);
  });

  test("somebody who creates it between look-up and upsert keeps tags and fields; it is adopted, with a warning", async () => {
    await start();
    bench.emulator.on("before", { endpoint: "contact.upsert" }, () => {
      bench.emulator.engagelab.seed([{ email: "ada@example.com", phone: "7", fields: { Age: "1" }, tags: ["x"] }]);
    });
    const kept = await bench.create("ada", ada);
    expect(kept.state.adopted).toBe(true);
    expect(bench.logs.join()).toMatch(/warning.*created by somebody else/);
    expect(bench.emulator.engagelab.contact("ada@example.com")).toMatchObject({
      phone: "7",
      fields: { Age: "1" },
      tags: ["x", "vip"],
    });
  });

  test("a listing that fails decides nothing", async () => {
    await start();
    bench.emulator.fault({ kind: "403", endpoint: "contact.list" });
    expect((await errorOf(bench.create("ada", ada))).code).toBe("forbidden");
    expect(bench.emulator.writes()).toBe(0);
    expect((await bench.create("ada", ada)).state.adopted).toBe(false);
  });
});

describe("batches", () => {
  const people = Array.from({ length: 60 }, (_, index) => ({
    email: `P${index}@example.com`,
    name: `Name ${index}`,
    tags: ["vip"],
  }));

  test("look-ups and creates of a run travel together, mapped back by address", async () => {
    await start();
    bench.emulator.engagelab.seed(others);
    const kept = await Promise.all(people.map((person, index) => bench.create(`p${index}`, person)));
    expect(bench.emulator.requests({ endpoint: "contact.list" })).toBeLessThanOrEqual(7);
    expect(bench.emulator.requests({ endpoint: "contact.upsert" })).toBeLessThanOrEqual(2);
    expect(bench.emulator.requests({ endpoint: "contact.get" })).toBe(1);
    for (const [index, { id }] of kept.entries()) {
      expect(bench.emulator.engagelab.contact(id)).toMatchObject({ email: people[index]!.email });
    }
    await bench.restart();
    const again = await Promise.all(
      kept.map((one, index) => bench.update(`p${index}`, one, { ...people[index]!, name: "New" })),
    );
    expect(again.every(({ failure }) => !failure)).toBe(true);
    expect(bench.emulator.engagelab.contacts().filter(({ name }) => name === "New")).toHaveLength(60);
    expect(bench.emulator.requests({ endpoint: "contact.upsert" })).toBeLessThanOrEqual(4);
  });

  test.each([
    ["one bad member", {}],
    ["a limit of 7 members", { maxMembers: 7 }],
    ["a limit of 900 bytes", { maxBodyBytes: 900 }],
  ])("%s doesn't sink the others", async (_, switches) => {
    await start({ engagelab: { ...switches, unknownTag: "refused" } });
    bench.emulator.engagelab.seed([{ email: "first@example.com", tags: ["vip"] }]);
    const bad = { email: "bad@example.com", tags: ["nobody_made_this"] };
    const outcomes = await Promise.allSettled([
      bench.create("bad", bad),
      ...people.slice(0, 20).map((person, index) => bench.create(`p${index}`, person)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", ...Array(20).fill("fulfilled")]);
    const [first] = outcomes as [PromiseRejectedResult];
    expect(String(first.reason)).toMatch(/refused: contact "bad": .*nobody_made_this/);
    expect(bench.emulator.engagelab.count()).toBe(21);
  });

  test("a member that failed is tried once more, alone", async () => {
    await start({ engagelab: { unknownTag: "refused" } });
    bench.emulator.on("after", { endpoint: "contact.upsert" }, () => {
      bench.emulator.engagelab.seed([{ email: `${bench.emulator.journal.length}@example.org`, tags: ["late"] }]);
    });
    const [late] = await Promise.all([
      bench.create("late", { email: "late@example.com", tags: ["late"] }),
      bench.create("other", { email: "other@example.com" }),
    ]);
    expect(late.failure).toBeUndefined();
    expect(late.state.adopted).toBe(false);
  });
});
