// Programs as processes of their own, with both SDKs; and engine processes that are killed.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import type { EngineEvent, StackOptions } from "../../../provider/engine/index.js";
import { Stack } from "../../../provider/engine/index.js";
import { changing, makeFolder, readWorld, takeCalls, writeProgram } from "./fixture.js";

const chain = `
  const one = new Thing("one", { text: "first", secret: require("@pulumi/pulumi").secret("hush") });
  const two = new Thing("two", { text: one.id }, { parent: one, aliases: [{ name: "zwei" }] });
  console.log("hello from the program");
  exports.id = two.id;
`;

test.concurrent.each(["@pulumi/pulumi", "pulumi-oldest"] as const)(
  "a program in a folder runs as a process, with %s",
  async (sdk) => {
    const folder = makeFolder(sdk);
    writeProgram(folder, chain);
    const events: EngineEvent[] = [];
    const stack = await Stack.create({ program: { folder }, onEvent: (event) => events.push(event) });
    expect((await stack.preview()).summary).toEqual({ create: 3 });
    const up = await stack.up();
    expect(up).toMatchObject({ ok: true, summary: { create: 3 }, outputs: { id: { value: "two-2" } } });
    expect(events).toContainEqual({
      type: "output",
      source: "program",
      stream: "stdout",
      text: "hello from the program",
    });
    expect((await stack.up()).changed).toBe(0);
    expect(await stack.refresh()).toMatchObject({ ok: true, changed: 0 });
    writeProgram(folder, `${chain} new Thing("three", { fail: "init" });`);
    expect(await stack.up()).toMatchObject({
      ok: false,
      failure: expect.stringContaining("the second half is missing"),
    });
    expect((await stack.destroy()).summary).toEqual({ delete: 4 });
    const pids = events.flatMap((event) =>
      event.type === "provider-started" || event.type === "program-started" ? [event.pid] : [],
    );
    expect(pids.length).toBeGreaterThan(5);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    await stack.close();
  },
);

test.concurrent("a program that fails does so with its own words, and deletes nothing", async () => {
  const folder = makeFolder();
  writeProgram(folder, 'new Thing("one", {});');
  const stack = await Stack.create({ program: { folder } });
  await stack.up();
  const programs: [string, RegExp][] = [
    ['throw new Error("my own mistake");', /my own mistake/],
    ['console.error("some last words"); process.exit(3);', /ended with code 3.*some last words/s],
    ["const = 1;", /SyntaxError/],
  ];
  for (const [source, message] of programs) {
    writeProgram(folder, source);
    expect(await stack.up()).toMatchObject({ ok: false, failure: expect.stringMatching(message) });
  }
  expect(Object.keys(readWorld(folder).things)).toEqual(["one-1"]);
  await stack.close();
});

test.concurrent("a program that ends itself with code 0 has said all it wants", async () => {
  const folder = makeFolder();
  writeProgram(folder, 'new Thing("one", {}); new Thing("two", {});');
  const stack = await Stack.create({ program: { folder } });
  await stack.up();
  writeProgram(folder, 'new Thing("two", {}).id.apply(() => void setTimeout(() => process.exit(0), 500));');
  expect(await stack.up()).toMatchObject({ diagnostics: [], summary: { same: 2, delete: 1 } });
  expect(Object.values(readWorld(folder).things)).toMatchObject([{ name: "two" }]);
  await stack.close();
});

test.concurrent("a program in TypeScript, with a `main` and configuration", async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, "Pulumi.yaml"), "name: typed\nruntime: nodejs\nmain: start.ts\n");
  writeFileSync(
    join(folder, "start.ts"),
    'import * as pulumi from "@pulumi/pulumi";\nconst text: string = new pulumi.Config().require("text");\nexport const out: string = text + " of " + pulumi.getProject();\n',
  );
  const stack = await Stack.create({ program: { folder }, config: { text: "words" } });
  expect((await stack.up()).outputs).toEqual({ out: { value: "words of typed", secret: false } });
  await stack.close();
});

test.concurrent("a missing SDK or folder is an error with words", async () => {
  const folder = makeFolder();
  rmSync(join(folder, "node_modules"), { recursive: true });
  writeProgram(folder, "");
  const stack = await Stack.create({ program: { folder } });
  expect((await stack.up()).failure).toContain("npm install @pulumi/pulumi");
  await stack.close();
  await expect(Stack.create({ program: { folder: join(folder, "nowhere") } })).rejects.toThrow("does not exist");
});

// ---- Killed engines ---------------------------------------------------------------------------------------------------

/** Run after a build. */
const engineScript = resolve(__dirname, "../../../dist/engine/main.js");

