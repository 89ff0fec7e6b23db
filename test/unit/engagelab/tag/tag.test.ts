import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { EmulatorOptions, FaultKind } from "../../../../provider/emulator";
import type { TagInputs, TagState } from "../../../../provider/engagelab/tag/inputs";
import { contactTag } from "../../../../provider/engagelab/tag/resource";
import { type Bench, errorOf, type Kept, patienceFor, startBench } from "../bench";

let bench: Bench;
afterEach(() => bench.close());
const start = async (engagelab: EmulatorOptions["engagelab"] = {}) => {
  bench = await startBench({ engagelab });
  return bench.calls<TagInputs, TagState>(contactTag);
};
const carrier = { email: "carrier@example.com", tags: ["vip"] };

describe("create", () => {
  test("makes a tag, and remembers it through a lost state", async () => {
    const tags = await start();
    const first = await tags.create("vip", { name: "vip" });
    expect(first.state).toMatchObject({ name: "vip", adopted: false });
    expect(bench.emulator.engagelab.tags()).toEqual(["vip"]);
    await bench.restart();
    const again = await tags.create("vip", { name: "vip" });
    expect(again).toMatchObject({ id: first.id, state: { adopted: false } });
    expect(bench.emulator.writes()).toBe(1);
  });

  test("takes one that is there over", async () => {
    const tags = await start();
    bench.emulator.engagelab.seed([carrier]);
    expect((await tags.create("vip", { name: "vip" })).state.adopted).toBe(true);
    expect(bench.emulator.writes()).toBe(0);
  });

  test("where tags aren't listed: a name that is taken is an error, or an adoption if the platform answers with it", async () => {
    let tags = await start({ tagList: "off" });
    bench.emulator.advance({ hours: -2 });
    bench.emulator.engagelab.seed([carrier]);
    bench.emulator.advance({ hours: 2 });
    expect((await errorOf(tags.create("vip", { name: "vip" }))).message).toMatch(/need not be declared/);
    await bench.close();
    tags = await start({ tagList: "off", takenTagName: "answered" });
    bench.emulator.advance({ hours: -2 });
    bench.emulator.engagelab.seed([carrier]);
    bench.emulator.advance({ hours: 2 });
    expect((await tags.create("vip", { name: "vip" })).state.adopted).toBe(true);
  });

  test("nobody answered, of a tag that is not listed: the next run makes it", async () => {
    const tags = await start();
    bench.emulator.fault({ kind: "500-before", endpoint: "tag.create", times: 10 });
    const error = await errorOf(tags.create("vip", { name: "vip" }));
    expect([error.code, error.message]).toEqual(["create-unresolved", expect.stringMatching(/next: {2}run again: /)]);
    bench.emulator.clearFaults();
    await bench.restart();
    expect((await tags.create("vip", { name: "vip" })).state.adopted).toBe(false);
    expect(bench.emulator.engagelab.tags()).toEqual(["vip"]);
  });

  test("whose outcome is unknown is looked for; without a list it stops until somebody looked", async () => {
    let tags = await start();
    bench.emulator.fault({ kind: "500-after", endpoint: "tag.create" });
    expect((await tags.create("vip", { name: "vip" })).state.adopted).toBe(false);
    await bench.close();
    tags = await start({ tagList: "off" });
    bench.emulator.fault({ kind: "500-after", endpoint: "tag.create" });
    expect((await errorOf(tags.create("vip", { name: "vip" }))).code).toBe("create-unresolved");
    await bench.restart();
    expect((await errorOf(tags.create("vip", { name: "vip" }))).code).toBe("create-unresolved");
    expect(bench.emulator.requests({ endpoint: "tag.create" })).toBe(1);
    rmSync(join(bench.folder, ".journeys"), { recursive: true });
    await bench.restart();
    expect((await errorOf(tags.create("vip", { name: "vip" }))).code).toBe("refused");
  });

  test.each(["", "two words", "a-b", "x".repeat(65), "😀"])("refuses the name %j", async (name) => {
    const tags = await start();
    expect(tags.check("vip", { name })).toHaveLength(1);
  });

  test.each(["vip", "VIP_2", "会员", "ünïcode"])("takes the name %j", async (name) => {
    const tags = await start();
    expect(tags.check("vip", { name })).toEqual([]);
  });
});

