import fc from "fast-check";
import { expect, test } from "vitest";
import { figuresOf } from "./progress.ts";

test("read messages were delivered, and delivered ones were sent", () => {
  const figures = figuresOf({
    counts: {
      queued: 5,
      sent: 10,
      delivered: 20,
      read: 30,
      played: 1,
      failed: 4,
      expired: 2,
      in_doubt: 3,
      cancelled: 7,
    },
    total: 90,
    expanded: 82,
    skipped: 8,
  });
  expect(figures).toMatchObject({
    toSend: 82,
    sent: 61,
    delivered: 51,
    read: 31,
    failed: 6,
    doubtful: 3,
    ended: 74,
  });
});

test("the parts of the bar never count a message twice", () => {
  const counts = fc.dictionary(
    fc.constantFrom(
      "queued",
      "claimed",
      "sent",
      "delivered",
      "read",
      "played",
      "failed",
      "expired",
      "cancelled",
    ),
    fc.nat(100_000),
  );
  fc.assert(
    fc.property(counts, (given) => {
      const all = Object.values(given).reduce((sum, n) => sum + n, 0);
      const { parts, toSend } = figuresOf({ counts: given, total: null, expanded: all, skipped: 0 });
      expect(parts.reduce((sum, part) => sum + part.count, 0)).toBeLessThanOrEqual(toSend);
    }),
  );
});

test("before its audience is counted, a campaign shows what was made so far", () => {
  expect(figuresOf({ counts: {}, total: null, expanded: 1_000, skipped: 0 }).toSend).toBe(1_000);
});
