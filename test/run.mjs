// Runs every gate of `npm test` in order, prints the time of each, and closes with "N passed, N failed".
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const scratch = mkdtempSync(join(tmpdir(), "journeys-test-"));
let passed = 0;
let failed = 0;
const times = [];

function gate(name, command, args) {
  const started = Date.now();
  console.log(`\n=== ${name}`);
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  times.push([name, Date.now() - started]);
  return status === 0;
}

function check(name, command, args) {
  const ok = gate(name, command, args);
  if (ok) passed += 1;
  else failed += 1;
  return ok;
}

function suite(name, folder) {
  const report = join(scratch, `${name}.json`);
  const ok = gate(name, "vitest", ["run", folder, "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`]);
  let result;
  try {
    result = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    failed += 1; // no report: the suite itself did not run
    return;
  }
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  // A file that fails to load, or a suite that ran nothing, has no failed test of its own.
  if (result.numPassedTests === 0 || (!ok && result.numFailedTests === 0)) failed += 1;
}

try {
  // What an earlier build left of files that are gone must not be packed or tested.
  rmSync("dist", { recursive: true, force: true });
  if (check("build", "tsc", ["-p", "tsconfig.json"])) {
    check("lint", "npm", ["run", "--silent", "lint"]);
    check("types", "tsc", ["-p", "test/tsconfig.json"]);
    check("readme", "node", ["test/readme.mjs"]);
    suite("unit", "test/unit");
    suite("contract", "test/contract");
    suite("e2e", "test/e2e");
    check("package", "node", ["test/package.mjs"]);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\n${times.map(([name, ms]) => `${name.padEnd(10)} ${(ms / 1000).toFixed(1)} s`).join("\n")}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
