import { defineConfig } from "vitest/config";

// Longer searches: seeds are printed, and a failing one is kept as a regression in the suite it belongs to.
export default defineConfig({
  test: { include: ["test/nightly/**/*.test.ts"], pool: "forks", testTimeout: 600_000, hookTimeout: 60_000 },
});