describe("rename", () => {
  test("that is answered by a miss of what was just listed doesn't make the tag gone", async () => {
    const tags = await start();
    const kept = await tags.create("vip", { name: "vip" });
    await bench.restart();
    bench.emulator.fault({ kind: "404", endpoint: "tag.rename" });
    const error = await errorOf(tags.update("vip", kept, { name: "gold" }));
    expect([error.code, error.message]).toEqual([
      "unexpected-answer",
      expect.stringMatching(/^unexpected-answer: .*"vip".*none under this id, and lists it\n {2}now: .*still there/),
    ]);
    expect((await tags.update("vip", kept, { name: "gold" })).id).toBe(kept.id);
  });

  test("reaches the contacts that carry it, with a warning", async () => {
    const tags = await start();
    const first = await tags.create("vip", { name: "vip" });
    bench.emulator.engagelab.seed([carrier]);
    const { plan } = tags.plan("vip", { name: "gold" }, first);
    expect(plan).toMatchObject({ verb: "update", changes: [{ path: ["name"], before: "vip", after: "gold" }] });
    expect(plan?.warnings).toHaveLength(1);
    const second = await tags.update("vip", first, { name: "gold" });
    expect(bench.emulator.engagelab.contact(carrier.email).tags).toEqual(["gold"]);
    expect(tags.plan("vip", { name: "gold" }, second).plan?.verb).toBe("none");
  });

  test("to a name that is taken, or of a tag that is gone, sends nothing", async () => {
    const tags = await start();
    const vip = await tags.create("vip", { name: "vip" });
    const gold = await tags.create("gold", { name: "gold" });
    expect((await errorOf(tags.update("vip", vip, { name: "gold" }))).code).toBe("already-exists");
    const gone = { ...vip, state: { ...vip.state, tagId: "6565c12a3b4e0d83d3f58ea0" } };
    expect((await errorOf(tags.update("vip", gone, { name: "new" }))).code).toBe("gone");
    expect(bench.emulator.requests({ endpoint: "tag.rename" })).toBe(0);
    expect(gold.state.name).toBe("gold");
  });
});

