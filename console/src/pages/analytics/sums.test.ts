import { expect, test } from "vitest";
import { byKey, overTime, totalOf } from "./sums.ts";

const row = (at: string, key: string, accepted: number, sent: number) => ({
  ...{ at, key, accepted, sent, delivered: 1, read: 0, failed: 0, expired: 0, cancelled: 0 },
});
const rows = [
  row("2026-11-02T00:00:00Z", "utility", 10, 9),
  row("2026-11-01T00:00:00Z", "utility", 5, 5),
  row("2026-11-01T00:00:00Z", "marketing", 100, 90),
  row("2026-11-01T00:00:00Z", "", 1, 1),
];

test("each key once, the largest first", () => {
  expect(byKey(rows).map(({ key, sums }) => [key, sums.accepted])).toEqual([
    ["marketing", 100],
    ["utility", 15],
    ["", 1],
  ]);
});

const days = { from: "2026-10-31T00:00:00Z", to: "2026-11-05T00:00:00Z", stepS: 86_400 };

test("the chart has each time once, in order, over all keys, and nothing where there was nothing", () => {
  const nowMs = Date.UTC(2026, 10, 3, 12);
  const [times, sent, delivered] = overTime(rows, { ...days, nowMs });
  expect(times).toEqual([31, 32, 33, 34].map((day) => Date.UTC(2026, 9, day) / 1_000));
  expect(sent).toEqual([0, 96, 9, 0]);
  expect(delivered).toEqual([0, 3, 1, 0]);
});

test("of a very long time the chart shows the end", () => {
  const [times] = overTime([], { ...days, from: "1970-01-01T00:00:00Z", nowMs: Date.parse(days.to) });
  expect(times).toHaveLength(2_000);
  expect(times?.at(-1)).toBe(Date.UTC(2026, 10, 4) / 1_000);
});

test("the total is that of all rows, and nothing of none", () => {
  expect(totalOf(rows)).toMatchObject({ accepted: 116, sent: 105 });
  expect(totalOf([])).toMatchObject({ accepted: 0, cancelled: 0 });
});
