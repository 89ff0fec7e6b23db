import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { type EmulatorOptions, switches } from "../../../../provider/emulator";
import type { ContactInputs } from "../../../../provider/engagelab/contact/inputs";
import { pace } from "../../../../provider/engagelab/contact/pace";
import { type Bench, errorOf, startBench } from "../bench";

let bench: Bench;
afterEach(() => bench.close());
type Switches = NonNullable<EmulatorOptions["engagelab"]>;

const ada: ContactInputs = {
  email: "ada@example.com",
  name: "Ada",
  phone: "123",
  fields: { Age: 36, Gender: "f" },
  tags: ["vip", "news"],
};
const outside = "outside@example.org";

/** A contact of ours to which somebody else added a phone, a field and a tag. */
async function begin(given: Switches = {}, inputs: ContactInputs = ada) {
  bench = await startBench({ engagelab: given });
  const fields = { City: "Rome", Age: "1", Gender: "x" };
  bench.emulator.engagelab.seed([{ email: outside, fields, tags: ["vip", "news", "extra"] }]);
  const kept = await bench.create("ada", inputs);
  expect(kept.failure).toBeUndefined();
  bench.emulator.behind
    .contact(inputs.email)
    .tag("theirs")
    .edit((contact) => {
      contact.fields.City = "Paris";
    });
  // What others did a while ago is what reads show, however late.
  if (given.lagMs) await delay(2 * given.lagMs);
  for (let read = 0; read < (given.lagCalls ?? 0); read += 1) {
    await bench.restart();
    await bench.read("ada", kept);
  }
  await bench.restart();
  return kept;
}

const theirs = (email = ada.email) => {
  const { phone, name, fields, tags } = bench.emulator.engagelab.contact(email);
  return { phone, name, fields, tags: [...tags].sort() };
};

/** Each switch at each value it has beside its default; of a count one that is felt. */
const counts: Partial<Record<string, number>> = {
  lagCalls: 6,
  lagMs: 20,
  listReach: 1,
  maxMembers: 1,
  maxBodyBytes: 400,
};
const single = switches
  .filter(({ platform }) => platform === "engagelab")
  .flatMap(({ option, values, default: usual }) => {
    const others = values === "whole number" ? [counts[option] ?? 1000] : values.filter((value) => value !== usual);
    return others.map((value): [string, Switches] => [`${option}: ${value}`, { [option]: value }]);
  });
const switchRows: [string, Switches][] = [
  ["the usual platform", {}],
  ...single,
  ['a "" that is ignored and a null that clears', { emptyText: "ignored", nullValue: "clears" }],
  ["reads that lag by some calls", { lagCalls: 2, lagScope: "list-and-detail" }],
  ["a PUT that replaces all and answers the contact", { putScope: "full", putFields: "replaced", putAnswer: "result" }],
];
/** Nothing clears there: told as a failure, in its own test. */
const isClearable = (given: Switches) => given.emptyText !== "ignored" || given.nullValue === "clears";

