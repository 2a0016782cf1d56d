// Counts tests for the last line of `npm test`; bin/test.ts prints it once vitest has said everything else.
import { writeFileSync } from "node:fs";
import type { Reporter } from "vitest/node";

/** `skippedNames` are for the reader of the log: a skipped test must not go unseen. */
export type Counts = { passed: number; failed: number; skipped: number; skippedNames: string[] };

/**
 * Tests by their result. A file or suite that could not be collected or whose hooks failed counts as one failure, as
 * does every error outside any test: a run with such a thing must never end in "0 failed".
 */
export function countTests(modules: readonly CountedModule[], unhandledErrors: number): Counts {
  const counts: Counts = { passed: 0, failed: unhandledErrors, skipped: 0, skippedNames: [] };
  for (const module of modules) {
    counts.failed += module.errors().length > 0 ? 1 : 0;
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length > 0 ? 1 : 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") counts.passed++;
      else if (state === "skipped") {
        counts.skipped++;
        counts.skippedNames.push(`${module.relativeModuleId} > ${test.fullName}`);
      } else counts.failed++; // Also "pending": the run ended before the test did.
    }
  }
  return counts;
}

/** What of vitest's module is looked at. */
export type CountedModule = {
  relativeModuleId: string;
  errors(): readonly unknown[];
  children: {
    allSuites(): Iterable<{ errors(): readonly unknown[] }>;
    allTests(): Iterable<{
      fullName: string;
      result(): { state: "passed" | "failed" | "skipped" | "pending" };
    }>;
  };
};

/** Writes the counts as JSON to the file named in WAMESH_TEST_COUNTS. */
export default function countingReporter(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const file = process.env.WAMESH_TEST_COUNTS;
      if (file) writeFileSync(file, JSON.stringify(countTests(modules, unhandledErrors.length)));
    },
  };
}
