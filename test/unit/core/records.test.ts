import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { processStart } from "../../../provider/core/process";
import type { Header } from "../../../provider/core/record";
import { Records } from "../../../provider/core/records";

const KIND = "pushwoosh-journey";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "records-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const records = () => new Records(() => folder);
const files = () => readdirSync(folder).filter((name) => name.endsWith(".jsonl"));

/** What a process that ended left behind: operations of the given stamps. */
function left(
  stamp: string,
  header: Partial<Header> = {},
  lines: object[] = [{ end: { outcome: "answered", data: {} } }],
) {
  const whole: Header = {
    version: 1,
    stamp,
    kind: KIND,
    operation: "update",
    time: new Date().toISOString(),
    host: hostname(),
    pid: 2 ** 22 + 1, // beyond any process number
    processStart: "1",
    ...header,
  };
  const begin = { begin: { step: "replace", time: whole.time, data: {} } };
  const text = [whole, begin, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
  writeFileSync(join(folder, `${stamp}.jsonl`), text);
}

/** Any operation that writes: it also removes what is spent. */
async function write(memory: Records) {
  const record = memory.start({ kind: KIND, operation: "update", id: "other" });
  await record.begin("start");
  await record.end("answered");
  await record.finish();
  await memory.dropped();
}

describe("a record", () => {
  test("is on disk when its step is begun, and whole when it is finished", async () => {
    const record = records().start({ kind: KIND, operation: "create", urn: "urn:a" });
    expect(files()).toEqual([]);
    await record.begin("create", { digest: "d" });
    const [file] = files();
    const lines = () =>
      readFileSync(join(folder, file!), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    expect(lines()).toMatchObject([{ urn: "urn:a" }, { begin: { step: "create", data: { digest: "d" } } }]);
    await record.end("answered", { id: "j1" });
    expect(lines()).toHaveLength(3);
    await record.finish();
    expect(lines().slice(2)).toEqual([{ end: { outcome: "answered", data: { id: "j1" } } }, { done: true }]);
    expect(records().newer(KIND, "j1")).toHaveLength(1);
  });

  test("of a folder that can't be written forbids the step", async () => {
    writeFileSync(join(folder, "file"), "");
    const memory = new Records(() => join(folder, "file"));
    expect(() => memory.start({ kind: KIND, operation: "create" })).toThrow(/records|folder/);
  });
});

describe("looking for records", () => {
  test("a create is found by its object as soon as that is known, in this process and in the next", async () => {
    const memory = records();
    const record = memory.start({ kind: KIND, operation: "create", urn: "urn:a" });
    await record.begin("create");
    expect(memory.newer(KIND, "j1")).toEqual([]);
    await record.end("answered", { id: "j1" });
    await record.finish();
    expect(memory.newer(KIND, "j1")).toEqual([record]);
    expect(memory.newer("another-kind", "j1")).toEqual([]);
    expect(memory.newer(KIND, "j1", record.stamp)).toEqual([]);
  });

  test("a create is found by its name, or by application and title, but not while it is under way", async () => {
    const memory = records();
    const record = memory.start({ kind: KIND, operation: "create", urn: "urn:a", application: "A", title: "T" });
    await record.begin("create");
    expect(memory.creates(KIND, "urn:a", "A", "T")).toEqual([]);
    await record.finish();
    expect(memory.creates(KIND, "urn:a")).toEqual([record]);
    expect(memory.creates(KIND, "urn:b", "A", "T")).toEqual([record]);
    expect(memory.creates(KIND, "urn:b", "B", "T")).toEqual([]);
    expect(memory.creates(KIND, undefined)).toEqual([]);
  });

  test("come oldest first, whatever their order on disk and in time of being known", async () => {
    left("b", { id: "j1" });
    left("a", { operation: "create" }, [{ end: { outcome: "answered", data: { id: "j1" } } }]);
    left("c", { id: "j1" });
    expect(
      records()
        .newer(KIND, "j1")
        .map(({ stamp }) => stamp),
    ).toEqual(["a", "b", "c"]);
  });

  test("forgets what is said of an object that is gone, except that it was deleted", async () => {
    left("a", { id: "j1" });
    left("b", { id: "j1", operation: "delete" });
    left("c", { id: "j2" });
    const memory = records();
    memory.forget(KIND, "j1");
    await memory.dropped();
    expect(files()).toEqual(["b.jsonl", "c.jsonl"]);
  });
});

describe("a call that writes removes", () => {
  test("what a state seen since then covers, and nothing else", async () => {
    for (const stamp of ["a", "b", "c"]) left(stamp, { id: "j1" });
    left("d", { id: "j2" });
    const memory = records();
    memory.seen(KIND, "j1", "b");
    await write(memory);
    expect(files().slice(-2)).toEqual(["c.jsonl", "d.jsonl"]);
    memory.seen(KIND, "j2", "d");
    await write(memory);
    expect(files().at(-1)).toBe("c.jsonl");
  });

  test("nothing while a process that wrote it may be at work; everything of it once that has ended", async () => {
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    left("a", { id: "j1", pid: other.pid!, processStart: processStart(other.pid!) });
    const memory = records();
    memory.seen(KIND, "j1", "b");
    await write(memory);
    expect(files()).toContain("a.jsonl");
    other.kill("SIGKILL");
    await once(other, "exit");
    memory.reload();
    await write(memory);
    expect(files()).not.toContain("a.jsonl");
  });

  test("deletes done more than a week ago, and files in which no step was begun", async () => {
    const time = new Date(Date.now() - 8 * 24 * 3600_000).toISOString();
    left("a", { id: "j1", operation: "delete", time }, [{ done: true }]);
    left("b", { id: "j2", operation: "delete" }, [{ done: true }]);
    left("c", { id: "j3", time }, [{ done: true }]);
    writeFileSync(join(folder, "d.jsonl"), `${readFileSync(join(folder, "c.jsonl"), "utf8").split("\n")[0]}\n`);
    await write(records());
    expect(files().slice(-2)).toEqual(["b.jsonl", "c.jsonl"]);
  });

  test("no record of its own process, even where the state covers it", async () => {
    const memory = records();
    const record = memory.start({ kind: KIND, operation: "create" });
    await record.begin("create");
    await record.end("answered", { id: "j1" });
    await record.finish();
    memory.seen(KIND, "j1", record.stamp);
    await write(memory);
    expect(memory.newer(KIND, "j1")).toEqual([record]);
  });
});
