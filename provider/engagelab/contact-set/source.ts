/** Reads a set's members: streamed from the file beside the program, or from the program itself. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { extname, resolve } from "node:path";
import type { Problem } from "../../core/errors";
import type { Runtime } from "../../core/runtime";
import { digest } from "../../core/values";
import { readCsv } from "./csv";
import { contentInputs, type SetInputs, type SourceInputs } from "./inputs";
import { readJsonLines } from "./json-lines";
import { readMembers } from "./members";
import { type Common, type Reading, Rows } from "./rows";

const formats: Readonly<Record<string, "csv" | "jsonl">> = { ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl" };
const CHUNK_BYTES = 256 * 1024;

/** Whether nothing tells of which format a file is. */
export function formatOf({ file, format }: SourceInputs): "csv" | "jsonl" | undefined {
  return format ?? formats[extname(file).toLowerCase()];
}

/** Reads all members; what is wrong with them is in the reading. Never rejects. */
export async function readSource(inputs: SetInputs, folder: string): Promise<Reading> {
  const { fields = {}, tags, tagOwnership } = inputs;
  const common: Common = { fields, tags, isExclusive: tagOwnership === "exclusive" };
  const { source } = inputs;
  if (!source) return readMembers(inputs.members ?? [], common);
  const rows = new Rows(
    (line) => `${source.file}, line ${line}`,
    () => ["source"],
  );
  const hash = createHash("sha256");
  try {
    const chunks = noting(createReadStream(resolve(folder, source.file), { highWaterMark: CHUNK_BYTES }), hash);
    await (formatOf(source) === "csv" ? readCsv : readJsonLines)(chunks, source, common, rows);
  } catch (cause) {
    rows.general(unreadable(source.file, cause as NodeJS.ErrnoException));
    return rows.done();
  }
  const sha256 = hash.digest("hex");
  return withDigests(rows.done(sha256), sha256, inputs);
}

async function* noting(chunks: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

const openFaults: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "is a folder, not a file",
  EACCES: "this user may not read it",
};

function unreadable(file: string, { code, message }: NodeJS.ErrnoException): string {
  return `${file} can't be read: ${openFaults[code ?? ""] ?? code ?? message}. Its path is relative to the program`;
}

/** A file may be saved, or checked out anew, between the program's look at it and ours. */
function withDigests(reading: Reading, sha256: string, { source, sourceDigest }: SetInputs): Reading {
  const problems: Problem[] = [];
  const reviewed = source?.sha256?.toLowerCase();
  if (reviewed && reviewed !== sha256) {
    const reason = `the file's content is not the reviewed one: its SHA-256 is ${sha256}. Review it, then pin that`;
    problems.push({ path: ["source", "sha256"], reason });
  }
  if (sourceDigest !== undefined && sourceDigest !== sha256) {
    problems.push({ path: ["source"], reason: "the file changed after the program read it: run again" });
  }
  return problems.length > 0 ? { ...reading, problems: [...problems, ...reading.problems] } : reading;
}

/** What this process has read: Check, Diff and the run itself work on one reading. */
export class Readings {
  readonly #begun = new Map<string, Promise<Reading>>();
  readonly #done = new Map<string, Reading>();

  constructor(private readonly folder: string) {}

  async read(inputs: SetInputs): Promise<Reading> {
    const key = keyOf(inputs);
    let begun = this.#begun.get(key);
    if (!begun) {
      begun = readSource(inputs, this.folder);
      this.#begun.set(key, begun);
    }
    const reading = await begun;
    this.#done.set(key, reading);
    return reading;
  }

  /** What was read of these inputs; undefined where nothing was. */
  of(inputs: SetInputs): Reading | undefined {
    return this.#done.get(keyOf(inputs));
  }
}

/** Members and common fields are personal, and are not kept a second time. */
function keyOf(inputs: SetInputs): string {
  return digest(contentInputs.map((name) => inputs[name]));
}

export function readings(runtime: Runtime): Readings {
  return new Readings(runtime.folder);
}
