/** What is worked out fast of a row, against the same worked out step by step. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { newTarget, toWire } from "../../../../provider/engagelab/contact/target";
import { attributesOf, decode, encode } from "../../../../provider/engagelab/contact-set/content";
import { readCsv } from "../../../../provider/engagelab/contact-set/csv";
import { flag } from "../../../../provider/engagelab/contact-set/entry";
import { NewMembers } from "../../../../provider/engagelab/contact-set/new-member";
import { Rows } from "../../../../provider/engagelab/contact-set/rows";

const text = fc.constantFrom(
  ...["", "a", "Zoë \u{1F600}", 'say "hi" \\ there', "back\\slash", "half\uD83D", "p1", "n", "f", "007", "1,5"],
);
const name = fc.constantFrom("Age", "City", "n", "f", "constructor");
const tags = fc.option(fc.uniqueArray(fc.constantFrom("news", "VIP", "n", "t_1"), { maxLength: 3 }), {
  nil: undefined,
});

const declared = fc.record(
  { phone: text, name: text, fields: fc.dictionary(name, text, { maxKeys: 3 }), tags },
  { requiredKeys: [] },
);

test("a new member's JSON is that of the contact it has to become", () => {
  const members = new NewMembers();
  fc.assert(
    fc.property(fc.constantFrom("a@example.com", 'Ö"x"@example.com'), declared, (email, member) => {
      const content = encode(member);
      const wire = { email, ...toWire(newTarget(decode(content))) };
      expect(members.text(email, content)).toBe(JSON.stringify(wire));
    }),
    { numRuns: 2000 },
  );
});

const cell = fc.constantFrom("", " ", "x", " Y y ", "7");
const row = fc.record({ phone: cell, age: cell, tags: fc.constantFrom("", "news", "vip;news", "news;vip", "a;b;c") });
const file = fc.record({
  lineBreak: fc.constantFrom("\n", "\r\n"),
  rows: fc.array(row, { maxLength: 12 }),
  fields: fc.constantFrom<Record<string, string | number>>({}, { Age: 3 }, { City: "x" }),
});

async function read(bytes: string | Buffer, fields: Record<string, string | number> = {}) {
  const rows = new Rows(String, () => []);
  const common = { fields, tags: undefined, isExclusive: false };
  await readCsv(chunks(bytes), { file: "f.csv", delimiter: ",", tagSeparator: ";" }, common, rows);
  return rows.done();
}

async function* chunks(bytes: string | Buffer): AsyncGenerator<Buffer> {
  yield Buffer.from(bytes);
}

test("a row's shape is that of its content", async () => {
  await fc.assert(
    fc.asyncProperty(file, async ({ lineBreak, rows, fields }) => {
      const lines = rows.map(({ phone, age, tags }, n) => `p${n}@example.com,${phone},${age},${tags}`);
      const reading = await read(["email,phone,fields.Age,tags", ...lines, ""].join(lineBreak), fields);
      expect(reading.problems).toEqual([]);
      expect(reading.count).toBe(rows.length);
      rows.forEach((_, at) => {
        const { phone, name, fields, tags } = attributesOf(reading.contentOf(at));
        const flags = (phone ? flag.phone : 0) | (name ? flag.name : 0) | (tags ? flag.tags : 0);
        expect(reading.shapeOf(at)).toEqual({ flags, names: { fields, tags: tags ?? [] } });
      });
    }),
    { numRuns: 300 },
  );
});

test("a line without quotes declares what its cells declare in quotes", async () => {
  await fc.assert(
    fc.asyncProperty(file, async ({ lineBreak, rows, fields }) => {
      const lines = [
        ["fields.Age", "email", "tags", "name", "phone"],
        ...rows.map(({ phone, age, tags }, n) => [age, ` P${n}@example.com`, tags, phone, age]),
      ];
      const text = (cell: (value: string) => string) => lines.map((cells) => cells.map(cell).join(",")).join(lineBreak);
      const [plain, quoted] = [await read(text(String), fields), await read(text(JSON.stringify), fields)];
      expect(plain.problems).toEqual([]);
      // In whatever order and however often they are asked for.
      for (const at of [...rows.keys(), ...rows.keys()].reverse()) {
        const { phone, age, tags } = rows[at]!;
        const content = encode({
          phone: age.trim() || undefined,
          name: phone.trim() || undefined,
          fields: { ...fields, ...(age.trim() && { Age: age.trim() }) },
          tags: tags ? tags.split(";") : undefined,
        });
        expect(plain.shapeOf(at)).toEqual(quoted.shapeOf(at));
        expect([plain.contentOf(at), quoted.contentOf(at)]).toEqual([content, content]);
      }
      expect(plain).toMatchObject({ emails: quoted.emails, identities: quoted.identities });
      expect([...plain.people]).toEqual(plain.identities);
    }),
    { numRuns: 300 },
  );
});

test("more properties than a number has bits still make shapes of their own", async () => {
  const names = Array.from({ length: 60 }, (_, n) => `fields.p${n}`);
  const only = (at: number) => names.map((_, n) => (n === at ? "x" : "")).join(",");
  const reading = await read(`email,${names.join(",")}\na@example.com,${only(58)}\nb@example.com,${only(59)}\n`);
  expect([0, 1].map((at) => reading.shapeOf(at).names.fields)).toEqual([["p58"], ["p59"]]);
});

test.each([
  ["a control character", "email,name\na@example.com,x\u0007y\nb@example.com,z\n"],
  ["a tab within a value", "email,name\na@example.com,x\ty\n"],
  ["what isn't UTF-8", "email,name\na@example.com,x\uFFFDy\n"],
  ["half a line break", "email,name\r\na@example.com,x\ry\r\n"],
  ["the other half", "email,name\r\na@example.com,x\ny\r\n"],
])("%s is told of, however many lines there are", async (_, bytes) => {
  const { problems } = await read(bytes);
  expect(problems.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^2, column 2 \(name\): (must not contain control characters|is not UTF-8)$/),
  ]);
});

test("a file in another encoding is told of, also where nothing but addresses or a column's name shows it", async () => {
  const reasons = async (text: string) => {
    const { problems } = await read(Buffer.from(text, "latin1"));
    return problems.map(({ reason }) => reason);
  };
  expect(await reasons("email,name\njörg@example.com,x\njürg@example.com,y\n")).toEqual([
    "2, the address: is not UTF-8",
    "3, the address: is not UTF-8",
  ]);
  expect(await reasons("email,fields.Größe\na@example.com,1\n")).toEqual(["1: is not UTF-8"]);
});

test("an address names the line it came on first, whatever was wrong with that", async () => {
  const { problems } = await read(
    "email,name\na@example.com,x\u0007y\nA@example.com,z\nb@example.com,\nb@example.com,\n",
  );
  expect(problems.map(({ reason }) => reason)).toEqual([
    "2, column 2 (name): must not contain control characters",
    "3, the address: is the same as on 2, letter case aside",
    "5, the address: is the same as on 4, letter case aside",
  ]);
});