interface EngineRun {
  child: ChildProcess;
  events: EngineEvent[];
  ended: Promise<[code: number | null, signal: string | null]>;
}

function startEngine(folder: string, operation: string, options: Partial<StackOptions> = {}): EngineRun {
  const child = spawn(process.execPath, [engineScript, operation], {
    env: { ...process.env, PULUMI_CONFIG_PASSPHRASE: "x" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify({ program: { folder }, stateFile: join(folder, "state.json"), ...options }));
  const events: EngineEvent[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => events.push(JSON.parse(line)));
  const ended = Promise.all([once(child, "exit"), once(lines, "close")]).then(
    ([end]) => end as [number | null, string | null],
  );
  return { child, events, ended };
}

/** What a killed engine leaves behind goes on living; tests must not. */
function killProviders({ events }: EngineRun): void {
  for (const event of events) {
    if (event.type !== "provider-started" && event.type !== "program-started") continue;
    try {
      process.kill(event.pid, "SIGKILL");
    } catch {
      // it ended by itself
    }
  }
}

const result = ({ events }: EngineRun) =>
  events.flatMap((event) => (event.type === "operation-finished" ? [event.result] : []))[0];

test.concurrent.each([
  ["before-call", { world: ["one-1"], recorded: ["one-1"], pending: ["creating"] }],
  ["after-answer", { world: ["one-1", "two-2"], recorded: ["one-1"], pending: ["creating"] }],
  ["after-save", { world: ["one-1", "two-2"], recorded: ["one-1", "two-2"], pending: [] }],
] as const)("an engine killed at %s leaves a journal that says how far it came", async (when, expected) => {
  const folder = makeFolder();
  writeProgram(folder, chain);
  const killed = startEngine(folder, "up", { stopAt: { when, count: 2 } });
  expect(await killed.ended).toEqual([null, "SIGKILL"]);
  killProviders(killed);
  expect(Object.keys(readWorld(folder).things)).toEqual(expected.world);
  expect(existsSync(join(folder, "state.json"))).toBe(false);
  expect(readFileSync(join(folder, "state.json.journal"), "utf8")).not.toContain("hush");
  takeCalls(folder);

  const next = startEngine(folder, "up");
  expect(await next.ended).toEqual([0, null]);
  const warnings = result(next)?.diagnostics.filter(({ severity }) => severity === "warning") ?? [];
  expect(warnings.map(({ message }) => message.match(/while it was (\w+)/)?.[1])).toEqual(expected.pending);
  expect(takeCalls(folder, ...changing)).toEqual(expected.recorded.length === 1 ? ["create two"] : []);
  const { deployment } = JSON.parse(readFileSync(join(folder, "state.json"), "utf8"));
  expect(deployment.pending_operations?.length ?? 0).toBe(expected.pending.length);
  expect(existsSync(join(folder, "state.json.journal"))).toBe(false);

  if (when !== "after-answer") return;
  const stack = await Stack.create({ program: { folder }, stateFile: join(folder, "state.json"), passphrase: "x" });
  expect((await stack.refresh({ clearPendingCreates: true })).ok).toBe(true);
  expect((await stack.refresh()).diagnostics).toEqual([]);
  await stack.close();
});

test.concurrent("a provider process that is killed fails the run, and the engine ends", async () => {
  const folder = makeFolder();
  writeProgram(folder, 'new Thing("one", { delay: 60000 });');
  const run = startEngine(folder, "up");
  while (!takeCalls(folder, "create").length) await new Promise((resolve) => setTimeout(resolve, 50));
  killProviders({ ...run, events: run.events.filter(({ type }) => type === "provider-started") });
  expect(await run.ended).toEqual([1, null]);
  expect(result(run)?.failure).toMatch(/was ended by SIGKILL while it was creating "one"/);
});

test.concurrent("an engine that is told to end ends well, and so do its children", async () => {
  const folder = makeFolder();
  writeProgram(folder, 'new Thing("one", { delay: 500 }); setInterval(() => {}, 1000);');
  const run = startEngine(folder, "up", {
    config: { "ns:token": { value: "canary-4711", secret: true }, a: "b" },
    parallel: 2,
  });
  while (!takeCalls(folder, "create").length) await new Promise((resolve) => setTimeout(resolve, 50));
  run.child.kill("SIGTERM");
  expect(await run.ended).toEqual([1, null]);
  expect(result(run)?.failure).toContain("cancelled");
  expect(JSON.stringify(run.events)).not.toContain("canary-4711");
  for (const event of run.events) {
    if (event.type === "provider-started" || event.type === "program-started")
      expect(() => process.kill(event.pid, 0)).toThrow(/ESRCH/);
  }
  expect(Object.keys(readWorld(folder).things)).toEqual(["one-1"]);
});
