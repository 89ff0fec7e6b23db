/** What others do to a set's contacts while it isn't looking: no opt-out is lost without a word. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type KeptSet, people, type SetBench, startSetBench } from "./bench";

let bench: SetBench;
let kept: KeptSet;
const deleting = { onRemoval: "delete" as const };
const renamed = (...indices: number[]) =>
  people(9, (member, index) => (indices.includes(index) ? { ...member, name: "Edited" } : member));
const contact = (index: number) => bench.emulator.engagelab.contact(`person${index}@example.com`);
const behind = (index: number) => bench.emulator.behind.contact(`person${index}@example.com`);

beforeEach(async () => {
  bench = await startSetBench();
  bench.emulator.engagelab.seed([{ email: "bystander@example.org" }]);
  kept = bench.done(await bench.create("list", { ...deleting, members: people(9) }));
  await bench.restart();
});
afterEach(() => bench.close());

test("deleted and created again: a refresh warns, goes on with the new contact, and it counts as adopted", async () => {
  const fresh = behind(3).recreate();
  const seen = await bench.read("list", kept);
  expect(bench.logs.join()).toMatch(/1 member deleted and created again outside: if the person had opted out/);
  expect(seen.state).toMatchObject({ adoptedCount: 1, missingCount: 0, memberCount: 9 });
  expect(await bench.verb("list", { ...deleting, members: people(9) }, seen)).toBe("none");
  await bench.restart();
  // It is somebody else's contact now: whoever leaves is let go.
  const without = people(9, (member, index) => (index === 3 ? undefined : member));
  bench.done(await bench.update("list", seen, { ...deleting, members: without }));
  expect(contact(3).id).toBe(fresh);
});

test("deleted, with an edit of its own: nothing of it is sent, the line is named, the others are as declared", async () => {
  behind(3).unsubscribe().delete();
  const edited = { ...deleting, members: renamed(2, 3) };
  const after = await bench.update("list", kept, edited);
  expect(after.failure?.message).toMatch(/members\[3\]: somebody deleted its contact[\s\S]*opted out/);
  expect(after.failure?.parts.next).toMatch(/^remove the member from the list; or run again, which creates it anew/);
  expect(contact(2).name).toBe("Edited");
  expect(bench.emulator.engagelab.count()).toBe(9);
  await bench.restart();
  // Run again, it is created anew knowingly.
  const { plan } = await bench.plan("list", edited, after);
  expect(plan?.warnings.join()).toMatch(/somebody deleted 1 contact of this set.*nothing of an opt-out/);
  bench.done(await bench.update("list", after, edited));
  expect(contact(3).name).toBe("Edited");
});

test("deleted between look and upsert: created anew by the platform, which is an error that says what may be lost", async () => {
  bench.emulator.on("before", { endpoint: "contact.upsert" }, () => behind(3).unsubscribe().delete());
  const edited = { ...deleting, members: renamed(3) };
  const after = await bench.update("list", kept, edited);
  expect(after.failure?.message).toMatch(/members\[3\]: somebody deleted its contact while it was updated/);
  expect(after.failure?.message).toContain(contact(3).id);
  expect(after.failure?.message).toMatch(/opt-out may be lost/);
  await bench.restart();
  // The state goes on with the new contact: there is nothing left to send.
  expect(await bench.verb("list", edited, after)).toBe("none");
});

test("a list that lags behind makes nobody deleted: the id tells", async () => {
  const lagging = await startSetBench({ engagelab: { lagCalls: 9 } });
  try {
    lagging.emulator.engagelab.seed([{ email: "bystander@example.org" }]);
    const own = lagging.done(await lagging.create("list", { ...deleting, members: people(3) }));
    await lagging.restart();
    const after = lagging.done(await lagging.update("list", own, { ...deleting, members: renamed(1).slice(0, 3) }));
    expect(lagging.emulator.engagelab.contact("person1@example.com").name).toBe("Edited");
    expect(after.state).toMatchObject({ adoptedCount: 0, missingCount: 0, memberCount: 3 });
  } finally {
    await lagging.close();
  }
});

test("another contact under a member's address, unseen by any refresh, is not overwritten unasked", async () => {
  const fresh = behind(3).recreate();
  const error = await bench.update("list", kept, { ...deleting, members: renamed(3) }).catch((failed) => failed);
  expect(String(error)).toMatch(/already-exists[\s\S]*members\[3\]: a contact with this address exists/);
  expect(contact(3)).toMatchObject({ id: fresh, name: "Person 3" });
  expect(bench.emulator.writes()).toBe(1);
});

test.each(["oldest-first", "newest-first"] as const)(
  "somebody else's spelling of a member's address, %s, is no member created again, and in nobody's way",
  async (listOrder) => {
    const spelling = await startSetBench({ engagelab: { emailIdentity: "case-sensitive", listOrder } });
    try {
      const own = spelling.done(await spelling.create("list", { ...deleting, members: people(3) }));
      spelling.emulator.engagelab.seed([{ email: "Person1@example.com", name: "Person 1" }]);
      await spelling.restart();
      const seen = await spelling.read("list", own);
      expect(spelling.logs.join()).not.toMatch(/warning/);
      expect(seen.state).toEqual({ ...own.state, accountSize: 4 });
      // Nor does it keep the member from being written: its id tells which of both is meant.
      const edited = { ...deleting, members: renamed(1).slice(0, 3) };
      spelling.done(await spelling.update("list", seen, edited));
      const names = spelling.emulator.engagelab.contacts().map(({ email, name }) => [email, name]);
      expect(Object.fromEntries(names)).toMatchObject({
        "person1@example.com": "Edited",
        "Person1@example.com": "Person 1",
      });
    } finally {
      await spelling.close();
    }
  },
);

test("tags in other letters count as the same, which is said once for all", async () => {
  for (const index of [2, 4]) behind(index).tag("VIP");
  const members = people(9, (member, index) => (index % 2 ? member : { ...member, tags: ["vip"] }));
  const next = bench.done(await bench.update("list", kept, { ...deleting, members }));
  expect(bench.logs.filter((line) => line.includes("letter case"))).toEqual([
    "warning: these tags differ from those on the platform in letter case only, and count as the same: vip (there: VIP)",
  ]);
  expect([2, 4, 6].map((index) => contact(index).tags)).toEqual([["VIP"], ["VIP"], ["vip"]]);
  await bench.restart();
  expect(await bench.verb("list", { ...deleting, members }, await bench.read("list", next))).toBe("none");
});

test("what was emptied and couldn't be read back is looked at again by the next run", async () => {
  const withPhone = people(9, (member, index) => (index === 4 ? { ...member, phone: "123" } : member));
  const phoned = bench.done(await bench.update("list", kept, { ...deleting, members: withPhone }));
  await bench.restart();
  const fault = bench.emulator.fault({ kind: "403", endpoint: "contact.get", times: 1000 });
  const inputs = { ...deleting, members: people(9) };
  const unread = bench.done(await bench.update("list", phoned, inputs));
  expect(bench.logs.join()).toMatch(/could not be read back yet/);
  fault.clear();
  // As if the platform had taken no notice of the empty text.
  behind(4).edit((person) => {
    person.phone = "123";
  });
  await bench.restart();
  expect(await bench.verb("list", inputs, unread)).toBe("update");
  const next = bench.done(await bench.update("list", unread, inputs));
  expect(contact(4).phone ?? "").toBe("");
  await bench.restart();
  expect(await bench.verb("list", inputs, next)).toBe("none");
});
