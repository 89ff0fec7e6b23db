/** What must not happen to people. Each test harms the emulator's account if its guard is taken out. */
import { afterEach, describe, expect, test } from "vitest";
import type { ContactInputs } from "../../../../provider/engagelab/contact/inputs";
import { type Bench, errorOf, type KeptContact, startBench } from "../bench";

let bench: Bench;
afterEach(() => bench.close());

const ada: ContactInputs = { email: "ada@example.com", name: "Ada" };
const bystanders = Array.from({ length: 5 }, (_, index) => ({ email: `bystander-${index}@example.org` }));

async function begin(settings: Record<string, string> = {}) {
  bench = await startBench({}, settings);
  bench.emulator.engagelab.seed(bystanders);
}

/** A contact of one account; the next run opens another one. */
async function createdElsewhere(): Promise<KeptContact> {
  const accounts = [
    { apiUser: "user", apiKey: "one", listId: 1 },
    { apiUser: "user", apiKey: "two", listId: 2 },
  ];
  bench = await startBench({ accounts }, { engagelabApiKey: "one" });
  bench.emulator.engagelab.seed(bystanders, 2);
  const kept = await bench.create("ada", ada);
  await bench.restart({ engagelabApiKey: "two" });
  return kept;
}

const withId = (kept: KeptContact, contactId: string): KeptContact => ({
  ...kept,
  state: { ...kept.state, contactId },
});
const everybody = () => bench.emulator.engagelab.count();

describe("an id in a path", () => {
  test.each(["delete", "DELETE", "", "..", "a/b", "word", "1".repeat(65), "delete?x=1"])("can't be %j", async (id) => {
    await begin();
    const kept = withId(await bench.create("ada", ada), id);
    expect((await errorOf(bench.delete("ada", kept))).code).toBe("guard-tripped");
    await errorOf(bench.update("ada", kept, { ...ada, name: "New", updateMethod: "put" }));
    expect(everybody()).toBe(bystanders.length + 1);
    expect(bench.emulator.requests({ method: "DELETE" })).toBe(0);
  });
});

