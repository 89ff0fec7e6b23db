/** A journey's report as text: a table with small bars for a terminal, and CSV. Pure. */
import { csvLine } from "../core/csv";
import { allFigures } from "../pushwoosh/api/statistics";
import type { JourneyReport, ReportPoint } from "../pushwoosh/statistics/report";

/** One figure of one point: `points` counts it, or the messages of its campaign add up to it. */
interface Row {
  point: ReportPoint;
  source: "point" | "messages";
  name: string;
  value: number | string;
}

function rowsOf({ points }: JourneyReport): Row[] {
  return points.flatMap((point) => {
    const { messages } = point;
    const own = Object.entries(allFigures(point.figures)).map(
      ([name, value]): Row => ({ point, source: "point", name, value }),
    );
    if (!messages) return own;
    const summed = Object.entries({ count: messages.count, ...messages.figures });
    return [...own, ...summed.map(([name, value]): Row => ({ point, source: "messages", name, value }))];
  });
}

/** The longest bar, and the shortest title a narrow terminal leaves, in columns. */
const BAR = 20;
const TITLE = 12;

/**
 * The table. Bars compare counts over the whole journey; a percentage has its own scale of 100.
 *
 * @param columns how wide the terminal is: titles are cut off and bars become shorter where it is narrow
 */
export function reportTable(report: JourneyReport, columns = Number.POSITIVE_INFINITY): string {
  const rows = rowsOf(report);
  const title = `${printable(report.title ?? "(no title)")} (${report.journeyId})`;
  if (rows.length === 0) return `${title}\nno figures: it never ran, or has no message points\n`;
  const cells = rows.map((row, index) => {
    const isFirst = row.point !== rows[index - 1]?.point;
    return {
      point: isFirst ? printable(row.point.title ?? row.point.campaignCode ?? "(no title)") : "",
      figure: printable(row.source === "messages" ? `messages: ${row.name}` : row.name),
      value: printable(valueText(row)),
      row,
    };
  });
  const width = (name: "point" | "figure" | "value") =>
    Math.max(name.length, ...cells.map((cell) => widthOf(cell[name])));
  const [figure, value] = [width("figure"), width("value")];
  const room = columns - figure - value - 2 * 3;
  const point = Math.min(width("point"), Math.max(TITLE, room - BAR));
  const longest = Math.max(0, Math.min(BAR, room - point));
  const line = (cell: { point: string; figure: string; value: string }, drawn = "") =>
    `${padded(cell.point, point)}  ${padded(cell.figure, figure)}  ${cell.value.padStart(value)}  ${drawn}`.trimEnd();
  const most = Math.max(0, ...rows.filter(isCount).map(barValue));
  const truncated = report.points.some(({ messages }) => messages?.truncated);
  return [
    title,
    "",
    line({ point: "POINT", figure: "FIGURE", value: "VALUE" }),
    ...cells.map((cell) => line(cell, bar(barValue(cell.row), isCount(cell.row) ? most : 100, longest))),
    ...(truncated ? ["", "There are more messages than were counted: raise --limit."] : []),
    "",
  ].join("\n");
}

/** A title may hold anything, what moves a terminal's cursor included. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\ufffd");
}

const wide =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60]/u;

/** How many columns a terminal takes for a text: East Asian characters and emoji take two, accents none. */
function widthOf(text: string): number {
  return Array.from(text).reduce((sum, each) => sum + (/\p{M}/u.test(each) ? 0 : wide.test(each) ? 2 : 1), 0);
}

/** Filled up with spaces, or cut off with `…`. */
function padded(text: string, width: number): string {
  const missing = width - widthOf(text);
  if (missing >= 0) return text + " ".repeat(missing);
  let cut = "";
  for (const each of text) {
    if (widthOf(cut + each) >= width) break;
    cut += each;
  }
  return padded(`${cut}…`, width);
}

function isCount({ name }: Row): boolean {
  return name !== "conversion";
}

/** What stayed text is no number a bar could show. */
function barValue({ value }: Row): number {
  return typeof value === "number" ? value : 0;
}

function valueText(row: Row): string {
  if (typeof row.value === "string") return row.value;
  return isCount(row) ? row.value.toLocaleString("en") : `${row.value.toFixed(2)} %`;
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Anything above nothing shows as at least the thinnest line. */
function bar(value: number, most: number, longest: number): string {
  if (value <= 0 || most <= 0 || longest === 0) return "";
  const length = Math.max(1, Math.round((Math.min(value, most) / most) * longest * 8));
  return "█".repeat(Math.floor(length / 8)) + eighths[length % 8];
}

const columns = ["journey_id", "journey", "point", "campaign_code", "preset_code", "source", "figure", "value"];

/** One line a figure, so that the columns are the same for every channel. */
export function reportCsv(report: JourneyReport): string {
  const lines = rowsOf(report).map(({ point, source, name, value }) => [
    report.journeyId,
    report.title ?? "",
    point.title ?? "",
    point.campaignCode ?? "",
    point.presetCode ?? "",
    source,
    name,
    String(value),
  ]);
  return [columns, ...lines].map(csvLine).join("");
}
