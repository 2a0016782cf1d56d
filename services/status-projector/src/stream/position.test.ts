import fc from "fast-check";
import { expect, test } from "vitest";
import { eventIdOf, eventIdOfSince, isStillNoted, sinceOf } from "./position.ts";

test("an event id brings back the oldest transaction that was not over", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 3n, max: 2n ** 62n }), fc.nat(), (xact, atMs) => {
      const id = eventIdOf({ snapshot: `${xact}:${xact + 5n}:${xact},${xact + 2n}`, atMs });
      expect(sinceOf(id)).toEqual({ xact, atMs });
      expect(eventIdOfSince({ xact, atMs })).toBe(id);
    }),
  );
});

test.each([undefined, "", "7", "-7-1", "7-", "7-1-1", "x-1", "7-1 or 1=1", `${"9".repeat(20)}-1`])(
  "%s is no event id",
  (text) => {
    expect(sinceOf(text)).toBeNull();
  },
);

test("what left off while its changes are noted goes on; shortly before they are forgotten it does not", () => {
  const position = { snapshot: "9:9:", atMs: 1_000_000 };
  expect(isStillNoted({ xact: 7n, atMs: 1_000_000 - 540_000 }, position, 600_000)).toBe(true);
  expect(isStillNoted({ xact: 7n, atMs: 1_000_000 - 540_001 }, position, 600_000)).toBe(false);
});
