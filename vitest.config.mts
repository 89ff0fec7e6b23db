import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/{unit,contract,e2e}/**/*.test.ts"],
    pool: "forks",
    // Tests wait for processes and calls more than they compute: twice the cores keeps these busy.
    maxWorkers: "200%",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
