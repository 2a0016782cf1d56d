import { expect, test } from "vitest";
import { createQueueQuota, roomIn, waitS } from "./queue-quota.ts";
import { foldWaiting, nothingWaits, type WaitingState, waitingOf } from "./waiting.ts";

test.each([
  ["bulk", 100, { otp: 0, others: 0 }, 100],
  ["bulk", 100, { otp: 50, others: 100 }, 0],
  ["standard", 100, { otp: 0, others: 140 }, 0],
  ["otp", 10_000, { otp: 0, others: 10_000 }, 1_000],
  ["otp", 10, { otp: 0, others: 10 }, 100],
  ["otp", 10, { otp: 100, others: 0 }, 0],
] as const)("lane %s of a plan with %i: with %o waiting there is room for %i", (lane, max, waiting, room) => {
  expect(roomIn(lane, max, waiting)).toBe(room);
});

test.each([
  [0, 10, 1],
  [100, 10, 11],
  [100_000, 10, 60],
  [1, 0, 60],
])("%i too many at %i per second: come back after %i s", (excess, perS, seconds) => {
  expect(waitS(excess, perS)).toBe(seconds);
});

test("what this process let in counts until the dispatcher has counted it, and no longer", () => {
  let nowMs = 100_000;
  let waiting = nothingWaits;
  const quota = createQueueQuota({ maxQueued: () => 100, waitingOf: () => waiting, nowMs: () => nowMs });
  quota.enter("acme", Array(60).fill("bulk"));
  expect(quota.room("acme", "bulk")).toBe(40);
  expect(quota.room("globex", "bulk")).toBe(100);
  nowMs += 2_000;
  quota.enter("acme", ["standard"]);
  expect(quota.room("acme", "bulk")).toBe(39);
  // Counted a moment ago: the 60 are in it, what came within the last second may not be.
  waiting = { ...nothingWaits, others: 60, countedAt: nowMs };
  expect(quota.room("acme", "bulk")).toBe(39);
  nowMs += 6_001;
  waiting = { ...nothingWaits, others: 0, countedAt: nowMs - 6_000 };
  expect(quota.room("acme", "bulk")).toBe(100);
});

test("the dispatcher's counts are summed over shards; a later one of a shard replaces the earlier, in whatever order they come", () => {
  const state: WaitingState = new Map();
  const count = (shard: number, bulk: number, recorded_at: number, heldReason: string | null = null) => ({
    tenant: "acme",
    shard,
    queued: { otp: 1, standard: 2, bulk },
    oldest_at: null,
    in_flight: 0,
    in_doubt: 0,
    sessions: [
      { session: "s", configured_per_s: 80, effective_per_s: 5, held_reason: heldReason, queued: 1 },
    ],
    held: [],
    recorded_at,
  });
  foldWaiting(state, count(1, 10, 5));
  foldWaiting(state, count(1, 99, 4));
  foldWaiting(state, count(2, 20, 7, "paused"));
  foldWaiting(state, count(2, 20, 7, "paused"));
  expect(waitingOf(state, "acme")).toEqual({ otp: 2, others: 34, countedAt: 7, perS: 5 });
  expect(waitingOf(state, "globex")).toEqual(nothingWaits);
});
