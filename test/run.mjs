// Runs every gate of `npm test`, prints the time of each, and closes with "N passed, N failed". What uses one core runs beside
// something else; the suites, which use all, run alone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const scratch = mkdtempSync(join(tmpdir(), "journeys-test-"));
let passed = 0;
let failed = 0;
const times = [];

/** What a gate prints is shown as it comes, or for one beside others at its end. */
async function gate(name, command, args, stdout = "pipe") {
  const started = Date.now();
  if (stdout === "inherit") console.log(`\n=== ${name}`);
  const child = spawn(command, args, { stdio: ["ignore", stdout, stdout] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (more) => {
      text += more;
    });
  const [status] = await once(child, "close");
  times.push([name, Date.now() - started]);
  if (stdout === "pipe") console.log(`\n=== ${name}\n${text.trimEnd()}`);
  return status === 0;
}

async function check(name, command, args) {
  const ok = await gate(name, command, args);
  if (ok) passed += 1;
  else failed += 1;
  return ok;
}

async function suite(name, folder) {
  const report = join(scratch, `${name}.json`);
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const ok = await gate(name, "vitest", ["run", folder, ...reporters], "inherit");
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
  const isBuilt = await check("build", "tsc", ["-p", "tsconfig.json"]);
  if (isBuilt) {
    await Promise.all([
      check("lint", "npm", ["run", "--silent", "lint"]),
      check("types", "tsc", ["-p", "test/tsconfig.json"]),
      check("readme", "node", ["test/readme.mjs"]),
      check("package", "node", ["test/package.mjs"]),
    ]);
    await suite("unit", "test/unit");
    await suite("contract", "test/contract");
    await suite("e2e", "test/e2e");
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\n${times.map(([name, ms]) => `${name.padEnd(10)} ${(ms / 1000).toFixed(1)} s`).join("\n")}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
