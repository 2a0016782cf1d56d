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
import type { Claim, MemberState, Shard, StreamState, World } from "./state.ts";

export function streamOf(shard: Shard, pace: StreamPace): StreamState {
  let stream = shard.streams.get(pace.key);
  if (stream === undefined) {
    // Whoever held the shard before stored what it claimed; what the store does not know has not left for a day.
    stream = newStream(pace, unspentStream());
    shard.streams.set(pace.key, stream);
  }
  stream.pace = pace;
  return stream;
}

function newStream(pace: StreamPace, spent: StreamSpent): StreamState {
  return { ...spent, pace, waiting: new Set(), wakeAt: Number.POSITIVE_INFINITY };
}

/**
 * The member may have one picked at this time, as far as the stream is concerned. Of all that wait, only as many look as there are
 * slots: with an alarm each, a thousand of them would look for every message.
 */
export function awaitStream(world: World, member: MemberState, pace: StreamPace, at: number): void {
  const stream = streamOf(member.shard, pace);
  stream.waiting.add(member);
  if (at < stream.wakeAt) wakeStreamAt(world, stream, at);
}

function wakeStreamAt(world: World, stream: StreamState, at: number): void {
  stream.wakeAt = at;
  world.streamAlarms.set(stream, at);
}

/** Members whose turn it is look; who can't use its slot leaves it to the next a moment later. */
export function wakeStreams(world: World): void {
  const { lookaheadMs, refillAtShare } = world.settings;
  for (
    let stream = world.streamAlarms.due(world.now);
    stream !== undefined;
    stream = world.streamAlarms.due(world.now)
  ) {
    stream.wakeAt = Number.POSITIVE_INFINITY;
    const { pace, waiting } = stream;
    const slotAt = streamSlotAt(pace, stream, world.now);
    let slots = Math.floor(((world.now + lookaheadMs - slotAt) * pace.ratePerS) / 1_000) + 1;
    const isEarly = slots <= 0;
    for (const member of waiting) {
      if (slots-- <= 0) break;
      waiting.delete(member);
      // Of an earlier ownership, or forgotten since.
      if (member.shard.members.get(member.id) === member) world.dirty.add(member);
    }
    if (waiting.size > 0)
      wakeStreamAt(world, stream, isEarly ? slotAt - lookaheadMs * refillAtShare : world.now + 1);
  }
}

/** From when on the first of a window may be picked, as far as its stream is concerned; infinite: not by time alone. */
export function pickableFrom(world: World, { shard }: MemberState, window: Window, share = 1): number {
  const { heads, hold, pace } = window;
  if (heads.length === 0 || hold !== null) return Number.POSITIVE_INFINITY;
  if (pace === null) return Number.NEGATIVE_INFINITY;
  return streamSlotAt(pace, streamOf(shard, pace), world.now) - world.settings.lookaheadMs * share;
}

export function claimMayWriteAt(world: World, claim: Claim): number {
  const pace = paceOfClaim(world, claim);
  return pace === null
    ? Number.NEGATIVE_INFINITY
    : streamMayWriteAt(pace, streamOf(claim.member.shard, pace));
}

export function spendStream(world: World, claim: Claim): void {
  const pace = paceOfClaim(world, claim);
  if (pace === null) return;
  streamWritten(pace, streamOf(claim.member.shard, pace), world.now, world.settings.catchUpMs);
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
      // Its pace is known as soon as something of it waits.
      const pace = { key, ratePerS: 1, reason: "" };
      shard.streams.set(key, newStream(pace, { lastAt, reserved: 0 }));
    }
}

/** No pace is slower than one a day, which is also how long the store is asked for (sql/acquire.ts). */
const rememberedMs = 86_400_000;

export function forgetStreams(world: World, shard: Shard): void {
  for (const [key, { lastAt, reserved, waiting }] of shard.streams)
    if (reserved + waiting.size === 0 && world.now - lastAt > rememberedMs) shard.streams.delete(key);
}
