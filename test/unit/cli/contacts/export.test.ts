/** An export is a file whose set sends nothing, or no file at all. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportCommand } from "../../../../provider/cli/contacts/export";
import type { EmulatorOptions } from "../../../../provider/emulator";
import type { ContactSeed } from "../../../../provider/emulator/engagelab/seed";
import { startSetBench } from "../../engagelab/contact-set/bench";
import { canary, openTerminal, people, type Terminal } from "./terminal";

let terminal: Terminal;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journeys-export-"));
});
afterEach(async () => {
  expect(terminal.said.out + terminal.said.err).not.toMatch(canary);
  await terminal.close();
  rmSync(folder, { recursive: true, force: true });
});

async function begin(seeds: ContactSeed[], options: EmulatorOptions = {}) {
  terminal = await openTerminal(options);
  terminal.emulator.engagelab.seed(seeds);
}
const file = () => join(folder, "people.csv");
const exported = (...more: string[]) => terminal.run(exportCommand(), "--csv", file(), ...more);
const failing = async (...more: string[]): Promise<string> => {
  const error = await exported(...more).then(
    () => new Error("no error"),
    (reason: Error) => reason,
  );
  expect(error.message).not.toMatch(canary);
  return error.message;
};

const awkward: ContactSeed[] = [
  { email: "Canary.Comma@canary.example", name: 'Canary, "the" first', phone: "+49 (0) 1", tags: ["vip", "early"] },
  { email: "canary.number@canary.example", fields: { Age: "012.50", "Favourite, colour": 'deep "blue"' } },
  { email: "canary.plain@canary.example" },
  { email: "canary.out@canary.example", name: "Čánarÿ 🐤", tags: ["vip"], unsubscribed: true },
  { email: "canary.space@canary.example", name: " Canary ", phone: "\tcanary", fields: { Age: "5", City: "Par\nis" } },
  { email: "canary.tags@canary.example", tags: ["a;b", " lead", "vip", `${"t".repeat(65)}`] },
  { email: "canary.odd@canary.example", fields: { "canary@canary.example": "x", " Room": "y" } },
];

describe("journeys contacts export", () => {
  test("writes everything a file can say, and tells of the rest", async () => {
    await begin(awkward);
    const ids = terminal.emulator.engagelab.contacts().map(({ id }) => id);
    const said = await exported();
    expect(readFileSync(file(), "utf8").split("\r\n")).toEqual([
      'email,phone,name,tags,fields.Age,fields.City,"fields.Favourite, colour"',
      'Canary.Comma@canary.example,+49 (0) 1,"Canary, ""the"" first",vip;early,,,',
      'canary.number@canary.example,,,,012.50,,"deep ""blue"""',
      "canary.plain@canary.example,,,,,,",
      "canary.out@canary.example,,Čánarÿ 🐤,vip,,,",
      "canary.space@canary.example,,,,5,,",
      "canary.tags@canary.example,,,vip,,,",
      "canary.odd@canary.example,,,,,,",
      "",
    ]);
    expect(said.split("\n")).toEqual([
      expect.stringMatching(/^API user "user" at http:.*, list \d+$/),
      `7 contacts written to ${file()}, such as C***@c***.example, c***@c***.example, c***@c***.example`,
      "  columns: email, phone, name, tags (2 tags), and 3 properties: Age, City, Favourite, colour",
      expect.stringMatching(/^ {2}1 of them opted out, which no file can carry/),
      expect.stringMatching(
        new RegExp(`^ {2}left out: .* of 3 contacts \\(.*${ids[4]}.*\\); the set says nothing of them`),
      ),
      "",
    ]);
  });

  test("a property may have the name of what every object has", async () => {
    await begin([...people(1), { email: "canary.ada@canary.example", fields: { toString: "mine" } }]);
    await exported();
    expect(readFileSync(file(), "utf8")).toMatch(/,fields.toString\r\ncanary0@.*,\r\ncanary.ada@.*,mine\r\n$/);
  });

  test("only its owner can read the file", async () => {
    await begin(people(1));
    writeFileSync(file(), "old", { mode: 0o644 });
    await exported("--overwrite");
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  test("refuses to overwrite a file, before any call, unless told to", async () => {
    await begin(people(2));
    writeFileSync(file(), "mine");
    expect(await failing()).toMatch(/exists already\n.*nothing was written\n.*--overwrite/);
    expect(readFileSync(file(), "utf8")).toBe("mine");
    expect(terminal.emulator.requests()).toBe(0);
    await exported("--overwrite");
    expect(readFileSync(file(), "utf8")).toMatch(/^email,/);
  });

  test("refuses to overwrite a file that came meanwhile", async () => {
    await begin(people(2));
    terminal.emulator.on("before", { endpoint: "contact.list" }, () => writeFileSync(file(), "mine"));
    expect(await failing()).toMatch(/exists already/);
    expect([readFileSync(file(), "utf8"), readdirSync(folder)]).toEqual(["mine", ["people.csv"]]);
  });

  test("a folder that isn't there, or a folder in the file's place, is told before any call", async () => {
    await begin(people(1));
    mkdirSync(file());
    expect(await failing("--overwrite")).toMatch(/is no file/);
    rmSync(folder, { recursive: true });
    expect(await failing()).toMatch(/folder is missing/);
    expect(terminal.emulator.requests()).toBe(0);
    await expect(terminal.run(exportCommand())).rejects.toThrow(/required option '--csv/);
  });

  test.each(["403", "refuse"] as const)("%s in the middle leaves no file", async (kind) => {
    await begin(people(450));
    terminal.emulator.fault({ kind, endpoint: "contact.list", after: 2, times: Number.POSITIVE_INFINITY });
    writeFileSync(file(), "yesterday's");
    expect(await failing("--overwrite")).toMatch(/forbidden|refused/);
    expect([readFileSync(file(), "utf8"), readdirSync(folder)]).toEqual(["yesterday's", ["people.csv"]]);
  });

  test("a list that ends too early leaves no file", async () => {
    await begin(people(450), { engagelab: { listReach: 200 } });
    expect(await failing()).toMatch(/ended after 200 contacts, of 450/);
    expect(existsSync(file())).toBe(false);
  });

  test("a list without anybody leaves no file: a wrong account looks the same", async () => {
    await begin([]);
    expect(await failing()).toMatch(/not-found: the list of API user .* is empty\n.*nothing was written/);
    expect(existsSync(file())).toBe(false);
  });

  test("what a killed export left behind is replaced, whoever could read it", async () => {
    await begin(people(2));
    writeFileSync(`${file()}.part`, "half", { mode: 0o644 });
    chmodSync(`${file()}.part`, 0o644);
    await exported();
    expect(readdirSync(folder)).toEqual(["people.csv"]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  test("contacts no set can declare get no line", async () => {
    await begin([...people(1), { email: "canary" }, { email: "Two@canary.example" }, { email: "two@canary.example" }], {
      engagelab: { emailIdentity: "case-sensitive" },
    });
    const ids = terminal.emulator.engagelab.contacts().map(({ id }) => id);
    expect(await exported()).toMatch(new RegExp(`1 contact written[\\s\\S]*not written: 3 contacts .*${ids[1]}`));
    expect(readFileSync(file(), "utf8").trim().split("\r\n")).toHaveLength(2);
  });
});

describe("a set of the exported file sends nothing", () => {
  const many = people(250, (index) => ({
    tags: index % 3 ? [`tag ${index % 7}`] : [],
    fields: (index % 2 ? { Age: `${index}.0`, City: `Town ${index}, "old"` } : {}) as Record<string, string>,
    unsubscribed: index % 10 === 0,
  }));
  test.each<EmulatorOptions["engagelab"]>([
    {},
    { listOrder: "newest-first" },
    { filteredTotal: "all", equals: "refused" },
    { fieldValues: "formatted", emailIdentity: "lower-cased", ids: "decimal" },
    { listKey: "list", listPath: "listMembers", textMatch: "exact" },
    { undefinedField: "refused", unknownTag: "refused" },
  ])("under %j", async (engagelab) => {
    await begin([...awkward, ...many], { engagelab });
    await exported();
    const bench = await startSetBench({ engagelab });
    try {
      await bench.restart({ engagelabUrl: terminal.emulator.url, engagelabApiKey: "canary-api-key" });
      const declared = { ...bench.file("people.csv", readFileSync(file(), "utf8")), adoptExisting: true };
      const kept = bench.done(await bench.create("people", declared));
      expect(terminal.called().filter((endpoint) => !["contact.list", "unknown"].includes(endpoint))).toEqual([]);
      expect(kept.state.memberCount).toBe(257);
      expect(await bench.verb("people", declared, kept)).toBe("none");
      expect(terminal.emulator.engagelab.contacts().filter(({ unsubscribedAt }) => unsubscribedAt)).toHaveLength(26);
    } finally {
      await bench.close();
    }
  });
});
