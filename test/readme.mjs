// Fills the tables of README.md from the code (`--write`), or says that they are stale; and says what its table of
// endpoints leaves out, or names without it being there. Run after a build.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const require = createRequire(import.meta.url);
const { settings } = require("../dist/core/settings.js");
const { errorCodes } = require("../dist/core/errors.js");
const { World } = require("../dist/emulator/world.js");
const { createPushwoosh } = require("../dist/emulator/pushwoosh/platform.js");
const { createEngagelab } = require("../dist/emulator/engagelab/platform.js");

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

const world = new World({ seed: 1 });
const platforms = [
  createPushwoosh(world, { list: "on" }, undefined).platform,
  createEngagelab(world, { tagList: "on" }, undefined).platform,
];
// The emulator serves EngageLab's second region under a path of its own.
const endpoints = platforms.flatMap((platform) => platform.endpoints).filter((each) => !each.path.startsWith("/tr/"));
const described = after.split("\n").filter((line) => /^\| `[\w.]+` \| `[A-Z]+ \/\S+` \| .* \|$/.test(line));
const wanted = endpoints.map(
  ({ name, method, path: route }) =>
    `| \`${name}\` | \`${method} ${route.replace(":id", "{id}").replace("::", ":")}\` |`,
);
const problems = [
  ...wanted
    .filter((start) => described.filter((line) => line.startsWith(start)).length !== 1)
    .map((start) => `The table of endpoints must have exactly one row that begins with ${start}`),
  ...described
    .filter((line) => !wanted.some((start) => line.startsWith(start)))
    .map((line) => `The table of endpoints has a row of no endpoint: ${line}`),
  ...described.filter((line) => !/`test\/\S+\.test\.ts` \|$/.test(line)).map((line) => `A row names no test: ${line}`),
  ...[...after.matchAll(/`(test\/[^`\s]+)`/g)]
    .filter(([, named]) => !existsSync(join(root, named)))
    .map(([, named]) => `README.md names ${named}, which doesn't exist`),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
