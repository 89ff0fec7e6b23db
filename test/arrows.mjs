// Holds the direction of imports between the rooms of provider/ (see CONTRIBUTING.md).
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
  definition: ["core", "pushwoosh"],
  lint: ["core", "pushwoosh", "definition"],
  review: ["core", "pushwoosh", "definition"],
  sdk: ["core", "pushwoosh", "engagelab", "definition"],
  hosts: ["core", "pushwoosh", "engagelab"],
  cli: ["core", "pushwoosh", "engagelab", "definition", "lint", "review", "emulator", "engine", "sdk"],
  "": ["sdk"],
};
const knowsPulumi = new Set(["sdk", "hosts", "engine", "cli", ""]);

const problems = [];
for (const file of readdirSync(root, { recursive: true }).filter((name) => name.endsWith(".ts"))) {
  const room = dirname(file) === "." ? "" : file.split("/")[0];
  const rooms = allowed[room];
  if (!rooms) {
    problems.push(`${file}: room "${room}" is not in test/arrows.mjs`);
    continue;
  }
  const text = readFileSync(join(root, file), "utf8");
  for (const [, name] of text.matchAll(/(?:from|import\(|require\(|import)\s*["']([^"']+)["']/g)) {
    if (name.startsWith(".")) {
      const target = relative(root, resolve(root, dirname(file), name)).split("/")[0];
      if (target !== room && !rooms.includes(target))
        problems.push(`${file}: ${room || "index"} may not import ${target}`);
    } else if (name.startsWith("@pulumi/") && !knowsPulumi.has(room)) {
      problems.push(`${file}: only sdk, hosts, engine and cli know Pulumi`);
    }
  }
}
if (problems.length) {
  console.error(problems.join("\n"));
  process.exit(1);
}