describe.each(["upsert", "put"] as const)("an update by %s", (updateMethod) => {
  test.each(switchRows.filter(([, given]) => isClearable(given)))(
    "leads to the same end under %s",
    async (_, given) => {
      const mixed = { ...ada, email: "Ada@Example.com", updateMethod };
      const first = await begin(given, mixed);
      const edited: ContactInputs = {
        email: "ADA@example.com",
        name: "Ada L.",
        fields: { Age: 37 },
        tags: ["vip", "extra"],
        updateMethod,
      };
      const second = await bench.update("ada", first, edited);
      expect(second.failure).toBeUndefined();
      const stored = theirs();
      expect({ ...stored, phone: stored.phone || null }).toEqual({
        phone: null,
        name: "Ada L.",
        fields: { Age: "37", City: "Paris", ...(given.emptyText === "stored" && { Gender: "" }) },
        tags: ["extra", "theirs", "vip"],
      });
      expect(bench.emulator.engagelab.count()).toBe(2);
      expect(bench.plan("ada", edited, second).plan?.verb).toBe("none");
      await bench.restart();
      const seen = await bench.read("ada", second);
      expect(seen?.inputs).toEqual(edited);
      expect(bench.plan("ada", edited, { ...second, ...seen! }).plan?.verb).toBe("none");
    },
  );

  test("that nothing can clear fails, says so, and is tried again by the next plan", async () => {
    const first = await begin({ emptyText: "ignored" }, { ...ada, updateMethod });
    const { phone: _, ...edited } = { ...ada, updateMethod };
    const second = await bench.update("ada", first, edited);
    expect(second.failure?.message).toMatch(/dropped-by-platform: contact "ada": EngageLab did not empty phone/);
    expect(second.failure?.message).not.toContain("123");
    expect(bench.plan("ada", edited, second).plan).toMatchObject({ verb: "update", changes: [{ path: ["phone"] }] });
    expect(theirs().phone).toBe("123");
  });

  test("that empties and can't be read back: a refresh shows what stayed, and only that is emptied again", async () => {
    const first = await begin({ emptyText: "ignored" }, { ...ada, updateMethod });
    const { phone: _, ...edited } = { ...ada, updateMethod };
    bench.emulator.on("before", { endpoint: updateMethod === "put" ? "contact.update" : "contact.upsert" }, () => {
      bench.emulator.fault({ kind: "403", endpoint: "contact.get", times: 1000 });
    });
    const second = await bench.update("ada", first, edited);
    expect(second.failure).toBeUndefined();
    expect(bench.logs.join()).toMatch(/could not be read back yet/);
    bench.emulator.clearFaults();
    await bench.restart();
    const seen = { ...second, ...(await bench.read("ada", second))! };
    expect(bench.plan("ada", edited, seen).plan).toMatchObject({ verb: "update", changes: [{ path: ["phone"] }] });
    // Once it is seen empty, a phone number is somebody else's to set.
    bench.emulator.behind.contact(ada.email).edit((contact) => {
      contact.phone = "";
    });
    await bench.restart();
    const emptied = { ...seen, ...(await bench.read("ada", seen))! };
    bench.emulator.behind.contact(ada.email).edit((contact) => {
      contact.phone = "999";
    });
    await bench.restart();
    const theirs = { ...emptied, ...(await bench.read("ada", emptied))! };
    expect(bench.plan("ada", edited, theirs).plan?.verb).toBe("none");
  });

  test("of a contact somebody deleted sends nothing and fails", async () => {
    const first = await begin({}, { ...ada, updateMethod });
    bench.emulator.behind.contact(ada.email).delete();
    const writes = bench.emulator.writes();
    const error = await errorOf(bench.update("ada", first, { ...ada, name: "New", updateMethod }));
    expect(error.code).toBe("gone");
    expect(error.message).toMatch(/opted out/);
    expect(bench.emulator.writes()).toBe(writes);
    expect(bench.emulator.engagelab.count()).toBe(1);
  });

  test("of a contact somebody deleted and created again sends nothing and fails; a refresh takes it over", async () => {
    const first = await begin({}, { ...ada, updateMethod });
    const id = bench.emulator.behind.contact(ada.email).recreate();
    const writes = bench.emulator.writes();
    const error = await errorOf(bench.update("ada", first, { ...ada, name: "New", updateMethod }));
    expect(error.message).toContain(id);
    expect(bench.emulator.writes()).toBe(writes);
    await bench.restart();
    const seen = await bench.read("ada", first);
    expect(seen).toMatchObject({ id, state: { contactId: id } });
    expect(bench.logs.join()).toMatch(/opted out/);
    const edited = { ...ada, name: "New", updateMethod };
    const second = await bench.update("ada", { ...first, ...seen! }, edited);
    expect(second.failure).toBeUndefined();
    expect(theirs().name).toBe("New");
  });

  test("with another account's credential is refused", async () => {
    const first = await begin({}, { ...ada, updateMethod });
    const elsewhere = { ...first, state: { ...first.state, listId: 1 } };
    const error = await errorOf(bench.update("ada", elsewhere, { ...ada, name: "New", updateMethod }));
    expect(error.message).toMatch(/another account/);
    expect(theirs().name).toBe("Ada");
  });
});

