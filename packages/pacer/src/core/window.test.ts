import fc from "fast-check";
import { expect, test } from "vitest";
import type { Head, Place } from "../store.ts";
import {
  insert,
  isBefore,
  lookAgain,
  newWindow,
  offer,
  refilled,
  remove,
  take,
  type Window,
  wanted,
  windowSize,
} from "./window.ts";

const key = { shard: 0, member: "m", lane: "bulk" as const, stream: "", tenant: "t" };
const head = (place: number, offset = 0): Head => ({
  ...key,
  id: `${place}/${offset}`,
  place,
  offset,
  n: 0,
  nextAt: null,
});

test("the size follows the rate, within bounds", () => {
  expect([0, 0.2, 80, 1000, 9999].map((ratePerS) => windowSize(ratePerS, 50))).toEqual([
    16, 16, 160, 1000, 1000,
  ]);
  expect([500, 1_000, 10_000].map((members) => windowSize(80, members))).toEqual([160, 100, 16]);
});

test("heads leave in the order of their places, whatever the order of their coming", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 16 }), (places) => {
      const window = newWindow(key, 0);
      for (const [place, offset] of places) insert(window, head(place, offset));
      const left = places.map(() => take(window)!);
      expect(left.every((one, i) => i === 0 || !isBefore(one, left[i - 1]!))).toBe(true);
    }),
  );
});

test("an idle window takes a new item without asking the store", () => {
  const window = newWindow(key, 0);
  expect(offer(window, head(5))).toBe(true);
  expect(wanted(window)).toBe(0);
  expect(take(window)?.place).toBe(5);
});

test("it asks when less than half full and there is more, once at a time", () => {
  const window = newWindow(key, 100);
  expect(wanted(window)).toBe(16);
  window.refilling = true;
  expect(wanted(window)).toBe(0);
  refilled(
    window,
    {
      scanned: 16,
      reached: { place: 16, offset: 0 },
      fresh: Array.from({ length: 16 }, (_, i) => head(i + 1)),
    },
    16,
  );
  expect(window.more).toBe(true);
  expect(wanted(window)).toBe(0);
  for (let i = 0; i < 9; i++) take(window);
  expect(wanted(window)).toBe(9);
});

test("an item removed does not come out", () => {
  const window = newWindow(key, 0);
  offer(window, head(1));
  offer(window, head(2));
  remove(window, head(1).id);
  expect(take(window)?.place).toBe(2);
});

/** The window beside a store that is a plain list: whatever happens in whatever order, nothing in it is passed over. */
test("nothing is passed over: all that is in the store comes out", () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant("admit" as const), place: fc.nat(30) }),
    fc.constant({ kind: "ask" as const }),
    fc.constant({ kind: "answer" as const }),
    fc.constant({ kind: "take" as const }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), (events) => {
      const store: Head[] = [];
      const out = new Set<string>();
      const window: Window = newWindow(key, 0);
      let asked: { after: Place; limit: number; snapshot: Head[] } | null = null;
      const ask = () => {
        const limit = wanted(window);
        if (limit === 0 || asked !== null) return;
        window.refilling = true;
        // The answer is drawn from what is committed when the question is asked.
        asked = { after: window.after, limit, snapshot: [...store] };
      };
      const answer = () => {
        if (asked === null) return;
        const { after, limit, snapshot } = asked;
        asked = null;
        const seen = snapshot
          .filter((one) => isBefore(after, one))
          .sort((a, b) => (isBefore(a, b) ? -1 : 1))
          .slice(0, limit);
        const inHand = new Set([...window.heads.map(({ id }) => id), ...out]);
        const fresh = seen.filter(({ id }) => !inHand.has(id));
        refilled(window, { scanned: seen.length, reached: seen.at(-1) ?? null, fresh }, limit);
      };
      const takeOne = () => {
        const one = take(window);
        if (one !== undefined) out.add(one.id);
      };
      for (const one of events) {
        if (one.kind === "admit") {
          const fresh = head(one.place, store.length);
          store.push(fresh);
          offer(window, fresh);
        } else if (one.kind === "ask") ask();
        else if (one.kind === "answer") answer();
        else takeOne();
      }
      for (let i = 0; i < 3 * store.length + 3; i++) {
        answer();
        ask();
        takeOne();
      }
      expect(out.size).toBe(store.length);
    }),
  );
});

test("a place behind the cursor is read again", () => {
  const window = newWindow(key, 1);
  window.refilling = true;
  refilled(window, { scanned: 1, reached: { place: 9, offset: 0 }, fresh: [head(9)] }, 16);
  lookAgain(window, { place: 4, offset: 2 });
  expect(window.more).toBe(true);
  expect(window.after).toEqual({ place: 4, offset: 1 });
});