describe("delete", () => {
  const begin = async (engagelab: EmulatorOptions["engagelab"] = {}, inputs: Partial<TagInputs> = {}) => {
    const tags = await start(engagelab);
    const kept = await tags.create("vip", { name: "vip", ...inputs });
    await bench.restart();
    return { tags, kept };
  };

  test.each([
    ["usual", {}],
    ["without ==", { equals: "refused" as const }],
    ["without a list of tags", { tagList: "off" as const }],
  ])("is refused while a contact carries it (%s)", async (_, switches) => {
    const { tags, kept } = await begin(switches);
    bench.emulator.engagelab.seed([carrier]);
    expect((await errorOf(tags.delete("vip", kept))).code).toBe("consent-needed");
    expect(bench.emulator.engagelab.contact(carrier.email).tags).toEqual(["vip"]);
  });

  describe("whose search finds contacts of another tag", () => {
    const others = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ email: `other-${n}@example.org`, tags: ["vip_extra"] }));

    test.each([3, 100, 250])("%i of them are no reason to keep it", async (count) => {
      const { tags, kept } = await begin({ equals: "refused" });
      bench.emulator.engagelab.seed(others(count));
      await tags.delete("vip", kept);
      expect(bench.emulator.engagelab.tags()).toEqual(["vip_extra"]);
    });

    test("one who carries it, on the last page, is", async () => {
      const { tags, kept } = await begin({ equals: "refused" });
      bench.emulator.engagelab.seed([...others(250), carrier]);
      expect((await errorOf(tags.delete("vip", kept))).message).toMatch(/contacts carry it/);
      expect(bench.emulator.engagelab.contact(carrier.email).tags).toEqual(["vip"]);
    });

    test("in an order of its own for each page, so that somebody may have been left out, decides nothing", async () => {
      const { tags, kept } = await begin({ equals: "refused", listOrder: "shuffled" });
      bench.emulator.engagelab.seed(others(250));
      expect((await errorOf(tags.delete("vip", kept))).message).toMatch(/could not be found out/);
      expect(bench.emulator.engagelab.tags()).toContain("vip");
    });

    test("so many that it is no search of the tag decide nothing", async () => {
      const { tags, kept } = await begin({ equals: "refused" });
      bench.emulator.engagelab.seed([...others(2100), carrier]);
      expect((await errorOf(tags.delete("vip", kept))).message).toMatch(/could not be found out/);
      expect(bench.emulator.engagelab.contact(carrier.email).tags).toEqual(["vip"]);
    });
  });

  test("is refused while a contact carries it under the name somebody gave it outside", async () => {
    const { tags, kept } = await begin();
    bench.emulator.engagelab.seed([carrier]);
    const others = bench.calls<TagInputs, TagState>(contactTag);
    await others.update("elsewhere", kept, { name: "renamed" });
    await bench.restart();
    expect((await errorOf(tags.delete("vip", kept))).code).toBe("consent-needed");
  });

  test("with forceDestroy takes it off everybody", async () => {
    const { tags, kept } = await begin({}, { forceDestroy: true });
    bench.emulator.engagelab.seed([carrier]);
    await tags.delete("vip", kept);
    expect(bench.emulator.engagelab.contact(carrier.email).tags).toEqual([]);
  });

  test("of a tag nobody carries deletes it; of one that is gone is done", async () => {
    const { tags, kept } = await begin();
    await tags.delete("vip", kept);
    expect(bench.emulator.engagelab.tags()).toEqual([]);
    await bench.restart();
    await tags.delete("vip", kept);
  });

  test("of one that existed before releases it", async () => {
    const tags = await start();
    bench.emulator.engagelab.seed([carrier]);
    const kept = await tags.create("vip", { name: "vip" });
    bench.emulator.behind.contact(carrier.email).untag("vip");
    await tags.delete("vip", kept);
    expect(bench.emulator.engagelab.tags()).toEqual(["vip"]);
  });

  test("of one that another resource declares is skipped", async () => {
    const { tags, kept } = await begin();
    const renamed = await tags.create("new", { name: "vip" });
    expect(renamed.id).toBe(kept.id);
    await tags.delete("vip", kept);
    expect(bench.emulator.engagelab.tags()).toEqual(["vip"]);
  });

  test("in another account deletes nothing, and says so", async () => {
    const apiKey = "canary-api-key";
    bench = await startBench({
      accounts: [
        { apiUser: "user", apiKey, listId: 1 },
        { apiUser: "user", apiKey, listId: 2, region: "tr" },
      ],
    });
    const tags = bench.calls<TagInputs, TagState>(contactTag);
    const kept = await tags.create("vip", { name: "vip" });
    await bench.restart({ engagelabUrl: bench.emulator.engagelab.url("tr") });
    await tags.delete("vip", kept);
    expect(bench.emulator.engagelab.tags(1)).toEqual(["vip"]);
    expect(bench.logs.join()).toMatch(/warning: \w+ was not found, so nothing was deleted: a wrong account/);
  });

  test("that nobody waits for any more is not begun", async () => {
    const { tags, kept } = await begin();
    expect((await errorOf(tags.delete("vip", kept, { signal: AbortSignal.abort() }))).code).toBe("engine-gone");
    expect(bench.emulator.engagelab.tags()).toEqual(["vip"]);
  });

  test("that is answered by a miss of what was just listed is looked at: it stays in the state while it is there", async () => {
    const { tags, kept } = await begin();
    const fault = bench.emulator.fault({ kind: "404", endpoint: "tag.delete", times: 2 });
    const error = await errorOf(tags.delete("vip", kept));
    expect([error.code, fault.hits]).toEqual(["unexpected-answer", 2]);
    expect(error.message).toMatch(/there is none under this id, and lists it\n {2}now: .*still there/);
    await tags.delete("vip", kept);
    expect(bench.emulator.engagelab.tags()).toEqual([]);
  });

  test("of an id that is no id sends nothing", async () => {
    const { tags, kept } = await begin();
    const odd = { ...kept, state: { ...kept.state, tagId: "delete" } };
    expect((await errorOf(tags.delete("vip", odd))).code).toBe("guard-tripped");
    expect(bench.emulator.requests({ method: "DELETE" })).toBe(0);
  });
});

