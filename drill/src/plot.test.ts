import { expect, test } from "vitest";
import { niceCeil, plot } from "./plot.ts";

test.each([
  [0, 1],
  [1, 1],
  [1.1, 2],
  [34, 50],
  [501, 1000],
  [0.03, 0.05],
])("an axis for %d ends at %d", (value, top) => {
  expect(niceCeil(value)).toBeCloseTo(top);
});

test("the highest point lies at the top of its panel, the lowest at its bottom", () => {
  const points = [
    { minute: 0, value: 0 },
    { minute: 10, value: 100 },
  ];
  const svg = plot("t", [{ title: "p", unit: "MB", lines: [{ name: "a<b", points }] }]);
  expect(svg).toContain('points="48.0,208.0 370.0,26.0"');
  expect(svg).toContain("a&lt;b");
});
