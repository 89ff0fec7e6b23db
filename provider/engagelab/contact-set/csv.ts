/** Reads a CSV file with a header line. What it says of faults names lines and columns, never what stands in them. */
import { holdsAddress } from "../contact/address";
import { fieldOf, fieldText } from "../contact/compare";
import { fieldFault, tagFault } from "../contact/inputs";
import { attributeStart, tagsEnd } from "./content";
import { type RecordReader, readRecords } from "./csv-records";
import type { SourceInputs } from "./inputs";
import { type Common, type Content, type Rows, tagsOf, UNREAD } from "./rows";

/** Control characters separate our own texts; U+FFFD stands where bytes weren't UTF-8. */
export const unusable = /[\p{Cc}\uFFFD]/u;

/** Where in a line each thing stands. */
interface Layout {
  width: number;
  email: number;
  tags: number | undefined;
  /** In the order of a content's text: phone, name, fields by name. */
  attributes: { start: string; column: number | undefined; fixed: string; label: string }[];
}

export async function readCsv(
  chunks: AsyncIterable<Buffer>,
  source: SourceInputs,
  common: Common,
  rows: Rows,
): Promise<void> {
  const delimiter = source.delimiter ?? ",";
  const reader = new Lines(delimiter, source, common, rows);
  await readRecords(chunks, delimiter, reader);
  reader.end();
}

/** Lines one after another: the first names the columns. */
class Lines implements RecordReader {
  #line = 1;
  #layout: Layout | undefined;
  #isUseless = false;
  readonly #tagCells = new Map<string, TagCell>();

  constructor(
    private readonly delimiter: string,
    private readonly source: SourceInputs,
    private readonly common: Common,
    private readonly rows: Rows,
  ) {}

  /** Of most lines only the address and the tags can be wrong: what else they declare is put off. */
  takeLine(text: string): void {
    const { delimiter, rows } = this;
    const layout = this.#layout;
    if (!layout) {
      this.take(text.split(delimiter));
      return;
    }
    const line = this.#line++;
    if (this.#isUseless || text === "") return;
    let [address, tags, column] = ["", "", 0];
    for (let from = 0; ; column++) {
      const next = text.indexOf(delimiter, from);
      const end = next < 0 ? text.length : next;
      if (column === layout.email) address = text.slice(from, end);
      else if (column === layout.tags) tags = text.slice(from, end);
      if (next < 0) break;
      from = next + delimiter.length;
    }
    if (column + 1 !== layout.width) this.#wrongWidth(line, column + 1, layout);
    else rows.add(line, address, this.#tagCell(line, tags) && text, UNREAD);
  }

  take(cells: string[]): void {
    const line = this.#line;
    this.#line += 1 + breaksIn(cells);
    if (this.#isUseless || (cells.length === 1 && cells[0] === "")) return;
    if (this.#layout) this.#member(line, cells, this.#layout);
    else this.#begin(layoutOf(line, cells, this.source, this.common, this.rows));
  }

  #begin(layout: Layout | undefined): void {
    this.#layout = layout;
    this.#isUseless = layout === undefined;
    if (!layout) return;
    this.rows.readLine = (text) => {
      const cells = text.split(this.delimiter);
      // A tag that is wrong was told, and its line isn't among those that were put off.
      return this.#contentOf(cells, layout, this.#tagCell(0, cellOfTags(cells, layout))!);
    };
  }

  broken(code: string | undefined, line: number | undefined, column: number | undefined): void {
    const at = column === undefined ? "" : `column ${column}`;
    this.rows.fault(line ?? this.#line, at, `${formFaults[code ?? ""] ?? "is no CSV"}; nothing after it was read`);
    this.#isUseless = true;
  }

  end(): void {
    if (!this.#layout && !this.#isUseless) {
      this.rows.general("the file is empty: its first line must name the columns, with email among them");
    }
  }

  #wrongWidth(line: number, count: number, { width }: Layout): void {
    this.rows.fault(line, "", `has ${count} cells where the first line has ${width}`);
  }

  #member(line: number, cells: string[], layout: Layout): void {
    if (cells.length !== layout.width) {
      this.#wrongWidth(line, cells.length, layout);
      return;
    }
    let isUsable = true;
    for (const { column, label } of layout.attributes) {
      const cell = column === undefined ? "" : cells[column]!.trim();
      if (!unusable.test(cell)) continue;
      this.rows.fault(line, label, reasonFor(cell));
      isUsable = false;
    }
    // For an address it would be a letter like any other.
    if (cells[layout.email]!.includes("\uFFFD")) {
      this.rows.fault(line, "the address", notUtf8);
      return;
    }
    const tagCell = this.#tagCell(line, cellOfTags(cells, layout));
    const content = tagCell && isUsable ? this.#contentOf(cells, layout, tagCell) : undefined;
    this.rows.add(line, cells[layout.email]!, content?.text, content?.shape);
  }

  #contentOf(cells: readonly string[], { attributes }: Layout, tagCell: TagCell): Content {
    const parts: string[] = [];
    // A bit for each attribute the member has: with the tags, that is its shape.
    let having = 0;
    for (let at = 0, bit = 1; at < attributes.length; at++, bit *= 2) {
      const { start, column, fixed } = attributes[at]!;
      const value = (column === undefined ? "" : cells[column]!.trim()) || fixed;
      if (value === "") continue;
      parts.push(start, value);
      having += bit;
    }
    parts.push(tagCell.end);
    // Joined to one flat text: one that is added up would keep all of its pieces.
    const text = parts.join("");
    let shape = attributes.length > MOST_BITS ? undefined : tagCell.shapes.get(having);
    if (shape === undefined) {
      shape = this.rows.shapes.numberOf(text);
      tagCell.shapes.set(having, shape);
    }
    return { text, shape };
  }

  /** What is known of a cell with tags; undefined after a fault. Most cells are like one before. */
  #tagCell(line: number, cell: string): TagCell | undefined {
    const known = this.#tagCells.get(cell);
    if (known !== undefined) return known;
    const names = cell
      .split(this.source.tagSeparator ?? ";")
      .map((name) => name.trim())
      .filter(Boolean);
    for (const name of names) {
      const reason = unusable.test(name) ? reasonFor(name) : tagFault(name);
      if (reason === undefined) continue;
      this.rows.fault(line, "a tag", reason);
      return undefined;
    }
    const end = tagsEnd(tagsOf(this.common, names.length > 0 ? names : undefined));
    const fresh: TagCell = { end, shapes: new Map() };
    this.#tagCells.set(cell, fresh);
    return fresh;
  }
}

