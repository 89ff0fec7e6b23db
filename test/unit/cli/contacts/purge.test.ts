/** What a purge does, and what it must not: each guard's test harms the emulator's account if the guard is taken out. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { purgeCommand } from "../../../../provider/cli/contacts/purge";
import { type EmulatorOptions, type FaultKind, faultKinds } from "../../../../provider/emulator";
import { bystanders, canary, KEY, openTerminal, people, type Terminal } from "./terminal";

let terminal: Terminal;
afterEach(async () => {
  expect(terminal.said.out + terminal.said.err).not.toMatch(/canary/i);
  await terminal.close();
});

async function begin(options: EmulatorOptions = {}, seeds = people(7)) {
  terminal = await openTerminal(options);
  terminal.emulator.engagelab.seed([...bystanders, ...seeds]);
}
const purge = (...args: string[]) => terminal.run(purgeCommand(), ...args);
const failing = async (...args: string[]): Promise<string> => {
  const error = await purge(...args).then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(error?.message).not.toMatch(canary);
  return error?.message ?? "no error";
};
const count = () => terminal.emulator.engagelab.count();
const canaries = ["--where", "Email contain @canary.example"];
const bulkCalls = () => terminal.emulator.requests({ endpoint: "contact.deleteByCondition" });

describe("journeys contacts purge", () => {
  test("without a number lists, counts, shows a masked sample and deletes nobody", async () => {
    await begin();
    const ids = terminal.emulator.engagelab.contacts().map(({ id }) => id);
    expect(await purge(...canaries)).toBe(
      [
        `API user "user" at ${terminal.emulator.url}, list ${terminal.emulator.engagelab.contacts()[0]!.listId}`,
        "7 contacts match",
        "7 contacts to delete, such as",
        ...ids.slice(5, 10).map((id) => `  c***@c***.example  ${id}`),
        "Nothing was deleted. To delete them for good, add --confirm-count 7",
        "",
      ].join("\n"),
    );
    expect(count()).toBe(12);
    vi.stubEnv("JOURNEYS_ENGAGELAB_RATE", "1000");
    expect(await purge(...canaries)).toMatch(/for good \(about 1 s\), add/);
  });

  test("with the right number deletes those and nobody else, by id, each after a look", async () => {
    await begin();
    expect(await purge(...canaries, "--confirm-count", "7")).toMatch(/\n7 contacts deleted\.\n$/);
    expect(terminal.emails()).toEqual(bystanders.map(({ email }) => email));
    const called = terminal.called();
    expect(called.filter((endpoint) => endpoint === "contact.delete")).toHaveLength(7);
    expect(called.filter((endpoint) => endpoint === "contact.get")).toHaveLength(7);
    expect(bulkCalls()).toBe(0);
    expect(await purge(...canaries, "--confirm-count", "0")).toMatch(/\n0 contacts to delete\n0 contacts deleted\.\n$/);
  });

  test.each(["0", "6", "8"])("with the number %s deletes nobody", async (number) => {
    await begin();
    const message = await failing(...canaries, "--confirm-count", number);
    expect(message).toMatch(/guard-tripped: 7 contacts would be deleted, and --confirm-count says \d\n.*nothing was/);
    expect(message).toContain("--confirm-count 7");
    expect(count()).toBe(12);
  });

  test.each([
    [["--where", ""], /where\[0\]: must be a field/],
    [["--where", "Email contain"], /something to compare with/],
    [["--where", "Email =="], /something to compare with/],
    [["--where", "email == a@canary.example"], /spells this field Email/],
    [["--where", "updateTime > 2000"], /can't be checked here/],
    [[], /required option '--where/],
    [["--where", "Name == x", "--relation", "xor"], /Allowed choices/],
  ])("with %j sends nothing", async (where, message) => {
    await begin();
    expect(await failing(...where, "--confirm-count", "12")).toMatch(message);
    expect(terminal.emulator.requests()).toBe(0);
  });

  test.each(["-1", "1.5", "7x", "", "1e1"])("takes no --confirm-count %j", async (number) => {
    await begin();
    expect(await failing(...canaries, "--confirm-count", number)).toMatch(/whole number/);
    expect(terminal.emulator.requests()).toBe(0);
  });

  test("lists to the end, whatever total says, and in whatever order", async () => {
    for (const engagelab of [
      { filteredTotal: "all" },
      { listKey: "list", listPath: "listMembers" },
      { listOrder: "newest-first" },
    ] as const) {
      await begin({ engagelab }, people(250));
      await purge(...canaries, "--confirm-count", "250");
      expect(terminal.emails()).toEqual(bystanders.map(({ email }) => email));
      await terminal.close();
    }
    await begin();
  });

  test("a list whose order moves between its pages, so that it has gaps, deletes nobody", async () => {
    await begin({ engagelab: { listOrder: "shuffled" } }, people(250));
    expect(await failing(...canaries)).toMatch(/unexpected-answer: .* listed twice, so others may have been left out/);
    await failing(...canaries, "--confirm-count", "250");
    expect(count()).toBe(255);
    expect(await purge("--where", "Email contain canary1@")).toMatch(/1 contact to delete/);
  });

  test("joins conditions with and, or with or", async () => {
    const tagged = people(7, (index) => ({ tags: index % 2 ? ["old"] : ["new"], fields: { Age: String(index) } }));
    await begin({}, tagged);
    const where = ["--where", "tag == old", "--where", "Age > 2"];
    expect(await purge(...where)).toMatch(/\n2 contacts match/);
    expect(await purge(...where, "--relation", "or")).toMatch(/\n5 contacts match/);
    await purge(...where, "--confirm-count", "2");
    expect(terminal.emails().filter((email) => canary.test(email))).toHaveLength(5);
  });

  test("looks at each row itself: what the platform lists beyond the condition stays", async () => {
    await begin({}, [...people(3, () => ({ name: "Spam" })), { email: "innocent@example.org", name: "spammer" }]);
    const found = await purge("--where", "Name contain Spam");
    expect(found).toMatch(/3 contacts match\n {2}1 more were listed, but don't match to the letter: they stay/);
    await purge("--where", "Name contain Spam", "--confirm-count", "3");
    expect(terminal.emails()).toContain("innocent@example.org");
    expect(count()).toBe(6);
  });

  test("a platform that can't compare whole addresses is asked for parts", async () => {
    await begin({ engagelab: { equals: "refused" } }, [...people(1), { email: "xcanary0@canary.example" }]);
    await purge("--where", "Email == CANARY0@canary.example", "--confirm-count", "1");
    expect(terminal.emails()).toEqual([...bystanders.map(({ email }) => email), "xcanary0@canary.example"]);
  });

  test("passes over people who opted out, unless forced", async () => {
    await begin(
      {},
      people(5, (index) => ({ unsubscribed: index < 2 })),
    );
    expect(await purge(...canaries)).toMatch(/2 of them opted out, and stay: .*--force-unsubscribed\)\n3 contacts to/);
    expect(await failing(...canaries, "--confirm-count", "5")).toMatch(/3 contacts would be deleted/);
    await purge(...canaries, "--confirm-count", "3");
    expect(count()).toBe(7);
    const forced = await purge(...canaries, "--force-unsubscribed", "--confirm-count", "2");
    expect(forced).toMatch(/2 of them opted out, and are deleted too, and their opt-outs are lost/);
    expect(count()).toBe(5);
  });

  test("keeps who opts out, or no longer matches, after the listing", async () => {
    await begin();
    const off = terminal.emulator.on("before", { endpoint: "contact.get" }, () => {
      off();
      terminal.emulator.behind.contact("canary5@canary.example").unsubscribe();
    });
    expect(await purge(...canaries, "--confirm-count", "7")).toMatch(/6 contacts deleted; 1 stay: they changed, or/);
    terminal.emulator.engagelab.seed(people(3, (index) => ({ email: `late${index}@canary.example`, name: "Spam" })));
    const again = terminal.emulator.on("before", { endpoint: "contact.get" }, () => {
      again();
      terminal.emulator.behind.contact("late2@canary.example").edit((contact) => {
        contact.name = "Friend";
      });
    });
    expect(await purge("--where", "Name == Spam", "--confirm-count", "3")).toMatch(/2 contacts deleted; 1 stay/);
    expect(terminal.emails()).toEqual(expect.arrayContaining(["canary5@canary.example", "late2@canary.example"]));
  });

  test("counts who is gone already", async () => {
    await begin();
    const off = terminal.emulator.on("before", { endpoint: "contact.get" }, () => {
      off();
      terminal.emulator.behind.contact("canary6@canary.example").delete();
    });
    expect(await purge(...canaries, "--confirm-count", "7")).toMatch(/6 contacts deleted; 1 were gone already\./);
    expect(count()).toBe(5);
  });

  test("stops where something is wrong, says how far it came, and goes on from there", async () => {
    await begin({}, people(30));
    terminal.emulator.fault({ kind: "403", endpoint: "contact.delete", after: 10, times: Number.POSITIVE_INFINITY });
    const message = await failing(...canaries, "--confirm-count", "30");
    expect(message).toMatch(/partly-done: the purge stopped: forbidden/);
    expect(message).toMatch(/10 contacts of 30 deleted, 20 left\n.*--confirm-count 20/);
    expect(count()).toBe(25);
    // Ten, and those that were under way at once.
    expect(terminal.emulator.requests({ endpoint: "contact.delete" })).toBeLessThanOrEqual(14);
    terminal.emulator.clearFaults();
    await purge(...canaries, "--confirm-count", "20");
    expect(count()).toBe(5);
  });

  test.each(
    (["contact.list", "contact.get", "contact.delete"] as const).flatMap((endpoint) =>
      (Object.keys(faultKinds) as FaultKind[]).map((kind) => [endpoint, kind] as const),
    ),
  )(
    "a call of %s that meets %s: whoever is meant goes, in this run or the next one, and nobody else",
    async (endpoint, kind) => {
      vi.stubEnv("JOURNEYS_HEADERS_TIMEOUT", "2000");
      await begin();
      const after = endpoint === "contact.list" ? 0 : 2;
      terminal.emulator.fault({ kind, endpoint, after, retryAfter: 0 });
      const failed = await purge(...canaries, "--confirm-count", "7").then(
        () => "",
        ({ message }: Error) => message,
      );
      expect(failed).not.toMatch(canary);
      terminal.emulator.clearFaults();
      if (failed) await purge(...canaries, "--confirm-count", String(count() - bystanders.length));
      expect(terminal.emails()).toEqual(bystanders.map(({ email }) => email));
    },
  );

  test("a refused credential is one clear error", async () => {
    terminal = await openTerminal({ accounts: [{ apiUser: "user", apiKey: "other", listId: 1 }] });
    const message = await failing(...canaries, "--confirm-count", "7");
    expect(message).toMatch(/unauthorized: .*API user "user" at http/);
    expect(message).not.toContain(KEY);
    expect(terminal.emulator.requests()).toBe(1);
  });
});

describe("--bulk-endpoint", () => {
  const whole = (...indexes: number[]) => [
    ...indexes.flatMap((index) => ["--where", `Email == canary${index}@canary.example`]),
    "--relation",
    "or",
    "--bulk-endpoint",
  ];

  test("deletes the owners of whole addresses in one call, after the same listing, and counts after", async () => {
    await begin();
    expect(await purge(...whole(0, 1, 2))).toMatch(/add --confirm-count 3\n$/);
    expect(bulkCalls()).toBe(0);
    expect(await purge(...whole(0, 1, 2), "--confirm-count", "3")).toMatch(/\n3 contacts deleted\.\n$/);
    expect(count()).toBe(9);
    expect(terminal.called().slice(-3)).toEqual(["contact.list", "contact.deleteByCondition", "contact.list"]);
    const [listed, deleted] = terminal.emulator.journal.slice(-3).map(({ body }) => body);
    expect(deleted).toEqual(listed);
    expect(
      await purge("--where", "Email == canary3@canary.example", "--bulk-endpoint", "--confirm-count", "1"),
    ).toMatch(/1 contact deleted/);
  });

  test("with nobody left calls nothing", async () => {
    await begin({}, []);
    await purge(...whole(0, 1), "--confirm-count", "0");
    expect(bulkCalls()).toBe(0);
  });

  test.each([
    ["a part of an address", ["--where", "Email contain canary1@canary.example"]],
    ["no whole address", ["--where", "Email == canary1"]],
    ["another field", ["--where", "Name == canary1@canary.example"]],
    ["another operator", ["--where", "Email != canary1@canary.example"]],
    ["and", ["--where", "Email == a@canary.example", "--where", "Email == b@canary.example"]],
    [
      "an address twice",
      ["--where", "Email == a@canary.example", "--where", "Email == A@canary.example", "--relation", "or"],
    ],
  ])("refuses %s before any call", async (_, where) => {
    await begin();
    expect(await failing(...where, "--bulk-endpoint", "--confirm-count", "1")).toMatch(/whole address, each/);
    expect(terminal.emulator.requests()).toBe(0);
  });

  test("with a wrong number deletes nobody", async () => {
    await begin();
    expect(await failing(...whole(0, 1, 2), "--confirm-count", "2")).toMatch(/guard-tripped/);
    expect([count(), bulkCalls()]).toEqual([12, 0]);
  });

  test("refuses people who opted out, unless forced", async () => {
    await begin(
      {},
      people(3, (index) => ({ unsubscribed: index === 0 })),
    );
    expect(await failing(...whole(0, 1), "--confirm-count", "1")).toMatch(/consent-needed.*opted out/);
    expect([count(), bulkCalls()]).toEqual([8, 0]);
    await purge(...whole(0, 1), "--force-unsubscribed", "--confirm-count", "2");
    expect(count()).toBe(6);
  });

  test("refuses a platform that lists others as well", async () => {
    await begin({ engagelab: { equals: "refused" } }, [...people(1), { email: "xcanary0@canary.example" }]);
    expect(await failing(...whole(0), "--confirm-count", "1")).toMatch(/lists 2 contacts for 1 addresses/);
    expect([count(), bulkCalls()]).toEqual([7, 0]);
  });

  test("refuses an address that several contacts have", async () => {
    const spellings = [{ email: "canary0@canary.example" }, { email: "Canary0@canary.example" }];
    await begin({ engagelab: { emailIdentity: "case-sensitive" } }, spellings);
    expect(await failing(...whole(0), "--confirm-count", "2")).toMatch(/lists 2 contacts for 1 addresses/);
    expect([count(), bulkCalls()]).toEqual([7, 0]);
  });

  test("notices that the platform deleted more than was listed", async () => {
    await begin();
    const off = terminal.emulator.on("before", { endpoint: "contact.deleteByCondition" }, () => {
      off();
      terminal.emulator.engagelab.seed([{ email: "canary1@canary.example" }]);
    });
    terminal.emulator.behind.contact("canary1@canary.example").delete();
    expect(await failing(...whole(0, 1), "--confirm-count", "1")).toMatch(/deleted 2 contacts, where 1 were listed/);
  });

  test("a lost answer is settled by another listing", async () => {
    await begin();
    terminal.emulator.fault({ kind: "drop-after", endpoint: "contact.deleteByCondition" });
    expect(await purge(...whole(0, 1), "--confirm-count", "2")).toMatch(/2 contacts deleted/);
    expect(bulkCalls()).toBe(1);
  });
});
