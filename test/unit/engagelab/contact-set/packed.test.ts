/** What is kept of members comes back as it was, whatever form their ids have and in whatever order they came. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Entry, flag } from "../../../../provider/engagelab/contact-set/entry";
import { LooseRows } from "../../../../provider/engagelab/contact-set/loose-rows";
import { Packed } from "../../../../provider/engagelab/contact-set/packed";

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const digest = fc.record({ high: fc.oneof(word, fc.constantFrom(0, 1, 0xffff_ffff)), low: word });
const id = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{24}$/),
  fc.stringMatching(/^[0-9A-F]{24}$/),
  fc.stringMatching(/^[0-9a-f]{23}[g-z]$/),
  fc.stringMatching(/^[0-9A-Za-z]{1,13}$/),
  fc.constantFrom("", "id-with-hyphens", "Ümläut"),
);
const names = fc.constantFrom(
  { fields: [], tags: [] },
  { fields: ["Age"], tags: ["news"] },
  { fields: ["Age", "City"], tags: [] },
  { fields: [], tags: ["news", "vip"] },
);
const flags = fc.constantFrom(0, flag.adopted, flag.phone | flag.tags, flag.unsubscribed | flag.gone);
const entry: fc.Arbitrary<Entry> = fc.record({ address: digest, content: digest, id, flags, names });
const entries = fc.uniqueArray(entry, { selector: ({ address: { high, low } }) => `${high} ${low}`, maxLength: 40 });

const ascending = (list: readonly Entry[]) =>
  list.toSorted(({ address: a }, { address: b }) => a.high - b.high || a.low - b.low);
const again = (packed: Packed) => [...Packed.decode(packed.encode()).entries()];

test("sorted by address, the last of each", () => {
  fc.assert(
    fc.property(entries, fc.array(id, { maxLength: 5 }), (list, others) => {
      const before = others.flatMap((id, at) => (list[at] ? [{ ...list[at], id }] : []));
      const packed = Packed.of([...before, ...list]);
      expect(again(packed)).toEqual(ascending(list));
      for (const { address, id } of list) {
        expect(packed.id(packed.find(address)!)).toBe(id);
        expect(packed.holds(id)).toBe(id !== "");
      }
    }),
    { numRuns: 300 },
  );
});

test("as they came, and each in the place of another", () => {
  fc.assert(
    fc.property(entries, fc.array(id, { minLength: 40, maxLength: 40 }), (list, others) => {
      const rows = new LooseRows(1);
      list.forEach((each, at) => {
        rows.add({ ...each, id: others[at]! });
      });
      list.forEach((each, at) => {
        rows.add(each, at);
      });
      expect(list.map((_, at) => rows.entry(at))).toEqual(list);
      expect(again(Packed.from(rows, rows.all()))).toEqual(list);
      expect(again(Packed.from(rows))).toEqual(ascending(list));
    }),
    { numRuns: 300 },
  );
});

test.each([1_807, 1_808, 1_809, 3_000])("%i names, a member each: more than a byte can count bytes of", (count) => {
  const list = Array.from({ length: count }, (_, n) => ({
    ...{ address: { high: n, low: 1 }, content: { high: n, low: 2 }, id: `${n}`, flags: flag.tags },
    names: { fields: [], tags: [`city_${n}`] },
  }));
  expect(again(Packed.of(list))).toEqual(list);
});

test("a list no release wrote is refused, a newer release's by name", () => {
  const text = Packed.of([]).encode();
  const newer = Buffer.from(text, "base64");
  newer[0] = 3;
  expect(() => Packed.decode(newer.toString("base64"))).toThrow(/newer release \(version 3\)/);
  for (const broken of ["", "AQ", text.slice(0, 8)]) expect(() => Packed.decode(broken)).toThrow(/can't be read/);
});
