import { globSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

/** What a test of these replaces in a module would stay replaced for the files after it. */
const replacing = globSync("test/unit/**/*.test.ts").filter((file) =>
  /\bvi\.(do)?mock\(/i.test(readFileSync(file, "utf8")),
);

export default defineConfig({
  test: {
    globalSetup: "test/surroundings.ts",
    pool: "forks",
    // Tests wait for processes and calls more than they compute: twice the cores keeps these busy.
    maxWorkers: "200%",
    // Only what hangs may end a test: a busy machine may not.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        // The modules of the provider keep nothing, so most files can do with a process others had: a new one costs half a second.
        test: { name: "shared", include: ["test/unit/**/*.test.ts"], exclude: replacing, isolate: false },
      },
      { extends: true, test: { name: "own", include: [...replacing, "test/{contract,e2e}/**/*.test.ts"] } },
    ],
  },
});
