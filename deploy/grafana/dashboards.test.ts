import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { knownMetrics } from "../prometheus/known-metrics.ts";
import { metricNames } from "../prometheus/metric-names.ts";
import { render } from "./render.ts";
import { dashboards } from "./source/index.ts";

const panels = dashboards.flatMap(({ uid, rows }) =>
  rows.flatMap((row) => row.panels.map((panel) => ({ uid, panel }))),
);

it.each(dashboards)("$title: its file is what source/ says", (dashboard) => {
  const written = JSON.parse(readFileSync(new URL(`${dashboard.uid}.json`, import.meta.url), "utf8"));
  expect(written, "stale: npm run dashboards").toEqual(render(dashboard));
});

it("every panel says what is seen, and asks only for metrics that exist", () => {
  const known = new Set(knownMetrics());
  for (const { uid, panel } of panels) {
    expect(panel.about.length, `${uid}: ${panel.title}`).toBeGreaterThan(5);
    for (const { expr } of panel.queries)
      expect(
        metricNames(expr).filter((name) => !known.has(name)),
        `${uid}: ${panel.title}`,
      ).toEqual([]);
  }
});

it("no panel covers another, and none has the name of another beside it", () => {
  for (const dashboard of dashboards) {
    const { panels } = render(dashboard) as {
      panels: { title: string; gridPos: { x: number; y: number; w: number; h: number } }[];
    };
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  }
});
