/**
 * What a plan restricts beyond the members' own rates: limits they share, pairs, streams held, items guarded or refused,
 * receipts late.
 */
import { dayMs, type Limit } from "../src/core/limit.ts";
import type { StreamPace } from "../src/core/stream-pace.ts";
import type { Hold, NewItem, Verdict } from "../src/item.ts";
import type { Random } from "./random.ts";
import { epochMs, type Kind, type LogRecord, type MemberPlan } from "./traffic.ts";

/** From `at` on; null: it may leave. */
export type HoldPlan = { at: number; tenant: string; stream: string; hold: Hold | null };

/** From `at` on; null: as its members may. */
export type PacePlan = { at: number; tenant: string; stream: string; ratePerS: number | null };

export type Restrictions = {
  holds: HoldPlan[];
  paces: PacePlan[];
  /** Items that may not leave before a time (ms of the run). */
  guarded: Map<string, number>;
  /** Items that may not leave at all. */
  refused: Set<string>;
  /** Receipts are not read up to date from one time to another. */
  receiptsLate: { from: number; to: number } | null;
};

/** Ends of the day that the run begins in. */
export const midnightMs = (Math.floor(epochMs / dayMs) + 1) * dayMs - epochMs;

/** Gives members limits and pairs, in place; the same for all members of a tenant. */
export function limitMembers(
  random: Random,
  kind: Kind,
  members: readonly MemberPlan[],
  records: readonly LogRecord[],
): void {
  if (kind === "contended") return;
  for (const ofTenant of Map.groupBy(members, ({ member }) => member.tenant).values()) {
    const { tenant, account } = ofTenant[0]!.member;
    const limits: Limit[] = [];
    const perMinute = random.pick([null, null, 60, 120, 600]);
    const count = records.filter(({ item }) => item.tenant === tenant).length;
    const perDay = random.chance(0.25)
      ? kind === "calm"
        ? Math.ceil(0.6 * count) + 1
        : 3 * count + 20
      : null;
    if (perMinute !== null || perDay !== null)
      limits.push({ scope: "tenant", key: tenant, perMinute, perDay });
    if (random.chance(0.15)) limits.push({ scope: "account", key: account, perMinute: 240, perDay: null });
    for (const { member } of ofTenant) {
      member.limits = limits;
      if (random.chance(0.25)) member.pair = { intervalMs: 1_000, burst: random.pick([1, 3, 10, 16]) };
    }
  }
}

export function restrictionsOf(
  random: Random,
  kind: Kind,
  records: readonly LogRecord[],
  spanMs: number,
): Restrictions {
  const rough = kind === "rough";
  const holds: HoldPlan[] = [];
  const guarded = new Map<string, number>();
  if (rough) {
    const streams = new Map(
      records.flatMap(({ item: { tenant, stream } }) =>
        stream === null ? [] : [[`${tenant} ${stream}`, { tenant, stream }]],
      ),
    );
    for (const of of streams.values()) {
      if (!random.chance(0.4)) continue;
      const from = random.between(-1, spanMs);
      const held: Hold = { kind: "held", reason: "paused" };
      holds.push({ ...of, at: Math.max(0, from), hold: held });
      const cancelled: Hold = { kind: "cancelled", reason: "stopped" };
      const to = from + random.between(100, 8_000);
      holds.push({ ...of, at: to, hold: random.chance(0.3) ? cancelled : null });
    }
    for (const { item, at } of records)
      if (random.chance(0.05)) guarded.set(item.id, at + random.between(-500, 6_000));
  }
  const from = random.between(0, spanMs);
  const receiptsLate = rough && random.chance(0.2) ? { from, to: from + random.between(500, 15_000) } : null;
  const refused = new Set(rough ? records.filter(() => random.chance(0.03)).map(({ item }) => item.id) : []);
  return { holds, paces: [], guarded, refused, receiptsLate };
}

/** A stream of its own for what came later, so that the seeds of before still stand for the same. */
export function pacesOf(
  random: Random,
  kind: Kind,
  records: readonly LogRecord[],
  spanMs: number,
): PacePlan[] {
  const paces: PacePlan[] = [];
  for (const [, [record]] of Map.groupBy(records, ({ item }) => `${item.tenant} ${item.stream}`)) {
    const { tenant, stream } = record!.item;
    if (stream === null || !random.chance(0.5)) continue;
    const ratePerS = random.pick([0.2, 0.5, 1, 4, 50]);
    paces.push({ at: 0, tenant, stream, ratePerS });
    if (kind === "rough" && random.chance(0.5))
      paces.push({
        at: random.between(0, spanMs),
        tenant,
        stream,
        ratePerS: random.pick([null, 0.5, 2, 20]),
      });
  }
  return paces;
}

export function paceAt(
  { paces }: Restrictions,
  tenant: string,
  stream: string,
  at: number,
): StreamPace | null {
  const ratePerS = paces.findLast(
    (one) => one.tenant === tenant && one.stream === stream && one.at <= at,
  )?.ratePerS;
  return ratePerS == null ? null : { key: `${tenant} ${stream}`, ratePerS, reason: "campaign_pace" };
}

/** The longest interval that its stream ever asks for. */
export function streamIntervalMs({ paces }: Restrictions, { tenant, stream }: NewItem): number {
  const rates = paces.filter((one) => one.tenant === tenant && one.stream === stream);
  return Math.max(0, ...rates.map(({ ratePerS }) => (ratePerS === null ? 0 : 1_000 / ratePerS)));
}

export function holdAt({ holds }: Restrictions, tenant: string, stream: string, at: number): Hold | null {
  return (
    holds.findLast((one) => one.tenant === tenant && one.stream === stream && one.at <= at)?.hold ?? null
  );
}

/** At some time of the run. */
export function isStreamCancelled({ restrictions }: { restrictions: Restrictions }, item: NewItem): boolean {
  return restrictions.holds.some(
    ({ tenant, stream, hold }) =>
      tenant === item.tenant && stream === item.stream && hold?.kind === "cancelled",
  );
}

export function guardOf({ guarded, refused }: Restrictions): (item: NewItem, now: number) => Verdict {
  const reason = (code: string) => ({ code, faultClass: "policy", providerCode: null, detail: "" });
  return ({ id }, now) => {
    const until = guarded.get(id);
    if (until !== undefined && epochMs + until > now)
      return { kind: "wait", until: epochMs + until, reason: reason("quiet_hours") };
    return refused.has(id) ? { kind: "refuse", reason: reason("opted_out") } : null;
  };
}
