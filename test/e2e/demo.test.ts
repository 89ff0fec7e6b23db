// The demonstration is what a newcomer runs first: it must succeed, and leave nothing behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const repository = resolve(__dirname, "../..");

/** What `npm run demo` runs after the build. */
function demoScript(): string {
  const { scripts } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  const [, path] = /node (\S+)$/.exec(scripts.demo) ?? [];
  if (!path) throw new Error(`the script "demo" doesn't end in "node <file>": ${scripts.demo}`);
  return join(repository, path);
}

// Some fifty processes, one after the other: on a busy machine they take longer than other tests.
test("the demo meets each of its expectations, ends with 0 and leaves nothing behind", {
  timeout: 600_000,
}, async () => {
  const temporary = mkdtempSync(join(tmpdir(), "journeys-demo-"));
  const mark = `demo-${process.pid}-${Date.now()}`;
  try {
    const child = spawn(process.execPath, [demoScript()], {
      cwd: repository,
      env: { ...process.env, TMPDIR: temporary, JOURNEYS_TEST_MARK: mark },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (text += data));
    const [code] = await once(child, "close");
    expect(text).not.toContain("✗");
    expect(text).toMatch(/(\d+) of \1 expectations met/);
    expect(code, text.slice(-3000)).toBe(0);
    // The SDK's TypeScript compiler keeps one cache for all programs.
    expect(readdirSync(temporary).filter((name) => !name.startsWith("ts-node-"))).toEqual([]);
    expect(processesWith(mark)).toEqual([]);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
});

/** The command lines of processes that inherited a mark in their environment; only where the system shows them. */
function processesWith(mark: string): string[] {
  let pids: string[] = [];
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return pids.flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, "utf8").includes(mark)) return [];
      return [`${pid} ${readlinkSync(`/proc/${pid}/exe`)} ${readFileSync(`/proc/${pid}/cmdline`, "utf8")}`];
    } catch {
      return []; // it has ended, or belongs to somebody else
    }
  });
}
