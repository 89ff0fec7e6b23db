// The memory beside the state: what stands on disk when, who waits for whom, and what may be forgotten.
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { v7 as timeOrderedId } from "uuid";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { processStart } from "../../../provider/core/process";
import { Records } from "../../../provider/core/records";

const kind = "pushwoosh-journey";
const subject = { kind, operation: "update", urn: "urn:one", id: "j1" } as const;

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "records-")), ".journeys");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const open = () => new Records(() => folder);
const files = () => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".jsonl")) : []);
const textOf = (name: string) => readFileSync(join(folder, name), "utf8");

test("what an emulator did means nothing to the platform itself, nor to another emulator", async () => {
  const at = (address?: string) =>
    new Records(
      () => folder,
      () => address,
    );
  const [here, there] = ["http://127.0.0.1:1", "http://127.0.0.1:2"];
  for (const address of [here, undefined]) {
    const record = at(address).start({ kind, operation: "create", urn: "urn:one", application: "A", title: "T" });
    await record.begin("create");
    await record.end("answered", { id: address ?? "real" });
    await record.finish();
  }
  const known = (address?: string) =>
    at(address)
      .creates(kind, "urn:one", "A", "T")
      .map(({ id }) => id);
  expect([known(here), known(), known(there)]).toEqual([[here], ["real"], []]);
  expect(at(there).newer(kind, here)).toEqual([]);
  const other = at();
  other.seen(kind, here, "z");
  other.start(subject);
  await other.dropped();
  expect(known(here)).toEqual([here]);
});

/** A record as a process that was killed leaves it: its pid is nobody's any more, or another process's. */
function abandon(header: object = {}, ...lines: object[]): string {
  const [name = ""] = files();
  const [first = "", ...rest] = textOf(name).trimEnd().split("\n");
  const orphan = { ...JSON.parse(first), pid: 2 ** 22 + 1, processStart: "1", ...header };
  writeFileSync(
    join(folder, name),
    `${[JSON.stringify(orphan), ...rest, ...lines.map((line) => JSON.stringify(line))].join("\n")}\n`,
  );
  return name;
}

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return { ...fs, appendFileSync: vi.fn(fs.appendFileSync) };
});

/** The next write leaves half a line and fails. */
function fillDiskOnce(): void {
  vi.mocked(appendFileSync).mockImplementationOnce((file, text) => {
    writeSync(file as number, String(text).slice(0, 9));
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  });
}

describe("a disk that becomes full", () => {
  test("forbids a step, and the half line it leaves hides no later one", async () => {
    const record = open().start(subject);
    await record.begin("pause");
    await record.end("answered");
    fillDiskOnce();
    await expect(record.begin("replace")).rejects.toThrow(/^records-unusable: .*ENOSPC/);
    await record.begin("start");
    await record.finish();
    expect(open().newer(kind, "j1")).toMatchObject([
      { steps: [{ step: "pause", outcome: "answered" }, { step: "start" }], done: true },
    ]);
  });

  test("leaves a record whole whose first line could not be written", async () => {
    const record = open().start(subject);
    fillDiskOnce();
    await expect(record.begin("pause")).rejects.toThrow(/^records-unusable: /);
    expect(files()).toEqual([]);
    await record.begin("start");
    expect(open().newer(kind, "j1")).toMatchObject([{ header: { ...subject }, steps: [{ step: "start" }] }]);
  });

  test("takes nothing back of what was answered: the step stays open for later runs, and this one goes on", async () => {
    const record = open().start(subject);
    await record.begin("pause");
    fillDiskOnce();
    await record.end("answered", { status: "paused" });
    expect(record.steps).toMatchObject([{ outcome: "answered", data: { status: "paused" } }]);
    await record.begin("start");
    await record.end("answered");
    fillDiskOnce();
    await record.finish();
    const [found] = open().newer(kind, "j1");
    expect(found?.steps.map(({ step, outcome }) => [step, outcome])).toEqual([
      ["pause", undefined],
      ["start", "answered"],
    ]);
    expect(found).toMatchObject({ done: false, unresolved: false });
  });
});

