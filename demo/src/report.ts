/** The summary: pure arithmetic over what the witnesses said. */
import type { LedgerMessage, LedgerTotals } from "@wamesh/testing/outside";
import type { MessageEvent } from "./scene.ts";
import type { OtpSent } from "./traffic.ts";
import { type Counters, finished } from "./witness.ts";
import { acme, type TenantName, tenantNames, tenantOf } from "./world.ts";

export type Report = {
  accepted: number;
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  expired: number;
  cancelled: number;
  unconfirmed: number;
  /** accepted − final − unconfirmed, once nothing moves any more. */
  lost: number;
  provider: LedgerTotals;
  /** expected: distinct (message, subscribed type). */
  webhooks: { expected: number; delivered: number; bad_signature: number };
  /** Messages that left through another tenant's number, and webhooks that reached another tenant's address. */
  cross_tenant: number;
  /** From the 202 to the simulator's receipt. */
  otp: { count: number; p50_ms: number; p99_ms: number };
  /** Achieved against configured rate of acme's numbers while they were busy. */
  rate_achieved: number;
  /** What acme's numbers allow together. */
  configured_per_s: number;
  /** How the campaign ended, and how long it took to make its messages; null without one. */
  campaign: { state: string; expand_s: number | null } | null;
  /** What people wrote back, and how much of it reached acme's endpoint; null without a campaign. */
  replies: { written: number; told: number } | null;
  /** How often the figures changed on the console's page that was open; null where nobody looked. */
  console: { changes: number } | null;
  first_message_s: number;
  throughput_per_s: number;
  duration_s: number;
  kills: number;
  /** Highest resident memory seen per service. */
  rss_mb: Record<string, number>;
  /** CPU per message of each process over the whole run; empty where the system does not tell. */
  cpu_ms_per_message: Record<string, number>;
};

/** Of what the simulator says of a message, as much as is judged here. */
type Arrival = Pick<LedgerMessage, "id" | "ref" | "sender" | "recipient" | "received_at_ms">;

export type Evidence = {
  accepted: Record<TenantName, number>;
  counters: Record<TenantName, Counters>;
  totals: LedgerTotals;
  messages: readonly Arrival[];
  senders: Record<TenantName, readonly string[]>;
  otps: readonly OtpSent[];
  webhooks: { delivered: Record<TenantName, number>; badSignatures: number; misrouted: number };
  /** Of which events each tenant's endpoint is told. */
  subscribed: Record<TenantName, readonly MessageEvent[]>;
  replies: { written: number; told: number } | null;
  console: { changes: number } | null;
  campaign: { state: string; expandS: number | null } | null;
  configuredPerS: number;
  cpuMs: Record<string, number>;
  startedAtMs: number;
  endedAtMs: number;
  kills: number;
  rssMb: Record<string, number>;
};

export function makeReport(evidence: Evidence): Report {
  const sum = (field: keyof Counters) =>
    tenantNames.reduce((total, tenant) => total + evidence.counters[tenant][field], 0);
  const accepted = tenantNames.reduce((total, tenant) => total + evidence.accepted[tenant], 0);
  const final = tenantNames.reduce((total, tenant) => total + finished(evidence.counters[tenant]), 0);
  const arrivals = evidence.messages
    .flatMap((m) => (m.received_at_ms === null ? [] : [m.received_at_ms]))
    .sort((a, b) => a - b);
  const first = arrivals[0] ?? evidence.endedAtMs;
  const last = arrivals.at(-1) ?? first;
  const latencies = otpLatencies(evidence.otps, evidence.messages);
  return {
    accepted,
    sent: sum("sent"),
    delivered: sum("delivered"),
    read: sum("read"),
    failed: sum("failed"),
    expired: sum("expired"),
    cancelled: sum("cancelled"),
    unconfirmed: sum("unconfirmed"),
    lost: accepted - final - sum("unconfirmed"),
    provider: {
      received: evidence.totals.received,
      duplicates: evidence.totals.duplicates,
      rate_violations: evidence.totals.rate_violations,
    },
    webhooks: {
      expected: tenantNames.reduce(
        (total, tenant) =>
          evidence.subscribed[tenant].reduce((n, event) => n + evidence.counters[tenant][event], total),
        0,
      ),
      delivered: tenantNames.reduce((total, tenant) => total + evidence.webhooks.delivered[tenant], 0),
      bad_signature: evidence.webhooks.badSignatures,
    },
    cross_tenant: astray(evidence) + evidence.webhooks.misrouted,
    otp: { count: latencies.length, p50_ms: percentile(latencies, 0.5), p99_ms: percentile(latencies, 0.99) },
    rate_achieved: round(rateAchieved(evidence.messages, evidence.senders.acme), 4),
    configured_per_s: evidence.configuredPerS,
    campaign: evidence.campaign && {
      state: evidence.campaign.state,
      expand_s: evidence.campaign.expandS === null ? null : round(evidence.campaign.expandS, 1),
    },
    replies: evidence.replies,
    console: evidence.console,
    first_message_s: round((first - evidence.startedAtMs) / 1000, 2),
    throughput_per_s: round(arrivals.length / Math.max(0.001, (last - first) / 1000), 1),
    duration_s: round((evidence.endedAtMs - evidence.startedAtMs) / 1000, 1),
    kills: evidence.kills,
    rss_mb: Object.fromEntries(Object.entries(evidence.rssMb).map(([name, mb]) => [name, Math.round(mb)])),
    cpu_ms_per_message: Object.fromEntries(
      Object.entries(evidence.cpuMs).map(([name, ms]) => [name, round(ms / Math.max(1, arrivals.length), 2)]),
    ),
  };
}

