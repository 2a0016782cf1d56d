/** What members share and what they owe single persons: reserved by a pick, spent by a write, stored by a claim. */
import { latestDbTime, latestFromDbTime, toDbTime } from "../core/clock.ts";
import { dayMs, type Limit, mayWriteAt, promised, type Spent, spend, unspent } from "../core/limit.ts";
import { inHandMost, isIndebted, pairMayWriteAt, pairOf, pairWritten } from "../core/pair.ts";
import type { Item } from "../item.ts";
import type { PaceRow } from "../store.ts";
import { dbNow } from "./ask.ts";
import type { Claim, MemberState, Shard, Slot, World } from "./state.ts";

export function spentOf(world: World, shard: Shard, { scope, key }: Limit): Spent {
  const name = `${scope} ${key}`;
  let spent = shard.spent.get(name);
  if (spent === undefined) {
    // Whoever held the shard before stored what it sent; a limit unknown to the store was not used in the last minute.
    spent = unspent(Math.floor(dbNow(world) / dayMs));
    shard.spent.set(name, spent);
  }
  return spent;
}

/** The earliest time at which all limits of the member let one more be written; `isPicking`: after those reserved. */
export function limitedUntil(world: World, member: MemberState, isPicking: boolean): number {
  let until = Number.NEGATIVE_INFINITY;
  for (const limit of member.info?.limits ?? []) {
    const spent = spentOf(world, member.shard, limit);
    const at = {
      ahead: isPicking ? spent.reserved : 0,
      dbNow: dbNow(world),
      offsetMs: world.clock?.offsetMs ?? 0,
    };
    until = Math.max(until, mayWriteAt(limit, spent, at));
  }
  return until;
}

export function reservationsOf(world: World, member: MemberState): Spent[] {
  return (member.info?.limits ?? []).map((limit) => spentOf(world, member.shard, limit));
}

export function spendLimits(world: World, member: MemberState): void {
  for (const limit of member.info?.limits ?? [])
    spend(limit, spentOf(world, member.shard, limit), world.now, dbNow(world));
}

/** Null: it may be written now, and is counted. Else the time (monotonic) before which it may not. */
export function takePair(world: World, member: MemberState, item: Item, slot: Slot): number | null {
  const limit = member.info?.pair;
  if (limit === undefined || limit === null) return null;
  const { shard } = member;
  const key = pairKey(item);
  const known = shard.pairs.get(key);
  const at = pairMayWriteAt(limit, known, shard.acquiredAt, world.now);
  if (at > world.now) return at;
  if ((known?.inHand ?? 0) >= inHandMost) return world.now + crowdedMs;
  slot.pair = pairOf(shard.pairs, key, limit, shard.acquiredAt);
  slot.pair.inHand++;
  return null;
}

/** More to one person at once than is allowed in hand: looked at again after this. */
const crowdedMs = 500;

export function spendPair(world: World, { member, item }: Claim): void {
  const limit = member.info?.pair;
  if (limit === undefined || limit === null) return;
  const { shard } = member;
  const key = pairKey(item);
  const pair = pairWritten(shard.pairs, key, limit, shard.acquiredAt, world.now);
  if (isIndebted(limit, pair, world.now)) shard.owing.add(key);
}

function pairKey({ member, conversation }: Item): string {
  return `${member} ${conversation}`;
}

/** What the store is to remember with a claim, or with the release of the shards. */
export function paceOf(world: World, members: Iterable<MemberState>, shards: Iterable<Shard>): PaceRow[] {
  const clock = world.clock!;
  const now = toDbTime(clock, world.now);
  const rows = new Map<string, PaceRow>();
  for (const { shard, info } of members)
    for (const limit of info?.limits ?? []) {
      const { scope, key } = limit;
      const { tat, day, dayCount } = promised(limit, spentOf(world, shard, limit), world.now, now);
      const row = {
        shard: shard.id,
        scope,
        key,
        nextArrival: latestDbTime(clock, tat),
        day,
        dayCount,
        factor: 1,
      };
      rows.set(`${shard.id} ${scope} ${key}`, row);
    }
  for (const shard of shards) {
    for (const key of shard.owing) {
      const pair = shard.pairs.get(key);
      if (pair === undefined) continue;
      const row = { shard: shard.id, scope: "pair" as const, key, day: 0, dayCount: 0, factor: 1 };
      rows.set(`${shard.id} pair ${key}`, { ...row, nextArrival: latestDbTime(clock, pair.tat) });
    }
    shard.owing.clear();
  }
  return [...rows.values()];
}

/** Continues what the last owner stored. One that crashed may have written later than it promised, and more to a pair. */
export function continueLimits(world: World, shard: Shard, rows: readonly PaceRow[], isClean: boolean): void {
  for (const { scope, key, nextArrival, day, dayCount } of rows) {
    const tat = latestFromDbTime(world.clock!, nextArrival);
    if (scope === "pair") {
      const interval = pairInterval(world, key);
      shard.pairs.set(key, { tat: tat + (isClean ? 0 : inHandMost * interval), inHand: 0 });
    } else if (scope === "tenant" || scope === "account")
      shard.spent.set(`${scope} ${key}`, {
        tat: tat + (isClean ? 0 : world.settings.slotLatenessMs),
        day,
        dayCount,
        reserved: 0,
      });
  }
}

function pairInterval(world: World, key: string): number {
  return world.member(key.slice(0, key.indexOf(" ")))?.pair?.intervalMs ?? 0;
}
