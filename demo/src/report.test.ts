import { describe, expect, it } from "vitest";
import { broken, type Evidence, makeReport, percentile, rateAchieved } from "./report.ts";
import { messageEvents } from "./scene.ts";
import type { Counters } from "./witness.ts";

const counters = (values: Partial<Counters>): Counters => ({
  accepted: 0,
  queued: 0,
  in_doubt: 0,
  sent: 0,
  delivered: 0,
  read: 0,
  failed: 0,
  expired: 0,
  cancelled: 0,
  unconfirmed: 0,
  waiting: 0,
  ...values,
});

const number = "301000000000001";
const arrival = (id: string, at: number, recipient = "15551000000", sender: string = number) => ({
  id,
  ref: null,
  sender,
  recipient,
  received_at_ms: at,
});

function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    accepted: { acme: 3, globex: 1 },
    counters: {
      acme: counters({ sent: 3, delivered: 3, read: 3 }),
      globex: counters({ sent: 1, delivered: 1, read: 1 }),
    },
    totals: { received: 4, duplicates: 0, rate_violations: 0 },
    messages: [
      arrival("a", 1000),
      arrival("b", 1012.5),
      arrival("c", 1025),
      arrival("g", 1100, "447701000000", "7"),
    ],
    senders: { acme: [number], globex: ["7"] },
    otps: [{ tenant: "acme", ref: "a", acceptedAtMs: 990 }],
    webhooks: { delivered: { acme: 9, globex: 3 }, badSignatures: 0, misrouted: 0 },
    subscribed: { acme: messageEvents, globex: messageEvents },
    replies: null,
    console: null,
    campaign: null,
    configuredPerS: 80,
    cpuMs: { ingest: 6 },
    startedAtMs: 0,
    endedAtMs: 2000,
    kills: 0,
    rssMb: { ingest: 99.6 },
    ...change,
  };
}

describe("the demo's report", () => {
  it("finds nothing broken in a clean run", () => {
    const report = makeReport(evidence());
    expect(report).toMatchObject({
      accepted: 4,
      lost: 0,
      cross_tenant: 0,
      webhooks: { expected: 12, delivered: 12 },
      otp: { count: 1, p50_ms: 10 },
      rss_mb: { ingest: 100 },
      cpu_ms_per_message: { ingest: 1.5 },
    });
    expect(report.rate_achieved).toBeCloseTo(1, 3);
    expect(broken(report)).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, RegExp]>([
    ["a message without an end", { accepted: { acme: 4, globex: 1 } }, /1 messages are lost/],
    ["a double", { totals: { received: 5, duplicates: 1, rate_violations: 0 } }, /twice/],
    ["a send above a rate", { totals: { received: 4, duplicates: 0, rate_violations: 2 } }, /above a rate/],
    [
      "a message through another tenant's number",
      { messages: [arrival("a", 1, "15551000000", "7")] },
      /wrong tenant/,
    ],
    [
      "a webhook at another tenant's address",
      { webhooks: { delivered: { acme: 9, globex: 3 }, badSignatures: 0, misrouted: 1 } },
      /wrong tenant/,
    ],
    [
      "a bad signature",
      { webhooks: { delivered: { acme: 9, globex: 3 }, badSignatures: 1, misrouted: 0 } },
      /badly signed/,
    ],
    [
      "a webhook that never came",
      { webhooks: { delivered: { acme: 8, globex: 3 }, badSignatures: 0, misrouted: 0 } },
      /11 of 12 webhooks/,
    ],
    ["a reply that nobody was told of", { replies: { written: 2, told: 1 } }, /1 of 2 replies/],
    [
      "a campaign that did not end",
      { campaign: { state: "processing", expandS: 1 } },
      /the campaign is processing/,
    ],
  ])("names %s", (_what, change, words) => {
    expect(broken(makeReport(evidence(change))).join()).toMatch(words);
  });

  it("does not call an unconfirmed message lost", () => {
    const report = makeReport(
      evidence({
        counters: {
          acme: counters({ sent: 2, delivered: 2, read: 2, unconfirmed: 1 }),
          globex: counters({ sent: 1, delivered: 1, read: 1 }),
        },
      }),
    );
    expect(report.lost).toBe(0);
    expect(report.unconfirmed).toBe(1);
  });

  it("judges a half-used rate as half", () => {
    expect(rateAchieved([arrival("a", 0), arrival("b", 25), arrival("c", 50)], [number])).toBeCloseTo(0.5, 5);
  });

  it("takes the nearest rank", () => {
    expect(percentile([1, 2, 3, 4], 0.5)).toBe(2);
    expect(percentile([5], 0.99)).toBe(5);
    expect(percentile([], 0.99)).toBe(0);
  });
});
