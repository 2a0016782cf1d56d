import { expect, test } from "vitest";
import { dispatchState } from "../../../packages/testing/src/events.ts";
import { backlogOf, backlogOfSession } from "./backlog.ts";

const now = Date.UTC(2026, 10, 20);
const pace = { session: "ses_1", configured_per_s: 80, effective_per_s: 40, held_reason: null, queued: 7 };
const held = { session: "ses_1", campaign: null, template: null, until: null };
const states = [
  dispatchState({
    queued: { otp: 1, standard: 2, bulk: 3 },
    oldest_at: now - 5_400,
    sessions: [pace, { ...pace, session: "ses_2" }],
    held: [
      { ...held, reason: "pace", messages: 4 },
      { ...held, reason: "campaign_paused", messages: 5 },
      { ...held, session: "ses_2", reason: "paused", messages: 9 },
    ],
  }),
  dispatchState({
    queued: { otp: 0, standard: 0, bulk: 10 },
    oldest_at: null,
    sessions: [],
    held: [{ ...held, reason: "pace", messages: 2 }],
  }),
];

test("what waits is summed over all shards, and the oldest of all is told", () => {
  expect(backlogOf(states, now)).toEqual({ queued: { otp: 1, standard: 2, bulk: 13 }, oldestWaitS: 5 });
  expect(backlogOf([], now)).toEqual({ queued: { otp: 0, standard: 0, bulk: 0 }, oldestWaitS: null });
});

test("a session's own, with what holds most of it first", () => {
  expect(backlogOfSession(states, "ses_1")).toEqual({
    queued: 7,
    effectivePerS: 40,
    held: [
      { reason: "pace", count: 6 },
      { reason: "campaign_paused", count: 5 },
    ],
  });
});

test("of a session without waiting messages nobody says a rate", () => {
  expect(backlogOfSession(states, "ses_9")).toEqual({ queued: 0, effectivePerS: null, held: [] });
});
