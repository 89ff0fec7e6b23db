/** Looking before and after a write: how far a search is read, what a list that isn't whole proves, what is read back. */
import { afterEach, describe, expect, test } from "vitest";
import type { EmulatorOptions } from "../../../../provider/emulator";
import type { ContactInputs } from "../../../../provider/engagelab/contact/inputs";
import { lookup } from "../../../../provider/engagelab/contact/lookup";
import { pace } from "../../../../provider/engagelab/contact/pace";
import { type Bench, errorOf, type KeptContact, startBench } from "../bench";

let bench: Bench;
afterEach(() => bench.close());
const start = async (engagelab: EmulatorOptions["engagelab"] = {}) => {
  bench = await startBench({ engagelab });
};
const address = (index: number) => `person-${index}@example.com`;
const lists = () => bench.emulator.requests({ endpoint: "contact.list" });
const upserts = () =>
  bench.emulator.journal.flatMap(({ endpoint, body }) =>
    endpoint === "contact.upsert" ? [(body as { members: Record<string, unknown>[] }).members] : [],
  );
/** Ids read one by one, in order. */
const readIds = () => bench.emulator.journal.flatMap(({ endpoint, ids }) => (endpoint === "contact.get" ? ids : []));

describe("a search", () => {
  const alike = (count: number) => Array.from({ length: count }, (_, index) => ({ email: `${index}ada@example.com` }));

  test("that spans several pages is read to its end", async () => {
    await start({ equals: "refused" });
    // Without ==, each of these holds the address that is looked for.
    bench.emulator.engagelab.seed([...alike(250), { email: "ada@example.com", name: "Somebody" }]);
    const found = await bench.runtime.use(lookup).find("ada@example.com");
    expect(found.map(({ name }) => name)).toEqual(["Somebody"]);
    // The first page of the list, the refused search, and three pages of the other one.
    expect(lists()).toBe(5);
  });

  test("that doesn't end isn't believed: the whole list is read instead", async () => {
    await start({ equals: "refused" });
    bench.emulator.engagelab.seed([...alike(2050), { email: "ada@example.com", name: "Somebody" }]);
    const error = await errorOf(bench.create("ada", { email: "ada@example.com", name: "Ada" }));
    expect(error.code).toBe("already-exists");
    expect(bench.emulator.writes()).toBe(0);
  });
});

describe("a list that isn't whole", () => {
  const everybody = Array.from({ length: 350 }, (_, index) => ({ email: address(index) }));

  test("proves nobody's absence: whoever it doesn't show is searched for", async () => {
    await start({ listReach: 150 });
    bench.emulator.engagelab.seed(everybody);
    const found = await bench.runtime.use(lookup).findAll(Array.from({ length: 400 }, (_, index) => address(index)));
    expect(found.size).toBe(350);
  });

  test("nor does one that can't be searched either: nobody is created", async () => {
    await start({ listReach: 150, equals: "refused", systemNames: "exact" });
    bench.emulator.engagelab.seed([...everybody, { email: "ada@example.com", name: "Somebody" }]);
    bench.emulator.on("before", { endpoint: "contact.list" }, ({ body }) => {
      if ((body as { condition?: object }).condition)
        bench.emulator.fault({ kind: "refuse", endpoint: "contact.list" });
    });
    const error = await errorOf(bench.create("ada", { email: "ada@example.com", name: "Ada" }));
    expect(error.message).toMatch(
      /unexpected-answer[\s\S]*neither its searches nor its list can be relied on[\s\S]*nothing was decided/,
    );
    expect(bench.emulator.writes()).toBe(0);
  });
});

describe("before an update", () => {
  const named = (index: number, name: string): ContactInputs => ({ email: address(index), name });
  const createAll = async (count: number) => {
    const kept = await Promise.all(
      Array.from({ length: count }, (_, index) => bench.create(`c${index}`, named(index, "Before"))),
    );
    await bench.restart();
    return kept;
  };
  const updateAll = (kept: readonly KeptContact[]) =>
    Promise.allSettled(kept.map((each, index) => bench.update(`c${index}`, each, named(index, "After"))));

  test("one look-up for all confirms that id and address belong together; who doesn't match isn't sent", async () => {
    await start();
    const [stranger] = bench.emulator.engagelab.seed([{ email: "stranger@example.org", name: "Stranger" }]);
    const kept = await createAll(12);
    const looked = lists();
    kept[5] = { ...kept[5]!, state: { ...kept[5]!.state, contactId: stranger! } };
    const outcomes = await updateAll(kept);
    expect(lists() - looked).toBe(1);
    expect(outcomes.map(({ status }) => status === "fulfilled")).toEqual(kept.map((_, index) => index !== 5));
    expect(String((outcomes[5] as PromiseRejectedResult).reason)).toMatch(/guard-tripped[\s\S]*another address/);
    const sent = upserts().slice(-1).flat();
    expect(sent.map(({ email }) => email).sort()).toEqual(
      kept.flatMap((_, index) => (index === 5 ? [] : [address(index)])).sort(),
    );
    expect(bench.emulator.engagelab.contact(stranger!).name).toBe("Stranger");
    expect(bench.emulator.engagelab.contact(address(5)).name).toBe("Before");
  });

  test("an address that now belongs to another id is not taken for the one that was deleted", async () => {
    await start();
    const kept = await createAll(3);
    const fresh = bench.emulator.behind.contact(address(1)).recreate();
    const outcomes = await updateAll(kept);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    const text = String((outcomes[1] as PromiseRejectedResult).reason);
    expect(text).toMatch(/gone[\s\S]*created another one/);
    expect(text).toContain(fresh);
    expect(bench.emulator.engagelab.contact(fresh).name).toBe("Before");
  });
});

