/** A set's life: made, left alone, edited, drifted, shrunk and taken down. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { OperationRecord, unusable } from "../../../../provider/core/record";
import { lookup } from "../../../../provider/engagelab/contact/lookup";
import { people, type SetBench, startSetBench } from "./bench";

let bench: SetBench;

beforeAll(async () => {
  bench = await startSetBench();
});
beforeEach(async () => {
  bench.emulator.reset();
  bench.logs.length = 0;
  await bench.restart();
});
afterAll(() => bench.close());

const csv = (rows: readonly string[]) => `email,phone,name,tags,fields.Age\n${rows.join("\n")}\n`;
const row = (n: number, age = n) => `person${n}@example.com,+4917${n},Person ${n},news;vip,${age}`;

test("a file becomes contacts; a second run does nothing; an edit sends what changed", async () => {
  const rows = Array.from({ length: 25 }, (_, n) => row(n));
  const first = bench.file("people.csv", csv(rows));
  const kept = bench.done(await bench.create("list", first));
  expect(bench.emulator.engagelab.count()).toBe(25);
  expect(bench.emulator.engagelab.contact("person7@example.com")).toMatchObject({
    phone: "+49177",
    name: "Person 7",
    tags: ["news", "vip"],
    fields: { Age: "7" },
  });
  expect(bench.emulator.writes()).toBe(1);
  expect(kept.state).toMatchObject({ memberCount: 25, adoptedCount: 0 });

  await bench.restart();
  expect(await bench.verb("list", first, kept)).toBe("none");

  const edited = bench.file(
    "people.csv",
    csv([...rows.slice(0, 24).map((text, n) => (n === 3 ? row(3, 77) : text)), row(99)]),
  );
  const { plan } = await bench.plan("list", edited, kept);
  expect(plan?.steps.map(({ name }) => name)).toEqual([
    "look up 2 addresses (1 call)",
    "upsert 2 members: 1 added, 1 changed (2 calls)",
    "let 1 removed member go; their contacts stay",
    "23 members unchanged",
  ]);
  const after = bench.done(await bench.update("list", kept, edited));
  expect(bench.emulator.engagelab.contact("person3@example.com").fields).toEqual({ Age: "77" });
  expect(bench.emulator.engagelab.count()).toBe(26);
  expect(bench.emulator.writes()).toBe(3);
  await bench.restart();
  expect(await bench.verb("list", edited, after)).toBe("none");
  const refreshed = await bench.read("list", after);
  expect(refreshed).toEqual({ ...after, failure: undefined });
  expect(await bench.verb("list", edited, refreshed)).toBe("none");
});

test("drift is found and put right; who was deleted outside is created again, with a warning", async () => {
  const inputs = { members: people(12), tags: ["news"] };
  const kept = bench.done(await bench.create("list", inputs));
  bench.emulator.behind.contact("person1@example.com").edit((contact) => {
    contact.name = "Somebody else";
  });
  bench.emulator.behind.contact("person2@example.com").untag("news");
  bench.emulator.behind.contact("person3@example.com").delete();
  bench.emulator.behind.contact("person4@example.com").unsubscribe();
  bench.emulator.behind.contact("person5@example.com").tag("somebody's");
  await bench.restart();
  const seen = await bench.read("list", kept);
  expect(seen.state).toMatchObject({ memberCount: 12, missingCount: 1, unsubscribedCount: 1 });
  expect(bench.logs.filter((line) => line.startsWith("warning")).join("\n")).toMatch(
    /2 members changed outside[\s\S]*1 member deleted outside/,
  );
  const { plan } = await bench.plan("list", inputs, seen);
  expect(plan?.steps[1]?.name).toBe("upsert 3 members: 2 changed, 1 deleted outside and created again (2 calls)");
  expect(plan?.warnings.join("\n")).toMatch(/1 contact of this set: created again, they know nothing of an opt-out/);
  const after = bench.done(await bench.update("list", seen, inputs));
  expect(bench.emulator.engagelab.contact("person1@example.com").name).toBe("Person 1");
  expect(bench.emulator.engagelab.contact("person3@example.com").tags).toEqual(["news"]);
  expect(bench.emulator.engagelab.contact("person5@example.com").tags).toEqual(["news", "somebody's"]);
  expect(after.state).toMatchObject({ memberCount: 12, missingCount: 0 });
  expect(await bench.verb("list", inputs, after)).toBe("none");
});

test("members that leave are let go, or deleted where that was asked for; so is the set", async () => {
  const inputs = { members: people(12), onRemoval: "delete" as const };
  const kept = bench.done(await bench.create("list", inputs));
  const fewer = { ...inputs, members: people(10) };
  const after = bench.done(await bench.update("list", kept, fewer));
  expect(bench.emulator.engagelab.count()).toBe(10);
  await bench.restart();
  await expect(bench.delete("list", after)).rejects.toThrow(/consent-needed[\s\S]*allowDeletions: 10/);
  expect(bench.emulator.engagelab.count()).toBe(10);
  const consented = bench.done(await bench.update("list", after, { ...fewer, allowDeletions: 10 }));
  await bench.restart();
  await bench.delete("list", consented);
  expect(bench.emulator.engagelab.count()).toBe(0);
});

test("what was sent is saved also where the deletions after it can't be noted: nobody is deleted", async () => {
  const inputs = (count: number, first: string) => ({
    members: people(count, (member, index) => (index === 0 ? { ...member, name: first } : member)),
    onRemoval: "delete" as const,
  });
  const kept = bench.done(await bench.create("list", inputs(5, "Before")));
  await bench.restart();
  const { begin } = OperationRecord.prototype;
  const full = vi.spyOn(OperationRecord.prototype, "begin").mockImplementation(function (
    this: OperationRecord,
    ...step
  ) {
    if (step[0] === "delete contacts") throw unusable("records", new Error("ENOSPC"));
    return begin.apply(this, step);
  });
  try {
    const after = await bench.update("list", kept, inputs(4, "After"));
    expect(after.failure?.message).toMatch(/records-unusable: contact set "list": can't use the record folder/);
    expect(bench.emulator.engagelab.count()).toBe(5);
    expect(after.state.memberCount).toBe(5);
    full.mockRestore();
    await bench.restart();
    const { plan } = await bench.plan("list", inputs(4, "After"), after);
    expect(plan?.steps.map(({ name }) => name)).toEqual([
      "delete 1 removed contact, each after a look at it (2 calls)",
      "4 members unchanged",
    ]);
  } finally {
    full.mockRestore();
  }
});

test("what was seen of people before they were written counts no longer", async () => {
  const members = people(3, (member, index) => (index === 2 ? { ...member, name: "Renamed" } : member));
  const look = () => bench.runtime.use(lookup).find("person2@example.com");
  expect(await look()).toEqual([]);
  const kept = bench.done(await bench.create("list", { members: people(3) }));
  expect(await look()).toMatchObject([{ name: "Person 2" }]);
  bench.done(await bench.update("list", kept, { members }));
  expect(await look()).toMatchObject([{ name: "Renamed" }]);
});

test("what the platform didn't empty is an error of every run, until it is empty", async () => {
  const stubborn = await startSetBench({ engagelab: { emptyText: "ignored" } });
  try {
    const inputs = (more: object) => ({ members: [{ email: "ada@example.com", name: "Ada", ...more }] });
    let kept = stubborn.done(await stubborn.create("list", inputs({ phone: "1", fields: { Gender: "x" } })));
    for (let run = 0; run < 2; run++) {
      await stubborn.restart();
      kept = await stubborn.update("list", kept, inputs({}));
      expect(kept.failure?.message).toMatch(/did not empty phone, fields\.Gender \(1 member\)/);
    }
    stubborn.emulator.behind.contact("ada@example.com").edit((contact) => {
      contact.phone = null;
      contact.fields = {};
    });
    await stubborn.restart();
    kept = stubborn.done(await stubborn.update("list", kept, inputs({})));
    expect(await stubborn.verb("list", inputs({}), kept)).toBe("none");
  } finally {
    await stubborn.close();
  }
});
