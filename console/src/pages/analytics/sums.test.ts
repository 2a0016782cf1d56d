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

test("the chart has each time once, in order, over all keys", () => {
  const [times, sent, delivered] = overTime(rows);
  expect(times).toEqual([Date.UTC(2026, 10, 1) / 1_000, Date.UTC(2026, 10, 2) / 1_000]);
  expect(sent).toEqual([96, 9]);
  expect(delivered).toEqual([3, 1]);
});

test("the total is that of all rows, and nothing of none", () => {
  expect(totalOf(rows)).toMatchObject({ accepted: 116, sent: 105 });
  expect(totalOf([])).toMatchObject({ accepted: 0, cancelled: 0 });
});
