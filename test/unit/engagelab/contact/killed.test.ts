/** Runs that were killed: what they began is found out by the next one, with the record folder kept and lost. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ContactInputs } from "../../../../provider/engagelab/contact/inputs";
import { pace } from "../../../../provider/engagelab/contact/pace";
import { type Bench, errorOf, startBench } from "../bench";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  bench.emulator.engagelab.seed([{ email: "other@example.org" }]);
});
afterEach(() => bench.close());

const ada: ContactInputs = { email: "ada@example.com", name: "Ada", tags: ["vip"] };
const loseRecords = () => rmSync(join(bench.folder, ".journeys"), { recursive: true, force: true });
/** The operation went through, and its state was lost. */
const killedAfter = async (work: Promise<unknown>) => {
  await work;
  await bench.restart();
};

describe("a create whose state was lost", () => {
  test("is known by its record: the contact is ours, and nothing is sent again", async () => {
    await killedAfter(bench.create("ada", ada));
    const writes = bench.emulator.writes();
    const kept = await bench.create("ada", ada);
    expect(kept.state.adopted).toBe(false);
    expect(bench.emulator.writes()).toBe(writes);
    await bench.restart();
    await bench.delete("ada", kept);
    expect(bench.emulator.engagelab.count()).toBe(1);
  });

  test("is known after a second kill too", async () => {
    await killedAfter(bench.create("ada", ada));
    await killedAfter(bench.create("ada", ada));
    expect((await bench.create("ada", ada)).state.adopted).toBe(false);
  });

  test("may be brought to another declaration without adoptExisting, and its tags taken off", async () => {
    await killedAfter(bench.create("ada", ada));
    const kept = await bench.create("ada", { ...ada, name: "Ada L.", tags: ["news"] });
    expect(kept.failure).toBeUndefined();
    expect(bench.emulator.engagelab.contact(ada.email)).toMatchObject({ name: "Ada L.", tags: ["news"] });
    expect(bench.emulator.engagelab.count()).toBe(2);
  });

  test("under another name is known as well", async () => {
    await killedAfter(bench.create("old", ada));
    expect((await bench.create("new", ada)).state.adopted).toBe(false);
  });

  test("whose record was lost counts as adopted: a delete only releases it", async () => {
    await killedAfter(bench.create("ada", ada));
    loseRecords();
    const kept = await bench.create("ada", ada);
    expect(kept.state.adopted).toBe(true);
    await bench.delete("ada", kept);
    expect(bench.emulator.engagelab.count()).toBe(2);
  });

  test("whose record was lost and which differs meanwhile is an error, not overwritten", async () => {
    await killedAfter(bench.create("ada", ada));
    loseRecords();
    expect((await errorOf(bench.create("ada", { ...ada, name: "New" }))).code).toBe("already-exists");
  });
});

test("a create whose answer was lost is looked for, not sent again", async () => {
  bench.emulator.fault({ kind: "drop-after", endpoint: "contact.upsert" });
  const kept = await bench.create("ada", ada);
  expect(kept.state.adopted).toBe(false);
  expect(bench.emulator.writes()).toBe(1);
});

test("a create nobody answered is open: the next run finds out", async () => {
  bench.emulator.fault({ kind: "500-before", endpoint: "contact.upsert", times: 2 });
  const error = await errorOf(bench.create("ada", ada));
  expect(error.code).toBe("outcome-unknown");
  await bench.restart();
  // Whatever became of it: this is the work of the open create, unless it had been there before.
  bench.emulator.engagelab.seed([{ email: ada.email, name: "Ada", tags: ["vip"] }]);
  expect((await bench.create("ada", ada)).state.adopted).toBe(false);
});

test("what was there long before an open create is not its work", async () => {
  bench.emulator.fault({ kind: "500-before", endpoint: "contact.upsert", times: 2 });
  await errorOf(bench.create("ada", ada));
  await bench.restart();
  bench.emulator.advance({ hours: -2 });
  bench.emulator.engagelab.seed([{ email: ada.email, name: "Ada", tags: ["vip"] }]);
  bench.emulator.advance({ hours: 2 });
  expect((await bench.create("ada", ada)).state.adopted).toBe(true);
});

test("an adoption whose state was lost is still one", async () => {
  bench.emulator.engagelab.seed([{ email: ada.email, name: "Somebody" }]);
  await killedAfter(bench.create("ada", { ...ada, adoptExisting: true }));
  const kept = await bench.create("ada", { ...ada, adoptExisting: true });
  expect(kept.state.adopted).toBe(true);
});

test("an address that changed meanwhile has nothing to do with the open create", async () => {
  await killedAfter(bench.create("ada", ada));
  const kept = await bench.create("ada", { ...ada, email: "grace@example.com" });
  expect(kept.state.adopted).toBe(false);
  expect(bench.emulator.engagelab.count()).toBe(3);
});

test("records hold no address, phone, name or value; the digest of an address needs the API key", async () => {
  const inputs = { ...ada, phone: "0123456789", fields: { Gender: "value" } };
  const titles: string[] = [];
  for (const engagelabApiKey of ["canary-api-key", "canary-other-key"]) {
    await bench.restart({ engagelabApiKey });
    await bench.create("ada", inputs);
    expect(await bench.recordText()).not.toMatch(/ada@|Ada"|0123456789|"value"|canary/);
    expect(await bench.recordText()).toContain("Gender");
    titles.push(JSON.parse((await bench.recordText()).split("\n")[0]!).title);
    bench.emulator.behind.contact(ada.email).delete();
    loseRecords();
  }
  expect(titles[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(titles[1]).not.toBe(titles[0]);
});

test("a record folder that can't be used: nothing is sent", async () => {
  await bench.restart({ recordFolder: "/dev/null/records" });
  expect((await errorOf(bench.create("ada", ada))).code).toBe("records-unusable");
  expect(bench.emulator.requests()).toBe(0);
});

describe("an engine that went away", () => {
  const gone = AbortSignal.abort();

  test("before a create: nothing is written", async () => {
    expect((await errorOf(bench.create("ada", ada, { signal: gone }))).code).toBe("engine-gone");
    expect(bench.emulator.writes()).toBe(0);
  });

  test.each(["upsert", "put"] as const)("before an update by %s: nothing is written", async (updateMethod) => {
    const kept = await bench.create("ada", ada);
    const error = await errorOf(bench.update("ada", kept, { ...ada, name: "New", updateMethod }, { signal: gone }));
    expect(error.code).toBe("engine-gone");
    expect(bench.emulator.engagelab.contact(ada.email).name).toBe("Ada");
  });

  test("before a delete: nobody is deleted", async () => {
    const kept = await bench.create("ada", ada);
    expect((await errorOf(bench.delete("ada", kept, { signal: gone }))).code).toBe("engine-gone");
    expect(bench.emulator.engagelab.count()).toBe(2);
  });

  test("while a batch waits: it isn't sent", async () => {
    const controller = new AbortController();
    bench.emulator.on("after", { endpoint: "contact.list" }, () => {
      setTimeout(() => controller.abort(), 5);
    });
    bench.runtime.use(pace).quiet = 200;
    const error = await errorOf(bench.create("ada", ada, { signal: controller.signal }));
    expect(["engine-gone", "not-sent"]).toContain(error.code);
    expect(bench.emulator.writes()).toBe(0);
  });
});
