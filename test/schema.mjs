// Writes schema.json and the editor types of the resources from their declarations. Run after a build.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const require = createRequire(import.meta.url);
const { packageSchema } = require("../dist/sdk/schema.js");
const { shapesText } = require("../dist/sdk/typescript.js");
const { declarations } = require("../dist/sdk/declarations.js");

writeFileSync(join(root, "schema.json"), `${JSON.stringify(packageSchema(), undefined, 2)}\n`);
const files = Object.keys(declarations)
  .filter((module) => declarations[module].length)
  .map((module) => {
    const file = join(root, "provider", "sdk", `${module}-shapes.ts`);
    writeFileSync(file, shapesText(module));
    return file;
  });
const { status } = spawnSync("biome", ["check", "--write", ...files], { stdio: "inherit" });
process.exitCode = status ?? 1;
