/** What a scrape costs: measured on the page that Prometheus gets, with 2,000 tenants. */
import { createRegistry } from "@wamesh/metrics";
import { expect, test } from "vitest";
import { mostNamed } from "../config.ts";
import { none, type Totals } from "./outcomes.ts";
import { sayTenant } from "./say-tenant.ts";
import { createTenantSeries, type TenantLook } from "./series.ts";

const tenants = 2_000;
const looks = (n: number) =>
  new Map(
    Array.from({ length: tenants }, (_, i): [string, TenantLook] => {
      const counts = Object.keys(none).map((outcome, at) => [outcome, n * (1_000_000 + i * 10 + at)]);
      return [
        `customer-of-the-agency-${String(i).padStart(5, "0")}`,
        {
          totals: Object.fromEntries(counts) as Totals,
          webhooks: { delivered: 123_456, retry: 12, failed: 3 },
          waiting: 12_345,
          oldestS: 123,
          inDoubt: 7,
          sessions: { connected: 4, disconnected: 1, suspended: 1 },
        },
      ];
    }),
  );

function pageOf(most: number): () => Promise<string> {
  const series = createTenantSeries(most);
  series(looks(1), 0);
  const { figures } = series(looks(2), 60_000);
  const registry = createRegistry();
  registry.observe((say) => {
    for (const one of figures) sayTenant(say, one);
  });
  return registry.text;
}

test.each([
  ["as many have series of their own as may", mostNamed],
  ["200 have, which is the default", 200],
])("of 2,000 tenants %s: a page below 2 MB within 200 ms", async (_, most) => {
  const page = pageOf(most);
  const text = await page();
  let tookMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) tookMs = Math.min(tookMs, await timed(page));
  const bytes = Buffer.byteLength(text);
  console.log(`${most} of ${tenants} tenants named: ${bytes} bytes, ${tookMs.toFixed(1)} ms`);
  expect(new Set(text.match(/tenant="[^"]+"/g)).size).toBe(most + 1);
  expect(bytes).toBeLessThan(2_000_000);
  expect(tookMs).toBeLessThan(200);
});

/** Of the processor, in milliseconds: other tests run beside this one. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1_000;
}
