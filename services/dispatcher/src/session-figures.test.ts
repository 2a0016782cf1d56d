import { expect, test } from "vitest";
import { sessionFigures } from "./session-figures.ts";

const member = (over: object = {}) => ({
  queued: { otp: 0, standard: 1, bulk: 0 },
  configuredRatePerS: 10,
  effectiveRatePerS: 10,
  heldReason: null,
  pausedUntil: null,
  ...over,
});

test("only sessions that something waits for count, each in one state", () => {
  const members = [
    member(),
    member({ effectiveRatePerS: 8.9 }),
    member({ effectiveRatePerS: 9 }),
    member({ heldReason: "paused", pausedUntil: 1 }),
    member({ heldReason: "session_not_connected" }),
    member({ queued: { otp: 0, standard: 0, bulk: 0 } }),
  ];
  expect(sessionFigures(members, () => "cloud_api")).toEqual([
    {
      provider: "cloud_api",
      configuredPerS: 50,
      effectivePerS: 47.9,
      states: { open: 2, slowed: 1, paused: 1, held: 1 },
    },
  ]);
});

test("ten thousand sessions make one line per provider", () => {
  const members = Array.from({ length: 10_000 }, (_, i) => ({ ...member(), id: i }));
  const figures = sessionFigures(members, ({ id }) => (id % 2 === 0 ? "cloud_api" : "wasender"));
  expect(figures.map(({ provider, states }) => [provider, states.open])).toEqual([
    ["cloud_api", 5_000],
    ["wasender", 5_000],
  ]);
});