test("a contact deleted while it is upserted is created anew by the platform: an error that says so, and the state goes on with it", async () => {
  const first = await begin();
  bench.emulator.on("before", { endpoint: "contact.upsert" }, () => bench.emulator.behind.contact(ada.email).delete());
  const second = await bench.update("ada", first, { ...ada, name: "New" });
  expect(second.failure?.code).toBe("gone");
  expect(second.failure?.message).toMatch(/opt-out may be lost/);
  expect(second.state.contactId).toBe(bench.emulator.engagelab.contact(ada.email).id);
  expect(second.state.contactId).not.toBe(first.id);
});

test("a PUT never creates: deleted meanwhile is gone", async () => {
  const first = await begin();
  bench.emulator.on("before", { endpoint: "contact.update" }, () => bench.emulator.behind.contact(ada.email).delete());
  expect((await errorOf(bench.update("ada", first, { ...ada, name: "New", updateMethod: "put" }))).code).toBe("gone");
  expect(bench.emulator.engagelab.count()).toBe(1);
});

describe("what is declared and not kept", () => {
  test.each([
    ["a tag", { unknownTag: "dropped" as const }, { tags: ["vip", "unheard_of"] }, "unheard_of", ["tags"]],
    [
      "a field",
      { undefinedField: "dropped" as const },
      { fields: { Unheard: "secret-value" } },
      "fields.Unheard",
      ["fields", "Unheard"],
    ],
    ["a value", { fieldValues: "formatted" as const }, { fields: { Age: "36.7" } }, "fields.Age", ["fields", "Age"]],
  ])(
    "%s is an error that names it, on create and on update, until it is mended",
    async (_, switches, extra, named, path) => {
      const first = await begin(switches);
      const edited = { ...ada, ...extra };
      const second = await bench.update("ada", first, edited);
      expect(second.failure).toMatchObject({ code: "dropped-by-platform", parts: { paths: [path] } });
      expect(second.failure?.message).toContain(named);
      expect(second.failure?.message).not.toContain("secret-value");
      expect(bench.plan("ada", edited, second).plan?.verb).toBe("update");
      const made = await bench.create("grace", { ...edited, email: "grace@example.com" });
      expect(made.failure?.code).toBe("dropped-by-platform");
      expect(made.id).toBe(bench.emulator.engagelab.contact("grace@example.com").id);
    },
  );

  test("is reported by all contacts of a batch, and read back for one", async () => {
    bench = await startBench({ engagelab: { unknownTag: "dropped" } });
    // Long enough for a busy machine: all of them travel together.
    bench.runtime.use(pace).quiet = 300;
    const kept = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        bench.create(`c${index}`, { email: `c${index}@example.com`, tags: ["lost"] }),
      ),
    );
    expect(kept.every(({ failure }) => failure?.code === "dropped-by-platform")).toBe(true);
    expect(kept.every(({ state }) => state.tagNames.length === 0)).toBe(true);
    expect(bench.emulator.requests({ endpoint: "contact.get" })).toBe(1);
  });
});

