/** A process that is at work on a resource: the one that started this test. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { v7 as timeOrderedId } from "uuid";
import { processStart } from "../../../provider/core/process";
import type { JsonObject } from "../../../provider/core/values";

/**
 * Writes the record of its operation.
 *
 * @param subject what the operation is about: kind, operation, and id or urn
 * @returns what ends the operation
 */
export function busy(folder: string, emulatorUrl: string, subject: JsonObject): () => void {
  const records = join(folder, ".journeys");
  mkdirSync(records, { recursive: true });
  const [stamp, time] = [timeOrderedId(), new Date().toISOString()];
  const pid = process.ppid;
  const author = { host: hostname(), pid, processStart: processStart(pid), local: emulatorUrl };
  const lines = [
    { version: 1, stamp, ...subject, time, ...author },
    { begin: { step: "pause", time, data: {} } },
    { end: { outcome: "refused", data: {} } },
  ];
  const path = join(records, `${stamp}.jsonl`);
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return () => appendFileSync(path, '{"done":true}\n');
}
