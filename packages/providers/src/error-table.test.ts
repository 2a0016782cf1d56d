import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cloudApiErrors } from "./cloud-api/errors.ts";
import { readErrorTable, rejectionOf } from "./error-table.ts";
import { wasenderErrors } from "./wasender/answer.ts";

const tables = { cloud_api: cloudApiErrors, wasender: wasenderErrors };
const rows = Object.entries(tables).flatMap(([name, table]) =>
  table.rows.map((row) => [name, row.code, row] as const),
);

describe("what holds for every row", () => {
  test.each(rows)("%s %s", (_name, _code, row) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.option(fc.integer({ min: 0, max: 86_400_000 }), { nil: null }),
        (claim, waitMs) => {
          const outcome = rejectionOf(row, { providerCode: "1", text: null, waitMs, claim });
          // A pause always ends, and only what is paused or slowed has one.
          if (outcome.effect === "pause") expect(outcome.pauseMs).toBeTypeOf("number");
          if (outcome.effect === "none") expect(outcome.pauseMs).toBeNull();
          if (outcome.retry.kind === "after") {
            // The provider's own wait is never cut short.
            if (waitMs !== null) expect(outcome.retry.ms).toBe(waitMs);
            // What is the session's or account's trouble costs the message nothing.
            expect(outcome.retry.countsAsAttempt).toBe(outcome.effect === "none");
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("a table with a mistake is refused at start", () => {
  const row = { code: "1", meaning: "m", class: "RETRY", reason: "provider_error" };
  const classes = {
    RETRY: { retry: "after", after_s: null, counts_as_attempt: true, scope: "message", effect: "none" },
  };
  const table = (change: object) => ({ as_of: "2026-09-30", source: "s", classes, rows: [row], ...change });
  test("while the right one is taken", () => {
    expect(readErrorTable(table({})).find("1")).toMatchObject({ scope: "message", says: null });
  });
  test.each([
    ["an unknown class", { rows: [{ ...row, class: "HOPE" }] }],
    ["an unknown reason", { rows: [{ ...row, reason: "bad_luck" }] }],
    ["the same code twice", { rows: [row, row] }],
    ["no date", { as_of: "recently" }],
    ["a negative wait", { rows: [{ ...row, after_s: -1 }] }],
  ])("%s", (_name, change) => {
    expect(() => readErrorTable(table(change))).toThrow();
  });
});
