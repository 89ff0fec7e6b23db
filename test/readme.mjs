// Fills the tables of README.md from the code (`--write`), or says that they are stale. Run after a build.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const require = createRequire(import.meta.url);
const { settings } = require("../dist/core/settings.js");
const { errorCodes } = require("../dist/core/errors.js");

const cell = (text) => String(text).replaceAll("|", "\\|");
const row = (cells) => `| ${cells.map(cell).join(" | ")} |`;

const tables = {
  settings: [
    row(["stack configuration", "environment", "default", "what it is"]),
    row(["---", "---", "---", "---"]),
    ...Object.entries(settings).map(([name, { env, default: preset, secret, description }]) =>
      row([
        `\`journeys:${name}\`${secret ? " (secret)" : ""}`,
        `\`${env}\``,
        preset === undefined ? "" : `\`${preset}\``,
        description,
      ]),
    ),
  ],
  errors: [
    row(["code", "what it means", "what to do"]),
    row(["---", "---", "---"]),
    ...Object.entries(errorCodes).map(([code, { meaning, next }]) => row([`\`${code}\``, meaning, next])),
  ],
};

const path = join(root, "README.md");
const before = readFileSync(path, "utf8");
let after = before;
for (const [name, lines] of Object.entries(tables)) {
  const section = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!section.test(after)) throw new Error(`README.md has no section "${name}"`);
  after = after.replace(section, (_, open, close) => `${open}${lines.join("\n")}\n${close}`);
}
if (process.argv.includes("--write")) writeFileSync(path, after);
else if (after !== before) {
  console.error("The tables of README.md are stale: run `npm run docs`");
  process.exit(1);
}
