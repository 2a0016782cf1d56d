/** Streams with a pace of their own: reserved by a pick, spent by a write, their last slot stored by the claim. */
import { latestDbTime, latestFromDbTime } from "../core/clock.ts";
import {
  type StreamPace,
  type StreamSpent,
  streamMayWriteAt,
  streamSlotAt,
  streamWritten,
  unspentStream,
} from "../core/stream-pace.ts";
import type { Window } from "../core/window.ts";
import type { PaceRow } from "../store.ts";
import type { Claim, MemberState, Shard, World } from "./state.ts";

export function streamSpentOf(shard: Shard, { key }: StreamPace): StreamSpent {
  let spent = shard.streams.get(key);
  if (spent === undefined) {
    // Whoever held the shard before stored what it claimed; what the store does not know has not left for a day.
    spent = unspentStream();
    shard.streams.set(key, spent);
  }
  return spent;
}

/** From when on the first of a window may be picked, as far as its stream is concerned; infinite: not by time alone. */
export function pickableFrom(world: World, { shard }: MemberState, window: Window, share = 1): number {
  const { heads, hold, pace } = window;
  if (heads.length === 0 || hold !== null) return Number.POSITIVE_INFINITY;
  if (pace === null) return Number.NEGATIVE_INFINITY;
  return streamSlotAt(pace, streamSpentOf(shard, pace), world.now) - world.settings.lookaheadMs * share;
}

export function claimMayWriteAt(world: World, claim: Claim): number {
  const pace = paceOfClaim(world, claim);
  return pace === null
    ? Number.NEGATIVE_INFINITY
    : streamMayWriteAt(pace, streamSpentOf(claim.member.shard, pace));
}

export function spendStream(world: World, claim: Claim): void {
  const pace = paceOfClaim(world, claim);
  if (pace === null) return;
  streamWritten(pace, streamSpentOf(claim.member.shard, pace), world.now, world.settings.catchUpMs);
}

/** Its bytes left only now: what follows counts from here. */
export function streamLeft(world: World, claim: Claim): void {
  const pace = paceOfClaim(world, claim);
  if (pace === null) return;
  const spent = streamSpentOf(claim.member.shard, pace);
  spent.lastAt = Math.max(spent.lastAt, world.now - world.settings.catchUpMs);
}

/** As it is now, which need not be the pace that it was claimed under. */
function paceOfClaim(world: World, { member, head }: Claim): StreamPace | null {
  if (head.stream === "") return null;
  const window = member.windows[head.lane].find(({ stream }) => stream === head.stream);
  return window === undefined ? world.streamPace(member.id, head.stream) : window.pace;
}

/** When the last of what is picked leaves at the latest, but for the lateness of slots. */
export function streamPromises(
  world: World,
  picks: Iterable<{ member: MemberState; pace: StreamPace | null; slotAt: number }>,
): PaceRow[] {
  const rows = new Map<string, PaceRow>();
  for (const { member, pace, slotAt } of picks) {
    if (pace === null) continue;
    const row = streamRow(world, member.shard, pace.key, slotAt);
    const name = `${row.shard} ${row.key}`;
    if ((rows.get(name)?.nextArrival ?? Number.NEGATIVE_INFINITY) < row.nextArrival) rows.set(name, row);
  }
  return [...rows.values()];
}

/** For a release: nothing is in hand any more. */
export function streamsLeft(world: World, shard: Shard): PaceRow[] {
  return [...shard.streams]
    .filter(([, { lastAt }]) => world.now - lastAt < rememberedMs)
    .map(([key, { lastAt }]) => streamRow(world, shard, key, lastAt));
}

function streamRow(world: World, { id }: Shard, key: string, at: number): PaceRow {
  const nextArrival = latestDbTime(world.clock!, at);
  return { shard: id, scope: "stream", key, nextArrival, day: 0, dayCount: 0, factor: 1 };
}

/** Continues what the last owner stored. One that crashed may have written later than the slots of its claims. */
export function continueStreams(
  world: World,
  shard: Shard,
  rows: readonly PaceRow[],
  isClean: boolean,
): void {
  for (const { scope, key, nextArrival } of rows)
    if (scope === "stream") {
      const lateMs = isClean ? 0 : world.settings.slotLatenessMs;
      const lastAt = latestFromDbTime(world.clock!, nextArrival) + lateMs;
      shard.streams.set(key, { lastAt, reserved: 0 });
    }
}

/** No pace is slower than one a day, which is also how long the store is asked for (sql/acquire.ts). */
const rememberedMs = 86_400_000;

export function forgetStreams(world: World, shard: Shard): void {
  for (const [key, { lastAt, reserved }] of shard.streams)
    if (reserved === 0 && world.now - lastAt > rememberedMs) shard.streams.delete(key);
}
