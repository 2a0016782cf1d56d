import { expect, it } from "vitest";
import { asSent, checkPanels } from "./panels.ts";

it("asks as Grafana would with everything chosen", () => {
  expect(asSent('rate(a{job=~"$job",tenant=~"$tenant"}[$__rate_interval])')).toBe(
    'rate(a{job=~".*",tenant=~".*"}[30s])',
  );
});

it("a panel is empty until one look finds a number; NaN is none", async () => {
  const panels = checkPanels({
    query: async (expr) =>
      /in_doubt/.test(expr) ? [{ labels: {}, value: Number.NaN }] : [{ labels: {}, value: 0 }],
  });
  expect(panels.asked).toBeGreaterThan(60);
  expect(panels.empty()).toHaveLength(panels.asked);
  await panels.look();
  expect(new Set(panels.empty().map(({ panel }) => panel))).toEqual(
    new Set(["In doubt", "In flight and in doubt"]),
  );
});