describe("a step", () => {
  test("is on disk before its request is sent, and its outcome after the answer", async () => {
    const record = open().start(subject);
    expect(files()).toEqual([]);
    await record.begin("pause", { note: 1 });
    const [header, begun] = textOf(files()[0]!)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(header).toMatchObject({ version: 1, ...subject, host: hostname(), pid: process.pid, stamp: record.stamp });
    expect(begun).toMatchObject({ begin: { step: "pause", data: { note: 1 } } });
    await record.end("answered", { status: "paused" });
    await record.finish();
    const [again] = open().newer(kind, "j1");
    expect(again).toMatchObject({ done: true, unresolved: false });
    expect(again?.steps).toMatchObject([{ step: "pause", outcome: "answered", data: { note: 1, status: "paused" } }]);
  });

  test("is nobody's but the user's: the folder is left out of git and closed to others", async () => {
    await open().start(subject).begin("pause");
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("*\n");
    expect(statSync(folder).mode & 0o077).toBe(0);
    expect(statSync(join(folder, files()[0]!)).mode & 0o077).toBe(0);
  });

  test("cut by a power failure is as if it had not been written", async () => {
    const record = open().start(subject);
    await record.begin("pause");
    await record.end("answered");
    writeFileSync(join(folder, files()[0]!), textOf(files()[0]!).slice(0, -10));
    expect(open().newer(kind, "j1")).toMatchObject([{ unresolved: true, steps: [{ step: "pause" }] }]);
  });
});

test("a clock that is behind the one a state was saved by: the record is newer all the same", async () => {
  const ahead = timeOrderedId({ msecs: Date.now() + 86_400_000 });
  const records = open();
  records.seen(kind, "j1", ahead);
  const record = records.start(subject);
  await record.begin("pause", { resume: true });
  expect(record.stamp > ahead).toBe(true);
  abandon();
  const [found] = open().newer(kind, "j1", ahead);
  expect(found?.stamp).toBe(record.stamp);
  expect(records.start({ ...subject, id: "j2" }).stamp < ahead, "of another object").toBe(true);
});

test("records are found by id and stamp; creates by URN, or by application and title under any name", async () => {
  const records = open();
  const update = records.start(subject);
  await update.begin("pause");
  const create = records.start({ kind, operation: "create", urn: "urn:two", application: "APP", title: "Welcome" });
  await create.begin("create");
  expect(records.newer(kind, "j1"), "under way in this process").toEqual([]);
  await update.finish();
  await create.end("answered", { id: "j2" });
  await create.finish();
  const stamps = (found: { stamp: string }[]) => found.map(({ stamp }) => stamp);
  expect(stamps(open().newer(kind, "j1"))).toEqual([update.stamp]);
  expect(open().newer(kind, "j1", update.stamp)).toEqual([]);
  expect(stamps(open().newer(kind, "j2"))).toEqual([create.stamp]);
  expect(stamps(open().creates(kind, "urn:two"))).toEqual([create.stamp]);
  expect(stamps(open().creates(kind, "urn:other", "APP", "Welcome"))).toEqual([create.stamp]);
  expect(open().creates(kind, "urn:other", "APP2", "Welcome")).toEqual([]);
  expect(open().newer("another-kind", "j1")).toEqual([]);
});

