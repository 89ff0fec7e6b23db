// Runs every benchmark, one after another, each in a process of its own. Each prints ratios measured in one run.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;
const wanted = process.argv.slice(2);
let failed = 0;
for (const name of readdirSync(folder)
  .filter((file) => /\.(mjs|mts)$/.test(file) && file !== "run.mjs")
  .sort()) {
  if (wanted.length && !wanted.some((word) => name.startsWith(word))) continue;
  console.log(`\n=== ${name.replace(/\.m[jt]s$/, "")}`);
  const { status } = spawnSync("node", [join(folder, name)], { stdio: "inherit" });
  if (status !== 0) failed += 1;
}
process.exitCode = failed ? 1 : 0;
