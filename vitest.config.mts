import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/{unit,contract,e2e}/**/*.test.ts"],
    globalSetup: "test/surroundings.ts",
    pool: "forks",
    // Tests wait for processes and calls more than they compute: twice the cores keeps these busy.
    maxWorkers: "200%",
    // Only what hangs may end a test: a busy machine may not.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
