/** Records are cut as the library cuts them, wherever the file is cut into chunks. */
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readRecords } from "../../../../provider/engagelab/contact-set/csv-records";

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function records(text: string, size: number, delimiter: string) {
  const cells: string[][] = [];
  const faults: unknown[] = [];
  await readRecords(chunksOf(Buffer.from(text), size), delimiter, {
    take: (record) => void cells.push(record),
    takeLine: (line) => void cells.push(line.split(delimiter)),
    broken: (code, line) => void faults.push({ code, line }),
  });
  return { cells, faults };
}

function expected(text: string, delimiter: string) {
  const cells: string[][] = [];
  try {
    parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      on_record: (record: string[]) => void cells.push(record),
    });
    return { cells, faults: [] };
  } catch (error) {
    const { code, lines: line } = error as { code: string; lines: number };
    return { cells, faults: [{ code, line }] };
  }
}

const piece = fc.constantFrom(
  "a",
  "ä€",
  "b\uFEFF",
  "person@example.com",
  " ",
  ",",
  ",",
  ";",
  '"',
  '"b""c"',
  "\n",
  "\n",
  "",
);
const text = fc
  .tuple(fc.constantFrom("", "\uFEFF"), fc.constantFrom("\n", "\r\n", "\r"), fc.array(piece, { maxLength: 30 }))
  .map(([bom, lineBreak, pieces]) => bom + pieces.join("").replaceAll("\n", lineBreak));

test("as the library does, with and without quotes, whatever ends a line", async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(",", ";"),
      async (file, size, delimiter) => {
        const [ours, theirs] = [await records(file, size, delimiter), expected(file, delimiter)];
        expect(ours.faults).toEqual(theirs.faults);
        // Of what stands before a fault not all may be told: nothing comes of such a file.
        if (theirs.faults.length === 0) expect(ours.cells).toEqual(theirs.cells);
      },
    ),
    { numRuns: 1500 },
  );
});

test("a fault behind many lines without a quote is told with its line in the file", async () => {
  const file = `email\n${"a@example.com\n".repeat(50)}"b@example.com`;
  expect((await records(file, 64, ",")).faults).toEqual([{ code: "CSV_QUOTE_NOT_CLOSED", line: 52 }]);
});
