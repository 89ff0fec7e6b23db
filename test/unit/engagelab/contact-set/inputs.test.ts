/** Lists that are wrong: each fault with its line and column, all at once, before any call, and nobody repeated. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { validate } from "../../../../provider/core/validate";
import type { JsonObject } from "../../../../provider/core/values";
import { contactSetInputs, personalInputs, type SetInputs } from "../../../../provider/engagelab/contact-set/inputs";
import { type Given, people, type SetBench, startSetBench } from "./bench";

let bench: SetBench;
beforeEach(async () => {
  bench = await startSetBench();
});
afterEach(() => bench.close());

/** What a preview says, as a host puts it together. */
async function problems(inputs: unknown): Promise<string[]> {
  const shape = validate(
    contactSetInputs,
    inputs as JsonObject,
    personalInputs.map((name) => [name]),
  );
  const found = shape.length > 0 ? shape : await bench.check("list", inputs as Given);
  return found.map(({ path, reason }) => `${path.join(".")}: ${reason}`);
}
const csv = (text: string, more: object = {}): Given => {
  const { source, ...rest } = bench.file("people.csv", text);
  return { ...rest, source: { ...source!, ...more } };
};
const jsonLines = (text: string): Given => bench.file("people.jsonl", text);

describe("a CSV file", () => {
  test.each<[string, string, string[], object?]>([
    [
      "without an address column",
      "mail,name\nada@canary.example,Ada\n",
      [
        "line 1, column 1: is named otherwise than email",
        "line 1: has no column email: add it, or say with source.columns which column holds the address",
      ],
    ],
    [
      "without a first line",
      "ada@canary.example,Ada\n",
      ["line 1: holds an address: the first line must name the columns"],
    ],
    [
      "with two columns of one name",
      "email,name,name\na@canary.example,x,y\n",
      ["line 1, column 3: is named name, like column 2"],
    ],
    [
      "with a column nobody named",
      "email,canary\na@canary.example,x\n",
      ["line 1, column 2: is named otherwise than email, phone"],
    ],
    [
      "with bad addresses",
      "email\ncanary\na@b@canary.example\n\na@canary.example\n",
      [
        "line 2, the address: must be of the form local-part@domain",
        "line 3, the address: must be of the form local-part@domain",
      ],
    ],
    [
      "with one address twice",
      "email\na@canary.example\nb@canary.example\n A@CANARY.example\n",
      ["line 4, the address: is the same as on people.csv, line 2, letter case aside"],
    ],
    [
      "with rows of other lengths",
      "email,name\na@canary.example\nb@canary.example,canary,canary\n",
      ["line 2: has 1 cells where the first line has 2", "line 3: has 3 cells where the first line has 2"],
    ],
    [
      "with a quote that stays open",
      'email,name\na@canary.example,"canary\nb@canary.example,y\n',
      ["a quote is opened and never closed; nothing after it was read"],
    ],
    [
      "with control characters, and bytes that are no UTF-8",
      "email,name\na@canary.example,can\u0007ary\nb@canary.example,can\uFFFDary\n",
      ["line 2, column 2 (name): must not contain control characters", "line 3, column 2 (name): is not UTF-8"],
    ],
    ["with bad tags", `email,tags\na@canary.example,ok;canary${"x".repeat(70)}\n`, ["line 2, a tag:"]],
    ["with a bad property", "email,fields.Email\na@canary.example,x\n", ["line 1, column 2:"]],
    [
      "whose columns aren't there",
      "email,n\na@canary.example,x\n",
      ['there is no column "name"', 'there is no column "plz"'],
      { columns: { name: "name", fields: { Zip: "plz" } } },
    ],
    [
      "whose columns are given names no property has",
      "email,x\na@canary.example,x\n",
      [
        "source.columns.fields.EMAIL: belongs to the input email, not to fields",
        "source.columns.fields.createTime: is a property the platform sets itself",
        "source.columns.fields.a\u001fb: a property's name has 1 to 64 characters",
      ],
      { columns: { fields: { EMAIL: "x", createTime: "x", "a\u001fb": "x" } } },
    ],
    [
      "that isn't the reviewed one",
      "email\na@canary.example\n",
      ["the file's content is not the reviewed one: its SHA-256 is"],
      { sha256: "0".repeat(64) },
    ],
  ])("%s", async (_, text, expected, more) => {
    const said = await problems(csv(text, more));
    expect(said).toHaveLength(expected.length);
    expected.forEach((part, index) => {
      expect(said[index]).toContain(part);
    });
    expect(said.join("\n")).not.toMatch(/canary/i);
    expect(bench.emulator.requests()).toBe(0);
  });

  test("names fifty faults and counts the rest", async () => {
    const said = await problems(csv(`email\n${"canary\n".repeat(170)}`));
    expect(said).toHaveLength(51);
    expect(said.at(-1)).toContain("and 120 more problems like these");
  });

  test("that changed after the program read it, or isn't there, is told", async () => {
    const inputs = csv("email\na@canary.example\n");
    writeFileSync(join(bench.folder, "people.csv"), "email\nb@canary.example\n");
    expect(await problems(inputs)).toEqual(["source: the file changed after the program read it: run again"]);
    expect(await problems({ ...inputs, source: { file: "nowhere.csv" } })).toEqual([
      "source: nowhere.csv can't be read: there is no such file. Its path is relative to the program",
    ]);
  });

  test("may have its columns in any order, quotes, breaks in cells, a mark at its start, and columns of its own", async () => {
    const text =
      '\uFEFFNote;"E-Mail";Town\r\nx;Ada@canary.example;"""Old""\r\n  Town; south"\r\n;grace@canary.example;\r\n';
    const mapped = csv(text.replace("\r\n  ", " "), {
      delimiter: ";",
      columns: { email: "E-Mail", fields: { City: "Town" } },
    });
    expect(await problems(mapped)).toEqual([]);
    bench.emulator.engagelab.seed([{ email: "x@example.org", fields: { City: "" } }]);
    bench.done(await bench.create("list", mapped));
    expect(bench.emulator.engagelab.contact("ada@canary.example").fields).toEqual({ City: '"Old" Town; south' });
    expect(bench.emulator.engagelab.contact("grace@canary.example").fields.City ?? "").toBe("");
  });
});

