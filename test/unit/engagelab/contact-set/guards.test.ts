/** What must not happen to the people of a list. Each test harms the emulator's account if its guard is taken out. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../../provider/core/values";
import type { EmulatorOptions } from "../../../../provider/emulator";
import type { ContactInputs } from "../../../../provider/engagelab/contact/inputs";
import { pace } from "../../../../provider/engagelab/contact/pace";
import { contact } from "../../../../provider/engagelab/contact/resource";
import type { ContactState } from "../../../../provider/engagelab/contact/state";
import type { SetInputs } from "../../../../provider/engagelab/contact-set/inputs";
import { Packed } from "../../../../provider/engagelab/contact-set/packed";
import { contactSet } from "../../../../provider/engagelab/contact-set/resource";
import { errorOf, type Given, type KeptSet, people, type SetBench, startSetBench } from "./bench";

let bench: SetBench;
afterEach(() => bench.close());

const bystanders = Array.from({ length: 5 }, (_, index) => ({ email: `bystander-${index}@example.org` }));
const deleting = { onRemoval: "delete" as const };

async function begin(options: EmulatorOptions = {}, settings: Record<string, string> = {}) {
  bench = await startSetBench(options, settings);
  bench.emulator.engagelab.seed(bystanders);
}

/** A set that deletes who leaves it, as it is at the beginning of the next run. */
async function existing(inputs: Given, name = "list"): Promise<KeptSet> {
  const kept = bench.done(await bench.create(name, { ...deleting, ...inputs }));
  await bench.restart();
  return kept;
}

/** Applies what is declared, as far as it is allowed to, and whatever comes of it. */
const attempt = async (kept: KeptSet, inputs: Given, name = "list") => {
  const code = await bench.verb(name, { ...deleting, ...inputs }, kept).catch((error: Error) => error.message);
  await bench.update(name, kept, { ...deleting, ...inputs }).catch(() => {});
  return code;
};
const everybody = () => bench.emulator.engagelab.count() - bystanders.length;
const csv = (rows: readonly { email: string; name?: string }[]) =>
  `email,name\n${rows.map(({ email, name }) => `${email},${name}\n`).join("")}`;

describe("a file that", () => {
  test("lost all its rows deletes nobody, however few they are", async () => {
    await begin();
    const kept = await existing(bench.file("people.csv", csv(people(9))));
    expect(await attempt(kept, bench.file("people.csv", csv([])))).toBe("consent-needed");
    expect(everybody()).toBe(9);
  });

  test("lost all its rows is refused also where nobody would be deleted, until it is consented to", async () => {
    await begin();
    const keeping = { onRemoval: "keep" as const };
    const kept = await existing({ ...bench.file("people.csv", csv(people(3))), ...keeping });
    const emptied = { ...bench.file("people.csv", csv([])), ...keeping };
    expect(await bench.verb("list", emptied, kept)).toBe("consent-needed");
    expect(await bench.verb("list", { ...emptied, allowDeletions: 2 }, kept)).toBe("consent-needed");
    expect(await bench.verb("list", { ...emptied, allowDeletions: 3 }, kept)).toBe("update");
    expect(await bench.verb("fresh", emptied)).toBe("consent-needed");
  });

  test("is empty, without even a first line, deletes nobody", async () => {
    await begin();
    const kept = await existing(bench.file("people.csv", csv(people(9))));
    expect(await attempt(kept, { ...bench.file("people.csv", ""), allowDeletions: 9 })).toMatch(/the file is empty/);
    expect(everybody()).toBe(9);
  });

  test("is cut off deletes nobody: between two rows, in a row, in a quoted cell", async () => {
    await begin();
    const whole = csv(people(40));
    const kept = await existing(bench.file("people.csv", whole));
    const half = whole.indexOf("person20@");
    expect(await attempt(kept, bench.file("people.csv", whole.slice(0, half)))).toBe("consent-needed");
    expect(await attempt(kept, bench.file("people.csv", whole.slice(0, whole.indexOf("person38@") + 8)))).toMatch(
      /line 40/,
    );
    const quoted = whole.replace("Person 35\n", '"Person 35\n');
    expect(await attempt(kept, bench.file("people.csv", quoted))).toMatch(/never closed/);
    expect(everybody()).toBe(40);
  });

  test("is not the reviewed one sends nothing", async () => {
    await begin();
    const reviewed = bench.file("people.csv", csv(people(12)));
    const pinned = (given: Given) =>
      ({ ...given, source: { ...given.source!, sha256: reviewed.sourceDigest } }) as Given;
    const kept = await existing(pinned(reviewed));
    expect(await attempt(kept, pinned(bench.file("people.csv", csv(people(11)))))).toMatch(/not the reviewed one/);
    expect(everybody()).toBe(12);
  });
});