describe("a delete", () => {
  test("of an id that belongs to somebody else's address deletes nobody", async () => {
    await begin();
    const kept = await bench.create("ada", ada);
    const [other] = bench.emulator.engagelab.contacts();
    expect((await errorOf(bench.delete("ada", withId(kept, other!.id)))).code).toBe("guard-tripped");
    expect(everybody()).toBe(bystanders.length + 1);
  });

  test("of an id that now has another list is another account's", async () => {
    await begin();
    const kept = await bench.create("ada", ada);
    const elsewhere = { ...kept, state: { ...kept.state, listId: 1 } };
    expect((await errorOf(bench.delete("ada", elsewhere))).message).toMatch(/another account/);
    expect(everybody()).toBe(bystanders.length + 1);
  });

  test("in another account is refused: the contact is where it was, and stays in the state", async () => {
    const kept = await createdElsewhere();
    expect((await errorOf(bench.delete("ada", kept))).message).toMatch(/belongs to the list 1.*opens the list 2/);
    await bench.restart({ engagelabApiKey: "one" });
    await bench.delete("ada", kept);
    expect(bench.emulator.engagelab.count(1)).toBe(0);
    expect(bench.emulator.engagelab.count(2)).toBe(bystanders.length);
  });

  test.each([
    ["an empty account", 0, 1],
    ["an account of others", 3, 0],
  ])("that finds nobody in %s says so where it may be the wrong one", async (_, others, warnings) => {
    bench = await startBench();
    const kept = await bench.create("ada", ada);
    bench.emulator.engagelab.seed(bystanders.slice(0, others));
    bench.emulator.behind.contact(ada.email).delete();
    await bench.restart();
    await bench.delete("ada", kept);
    expect(bench.logs.filter((line) => line.includes("a wrong account or region looks the same"))).toHaveLength(
      warnings,
    );
  });

  test("of an adopted contact releases it without a call, unless forced", async () => {
    await begin();
    bench.emulator.engagelab.seed([{ email: ada.email, name: "Ada" }]);
    const kept = await bench.create("ada", ada);
    await bench.restart();
    const requests = bench.emulator.requests();
    await bench.delete("ada", kept);
    expect(bench.emulator.requests()).toBe(requests);
    expect(everybody()).toBe(bystanders.length + 1);
    const forced = await bench.update("ada", kept, { ...ada, forceDestroy: true });
    await bench.delete("ada", forced);
    expect(everybody()).toBe(bystanders.length);
  });

  test("of a person who opted out meanwhile releases it, unless forced", async () => {
    await begin();
    const kept = await bench.create("ada", ada);
    bench.emulator.behind.contact(ada.email).unsubscribe();
    await bench.delete("ada", kept);
    expect(everybody()).toBe(bystanders.length + 1);
    expect(bench.logs.join()).toMatch(/opt-out/);
    const forced = await bench.update("ada", kept, { ...ada, forceDestroy: true });
    await bench.delete("ada", forced);
    expect(everybody()).toBe(bystanders.length);
  });

  test("after a rename without an alias leaves the contact to its new name", async () => {
    await begin();
    const old = await bench.create("old", ada);
    await bench.restart();
    const renamed = await bench.create("new", ada);
    expect(renamed.id).toBe(old.id);
    await bench.delete("old", old);
    expect(bench.emulator.engagelab.contact(ada.email).id).toBe(old.id);
  });

  test.each(["plan", "read", "update"] as const)(
    "of an id that another resource's %s has seen is skipped",
    async (by) => {
      await begin();
      const old = await bench.create("old", ada);
      await bench.restart();
      if (by === "plan") bench.plan("new", ada, old);
      if (by === "read") await bench.read("new", old);
      if (by === "update") await bench.update("new", old, { ...ada, name: "New" });
      await bench.delete("old", old);
      expect(everybody()).toBe(bystanders.length + 1);
    },
  );

  test("by the old state of a replacement that ended up with the same contact is skipped", async () => {
    await begin();
    const old = await bench.create("ada", ada);
    await bench.restart();
    const replaced = await bench.create("ada", ada);
    expect(replaced.id).toBe(old.id);
    await bench.delete("ada", old);
    expect(everybody()).toBe(bystanders.length + 1);
  });

  test("stops at engagelabMaxDeletions, counted over all contacts of the process, and says how many went", async () => {
    await begin({ engagelabMaxDeletions: "3" });
    const kept = await Promise.all(
      Array.from({ length: 6 }, (_, index) => bench.create(`c${index}`, { email: `c${index}@example.com` })),
    );
    const outcomes = await Promise.allSettled(kept.map((one, index) => bench.delete(`c${index}`, one)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    const error = await errorOf(bench.delete("c5", kept[5]!));
    expect(error.message).toMatch(/at most 3 contacts, and has deleted 3.*\n.*\n.*engagelabMaxDeletions/);
    expect(everybody()).toBe(bystanders.length + 3);
  });

  test("of what is gone already is a success under every answer", async () => {
    for (const unknownDelete of ["count-0", "200", "404"] as const) {
      bench = await startBench({ engagelab: { unknownDelete, unknownId: "404-text" } });
      const kept = await bench.create("ada", ada);
      bench.emulator.on("before", { endpoint: "contact.delete" }, () =>
        bench.emulator.behind.contact(ada.email).delete(),
      );
      await bench.delete("ada", kept);
      await bench.delete("ada", kept);
      expect(everybody()).toBe(0);
      if (unknownDelete !== "404") await bench.close();
    }
  });

  test("never uses the delete by condition", async () => {
    await begin();
    const kept = await bench.create("ada", ada);
    await bench.delete("ada", kept);
    expect(bench.emulator.requests({ endpoint: "contact.deleteByCondition" })).toBe(0);
    expect(everybody()).toBe(bystanders.length);
  });
});

describe("gone", () => {
  test.each(["200", "404", "404-text", "null-result"] as const)(
    "is what the account shows, answered as %s",
    async (unknownId) => {
      bench = await startBench({ engagelab: { unknownId } });
      bench.emulator.engagelab.seed(bystanders);
      const kept = await bench.create("ada", ada);
      bench.emulator.behind.contact(ada.email).delete();
      await bench.restart();
      expect(await bench.read("ada", kept)).toBeUndefined();
    },
  );

  test("is not what an account without any other contact shows", async () => {
    bench = await startBench();
    const kept = await bench.create("ada", ada);
    bench.emulator.behind.contact(ada.email).delete();
    await bench.restart();
    expect(await bench.read("ada", kept)).toEqual({ id: kept.id, state: kept.state });
    expect(bench.logs.join()).toMatch(/warning.*wrong account or region looks the same/);
  });

  test("is not what a wrong account shows", async () => {
    const kept = await createdElsewhere();
    expect((await bench.read("ada", kept))?.state).toEqual(kept.state);
    bench.emulator.engagelab.seed([{ email: ada.email, name: "Ada" }], 2);
    await bench.restart();
    expect((await errorOf(bench.read("ada", kept))).message).toMatch(/belongs to the list 1.*opens the list 2/);
    expect((await errorOf(bench.update("ada", kept, { ...ada, name: "New" }))).message).toMatch(
      /another account|deleted/,
    );
    expect(bench.emulator.engagelab.contact(ada.email, 2).name).toBe("Ada");
  });

  test("is not what a wrong region shows: one clear error", async () => {
    const accounts = [{ apiUser: "user", apiKey: "one", listId: 1, region: "sg" as const }];
    bench = await startBench({ accounts }, { engagelabApiKey: "one" });
    const kept = await bench.create("ada", ada);
    await bench.restart({ engagelabUrl: bench.emulator.engagelab.url("tr") });
    const requests = bench.emulator.requests();
    const errors = await Promise.all([1, 2, 3].map(() => errorOf(bench.read("ada", kept))));
    for (const error of errors) expect(error.message).toMatch(/unauthorized.*API user "user" at http.*\/tr/);
    expect(bench.emulator.requests() - requests).toBe(1);
  });

  test("is not what a search alone misses", async () => {
    bench = await startBench({ engagelab: { lagCalls: 50 } });
    bench.emulator.engagelab.seed(bystanders);
    const kept = await bench.create("ada", ada);
    await bench.restart();
    expect((await bench.read("ada", kept))?.id).toBe(kept.id);
  });
});

describe("one person, declared twice", () => {
  test("is refused at Check, in whatever spelling", async () => {
    await begin();
    expect(bench.check("one", ada)).toEqual([]);
    expect(bench.check("one", ada)).toEqual([]);
    const [problem] = bench.check("two", { email: " ADA@Example.com" });
    expect(problem).toMatchObject({ path: ["email"] });
    expect(problem?.reason).toMatch(/declared already, by one/);
    expect(problem?.reason).not.toMatch(/ada@/i);
    // The first one moves on; then the address is free.
    expect(bench.check("one", { email: "grace@example.com" })).toEqual([]);
    expect(bench.check("two", ada)).toEqual([]);
  });
});

test("a name with an address in it is refused, without repeating it", async () => {
  await begin();
  const [problem] = bench.check("ada@example.com", ada);
  expect(problem?.reason).toMatch(/such as "contact-1042"/);
  expect(problem?.reason).not.toMatch(/ada@/);
});
