// Installs the packed package into an empty project outside the repository and uses it as a newcomer would.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/** What turns the README's first program into a project, and runs it as `pulumi up` does: a process of its own. */
const firstRun = `
import assert from "node:assert/strict";
import { startEmulator } from "pulumi-journeys/emulator";
import { deploy } from "pulumi-journeys/testing";

const emulator = await startEmulator();
const { stack } = await deploy(
  { folder: process.cwd() },
  {
    config: {
      "journeys:pushwooshApiToken": { value: "token", secret: true },
      "journeys:pushwooshJourneyUrl": emulator.url,
    },
  },
);
assert.equal(emulator.writes(), 2);
assert.equal((await stack.preview()).changed, 0);
await stack.close();
await emulator.close();
console.log("the README's first program runs from the packed package");
`;

const repository = resolve(import.meta.dirname, "..");
const readme = readFileSync(join(repository, "README.md"), "utf8");

/** The TypeScript a chapter of the README shows. */
function shown(chapter) {
  const [, code] = new RegExp(`\n## ${chapter}\n[^]*?\n\`\`\`ts\n([^]*?)\`\`\``).exec(readme) ?? [];
  if (!code) throw new Error(`the chapter "${chapter}" of README.md shows no program`);
  return code;
}

const scratch = mkdtempSync(join(tmpdir(), "journeys-package-"));
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

try {
  const { messages } = await publint({ pkgDir: repository, strict: true });
  const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  for (const message of messages) console.error(formatMessage(message, manifest));
  if (messages.some(({ type }) => type !== "suggestion")) throw new Error("publint objects to the package");

  const [{ filename, files }] = JSON.parse(
    run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", scratch], repository),
  );
  const stray = files
    .map(({ path }) => path)
    .filter((path) => !/^(dist\/|package\.json|README\.md|LICENSE|CHANGELOG\.md|schema\.json)/.test(path));
  if (stray.length) throw new Error(`the package holds files it should not: ${stray.join(", ")}`);

  const project = join(scratch, "first-program");
  mkdirSync(project);
  // The versions in use here, so that the check needs nothing but what is installed already in npm's cache.
  const { version: pulumi } = JSON.parse(
    readFileSync(join(repository, "node_modules/@pulumi/pulumi/package.json"), "utf8"),
  );
  const { version: typescript } = JSON.parse(
    readFileSync(join(repository, "node_modules/typescript/package.json"), "utf8"),
  );
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "first-program", private: true }));
  run(
    "npm",
    [
      "install",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
      join(scratch, filename),
      `@pulumi/pulumi@${pulumi}`,
      `typescript@${typescript}`,
      "@types/node@24",
    ],
    project,
  );
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { target: "es2023", module: "nodenext", strict: true, types: ["node"], outDir: "out" },
      files: ["index.ts", "run.mts", "test.mts"],
    }),
  );
  writeFileSync(join(project, "Pulumi.yaml"), "name: first-program\nruntime: nodejs\nmain: out/index.js\n");
  writeFileSync(join(project, "index.ts"), shown("A first program"));
  writeFileSync(join(project, "run.mts"), firstRun);
  writeFileSync(join(project, "test.mts"), shown("Testing your program"));
  run("node", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.json"], project);
  console.log(run("node", ["out/run.mjs"], project).trim());
  // Twice: nothing that one run of a user's test leaves may mislead the next.
  run("node", ["out/test.mjs"], project);
  run("node", ["out/test.mjs"], project);
  console.log("the README's test runs from the packed package");
  console.log(run("node_modules/.bin/journeys", ["--version"], project).trim());
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