function cellOfTags(cells: readonly string[], { tags }: Layout): string {
  return tags === undefined ? "" : cells[tags]!;
}

/** Of the cells with the same tags. */
interface TagCell {
  /** What the tags add to a content. */
  end: string;
  /** The number of the shape, by which attributes a member has. */
  shapes: Map<number, number>;
}

/** Bits a number holds exactly. */
const MOST_BITS = 53;

const notUtf8 = "is not UTF-8";

function reasonFor(value: string): string {
  return value.includes("\uFFFD") ? notUtf8 : "must not contain control characters";
}

const formFaults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote is opened and never closed",
  CSV_INVALID_CLOSING_QUOTE: "text follows a closing quote",
  INVALID_OPENING_QUOTE: "a quote stands inside a cell that doesn't begin with one",
};

/** A quoted cell may go over several lines. */
function breaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) breaks += 1;
  }
  return breaks;
}

/** Finds the columns; undefined after a fault, which has then been told. */
function layoutOf(
  line: number,
  header: string[],
  source: SourceInputs,
  common: Common,
  rows: Rows,
): Layout | undefined {
  if (header.some(holdsAddress)) {
    rows.fault(line, "", "holds an address: the first line must name the columns");
    return undefined;
  }
  if (header.some((name) => name.includes("\uFFFD"))) {
    rows.fault(line, "", notUtf8);
    return undefined;
  }
  const names = header.map((name) => name.trim());
  const finder = source.columns ? mapped(names, source.columns, rows) : byName(names, rows, line);
  if (!finder) return undefined;
  if (common.isExclusive && !common.tags && finder.tags === undefined) {
    rows.fault(line, "", 'has no column tags, and "exclusive" takes off every tag that isn\'t declared');
    return undefined;
  }
  const attributes: Layout["attributes"] = [];
  const add = (start: string, column: number | undefined, fixed: string, name: string) => {
    attributes.push({ start, column, fixed, label: column === undefined ? name : `column ${column + 1} (${name})` });
  };
  if (finder.phone !== undefined) add(attributeStart.phone, finder.phone, "", "phone");
  if (finder.name !== undefined) add(attributeStart.name, finder.name, "", "name");
  for (const key of [...new Set([...finder.fields.keys(), ...Object.keys(common.fields)])].sort()) {
    add(attributeStart.field(key), finder.fields.get(key), fieldText(fieldOf(common.fields, key)), `fields.${key}`);
  }
  return { width: header.length, email: finder.email, tags: finder.tags, attributes };
}

interface Found {
  email: number;
  phone?: number;
  name?: number;
  tags?: number;
  fields: Map<string, number>;
}

/** Columns as the program names them. */
function mapped(names: string[], columns: NonNullable<SourceInputs["columns"]>, rows: Rows): Found | undefined {
  let isComplete = true;
  const find = (name: string): number => {
    const at = names.indexOf(name);
    const isTwice = at >= 0 && names.includes(name, at + 1);
    if (at >= 0 && !isTwice) return at;
    rows.general(`${isTwice ? "there are two columns" : "there is no column"} ${JSON.stringify(name)}`);
    isComplete = false;
    return -1;
  };
  const { email = "email", phone, name, tags, fields = {} } = columns;
  const found: Found = {
    email: find(email),
    ...(phone !== undefined && { phone: find(phone) }),
    ...(name !== undefined && { name: find(name) }),
    ...(tags !== undefined && { tags: find(tags) }),
    fields: new Map(Object.entries(fields).map(([key, column]) => [key, find(column)])),
  };
  return isComplete ? found : undefined;
}

/** Columns under our own names. */
function byName(names: string[], rows: Rows, line: number): Found | undefined {
  const found: Partial<Found> & Pick<Found, "fields"> = { fields: new Map() };
  const before = rows.problems.length;
  names.forEach((name, at) => {
    const label = `column ${at + 1}`;
    if (name === "email" || name === "phone" || name === "name" || name === "tags") {
      if (found[name] !== undefined) rows.fault(line, label, `is named ${name}, like column ${found[name] + 1}`);
      found[name] = at;
      return;
    }
    const key = name.startsWith("fields.") ? name.slice("fields.".length) : undefined;
    const reason =
      key === undefined ? unknownColumn : found.fields.has(key) ? "names a property twice" : fieldFault(key);
    if (reason) rows.fault(line, label, reason);
    if (key !== undefined) found.fields.set(key, at);
  });
  const { email, ...others } = found;
  if (email === undefined) {
    rows.fault(line, "", "has no column email: add it, or say with source.columns which column holds the address");
  }
  return email === undefined || rows.problems.length > before ? undefined : { email, ...others };
}

const unknownColumn =
  "is named otherwise than email, phone, name, tags or fields.<property>: rename it, or name with source.columns the " +
  "columns that count";
