/** Whether a series is flat once the mesh is warm. Pure. */
import type { Point, Series } from "./series.ts";

export type Verdict = {
  panel: string;
  name: string;
  unit: string;
  /** Null: shown only, or too short to judge. */
  flat: boolean | null;
  first: number;
  last: number;
  /** By how much it rose as its rule counts it, and how much is allowed; in the series' unit. */
  rose: number | null;
  allowed: number | null;
};

/** The part of the time in which caches fill and V8 finds its size. */
export const warmUpShare = 1 / 3;
/** Below that there is no trend to speak of. */
const leastPoints = 6;

export function judgeSeries({ panel, name, unit, rule, points }: Series, lastMinute: number): Verdict {
  const warm = points.filter(({ minute }) => minute >= lastMinute * warmUpShare);
  const ends = { first: round(warm[0]?.value ?? 0), last: round(warm.at(-1)?.value ?? 0) };
  const unjudged = { panel, name, unit, flat: null, ...ends, rose: null, allowed: null };
  if (rule.kind === "shown" || warm.length < leastPoints) return unjudged;
  const halves = [
    warm.slice(0, Math.floor(warm.length / 2)),
    warm.slice(Math.floor(warm.length / 2)),
  ] as const;
  const base = rule.kind === "trend" ? mean(warm) : highest(halves[0]);
  const rose = rule.kind === "trend" ? trend(warm) : highest(halves[1]) - highest(halves[0]);
  const allowed = rule.rise * base + rule.slack;
  return { panel, name, unit, flat: rose <= allowed, ...ends, rose: round(rose), allowed: round(allowed) };
}

/** How much the least-squares line rises from the first point to the last. */
export function trend(points: readonly Point[]): number {
  const [from, to] = [points[0]?.minute ?? 0, points.at(-1)?.minute ?? 0];
  const middle = points.reduce((sum, { minute }) => sum + minute, 0) / points.length;
  const average = mean(points);
  const over = points.reduce((sum, { minute, value }) => sum + (minute - middle) * (value - average), 0);
  const under = points.reduce((sum, { minute }) => sum + (minute - middle) ** 2, 0);
  return under === 0 ? 0 : (over / under) * (to - from);
}

const mean = (points: readonly Point[]) => points.reduce((sum, { value }) => sum + value, 0) / points.length;
const highest = (points: readonly Point[]) => Math.max(...points.map(({ value }) => value));
const round = (value: number) => Number(value.toFixed(value < 10 ? 2 : 1));