describe("a mass edit", () => {
  test("of addresses is a mass removal: nobody is replaced by somebody without an opt-out", async () => {
    await begin();
    const kept = await existing({ members: people(12) });
    const moved = people(12, (member) => ({ ...member, email: member.email.replace(".com", ".net") }));
    expect(await attempt(kept, { members: moved })).toBe("consent-needed");
    expect(await attempt(kept, { members: moved, allowDeletions: 11 })).toBe("consent-needed");
    expect(everybody()).toBe(12);
    expect(bench.emulator.engagelab.deletions()).toEqual([]);
  });

  test("that takes away a hundred and one of many is one too", async () => {
    await begin();
    const kept = await existing({ members: people(500) });
    expect(await attempt(kept, { members: people(399) })).toBe("consent-needed");
    expect(everybody()).toBe(500);
    expect(await attempt(kept, { members: people(399), allowDeletions: 101 })).toBe("update");
    expect(everybody()).toBe(399);
  });

  test("of what exists overwrites nobody: all differences are told before the first write", async () => {
    await begin();
    bench.emulator.engagelab.seed(
      people(12, (member) => ({ ...member, name: "As they call themselves" })) as { email: string }[],
    );
    const error = await errorOf(bench.create("list", { members: people(14) }));
    expect(error.message.match(/members\[\d+\]: a contact with this address exists/g)).toHaveLength(12);
    expect(bench.emulator.writes()).toBe(0);
  });
});

describe("an option that a preview can't know yet", () => {
  const unknown = (inputs: object) => ({ ...deleting, ...inputs }) as Given;

  test.each(["allowDeletions", "forceDestroy", "onRemoval"])("%s: is neither refused nor promised", async (option) => {
    await begin();
    const kept = await existing({ members: people(12) });
    const { plan } = await bench.plan("list", unknown({ members: people(2), [option]: UNKNOWN }), kept);
    const steps = plan?.steps.map(({ name }) => name).join("\n");
    if (option === "onRemoval")
      expect(steps).toMatch(/let 10 removed members go, or delete their contacts, as onRemoval/);
    else expect(steps).toMatch(/delete 10 removed contacts/);
    expect(plan?.warnings).toEqual([]);
    // Once it is known, it is judged.
    expect((await errorOf(bench.update("list", kept, unknown({ members: people(2) })))).code).toBe("consent-needed");
    expect(everybody()).toBe(12);
  });

  test("asks for no number to be removed before it is one", async () => {
    await begin();
    const kept = await existing({ members: people(12) });
    const { plan } = await bench.plan("list", unknown({ members: people(12), allowDeletions: UNKNOWN }), kept);
    expect(plan?.warnings).toEqual([]);
  });
});

describe("an id that", () => {
  test.each(["delete", "DELETE", "bulkdelete"])("says %j in the state deletes nobody", async (id) => {
    await begin();
    const kept = await existing({ members: people(4) });
    const members = Packed.decode(kept.state.memberDigests);
    const entries = [...members.entries()].map((entry) => ({ ...entry, id }));
    const damaged = { ...kept, state: { ...kept.state, memberDigests: Packed.of(entries).encode() } };
    await attempt(damaged, { members: people(3) });
    expect((await errorOf(bench.delete("list", damaged))).code).toBe("guard-tripped");
    expect(everybody()).toBe(4);
    expect(bench.emulator.requests({ method: "DELETE" })).toBe(0);
  });

  test("belongs to somebody else's address deletes nobody", async () => {
    await begin();
    const kept = await existing({ members: people(4) });
    const [stranger] = bench.emulator.engagelab.contacts();
    const entries = [...Packed.decode(kept.state.memberDigests).entries()].map((entry) => ({
      ...entry,
      id: stranger!.id,
    }));
    const damaged = { ...kept, state: { ...kept.state, memberDigests: Packed.of(entries).encode() } };
    expect((await errorOf(bench.delete("list", damaged))).code).toBe("guard-tripped");
    expect(bench.emulator.engagelab.count()).toBe(9);
  });
});

