/** Reads a JSON Lines file: an object on each line. What it says of faults names lines, never what stands in them. */
import { isObject, type Json, type JsonObject } from "../../core/values";
import { fieldOf } from "../contact/compare";
import type { SourceInputs } from "./inputs";
import { addMember } from "./members";
import type { Common, Rows } from "./rows";

const LF = 0x0a;

export async function readJsonLines(
  chunks: AsyncIterable<Buffer>,
  source: SourceInputs,
  common: Common,
  rows: Rows,
): Promise<void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 0;
  let rest: Buffer = Buffer.alloc(0);
  const take = (bytes: Buffer) => {
    line += 1;
    const value = parsed(decoder, bytes);
    if (value === "") return;
    if (isObject(value)) addMember(line, pick(value, source), common, rows);
    else rows.fault(line, "", typeof value === "string" ? value : "is not a JSON object");
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, from)) {
      take(rest.length > 0 ? Buffer.concat([rest, chunk.subarray(from, at)]) : chunk.subarray(from, at));
      rest = Buffer.alloc(0);
      from = at + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(from)]);
  }
  if (rest.length > 0) take(rest);
}

/** The value, "" for a blank line, or what is wrong with it: a parser's own words would repeat what stands there. */
function parsed(decoder: InstanceType<typeof TextDecoder>, bytes: Buffer): Json {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return "is not UTF-8";
  }
  if (text.trim() === "") return "";
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === "string" ? "is not a JSON object" : value;
  } catch {
    return "is not JSON";
  }
}

/** The object under our own names. */
function pick(value: JsonObject, { columns }: SourceInputs): JsonObject {
  if (!columns) return value;
  const { email = "email", fields = {}, ...others } = columns;
  const member: JsonObject = {};
  const take = (key: string, from: string) => {
    const found = fieldOf(value, from);
    if (found !== undefined && found !== null) member[key] = found;
  };
  take("email", email);
  for (const [key, from] of Object.entries(others)) take(key, from);
  const values: JsonObject = {};
  for (const [key, from] of Object.entries(fields)) {
    const found = fieldOf(value, from);
    if (found !== undefined && found !== null) values[key] = found;
  }
  if (Object.keys(values).length > 0) member.fields = values;
  return member;
}
