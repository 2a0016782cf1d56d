/** A member's state in one shard: its windows, its pace, and whether it may be picked. */
import { factorAt, unadapted } from "../core/adapt.ts";
import { latestFromDbTime } from "../core/clock.ts";
import { arrivalAtTakeOver, intervalMs } from "../core/gcra.ts";
import { isBulkOwed } from "../core/lane-turn.ts";
import { firstEstimateMs, openSendsAllowed } from "../core/latency.ts";
import { newWindow, type Window, windowSize } from "../core/window.ts";
import type { Hold, Lane } from "../item.ts";
import type { PaceRow } from "../store.ts";
import { isOpen } from "./ask.ts";
import { limitedUntil } from "./limits.ts";
import { type MemberState, type Ring, rings, type Shard, type World } from "./state.ts";
import { awaitStream, pickableFrom } from "./stream-pace.ts";

export function memberOf(world: World, shard: Shard, id: string, tenant: string): MemberState {
  const known = shard.members.get(id);
  if (known !== undefined) return known;
  const info = world.member(id);
  const member: MemberState = {
    id,
    shard,
    tenant,
    info,
    windows: { otp: [], standard: [], bulk: [] },
    run: 0,
    arrival: 0,
    adapted: unadapted,
    pausedUntil: Number.NEGATIVE_INFINITY,
    latencyMs: firstEstimateMs,
    claimingOtp: 0,
    claimingRest: 0,
    ready: [],
    sending: 0,
    leaving: null,
    enrolled: new Set(),
  };
  // The last owner stored no arrival for it: one full interval from the take-over, in case it could not.
  member.arrival = arrivalAtTakeOver(null, shard.acquiredAt, interval(world, member), {
    cleanHandOver: true,
    slotLatenessMs: 0,
  });
  shard.members.set(id, member);
  return member;
}

/** Continues the pace that the last owner's claims promised, as slow as its provider had made it. */
export function continuePace(
  world: World,
  member: MemberState,
  { nextArrival, factor }: Pick<PaceRow, "nextArrival" | "factor">,
  cleanHandOver: boolean,
): void {
  if (factor < 1) member.adapted = { factor, since: world.now };
  const stored = latestFromDbTime(world.clock!, nextArrival);
  const { slotLatenessMs } = world.settings;
  member.arrival = arrivalAtTakeOver(stored, world.now, interval(world, member), {
    cleanHandOver,
    slotLatenessMs,
  });
}

/** What the store is to remember of it. */
export function memberPace(world: World, member: MemberState, nextArrival: number): PaceRow {
  const factor = factorAt(member.adapted, world.now);
  return {
    shard: member.shard.id,
    scope: "member",
    key: member.id,
    nextArrival,
    day: 0,
    dayCount: 0,
    factor,
  };
}

/** Claims in progress keep the window a place in the store's order, so it is made when the first item is heard of. */
export function windowOf(
  world: World,
  shard: Shard,
  key: { member: string; lane: Lane; stream: string; tenant: string },
  backlog: number,
): Window {
  const member = memberOf(world, shard, key.member, key.tenant);
  let window = member.windows[key.lane].find((w) => w.stream === key.stream);
  if (window === undefined) {
    const { member: id, lane, stream, tenant } = key;
    const hold = stream === "" ? null : world.hold(id, stream);
    const pace = stream === "" ? null : world.streamPace(id, stream);
    window = newWindow({ shard: shard.id, member: id, lane, stream, tenant }, backlog, hold, pace);
    window.size = windowSize(member.info?.ratePerS ?? 0, membersOf(world));
    member.windows[lane].push(window);
  } else window.backlog += backlog;
  if (window.more) world.hungry.add(window);
  world.dirty.add(member);
  return window;
}

/** In all shards of this process. */
export function membersOf(world: World): number {
  let members = 0;
  for (const shard of world.shards.values()) members += shard.members.size;
  return members;
}

export function effectiveRate(world: World, member: MemberState): number {
  return (member.info?.ratePerS ?? 0) * factorAt(member.adapted, world.now);
}

/** An unknown member, or one with an impossible rate, is never picked; its interval only has to be finite. */
export function interval(world: World, member: MemberState): number {
  const rate = effectiveRate(world, member);
  return intervalMs(rate > 0 ? rate : 1, member.info?.gapMs, world.random());
}

