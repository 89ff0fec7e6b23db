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

const BAR = 20;

/** The table. Bars compare counts over the whole journey; a percentage has its own scale of 100. */
export function reportTable(report: JourneyReport): string {
  const rows = rowsOf(report);
  const title = `${report.title ?? "(no title)"} (${report.journeyId})`;
  if (rows.length === 0) return `${title}\nno figures: it never ran, or has no message points\n`;
  const most = Math.max(0, ...rows.filter(isCount).map(barValue));
  const cells = rows.map((row, index) => {
    const isFirst = row.point !== rows[index - 1]?.point;
    return {
      point: isFirst ? (row.point.title ?? row.point.campaignCode ?? "(no title)") : "",
      figure: row.source === "messages" ? `messages: ${row.name}` : row.name,
      value: valueText(row),
      bar: bar(barValue(row), isCount(row) ? most : 100),
    };
  });
  const width = (name: "point" | "figure" | "value") =>
    Math.max(name.length, ...cells.map((cell) => cell[name].length));
  const [point, figure, value] = [width("point"), width("figure"), width("value")];
  const line = (cell: { point: string; figure: string; value: string; bar: string }) =>
    `${cell.point.padEnd(point)}  ${cell.figure.padEnd(figure)}  ${cell.value.padStart(value)}  ${cell.bar}`.trimEnd();
  const truncated = report.points.some(({ messages }) => messages?.truncated);
  return [
    title,
    "",
    line({ point: "POINT", figure: "FIGURE", value: "VALUE", bar: "" }),
    ...cells.map(line),
    ...(truncated ? ["", "There are more messages than were counted: raise --limit."] : []),
    "",
  ].join("\n");
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
function bar(value: number, most: number): string {
  if (value <= 0 || most <= 0) return "";
  const length = Math.max(1, Math.round((Math.min(value, most) / most) * BAR * 8));
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
