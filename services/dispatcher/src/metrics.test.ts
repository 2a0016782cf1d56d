/** What a scrape costs with 10,000 sessions of 2,000 tenants that all have something waiting. */
import { metricsText } from "@wamesh/metrics";
import type { MemberSnapshot, Snapshot, TenantSnapshot } from "@wamesh/pacer";
import { expect, test } from "vitest";
import { measureShards, observeSchedule } from "./metrics.ts";

const lanes = <T>(value: T) => ({ otp: value, standard: value, bulk: value });
const members = Array.from(
  { length: 10_000 },
  (_, i): MemberSnapshot => ({
    id: `ses_${i}`,
    tenant: `tenant-${i % 2_000}`,
    shard: i % 16,
    configuredRatePerS: 80,
    effectiveRatePerS: 40,
    pausedUntil: null,
    heldReason: null,
    queued: lanes(5),
  }),
);
const perTenant = Array.from(
  { length: 2_000 },
  (_, i): TenantSnapshot => ({
    tenant: `tenant-${i}`,
    shard: i % 16,
    queued: lanes(25),
    oldestMs: lanes(1_000),
    inFlight: 1,
    inDoubt: 0,
    sentTotal: 9,
  }),
);
const snapshot = (): Snapshot => ({
  queued: lanes(50_000),
  oldestMs: lanes(1_000),
  inFlight: 256,
  inDoubt: 3,
  perTenant,
  members,
  held: [],
  sentTotal: 18_000,
  storeTrouble: null,
  owned: 16,
  outbox: { rows: 4, published: 100 },
});

test("no session and no tenant has a series here: the page stays small and quick whatever their number", async () => {
  const consumer = { lag: () => 0 };
  observeSchedule({ pacer: { snapshot }, consumer, providerOf: () => "cloud_api" });
  await metricsText();
  const times: number[] = [];
  while (times.length < 5) {
    // Of the processor: other tests run beside this one.
    const began = process.threadCpuUsage();
    await metricsText();
    const { user, system } = process.threadCpuUsage(began);
    times.push((user + system) / 1_000);
  }
  const page = await metricsText();
  console.log(`10,000 sessions: ${page.length} bytes, ${Math.min(...times).toFixed(1)} ms`);
  expect(page).not.toMatch(/ses_|tenant-/);
  expect(page).toContain('wamesh_dispatch_sessions{provider="cloud_api",state="slowed"} 10000');
  expect(page).toContain('wamesh_outbox_rows{outbox="dispatch"} 4');
  expect(page.length).toBeLessThan(20_000);
  expect(Math.min(...times)).toBeLessThan(200);
});

test("shards that come and go are counted by why, and every way is served before it happened", async () => {
  const measures = measureShards();
  const changes = async (change: string) =>
    (await metricsText()).match(
      new RegExp(`dispatch_shard_changes_total\\{change="${change}"\\} (\\d+)`),
    )?.[1];
  expect(await changes("lease_taken")).toBe("0");
  measures.wanted(3);
  measures.logged({ event: "shard_acquired", shard: 3 });
  measures.logged({ event: "shard_lost", shard: 3, why: "lease_taken" });
  measures.logged({ event: "member_throttled", shard: 3 });
  expect(await Promise.all(["acquired", "lease_taken", "handed_over"].map(changes))).toEqual(["1", "1", "0"]);
  expect(await metricsText()).toContain("wamesh_dispatch_take_over_seconds_count 1");
});
