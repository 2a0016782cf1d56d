import { expect, it } from "vitest";
import { metricNames } from "./metric-names.ts";

it.each([
  ["up == 0", ["up"]],
  [
    'sum by (job) (rate(a_total{route=~"/x(.*)",by="b"}[5m])) / on (job) group_left (c) (d > 0)',
    ["a_total", "d"],
  ],
  ["(x_total unless x_total offset 10m) or increase(x_total[10m])", ["x_total"]],
  ["wamesh:api:ratio_rate1h > 14.4 * 1e3 and absent(up)", ["wamesh:api:ratio_rate1h", "up"]],
  ["histogram_quantile(0.99, sum by (le) (rate(h_bucket[1m]))) or vector(0)", ["h_bucket"]],
])("finds in %s the metrics, and no function, label, word or number", (expr, names) => {
  expect(metricNames(expr)).toEqual(names);
});
