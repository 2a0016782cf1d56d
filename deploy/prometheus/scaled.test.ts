import { expect, it } from "vitest";
import { readGroups } from "./rules.ts";
import { scaled, softened } from "./scaled.ts";

const group = (expr: string) => [
  { name: "g", rules: [{ alert: "A", expr, for: "5m", labels: {}, annotations: {} }] },
];

it("divides windows, offsets and patience, down to what a rate needs, and nothing else", () => {
  expect(scaled(group("rate(a[1h]) > 300 and a offset 10m"), 60)[0]?.rules).toMatchObject([
    { expr: "rate(a[60s]) > 300 and a offset 10s", for: "5s" },
  ]);
  expect(scaled(group("rate(a[1m])"), 60)[0]?.rules).toMatchObject([{ expr: "rate(a[5s])" }]);
});

it("can shorten every rule there is", () => {
  expect(JSON.stringify(scaled(readGroups(), 60))).not.toMatch(/\[\d+[mhd]\]|"for":"\d+[mhd]"/);
});

it("lowers a threshold, and says when there is none", () => {
  const lower = { alert: "A", from: "> 300", to: "> 3" };
  expect(softened(group("a > 300"), [lower])[0]?.rules).toMatchObject([{ expr: "a > 3" }]);
  expect(() => softened(group("a > 200"), [lower])).toThrow('A has no "> 300"');
});