test("the delete by condition is never used", async () => {
  await begin();
  const kept = await existing({ members: people(5), forceDestroy: true });
  await attempt(kept, { members: people(3) });
  await bench.delete("list", kept);
  expect(bench.emulator.requests({ endpoint: "contact.deleteByCondition" })).toBe(0);
  expect(everybody()).toBe(0);
});

describe("people who are declared elsewhere stay:", () => {
  test("a rename without an alias", async () => {
    await begin();
    const old = await existing({ members: people(9), forceDestroy: true });
    const renamed = bench.done(await bench.create("new", { ...deleting, members: people(9) }));
    await bench.delete("list", old);
    expect(everybody()).toBe(9);
    expect(renamed.state).toMatchObject({ memberCount: 9, adoptedCount: 9 });
  });

  test.each(["plan", "read"] as const)("a set that this process has seen by a %s alone", async (by) => {
    await begin();
    const old = await existing({ members: people(9) });
    // What it is about to let go counts as well.
    if (by === "plan") await bench.plan("new", { members: people(8) }, old);
    else await bench.read("new", old);
    await bench.delete("list", old);
    expect(everybody()).toBe(9);
  });

  test("moved from one set to another in the same run, checked meanwhile and written later", async () => {
    await begin();
    const from = await existing({ members: people(12), forceDestroy: true }, "from");
    const to = await existing({ members: people(15).slice(12) }, "to");
    const { id } = bench.emulator.engagelab.contact("person11@example.com");
    // Long enough for a busy machine: the other set is checked while this one is about to delete.
    bench.runtime.use(pace).quiet = 300;
    const leaving = bench.update("from", from, { ...deleting, members: people(11), forceDestroy: true });
    await delay(50);
    const joined = { ...deleting, members: people(15).slice(11) };
    await bench.plan("to", joined, to);
    bench.done(await leaving);
    bench.done(await bench.update("to", to, joined));
    expect(bench.emulator.engagelab.contact("person11@example.com").id).toBe(id);
    expect(bench.emulator.engagelab.deletions()).toEqual([]);
  });

  test("moved from a set to a Contact, and back", async () => {
    await begin();
    const single = bench.calls<ContactInputs, ContactState>(contact);
    const kept = await existing({ members: people(12), forceDestroy: true });
    const { id } = bench.emulator.engagelab.contact("person11@example.com");
    bench.runtime.use(pace).quiet = 300;
    const leaving = bench.update("list", kept, { ...deleting, members: people(11), forceDestroy: true });
    await delay(50);
    const one = await single.create("vip", { email: "person11@example.com", name: "Person 11", forceDestroy: true });
    const without = bench.done(await leaving);
    expect(bench.emulator.engagelab.contact("person11@example.com").id).toBe(id);
    await bench.restart();
    bench.done(await bench.update("list", without, { ...deleting, members: people(12), forceDestroy: true }));
    await single.delete("vip", one);
    expect(bench.emulator.engagelab.contact("person11@example.com").id).toBe(id);
  });

  test("in another stack, which had them first", async () => {
    await begin();
    await existing({ members: people(9) });
    // The other stack's program is elsewhere, and so are its records.
    rmSync(join(bench.folder, ".journeys"), { recursive: true });
    await bench.restart();
    const second = await existing({ members: people(9) }, "second-stack");
    expect(second.state.adoptedCount).toBe(9);
    await bench.delete("second-stack", second);
    expect(everybody()).toBe(9);
  });
});

test("whoever leaves, and whose id a lost answer kept back, stays in the set where the list doesn't show everybody", async () => {
  await begin({ engagelab: { listReach: 152 } });
  bench.emulator.engagelab.seed(Array.from({ length: 145 }, (_, n) => ({ email: `before-${n}@example.org` })));
  const forget = bench.emulator.on("before", { endpoint: "contact.upsert" }, () => {
    bench.emulator.fault({ kind: "500-after", endpoint: "contact.upsert" });
    bench.emulator.fault({ kind: "403", endpoint: "contact.list", times: 9 });
  });
  const kept = await bench.create("list", { ...deleting, members: people(4) });
  expect(kept.failure).toBeDefined();
  forget();
  bench.emulator.clearFaults();
  await bench.restart();
  const after = await bench.update("list", kept, { ...deleting, members: people(3) });
  expect(after.failure?.message).toMatch(/there are 154 contacts and shows 152, twice/);
  expect(after.state.memberCount).toBe(4);
  expect(everybody()).toBe(149);
});