describe("tags", () => {
  test("declared: only those ever declared here are taken off", async () => {
    const first = await begin();
    const second = await bench.update("ada", first, { ...ada, tags: [] });
    expect(theirs().tags).toEqual(["theirs"]);
    await bench.restart();
    bench.emulator.behind.contact(ada.email).tag("vip");
    // It was given back: somebody else may set it now.
    expect(
      bench.plan("ada", { ...ada, tags: [] }, { ...second, ...(await bench.read("ada", second))! }).plan?.verb,
    ).toBe("none");
  });

  test("exclusive: everything that isn't declared is taken off", async () => {
    const first = await begin();
    const edited: ContactInputs = { ...ada, tagOwnership: "exclusive", tags: ["vip"] };
    const second = await bench.update("ada", first, edited);
    expect(theirs().tags).toEqual(["vip"]);
    bench.emulator.behind.contact(ada.email).tag("sneaked_in");
    await bench.restart();
    const seen = { ...second, ...(await bench.read("ada", second))! };
    expect(bench.plan("ada", edited, seen).plan?.changes).toEqual([
      { path: ["tags"], kind: "update", before: ["sneaked_in", "vip"], after: ["vip"] },
    ]);
  });

  test("left out: not touched, but what was declared before is taken off", async () => {
    const first = await begin();
    const { tags: _, ...edited } = ada;
    await bench.update("ada", first, edited);
    expect(theirs().tags).toEqual(["theirs"]);
  });

  test("that differ in letter case only are the same", async () => {
    const first = await begin();
    expect(bench.plan("ada", { ...ada, tags: ["VIP", "news"] }, first).plan).toMatchObject({
      verb: "none",
      warnings: [
        "these tags differ from those on the platform in letter case only, and count as the same: VIP (there: vip)",
      ],
    });
    expect(bench.plan("ada", ada, first).plan?.warnings).toEqual([]);
  });

  test("of a killed update are the program's to take off again, once the commit is reverted", async () => {
    const first = await begin();
    await bench.update("ada", first, { ...ada, tags: ["vip", "news", "extra"] });
    await bench.restart();
    // The new state was lost: the old one and the old program are back.
    expect(bench.plan("ada", ada, first).plan?.verb).toBe("update");
    const second = await bench.update("ada", first, ada);
    expect(theirs().tags).toEqual(["news", "theirs", "vip"]);
    await bench.restart();
    expect(bench.plan("ada", ada, second).plan?.verb).toBe("none");
  });
});

describe("no call", () => {
  test.each([
    ["letter case of the address", { email: "ADA@Example.COM" }],
    ["the way a number is written", { fields: { Age: "36.0", Gender: "f" } }],
    ["the order of tags", { tags: ["news", "vip"] }],
  ])("for %s, and no change", async (_, extra) => {
    const first = await begin();
    expect(bench.plan("ada", { ...ada, ...extra }, first).plan?.verb).toBe("none");
  });

  test("for an option, which gets into the state all the same", async () => {
    const first = await begin();
    const edited = { ...ada, forceDestroy: true };
    expect(bench.plan("ada", edited, first).plan).toMatchObject({ verb: "update", steps: [] });
    const requests = bench.emulator.requests();
    const second = await bench.update("ada", first, edited);
    expect(bench.emulator.requests()).toBe(requests);
    expect(JSON.parse(second.state.appliedInputs).forceDestroy).toBe(true);
  });
});

test("another address is a replacement, with a warning about the opt-out", async () => {
  const first = await begin();
  const { plan } = bench.plan("ada", { ...ada, email: "lovelace@example.com" }, first);
  expect(plan?.verb).toBe("replace");
  expect(plan?.warnings).toEqual([expect.stringMatching(/opt-out/), "for a moment both contacts exist"]);
});

test("drift is what a refresh shows, and the next update mends", async () => {
  const first = await begin();
  bench.emulator.behind
    .contact(ada.email)
    .untag("vip")
    .edit((contact) => {
      contact.name = "Changed";
      contact.fields.Age = "40";
    });
  const seen = await bench.read("ada", first);
  expect(seen?.inputs).toEqual({ ...ada, name: "Changed", fields: { Age: "40", Gender: "f" }, tags: ["news"] });
  const refreshed = { ...first, ...seen! };
  const paths = bench.plan("ada", ada, refreshed).plan?.changes.map(({ path }) => path.join("."));
  expect(paths).toEqual(["name", "fields.Age", "tags"]);
  await bench.update("ada", refreshed, ada);
  expect(theirs()).toMatchObject({
    name: "Ada",
    fields: { Age: "36", City: "Paris" },
    tags: ["news", "theirs", "vip"],
  });
});
