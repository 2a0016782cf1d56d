import { topics } from "@wamesh/events";
import { expect, test } from "vitest";
import { foldedTopics } from "../fold.ts";
import { cutoffOf, leastDays } from "./cutoff.ts";

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 22);

test.each([
  [90, 400, 90],
  [1, 400, leastDays],
  [3_650, 400, 400],
  [undefined, 400, 400],
  [90, 40, 40],
])("a tenant that asks for %s days, of %s at most, keeps %s", (asked, most, kept) => {
  expect(now - cutoffOf(asked, most, now)).toBe(kept * dayMs);
});

test("nothing is removed that a topic still tells of, but for the audit trail, which stays", () => {
  const longest = foldedTopics
    .filter(({ name }) => name !== topics.audit.name)
    .map((one) => one.retentionDays ?? 0);
  expect(Math.max(...longest)).toBeLessThan(leastDays);
});