describe("a destroy", () => {
  test("of people who were there before releases them; forced, it doesn't", async () => {
    await begin();
    bench.emulator.engagelab.seed(people(4) as { email: string }[]);
    const kept = await existing({ members: people(9) });
    expect(kept.state.adoptedCount).toBe(4);
    await bench.delete("list", kept);
    expect(everybody()).toBe(4);
    await bench.restart();
    const forced = await existing({ members: people(4), forceDestroy: true });
    await bench.delete("list", forced);
    expect(everybody()).toBe(0);
  });

  test("of people who opted out a moment ago releases them", async () => {
    await begin();
    const kept = await existing({ members: people(9) });
    bench.emulator.behind.contact("person3@example.com").unsubscribe();
    await bench.delete("list", kept);
    expect(
      bench.emulator.engagelab
        .contacts()
        .slice(5)
        .map(({ email }) => email),
    ).toEqual(["person3@example.com"]);
    expect(bench.logs.at(-1)).toMatch(/: 8 contacts deleted, 1 not \(they existed before, opted out, or are declared/);
  });

  test("needs the number, and keeps everybody by default", async () => {
    await begin();
    const kept = await existing({ members: people(12) });
    expect((await errorOf(bench.delete("list", kept))).code).toBe("consent-needed");
    expect(everybody()).toBe(12);
    const keeping = bench.done(await bench.update("list", kept, { members: people(12), onRemoval: "keep" }));
    await bench.delete("list", keeping);
    expect(everybody()).toBe(12);
    expect(bench.logs.at(-1)).toMatch(/: 12 contacts let go and left as they are \(onRemoval: "keep"\)$/);
  });

  test("stops at engagelabMaxDeletions where no number was given, and not where one was", async () => {
    await begin({}, { engagelabMaxDeletions: "3" });
    const kept = await existing({ members: people(9) });
    expect((await errorOf(bench.delete("list", kept))).message).toMatch(/at most 3 contacts/);
    expect(everybody()).toBe(6);
    await bench.restart();
    const other = await existing({ members: people(32).slice(20), allowDeletions: 12 }, "consented");
    await bench.delete("consented", other);
    expect(everybody()).toBe(6);
  });
});

describe("a refresh in the wrong account or region", () => {
  const accounts = [
    { apiUser: "user", apiKey: "key", listId: 1, region: "sg" as const },
    { apiUser: "user", apiKey: "key", listId: 2, region: "tr" as const },
  ];

  test.each([
    ["an empty account", 0],
    ["an account with others", 5],
    ["an account with the same people", 12],
  ])("decides nothing: %s", async (_, there) => {
    bench = await startSetBench({ accounts }, { engagelabApiKey: "key" });
    bench.emulator.engagelab.seed(bystanders, 1);
    const inputs = { ...deleting, members: people(12) };
    const kept = await existing(inputs);
    bench.emulator.engagelab.seed((there === 5 ? bystanders : people(there)) as { email: string }[], 2);
    await bench.restart({ engagelabUrl: bench.emulator.engagelab.url("tr") });
    const outcome: KeptSet | Error = await bench.read("list", kept).catch((error: Error) => error);
    if (outcome instanceof Error) expect(outcome.message).toMatch(/belongs to the list 1/);
    else expect(outcome.state).toEqual(kept.state);
    // Whatever the refresh left, the next run creates, changes and deletes nobody there.
    const state = outcome instanceof Error ? kept : outcome;
    for (const change of [{}, { members: people(13) }, { members: people(10) }]) {
      await bench.update("list", state, { ...inputs, ...change }).catch(() => {});
    }
    await bench.delete("list", state).catch(() => {});
    expect(bench.emulator.engagelab.count(2)).toBe(there);
    expect(bench.emulator.engagelab.deletions()).toEqual([]);
    expect(bench.emulator.writes()).toBe(1);
  });

  test.each([
    ["nobody", 0],
    ["others", 5],
  ])("decides nothing, also where no contact was ever read back: %s there", async (_, there) => {
    bench = await startSetBench({ accounts }, { engagelabApiKey: "key" });
    bench.emulator.fault({ kind: "403", endpoint: "contact.get", times: 9 });
    const inputs = { ...deleting, members: people(12) };
    const kept = await existing(inputs);
    bench.emulator.clearFaults();
    expect(kept.state.listId).toBeUndefined();
    bench.emulator.engagelab.seed(bystanders.slice(0, there), 2);
    await bench.restart({ engagelabUrl: bench.emulator.engagelab.url("tr") });
    const seen = await bench.read("list", kept);
    expect(seen.state).toEqual(kept.state);
    expect(bench.logs.at(-1)).toMatch(/^warning: .*a wrong account or region looks the same/);
    expect(await bench.verb("list", inputs, seen)).toBe("none");
    // In its own account it learns what its list is.
    await bench.restart({ engagelabUrl: bench.emulator.url });
    bench.emulator.behind.contact("person3@example.com", 1).delete();
    expect((await bench.read("list", kept)).state).toMatchObject({ listId: 1, missingCount: 1 });
  });

  test("is told once a run, however many sets and contacts are concerned", async () => {
    bench = await startSetBench({ accounts }, { engagelabApiKey: "key" });
    const single = bench.calls<ContactInputs, ContactState>(contact);
    const sets = [
      await existing({ members: people(3) }, "one"),
      await existing({ members: people(6).slice(3) }, "two"),
    ];
    const persons = await Promise.all([7, 8].map((n) => single.create(`c${n}`, { email: `single${n}@example.com` })));
    await bench.restart({ engagelabUrl: bench.emulator.engagelab.url("tr") });
    bench.logs.length = 0;
    const seen = [
      ...(await Promise.all(persons.map((kept, index) => single.read(`c${index}`, kept)))),
      ...(await Promise.all(sets.map((kept) => bench.read("list", kept)))),
    ];
    expect(seen.map((outcome) => outcome?.state)).toEqual([...persons, ...sets].map(({ state }) => state));
    expect(bench.logs).toHaveLength(1);
    expect(bench.logs[0]).toMatch(
      /^warning: .*its list \(1\).*every contact and set.*keeps its state.*engagelabRegion/,
    );
  });

  test("nor does a list that doesn't show everybody", async () => {
    await begin({ engagelab: { listReach: 8 } });
    const kept = await existing(bench.file("people.csv", csv(people(12))));
    bench.emulator.engagelab.seed(Array.from({ length: 120 }, (_, n) => ({ email: `later-${n}@example.org` })));
    // Without the file nobody's address is known: only the list shows them.
    rmSync(join(bench.folder, "people.csv"));
    await bench.restart();
    const error = await errorOf(bench.read("list", kept));
    expect(error.code).toBe("unexpected-answer");
    expect(error.message).toMatch(/there are 137 contacts and shows 8, twice/);
  });
});

test("an update that no preview was asked for refuses like one", async () => {
  await begin();
  const kept = await existing({ members: people(9) });
  const inputs = { ...deleting, ...bench.file("people.csv", csv([])) } as SetInputs;
  const error = await errorOf(contactSet.update(kept.id, kept.state, inputs, bench.named("list")));
  expect(error.code).toBe("consent-needed");
  expect(everybody()).toBe(9);
});

test("records that can't be written: nobody is sent", async () => {
  await begin({}, { recordFolder: "/dev/null/records" });
  await expect(bench.create("list", { members: people(3) })).rejects.toThrow(/^records-unusable/);
  expect(bench.emulator.writes()).toBe(0);
});

test("an edit of which nobody knows whether it took place: both what was and what was to be are the set's to take away", async () => {
  await begin();
  const tagged = (...tags: string[]) => ({ members: people(3).map((member) => ({ ...member, tags })) });
  const kept = await existing(tagged("before"));
  bench.emulator.fault({ kind: "500-before", endpoint: "contact.upsert", times: 1000 });
  const open = await bench.update("list", kept, { ...deleting, ...tagged("after") });
  expect(open.failure?.code).toBe("partly-done");
  bench.emulator.clearFaults();
  await bench.restart();
  bench.done(await bench.update("list", open, { ...deleting, ...tagged() }));
  expect(people(3).map(({ email }) => bench.emulator.engagelab.contact(email).tags)).toEqual([[], [], []]);
});

test("a batch that is refused without a reason anybody knows is halved, and each member ends as it would alone", async () => {
  await begin();
  const sizes: number[] = [];
  bench.emulator.on("before", { endpoint: "contact.upsert" }, ({ body }) => {
    const { members } = body as { members: { email: string }[] };
    sizes.push(members.length);
    if (members.some(({ email }) => email === "person5@example.com"))
      bench.emulator.fault({ kind: "refuse", endpoint: "contact.upsert" });
  });
  const kept = await bench.create("list", { members: people(8) });
  expect(sizes).toEqual([8, 4, 4, 2, 2, 1, 1]);
  expect(kept.failure?.code).toBe("partly-done");
  expect(everybody()).toBe(7);
  expect(kept.state.memberCount).toBe(7);
});
