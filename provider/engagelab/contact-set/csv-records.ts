/**
 * Cuts a CSV file into records. Lines without a quote, most files' only ones, are cut right here, which takes a fraction
 * of the time; from the first quote on a library reads.
 */
import { StringDecoder } from "node:string_decoder";
import { CsvError, type Parser, parse } from "csv-parse";

export interface RecordReader {
  take(cells: string[]): void;
  /** A record that is one line, without quotes, control characters or anything else that isn't text. */
  takeLine(line: string): void;
  /** The form is broken: nothing after it is read. Lines and columns count from 1, as far as they are known. */
  broken(code: string | undefined, line: number | undefined, column: number | undefined): void;
}

export async function readRecords(
  chunks: AsyncIterable<Buffer>,
  delimiter: string,
  reader: RecordReader,
): Promise<void> {
  const decoder = new StringDecoder("utf8");
  const plain = new PlainLines(delimiter, reader);
  let quoted: Quoted | undefined;
  for await (const chunk of chunks) {
    const text = decoder.write(chunk);
    const left = quoted ? text : plain.take(text);
    if (left === undefined) continue;
    quoted ??= new Quoted(delimiter, plain, reader);
    await quoted.write(left);
  }
  const left = plain.end(decoder.end());
  if (left !== undefined) quoted ??= new Quoted(delimiter, plain, reader);
  await quoted?.end(left ?? "");
}

const BOM = /^\uFEFF/;

/** Lines up to the first one with a quote. */
class PlainLines {
  #rest = "";
  #isBegun = false;
  /** What ends a line: as the first one does. */
  lineBreak: "\n" | "\r\n" | undefined;
  /** Lines that were cut. */
  count = 0;

  constructor(
    private readonly delimiter: string,
    private readonly reader: RecordReader,
  ) {}

  /** @returns what has to be read in another way, from the beginning of a line */
  take(more: string): string | undefined {
    const text = this.#rest + (this.#isBegun ? more : more.replace(BOM, ""));
    this.#isBegun ||= more !== "";
    this.#rest = "";
    this.lineBreak ??= lineBreakOf(text);
    const quote = text.indexOf('"');
    const isOdd = quote >= 0 || (!this.lineBreak && /\r[^\n]/.test(text));
    const end = this.lineBreak && quote !== 0 ? this.#endBefore(text, quote) : 0;
    if (end > 0) this.#cut(text.slice(0, end - this.lineBreak!.length));
    if (isOdd) return text.slice(end);
    this.#rest = text.slice(end);
    return undefined;
  }

  /** The last line needs no end. */
  end(more: string): string | undefined {
    const left = this.take(more);
    if (left !== undefined || this.#rest === "") return left;
    if (!this.lineBreak && this.#rest.endsWith("\r")) return this.#rest;
    this.#cut(this.#rest);
    this.#rest = "";
    return undefined;
  }

  /** The end of the last line that is whole. */
  #endBefore(text: string, quote: number): number {
    const at = text.lastIndexOf(this.lineBreak!, quote < 0 ? text.length : quote - this.lineBreak!.length);
    return at < 0 ? 0 : at + this.lineBreak!.length;
  }

  #cut(text: string): void {
    const { lineBreak, delimiter, reader } = this;
    // One look at many lines takes a fraction of a look at each of their cells.
    if (!lineBreak || notText[lineBreak].test(text)) {
      for (const line of lineBreak ? text.split(lineBreak) : [text]) {
        this.count += 1;
        reader.take(line.split(delimiter));
      }
      return;
    }
    for (let from = 0; from <= text.length; ) {
      const next = text.indexOf(lineBreak, from);
      const end = next < 0 ? text.length : next;
      this.count += 1;
      reader.takeLine(text.slice(from, end));
      from = end + lineBreak.length;
    }
  }
}

/** Control characters beside whole line breaks, and what stands where bytes weren't UTF-8. */
const notText = {
  "\n": /[^\P{Cc}\n]|\uFFFD/u,
  "\r\n": /[^\P{Cc}\r\n]|\r(?!\n)|(?<!\r)\n|\uFFFD/u,
} as const;

function lineBreakOf(text: string): "\n" | "\r\n" | undefined {
  const at = text.search(/[\r\n]/);
  if (at < 0) return undefined;
  if (text[at] === "\n") return "\n";
  return text[at + 1] === "\n" ? "\r\n" : undefined;
}

/** Everything from a line with a quote on. */
class Quoted {
  readonly #parser: Parser;
  readonly #ended: Promise<void>;

  constructor(delimiter: string, { lineBreak, count }: PlainLines, reader: RecordReader) {
    // Wrong numbers of cells are told with all other faults, not by an error at the first one.
    const options = { delimiter, relax_column_count: true, encoding: "utf8" } as const;
    const parser = parse(lineBreak ? { ...options, record_delimiter: lineBreak } : options);
    this.#parser = parser;
    this.#ended = new Promise((resolve) => {
      parser.on("readable", () => {
        for (let cells = parser.read(); cells !== null; cells = parser.read()) reader.take(cells as string[]);
      });
      parser.on("end", resolve);
      parser.on("error", (error) => {
        const { code, lines, column } =
          error instanceof CsvError ? (error as CsvError & { lines?: number; column?: unknown }) : {};
        const line = lines === undefined ? undefined : count + lines;
        reader.broken(code, line, typeof column === "number" ? column + 1 : undefined);
        resolve();
      });
    });
  }

  /** Everything is taken even after a fault in the form, since the digest is that of the whole file. */
  async write(text: string): Promise<void> {
    if (this.#isOver || text === "" || this.#parser.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        for (const event of ["drain", "error", "close"]) this.#parser.off(event, done);
        resolve();
      };
      for (const event of ["drain", "error", "close"]) this.#parser.on(event, done);
    });
  }

  async end(text: string): Promise<void> {
    await this.write(text);
    if (!this.#isOver) this.#parser.end();
    await this.#ended;
  }

  get #isOver(): boolean {
    return this.#parser.destroyed || this.#parser.errored !== null;
  }
}
