import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogue } from "./catalogue.ts";
import type { Metric } from "./metric.ts";
import { reference } from "./reference.ts";

const entries = Object.entries(catalogue) as [string, Metric][];

test("docs/metrics.md is what the catalogue says (npm run metrics)", () => {
  const page = readFileSync(new URL("../../../docs/metrics.md", import.meta.url), "utf8");
  expect(page).toBe(reference(catalogue));
});

test("names tell their type and unit as Prometheus has it", () => {
  for (const [name, { type, unit, buckets }] of entries) {
    expect.soft(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect.soft(name.endsWith("_total"), name).toBe(type === "counter");
    expect.soft(/_seconds(_total)?$/.test(name), name).toBe(unit === "seconds");
    expect.soft(name.endsWith("_bytes"), name).toBe(unit === "bytes");
    expect.soft(buckets !== undefined, name).toBe(type === "histogram");
    expect
      .soft(
        [...(buckets ?? [])].sort((a, b) => a - b),
        name,
      )
      .toEqual([...(buckets ?? [])]);
  }
});

test("series that begin at zero have exactly the labels of their metric, and are there at the start", () => {
  const begun = entries.filter(([, { begins }]) => begins !== undefined);
  expect(begun.length).toBeGreaterThan(5);
  for (const [name, { begins, labels, type, appears }] of begun) {
    for (const set of begins!) expect.soft(Object.keys(set).sort(), name).toEqual([...labels].sort());
    expect.soft(new Set(begins!.map((set) => JSON.stringify(set))).size, name).toBe(begins!.length);
    expect.soft([type, appears], name).toEqual([type === "gauge" ? "no gauge" : type, "start"]);
  }
});

test("no label names a session, a message or a person, and only tenant_* name tenants", () => {
  for (const [name, { labels }] of entries) {
    const forbidden = labels.filter((label) =>
      /session|message|recipient|person|phone|campaign|key/.test(label),
    );
    expect.soft(forbidden, name).toEqual([]);
    expect.soft(labels.includes("tenant"), name).toBe(name.startsWith("tenant_") && name !== "tenant_series");
  }
});
