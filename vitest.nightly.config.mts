import { defineConfig } from "vitest/config";

// Longer searches: seeds are printed, and a failing one is kept as a regression in the suite it belongs to.
export default defineConfig({
  test: {
    include: ["test/nightly/**/*.test.ts"],
    globalSetup: "test/surroundings.ts",
    pool: "forks",
    testTimeout: 1_800_000,
    hookTimeout: 180_000,
  },
});