/** The shortest the interval can be: for looking ahead. */
export function leastInterval(world: World, member: MemberState): number {
  const rate = effectiveRate(world, member);
  return intervalMs(rate > 0 ? rate : 1, member.info?.gapMs, 0);
}

export function maySend(world: World, member: MemberState): boolean {
  const { info } = member;
  return info?.state === "open" && info.ratePerS > 0 && member.pausedUntil <= world.now;
}

export function mayOpenSend(world: World, member: MemberState): boolean {
  return member.sending < openSendsAllowed(effectiveRate(world, member), member.latencyMs);
}

/** The next window of the lane whose stream may have one picked now, or -1. */
export function pickableWindow(world: World, member: MemberState, lane: Lane): number {
  return member.windows[lane].findIndex((window) => pickableFrom(world, member, window) <= world.now);
}

/** Of a stream of which the member holds items. */
export function holdOf(member: MemberState, { lane, stream }: { lane: Lane; stream: string }): Hold | null {
  return member.windows[lane].find((window) => window.stream === stream)?.hold ?? null;
}

/** When the slot of one more claim comes near enough to take it. */
function pickableAt(world: World, member: MemberState, claims: number, share: number): number {
  const { lookaheadMs } = world.settings;
  const slot = Math.max(member.arrival, world.now) + claims * leastInterval(world, member);
  return slot - lookaheadMs * share;
}

/**
 * Puts the member into the rings in which it may be picked now, and out of the others; returns when to look again. `isFilling`:
 * one was just picked, and more may share its statement.
 */
export function enrol(world: World, member: MemberState, isFilling = false): number | null {
  const wanted = new Set<Ring>();
  let lookAt: number | null = null;
  if (isOpen(world, member.shard) && maySend(world, member) && mayOpenSend(world, member)) {
    const otpClaims = member.claimingOtp + member.ready.filter((claim) => claim.item.lane === "otp").length;
    const allClaims = member.claimingOtp + member.claimingRest + member.ready.length;
    const sharedAt = limitedUntil(world, member, true) - world.settings.lookaheadMs;
    const consider = (ring: Ring, claims: number) => {
      const share = isFilling || ring === "otp" ? 1 : world.settings.refillAtShare;
      const at = Math.max(pickableAt(world, member, claims, share), sharedAt);
      if (at <= world.now) wanted.add(ring);
      else lookAt = lookAt === null ? at : Math.min(lookAt, at);
    };
    const waits = (lane: Lane): boolean => {
      let from = Number.POSITIVE_INFINITY;
      const share = isFilling || lane === "otp" ? 1 : world.settings.refillAtShare;
      for (const window of member.windows[lane]) {
        const at = pickableFrom(world, member, window, share);
        from = Math.min(from, at);
        // Who is filling a statement looks again when that is sent.
        if (at > world.now && at < Number.POSITIVE_INFINITY && !isFilling)
          awaitStream(world, member, window.pace!, at);
      }
      return from <= world.now;
    };
    const [otp, standard, bulk] = [waits("otp"), waits("standard"), waits("bulk")];
    // An otp goes before what is claimed already, so only other otps count before it.
    if (otp) consider("otp", otpClaims);
    if (standard) consider("standard", allClaims);
    if (standard && bulk && isBulkOwed(member.run, world.settings.standardPerBulk))
      consider("owed", allClaims);
    if (bulk && !standard) consider("bulk", allClaims);
  } else if (isOpen(world, member.shard) && member.info?.state === "open" && member.pausedUntil > world.now)
    lookAt = member.pausedUntil;

  const tenant = member.info?.tenant ?? member.tenant;
  for (const ring of rings)
    if (wanted.has(ring)) {
      member.enrolled.add(ring);
      world.fair[ring].enrol(tenant, member.info?.weight ?? 1, member);
    } else if (member.enrolled.delete(ring)) world.fair[ring].withdraw(tenant, member);
  return lookAt;
}

/** Out of all rings: before its tenant could change, or when its shard is lost. */
export function withdraw(world: World, member: MemberState): void {
  const tenant = member.info?.tenant ?? member.tenant;
  for (const ring of member.enrolled) world.fair[ring].withdraw(tenant, member);
  member.enrolled.clear();
}
