// What all tests of a run share, set up once before them.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const repository = resolve(__dirname, "..");

export default function surround(): () => void {
  keepCompiled();
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --require ${JSON.stringify(join(__dirname, "late.cjs"))}`;
  // Tests that end a process, or let an operation hang, can't take away all it leaves: it goes with the run's folder.
  const folder = mkdtempSync(join(tmpdir(), "journeys-tests-"));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

/**
 * Most tests start processes that load the SDK and this package. A provider process is ended before it could keep what Node
 * compiled; one process that loads the same and ends by itself keeps it for all, which halves what a suite costs.
 */
function keepCompiled(): void {
  process.env.NODE_COMPILE_CACHE ??= resolve(repository, "node_modules/.cache/compiled");
  const script = `
    const hosts = "./dist/hosts/dynamic/";
    for (const name of require("node:fs").readdirSync(hosts)) if (name.endsWith(".js")) require(hosts + name);
    for (const name of ["./dist", "./dist/engine", "./dist/emulator"]) require(name);
    require("@pulumi/pulumi/cmd/dynamic-provider"); // told of no engine, it ends
  `;
  spawnSync(process.execPath, ["-e", script], { cwd: repository });
}