describe("a record is removed", () => {
  async function leave(): Promise<string> {
    const record = open().start(subject);
    await record.begin("pause");
    await record.end("answered");
    await record.finish();
    return abandon();
  }
  async function next(stamp: string | undefined): Promise<string[]> {
    const records = open();
    records.seen(kind, "j1", stamp);
    const later = records.start({ ...subject, id: "j9" });
    await records.dropped();
    expect(later.steps).toEqual([]);
    return files();
  }

  test("by a later write whose saved state carries its stamp or a newer one", async () => {
    const name = await leave();
    const stamp = name.replace(".jsonl", "");
    expect(await next(undefined), "no state was seen").toEqual([name]);
    expect(await next("00000000-0000-7000-8000-000000000000"), "an older state").toEqual([name]);
    expect(await next(stamp)).toEqual([]);
  });

  test("not while its process lives", async () => {
    const name = await leave();
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    try {
      abandon({ pid: child.pid, processStart: processStart(child.pid!) });
      const done = textOf(name).replace('{"done":true}\n', "");
      writeFileSync(join(folder, name), done);
      expect(await next(name.replace(".jsonl", ""))).toEqual([name]);
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    expect(await next(name.replace(".jsonl", ""))).toEqual([]);
  });
});

describe("another process at work", () => {
  const held = async (header: object) => {
    const record = open().start(subject);
    await record.begin("pause");
    abandon(header);
    return open();
  };

  test("is waited for, and after that time named with what to do", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    try {
      const records = await held({ pid: child.pid, processStart: processStart(child.pid!) });
      const find = () => records.newer(kind, "j1");
      await expect(records.settled(find, 'journey "Welcome"', 1)).rejects.toMatchObject({
        code: "held-elsewhere",
        message: expect.stringMatching(
          new RegExp(
            `journey "Welcome": process ${child.pid} on .* has been working on it since .*\\n.*sent nothing.*\\n.*wait for that process to end`,
          ),
        ),
      });
      const waiting = records.settled(find, 'journey "Welcome"');
      child.kill("SIGKILL");
      expect(await waiting).toMatchObject([{ unresolved: true }]);
    } finally {
      child.kill("SIGKILL");
    }
  });

  test("that is gone is not waited for, even if its number is in use again", async () => {
    for (const header of [{}, { pid: process.pid, processStart: "1" }]) {
      const records = await held(header);
      const find = () => records.newer(kind, "j1");
      expect(await records.settled(find, "it", 0)).toMatchObject([{ unresolved: true, busy: false }]);
      rmSync(folder, { recursive: true });
    }
  });

  test("that went on after its record was read, and ended since, is read again", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    try {
      const records = await held({ pid: child.pid, processStart: processStart(child.pid!) });
      const find = () => records.newer(kind, "j1");
      expect(find()).toMatchObject([{ busy: true, steps: [{ step: "pause" }] }]);
      const answered = { end: { outcome: "answered", data: {} } };
      const next = { begin: { step: "replace", time: new Date().toISOString(), data: {} } };
      const lines = [answered, next, answered, { done: true }].map((line) => `${JSON.stringify(line)}\n`);
      writeFileSync(join(folder, files()[0]!), textOf(files()[0]!) + lines.join(""));
      child.kill("SIGKILL");
      await once(child, "exit");
      expect(await records.settled(find, "it", 0)).toMatchObject([
        { done: true, steps: [{ outcome: "answered" }, { step: "replace", outcome: "answered" }] },
      ]);
    } finally {
      child.kill("SIGKILL");
    }
  });

  test("that has ended is gone, though its parent has taken no note of that", async () => {
    const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 600"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const [text] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(text);
      const records = await held({ pid, processStart: processStart(pid) });
      const found = await records.settled(() => records.newer(kind, "j1"), "it");
      expect(found).toMatchObject([{ unresolved: true, busy: false }]);
    } finally {
      parent.kill("SIGKILL");
    }
  });

  test("on another machine is believed to work for two minutes", async () => {
    const now = await held({ host: "elsewhere" });
    expect(now.newer(kind, "j1")).toMatchObject([{ busy: true }]);
    rmSync(folder, { recursive: true });
    const record = open().start(subject);
    await record.begin("pause");
    const long = new Date(Date.now() - 121_000).toISOString();
    abandon({ host: "elsewhere", time: long }, { begin: { step: "replace", time: long, data: {} } });
    expect(open().newer(kind, "j1")).toMatchObject([{ busy: false }]);
  });
});

test("a folder that can't be used is an error before anything is sent", async () => {
  writeFileSync(folder, "a file where the folder should be");
  expect(() => open().start(subject)).toThrow(
    /^records-unusable: can't use the record folder: .*\n.*no request was sent/,
  );
  rmSync(folder);
  const record = open().start(subject);
  rmSync(folder, { recursive: true });
  await expect(record.begin("pause")).rejects.toThrow(/^records-unusable: /);
});

test("a record of a newer release is not guessed at", async () => {
  await open().start(subject).begin("pause");
  abandon({ version: 2 });
  expect(() => open().newer(kind, "j1")).toThrow(/^records-unusable: .* newer release \(version 2\)/);
});
