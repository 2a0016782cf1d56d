/** What is waiting and why, for people and metrics. */

import { toDbTime } from "../core/clock.ts";
import { type Lane, lanes } from "../item.ts";
import { type Held, heldOf, memberReason, streamBacklogs } from "./held.ts";
import { effectiveRate } from "./members.ts";
import type { MemberState, World } from "./state.ts";

type PerLane<T> = Record<Lane, T>;

export type MemberSnapshot = {
  id: string;
  tenant: string;
  shard: number;
  configuredRatePerS: number;
  effectiveRatePerS: number;
  /** Epoch ms, null when not paused. */
  pausedUntil: number | null;
  /** Why nothing of it leaves, null when it does: the user's own reason, `session_unknown`, `session_deleted` or `paused`. */
  heldReason: string | null;
  queued: PerLane<number>;
};

export type TenantSnapshot = {
  tenant: string;
  shard: number;
  queued: PerLane<number>;
  /** Age of the oldest item that is next in some window, ms. */
  oldestMs: PerLane<number | null>;
  inFlight: number;
  inDoubt: number;
  /** Taken by the provider since this process owns the shard. */
  sentTotal: number;
};

export type Snapshot = {
  queued: PerLane<number>;
  oldestMs: PerLane<number | null>;
  inFlight: number;
  inDoubt: number;
  perTenant: TenantSnapshot[];
  members: MemberSnapshot[];
  held: Held[];
  sentTotal: number;
  /** What the store refuses, in its own words, and for how long by now; null when it works. */
  storeTrouble: { error: string; forMs: number } | null;
  /** Shards held. */
  owned: number;
  /** Changes recorded and not published yet, and how many have been. */
  outbox: { rows: number; published: number };
};

export function snapshot(world: World): Snapshot {
  const tenants = new Map<string, TenantSnapshot>();
  const members: MemberSnapshot[] = [];
  const held: Held[] = [];
  const tenantOf = (tenant: string, shard: number) => {
    const key = `${shard} ${tenant}`;
    const known = tenants.get(key);
    if (known !== undefined) return known;
    const fresh: TenantSnapshot = {
      tenant,
      shard,
      queued: zero(),
      oldestMs: none(),
      inFlight: 0,
      inDoubt: 0,
      sentTotal: 0,
    };
    tenants.set(key, fresh);
    return fresh;
  };
  for (const shard of world.shards.values()) {
    for (const [tenant, count] of shard.inDoubt) tenantOf(tenant, shard.id).inDoubt += count;
    for (const [tenant, count] of shard.sent) tenantOf(tenant, shard.id).sentTotal += count;
    const backlogs = streamBacklogs(shard);
    for (const member of shard.members.values()) {
      const queued = zero();
      for (const lane of lanes)
        for (const window of member.windows[lane]) {
          const of = tenantOf(window.tenant, shard.id);
          queued[lane] += window.backlog;
          of.queued[lane] += window.backlog;
          const head = window.heads[0];
          if (head !== undefined) of.oldestMs[lane] = older(of.oldestMs[lane], ageOf(world, head.place));
        }
      tenantOf(member.info?.tenant ?? member.tenant, shard.id).inFlight += claimsOf(member);
      members.push(memberSnapshot(world, member, queued));
      held.push(...heldOf(world, member, backlogs));
    }
  }
  const perTenant = [...tenants.values()];
  const shards = [...world.shards.values()].filter(({ phase }) => phase === "owned" || phase === "leaving");
  const queued = zero();
  const oldestMs = none();
  for (const of of perTenant)
    for (const lane of lanes) {
      queued[lane] += of.queued[lane];
      if (of.oldestMs[lane] !== null) oldestMs[lane] = older(oldestMs[lane], of.oldestMs[lane]);
    }
  return {
    queued,
    oldestMs,
    inFlight: world.inFlight,
    inDoubt: perTenant.reduce((sum, { inDoubt }) => sum + inDoubt, 0),
    perTenant,
    members,
    held,
    sentTotal: world.sentTotal,
    storeTrouble: storeTrouble(world),
    owned: shards.length,
    outbox: {
      rows: shards.reduce((sum, { line }) => sum + line.lastSeq - line.publishedSeq, 0),
      published: shards.reduce((sum, { line }) => sum + line.publishedSeq, 0),
    },
  };
}

function memberSnapshot(world: World, member: MemberState, queued: PerLane<number>): MemberSnapshot {
  const { info, pausedUntil } = member;
  return {
    id: member.id,
    tenant: info?.tenant ?? member.tenant,
    shard: member.shard.id,
    configuredRatePerS: info?.ratePerS ?? 0,
    effectiveRatePerS: effectiveRate(world, member),
    pausedUntil: pausedUntil > world.now && world.clock !== null ? toDbTime(world.clock, pausedUntil) : null,
    heldReason: memberReason(world, member)?.reason ?? null,
    queued,
  };
}

function claimsOf(member: MemberState): number {
  return member.claimingOtp + member.claimingRest + member.ready.length + member.sending;
}

/** A statement that is not tried any more, because nothing asks for it, is forgotten after a while. */
const forgottenMs = 30_000;

function storeTrouble({ failing, now }: World): Snapshot["storeTrouble"] {
  let oldest: { error: string; since: number } | null = null;
  for (const one of failing.values())
    if (now - one.lastAt < forgottenMs && (oldest === null || one.since < oldest.since)) oldest = one;
  return oldest === null ? null : { error: oldest.error, forMs: now - oldest.since };
}

function ageOf(world: World, place: number): number {
  return world.clock === null ? 0 : Math.max(0, toDbTime(world.clock, world.now) - place);
}

function older(a: number | null, b: number): number {
  return a === null ? b : Math.max(a, b);
}

function zero(): PerLane<number> {
  return { otp: 0, standard: 0, bulk: 0 };
}

function none(): PerLane<number | null> {
  return { otp: null, standard: null, bulk: null };
}
