// Holds the direction of imports between the rooms of provider/ (see CONTRIBUTING.md), and that no imports run in a circle.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..", "provider");

/** What each room may import of ours; a room may always import itself. */
const allowed = {
  core: [],
  engine: [],
  emulator: [],
  pushwoosh: ["core"],
  engagelab: ["core"],
  sdk: ["core", "pushwoosh", "engagelab"],
  hosts: ["core", "pushwoosh", "engagelab"],
  cli: ["core", "pushwoosh", "engagelab", "emulator"],
  "": ["sdk"],
};
const knowsPulumi = new Set(["sdk", "hosts", "engine", "cli", ""]);

const problems = [];
const files = readdirSync(root, { recursive: true }).filter((name) => name.endsWith(".ts"));
/** By file, the files it imports. */
const imports = new Map(files.map((file) => [file, []]));
for (const file of files) {
  const room = dirname(file) === "." ? "" : file.split("/")[0];
  const rooms = allowed[room];
  if (!rooms) {
    problems.push(`${file}: room "${room}" is not in test/arrows.mjs`);
    continue;
  }
  const text = readFileSync(join(root, file), "utf8");
  for (const [, name] of text.matchAll(/(?:from|import\(|require\(|import)\s*["']([^"']+)["']/g)) {
    if (name.startsWith(".")) {
      const path = relative(root, resolve(root, dirname(file), name)).replace(/\.js$/, "");
      imports.get(file).push(...[`${path}.ts`, `${path}/index.ts`].filter((target) => imports.has(target)));
      const target = path.split("/")[0];
      if (target !== room && !rooms.includes(target))
        problems.push(`${file}: ${room || "index"} may not import ${target}`);
    } else if (name.startsWith("@pulumi/") && !knowsPulumi.has(room)) {
      problems.push(`${file}: only sdk, hosts, engine and cli know Pulumi`);
    }
  }
}

const walked = new Set();
function walk(file, way) {
  if (way.includes(file)) problems.push(`a circle: ${[...way.slice(way.indexOf(file)), file].join(" → ")}`);
  if (walked.has(file)) return;
  walked.add(file);
  for (const target of imports.get(file)) walk(target, [...way, file]);
}
for (const file of files) walk(file, []);

if (problems.length) {
  console.error(problems.join("\n"));
  process.exit(1);
}