/** What makes the demo fail, in words; empty when every claim held. */
export function broken(report: Report): string[] {
  const faults: [boolean, string][] = [
    [report.lost !== 0, `${report.lost} messages are lost`],
    [report.provider.duplicates > 0, `${report.provider.duplicates} messages reached the provider twice`],
    [report.provider.rate_violations > 0, `${report.provider.rate_violations} sends were above a rate`],
    [report.cross_tenant > 0, `${report.cross_tenant} messages or webhooks reached the wrong tenant`],
    [report.webhooks.bad_signature > 0, `${report.webhooks.bad_signature} webhooks were badly signed`],
    [
      report.webhooks.delivered !== report.webhooks.expected,
      `${report.webhooks.delivered} of ${report.webhooks.expected} webhooks arrived`,
    ],
    [
      report.replies !== null && report.replies.told !== report.replies.written,
      `${report.replies?.told} of ${report.replies?.written} replies were told`,
    ],
    [
      report.campaign !== null && report.campaign.state !== "completed",
      `the campaign is ${report.campaign?.state}, not completed`,
    ],
  ];
  return faults.filter(([is]) => is).map(([, text]) => text);
}

export function otpLatencies(otps: readonly OtpSent[], messages: readonly Arrival[]): number[] {
  const arrived = new Map<string, number>();
  for (const message of messages) {
    if (message.received_at_ms === null) continue;
    arrived.set(message.id, message.received_at_ms);
    if (message.ref !== null) arrived.set(message.ref, message.received_at_ms);
  }
  return otps.flatMap((otp) => {
    const at = arrived.get(otp.ref);
    // A message may reach the provider before its 202 reaches the client.
    return at === undefined ? [] : [Math.max(0, at - otp.acceptedAtMs)];
  });
}

/** Nearest-rank percentile in whole ms; 0 for no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);
}

/** Per Cloud API number: (arrivals − 1) / time between first and last broadcast arrival, over its rate; the mean of the numbers. */
export function rateAchieved(messages: readonly Arrival[], numbers: readonly string[]): number {
  const shares = numbers.flatMap((number) => {
    const mine = messages.filter((m) => m.sender === number && m.received_at_ms !== null);
    const bulk = mine.filter((m) => m.recipient.startsWith("15551")).map((m) => m.received_at_ms ?? 0);
    if (bulk.length < 2) return [];
    const from = bulk.reduce((a, b) => Math.min(a, b));
    const to = bulk.reduce((a, b) => Math.max(a, b));
    const within = mine.filter(
      (m) => (m.received_at_ms ?? 0) >= from && (m.received_at_ms ?? 0) <= to,
    ).length;
    return [((within - 1) * 1000) / Math.max(1, to - from) / acme.ratePerS];
  });
  return shares.length === 0 ? 1 : shares.reduce((a, b) => a + b, 0) / shares.length;
}

function astray(evidence: Evidence): number {
  return evidence.messages.filter((message) => {
    const tenant = tenantOf(message.recipient.replace(/\D/g, ""));
    return tenant === null || !evidence.senders[tenant].includes(message.sender);
  }).length;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
