/** The rows that a chart draws, out of points that come for busy intervals only. Pure. */
import type { CurvePoint } from "../../shapes/campaign.ts";

export const curveSeries = ["sent", "delivered", "read", "failed"] as const;

const mostPoints = 2_000;

/**
 * Seconds, then sent, delivered, read, failed. An interval without a point had none; a chart that joined its neighbours would
 * show traffic where there was silence, and one interval alone no line at all: so it begins one before the first. `sum` adds up
 * from the start.
 */
export function curveRows(points: readonly CurvePoint[], intervalS: number, how: "each" | "sum"): number[][] {
  const byTime = new Map(points.map((point) => [Math.floor(Date.parse(point.at) / 1_000), point]));
  const times = [...byTime.keys()].sort((a, b) => a - b);
  const rows: number[][] = [[], [], [], [], []];
  const [begin, last] = [times[0], times.at(-1)];
  if (begin === undefined || last === undefined) return rows;
  const first = begin - intervalS;
  const filled = (last - first) / intervalS <= mostPoints;
  const wanted = filled
    ? Array.from({ length: Math.floor((last - first) / intervalS) + 1 }, (_, i) => first + i * intervalS)
    : [first, ...times];
  const sums = [0, 0, 0, 0];
  for (const time of wanted) {
    const point = byTime.get(time);
    rows[0]!.push(time);
    curveSeries.forEach((name, i) => {
      const value = point?.[name] ?? 0;
      sums[i]! += value;
      rows[i + 1]!.push(how === "sum" ? sums[i]! : value);
    });
  }
  return rows;
}