describe("read", () => {
  test("shows a rename; gone only beside another tag of the program", async () => {
    const tags = await start();
    const vip = await tags.create("vip", { name: "vip", forceDestroy: true });
    const gold = await tags.create("gold", { name: "gold" });
    await bench.restart();
    await bench.calls<TagInputs, TagState>(contactTag).update("elsewhere", vip, { name: "renamed" });
    await bench.restart();
    expect((await tags.read("vip", vip))?.inputs).toEqual({ name: "renamed", forceDestroy: true });
    await tags.delete("vip", vip);
    await bench.restart();
    expect((await tags.read("vip", vip))?.state).toEqual(vip.state);
    expect(bench.logs.join()).toMatch(/wrong account/);
    await tags.read("gold", gold);
    expect(await tags.read("vip", vip)).toBeUndefined();
  });

  test("without a list leaves the state as it is", async () => {
    const tags = await start({ tagList: "off" });
    const vip = await tags.create("vip", { name: "vip" });
    await bench.restart();
    expect((await tags.read("vip", vip))?.state).toEqual(vip.state);
  });
});

const kinds: FaultKind[] = [
  "refuse",
  "401",
  "403",
  "404",
  "429",
  "500-before",
  "500-after",
  "html-502",
  "drop-before",
  "drop-after",
  "cut-after",
  "truncate",
  "hang-after",
];

describe.concurrent("each call × each fault", () => {
  const rows = [
    ["create", "tag.list"],
    ["create", "tag.create"],
    ["rename", "tag.list"],
    ["rename", "tag.rename"],
    ["delete", "contact.list"],
    ["delete", "tag.delete"],
  ] as const;
  test.each(rows)("%s, in %s: the next run ends as declared", async (operation, endpoint) => {
    await Promise.all(
      kinds.map(async (kind) => {
        const own = await startBench({}, patienceFor(kind));
        const about = `${operation} ${endpoint} ${kind}`;
        try {
          const tags = own.calls<TagInputs, TagState>(contactTag);
          let kept: Kept<TagState> | undefined =
            operation === "create" ? undefined : await tags.create("vip", { name: "vip" });
          await own.restart();
          own.emulator.fault({ kind, endpoint, retryAfter: 0 });
          const run = async () => {
            if (operation === "create") kept = await tags.create("vip", { name: "vip" });
            if (operation === "rename") kept = await tags.update("vip", kept!, { name: "gold" });
            if (operation === "delete") await tags.delete("vip", kept!);
          };
          await run().catch((error) => expect(String(error), about).toMatch(/^JourneysError/));
          own.emulator.clearFaults();
          await own.restart();
          if (operation !== "create" || !kept) {
            const error = await run().catch((failed) => String(failed));
            expect(error, about).toBeUndefined();
          }
          expect(own.emulator.engagelab.tags(), about).toEqual(
            { create: ["vip"], rename: ["gold"], delete: [] }[operation],
          );
          if (operation === "create") expect(kept?.state.adopted, about).toBe(false);
        } finally {
          await own.close();
        }
      }),
    );
  });
});