describe("a clear", () => {
  const ada: ContactInputs = { email: "ada@example.com", name: "Ada", phone: "1" };
  const begin = async (engagelab: EmulatorOptions["engagelab"] = {}) => {
    await start(engagelab);
    const kept = await bench.create("ada", ada);
    await bench.restart();
    // The look before the write has taken place: what is read now is read because of the clear.
    await bench.runtime.use(lookup).find("ada@example.com");
    return { kept, calls: bench.called().length };
  };
  const { phone: _, ...without } = ada;

  test('alone is sent as "" and read back by id', async () => {
    const { kept, calls } = await begin();
    expect((await bench.update("ada", kept, without)).failure).toBeUndefined();
    expect(bench.called().slice(calls)).toEqual(["contact.upsert", "contact.get"]);
    expect(upserts().at(-1)).toEqual([{ email: "ada@example.com", phone: "", name: "Ada", tags: [] }]);
  });

  test('that "" doesn\'t bring about is sent as null, and read back again', async () => {
    const { kept, calls } = await begin({ emptyText: "ignored", nullValue: "clears" });
    const { id, failure, state } = await bench.update("ada", kept, without);
    expect(failure).toBeUndefined();
    expect(state.phone).toBe("");
    const called = bench.called().slice(calls);
    expect(called.filter((endpoint) => endpoint === "contact.upsert")).toHaveLength(2);
    expect(called.at(-1)).toBe("contact.get");
    expect(readIds().at(-1)).toBe(id);
    expect(
      upserts()
        .slice(-2)
        .map(([member]) => member?.phone),
    ).toEqual(["", null]);
    expect(bench.emulator.engagelab.contact("ada@example.com").phone).toBeNull();
  });

  test("is read back for everybody who has one", async () => {
    await start();
    const kept = await Promise.all(
      [0, 1, 2].map((index) => bench.create(`c${index}`, { email: address(index), phone: "1" })),
    );
    await bench.restart();
    const before = readIds().length;
    await Promise.all(kept.map((each, index) => bench.update(`c${index}`, each, { email: address(index) })));
    expect(readIds().slice(before).sort()).toEqual(kept.map(({ id }) => id).sort());
  });
});

describe("after a write", () => {
  const carriers: ContactInputs[] = [
    { email: address(0), tags: ["red"] },
    { email: address(1), tags: ["red"], name: "Nothing new" },
    { email: address(2), tags: ["red", "green"] },
    { email: address(3), fields: { Age: 3 } },
    { email: address(4), tags: ["green"], fields: { Age: 4 } },
    { email: address(5), fields: { Age: 5, Gender: "x" } },
    { email: address(6), fields: { Gender: "" } },
  ];
  /** Whoever carries a tag or a property that nobody of the run did before. */
  const firsts = [0, 2, 3, 5];

  test("the first contact of a run that carries each tag and each property is read back, and no other", async () => {
    await start();
    bench.emulator.engagelab.seed([{ email: "outside@example.org" }]);
    const kept: KeptContact[] = [];
    for (const [index, inputs] of carriers.entries()) kept.push(await bench.create(`c${index}`, inputs));
    expect(readIds()).toEqual(firsts.map((index) => kept[index]!.id));
    // Another run has proved nothing yet.
    await bench.restart();
    await bench.update("c4", kept[4]!, { ...carriers[4]!, fields: { Age: 44 } });
    expect(readIds().slice(firsts.length)).toEqual([kept[4]!.id]);
  });

  test("also where all of them travel in one batch", async () => {
    await start();
    bench.emulator.engagelab.seed([{ email: "outside@example.org" }]);
    bench.runtime.use(pace).quiet = 300;
    const kept = await Promise.all(carriers.map((inputs, index) => bench.create(`c${index}`, inputs)));
    expect(upserts()).toHaveLength(1);
    expect(readIds().length).toBeGreaterThanOrEqual(2);
    expect(readIds().length).toBeLessThanOrEqual(firsts.length);
    expect(kept.every(({ failure }) => failure === undefined)).toBe(true);
  });
});