test("a property may have the name of what every object has, and a member no value of it", async () => {
  const text = "email,fields.constructor\na@example.com,mine\nb@example.com,\n";
  const line = '{"email":"c@example.com"}\n{"email":"d@example.com","toString":"mine"}\n';
  bench.emulator.engagelab.seed([{ email: "x@example.org", fields: { constructor: "" } }]);
  const columns = { email: "email", fields: { constructor: "toString" } };
  const mapped = jsonLines(line);
  bench.done(await bench.create("csv", csv(text)));
  bench.done(await bench.create("lines", { ...mapped, source: { ...mapped.source!, columns } }));
  const values = bench.emulator.engagelab.contacts().map(({ fields }) => Object.values(fields).join());
  expect(values.slice(1)).toEqual(["mine", "", "", "mine"]);
});

test.each<[string, string]>([
  ['{"email":"a@canary.example"}\ncanary\n[1]\n', "people.jsonl, line 2"],
  [
    '{"email":"a@canary.example","canary":1}\n',
    "line 1, a member: is named otherwise than email, phone, name, fields, tags",
  ],
  ['{"email":"a@canary.example","fields":{"Email":"canary"}}\n', "line 1, a property in fields:"],
  ['{"email":7}\n', "line 1, email:"],
])("JSON Lines %j", async (text, part) => {
  const said = (await problems(jsonLines(text))).join("\n");
  expect(said).toContain(part);
  expect(said).not.toMatch(/canary/i);
});

test.each<[string, unknown, string]>([
  ["neither source nor members", {}, "source: is required, or members instead"],
  ["both", { members: [], source: { file: "x.csv" } }, "exactly one of both"],
  ["too many members", { members: people(1001) }, "must have at most 1000 members: put more into a file"],
  [
    "a file of no known form",
    { source: { file: "people.txt" } },
    'source.format: is required where the file\'s name tells nothing: "csv" or "jsonl"',
  ],
  [
    "exclusive tags without any",
    { members: people(1), tagOwnership: "exclusive" },
    "nothing declares any: give tags, or an empty list",
  ],
  ["a consent that is no number", { members: people(1), allowDeletions: true }, "allowDeletions:"],
])("%s", async (_, inputs, part) => {
  expect((await problems(inputs)).join("\n")).toContain(part);
});

test("a CSV file that lost its tags takes off nobody's, where all tags are the set's", async () => {
  const inputs = (text: string, more: Given = {}): Given => ({ ...csv(text), tagOwnership: "exclusive", ...more });
  expect(await problems(inputs("email,name\na@canary.example,x\n"))).toEqual([
    'source: people.csv, line 1: has no column tags, and "exclusive" takes off every tag that isn\'t declared',
  ]);
  expect(await problems(inputs("email,tags\na@canary.example,\n"))).toEqual([]);
  expect(await problems(inputs("email\nb@canary.example\n", { tags: [] }))).toEqual([]);
});

test("a thousand random bad lists: nobody is repeated in any message, and nothing is sent", async () => {
  const canary = fc.string({ unit: "grapheme", maxLength: 8 }).map((text) => `canary${text.replaceAll("\0", "")}`);
  const odd = fc.oneof(
    canary,
    canary.map((text) => `${text}@canary.example`),
    fc.constantFrom(7, null, true, "", " "),
    fc.array(canary, { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("Age", "Email", "a b"), canary, { maxKeys: 2 }),
  );
  const member = fc.oneof(
    fc.dictionary(fc.oneof(fc.constantFrom("email", "phone", "name", "fields", "tags"), canary), odd, { maxKeys: 5 }),
    odd,
  );
  const members = fc
    .array(member, { minLength: 1, maxLength: 3 })
    .map((list) => ({ members: list, fields: undefined as unknown }));
  const common = odd.map((fields) => ({ members: [{ email: "a@canary.example" }], fields }));
  const separator = fc.constantFrom(
    ",",
    ";",
    '"',
    "\n",
    "\r\n",
    "\t",
    '","',
    '""',
    "\uFEFF",
    "email",
    "name,",
    "\u0007",
  );
  const text = fc.array(fc.oneof(canary, separator), { minLength: 1, maxLength: 25 }).map((parts) => parts.join(""));
  const files = fc.tuple(
    fc.constantFrom("csv", "jsonl"),
    fc.oneof(
      text,
      fc.array(member, { maxLength: 3 }).map((list) => list.map((each) => JSON.stringify(each)).join("\n")),
    ),
  );
  let bad = 0;
  const look = async (inputs: unknown) => {
    const said = (await problems(inputs)).join("\n");
    expect(said).not.toMatch(/canary/i);
    if (said) bad += 1;
  };
  await fc.assert(fc.asyncProperty(fc.oneof(members, common), look), { numRuns: 600, seed: 42 });
  await fc.assert(
    fc.asyncProperty(files, async ([format, content]) => {
      const name = `list-${createHash("sha256").update(content).digest("hex")}.${format}`;
      await look(bench.file(name, content) as SetInputs);
    }),
    { numRuns: 600, seed: 43 },
  );
  expect(bad).toBeGreaterThan(1000);
  expect(bench.emulator.requests()).toBe(0);
  expect(bench.logs).toEqual([]);
});
