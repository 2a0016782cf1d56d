import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Most of the time tests on real servers wait: three files at once keep two cores busy.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: "unit",
          // Seconds of work on a quiet machine are many on a busy one.
          testTimeout: 30_000,
          include: ["{packages,services,deploy,schemas,demo,drill,bench,bin,tests,console}/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/*.int.test.ts", "tests/mesh/**", "tests/console/**"],
        },
      },
      {
        test: {
          name: "integration",
          include: ["{packages,services,deploy,demo}/**/*.int.test.ts"],
          exclude: ["**/node_modules/**"],
          globalSetup: ["packages/testing/src/global-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // All on one mesh of five processes, one file after the other: they kill services under it.
        test: {
          name: "mesh",
          include: ["tests/mesh/*.test.ts", "tests/console/*.test.ts"],
          globalSetup: ["tests/mesh/global-setup.ts"],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
