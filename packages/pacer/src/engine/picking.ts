/** Who is next: fair over tenants inside each ring, within what may be in flight; then the claim, without which nothing leaves. */
import { latestDbTime } from "../core/clock.ts";
import { runAfter } from "../core/lane-turn.ts";
import { type StreamPace, streamSlotAt } from "../core/stream-pace.ts";
import { take } from "../core/window.ts";
import type { Lane } from "../item.ts";
import type { Head } from "../store.ts";
import { ask, fencesOf, isOpen } from "./ask.ts";
import { limitedUntil, paceOf, reservationsOf } from "./limits.ts";
import { enrol, leastInterval, memberPace, pickableWindow, withdraw } from "./members.ts";
import { conclude, concludeArrived, concludeUnsent } from "./outcomes.ts";
import { forget, freeSlot, releaseOf, takeSlot } from "./ownership.ts";
import { readAgain } from "./refilling.ts";
import { takeUp } from "./sending.ts";
import { type MemberState, type Ring, rings, type Slot, type World } from "./state.ts";
import { streamOf, streamPromises } from "./stream-pace.ts";

/** One more than one, so that an otp does not wait for a batch that is being claimed. */
const statementsAtOnce = 2;

type Pick = { head: Head; member: MemberState; slot: Slot; slotAt: number; pace: StreamPace | null };

export function pickClaims(world: World): void {
  const { settings } = world;
  if (world.claimsOpen >= statementsAtOnce) return;
  // Results that can't be written are as good as in flight.
  let budget = Math.min(settings.claimBatch, settings.inFlight - world.inFlight);
  const picks: Pick[] = [];
  for (const ring of rings) {
    const isBulk = ring === "bulk" || ring === "owed";
    while (budget > 0) {
      if (isBulk && world.bulkInFlight >= settings.inFlight * settings.bulkShare) break;
      const member = nextMember(world, ring);
      if (member === null) break;
      const at = pickableWindow(world, member, laneOf(ring));
      // Another member of its tenant or stream has just taken what there was: it looks again when there is more.
      if (at < 0 || limitedUntil(world, member, true) - settings.lookaheadMs > world.now) {
        withdraw(world, member);
        world.dirty.add(member);
        continue;
      }
      picks.push(pick(world, member, laneOf(ring), at));
      budget--;
      enrol(world, member, true);
      world.dirty.add(member);
    }
  }
  if (picks.length > 0) claim(world, picks);
}

/** A tenant above its share waits while another one has something to send. */
function nextMember(world: World, ring: Ring): MemberState | null {
  const most = world.settings.inFlight * world.settings.tenantShare;
  return (
    world.fair[ring].next((tenant) => (world.tenantInFlight.get(tenant) ?? 0) < most) ??
    world.fair[ring].next(() => true)
  );
}

function laneOf(ring: Ring): Lane {
  return ring === "owed" ? "bulk" : ring;
}

/** Streams of a lane take turns. */
function pick(world: World, member: MemberState, lane: Lane, at: number): Pick {
  const windows = member.windows[lane];
  const [window] = windows.splice(at, 1);
  windows.push(window!);
  const head = take(window!)!;
  world.hungry.add(window!);
  member.run = runAfter(member.run, lane, pickableWindow(world, member, "bulk") >= 0);
  member.shard.known.set(head.id, "busy");
  world.claiming.set(head.id, member.shard);
  // All that is claimed counts, also for an otp: one of them may be on its way to the wire, and the claim promises the store
  // a slot behind them all.
  const ahead = member.claimingOtp + member.claimingRest + member.ready.length;
  if (lane === "otp") member.claimingOtp++;
  else member.claimingRest++;
  const { pace } = window!;
  const ofStream = pace === null ? null : streamOf(member.shard, pace);
  const slotAt = Math.max(
    Math.max(member.arrival, world.now) + ahead * leastInterval(world, member),
    limitedUntil(world, member, true),
    ofStream === null ? Number.NEGATIVE_INFINITY : streamSlotAt(pace!, ofStream, world.now),
  );
  const reserved: Slot["reserved"] = reservationsOf(world, member);
  if (ofStream !== null) reserved.push(ofStream);
  const slot = takeSlot(world, {
    isBulk: lane === "bulk",
    tenant: member.info?.tenant ?? member.tenant,
    reserved,
    pair: null,
  });
  return { head, member, slot, slotAt, pace };
}

function claim(world: World, picks: Pick[]): void {
  /** With the last slot promised in it. */
  const members = new Map<MemberState, number>();
  for (const { member, slotAt } of picks)
    members.set(member, Math.max(members.get(member) ?? Number.NEGATIVE_INFINITY, slotAt));
  const shards = new Set(picks.map(({ member }) => member.shard));
  const fences = fencesOf(shards);
  const epochs = new Map(fences.map(({ shard, epoch }) => [shard, epoch]));
  const isSame = ({ shard }: MemberState) => shard.epoch === epochs.get(shard.id) && isOpen(world, shard);
  world.claimsOpen++;
  for (const shard of shards) shard.open++;
  /** Whatever the answer: it is no claim in progress any more. */
  const close = () => {
    world.claimsOpen--;
    for (const shard of shards)
      if (shard.epoch === epochs.get(shard.id)) shard.open = Math.max(0, shard.open - 1);
    for (const { head, member } of picks) {
      world.claiming.delete(head.id);
      if (head.lane === "otp") member.claimingOtp--;
      else member.claimingRest--;
      if (isSame(member)) world.dirty.add(member);
    }
  };
  ask(
    world,
    "claim",
    {
      fences,
      items: picks.map(({ head }) => ({ shard: head.shard, id: head.id })),
      pace: [
        ...[...members].map(([member, lastSlotAt]) =>
          memberPace(world, member, latestDbTime(world.clock!, promisedArrival(world, member, lastSlotAt))),
        ),
        ...paceOf(world, members.keys(), shards),
        ...streamPromises(world, picks),
      ],
    },
    (reply) => {
      close();
      const claimed = new Map(reply.claimed.map((one) => [one.item.id, one]));
      const ended = new Map(
        [
          ...reply.expired.map((item) => ({ item, why: "expired" as const })),
          ...reply.cancelled.map((item) => ({ item, why: "cancelled" as const })),
        ].map((one) => [one.item.id, one]),
      );
      const arrived = new Map(reply.arrived.map((one) => [one.item.id, one]));
      for (const shard of shards)
        if (!reply.fenced.includes(shard.id) && shard.epoch === epochs.get(shard.id))
          forget(world, shard, "claim_unfenced");
      for (const { head, member, slot, slotAt } of picks) {
        const { shard } = member;
        const got = claimed.get(head.id);
        const end = ended.get(head.id);
        const arrival = arrived.get(head.id);
        if (got !== undefined) {
          const made = { ...got, head, slotAt, writtenAt: 0, member, slot };
          if (!isSame(member))
            conclude(world, releaseOf(shard, epochs.get(shard.id)!, head, got.item.n, slot));
          else if (member.info !== undefined && member.info.tenant !== got.item.tenant)
            concludeUnsent(world, shard, got.item, "tenant_mismatch", made);
          else takeUp(world, made);
          continue;
        }
        freeSlot(world, slot);
        if (!isSame(member)) {
          // Refused by the old epoch; under a new one it was kept out of the windows until this answer came.
          shard.known.delete(head.id);
          if (isOpen(world, shard)) readAgain(world, shard, head);
        } else if (arrival !== undefined) concludeArrived(world, shard, arrival);
        else if (end !== undefined) concludeUnsent(world, shard, end.item, end.why, null);
        else {
          // Claimed, not due, or behind another. Each comes up again by itself, but that may have been meanwhile, when the
          // item was in hand and passed over.
          shard.known.delete(head.id);
          readAgain(world, shard, head);
        }
      }
    },
    () => {
      // Perhaps they are claimed; surely they were not sent, and this process alone knows that.
      close();
      for (const shard of shards)
        if (shard.epoch === epochs.get(shard.id)) forget(world, shard, "claim_unknown");
      for (const { head, member, slot } of picks)
        conclude(world, releaseOf(member.shard, epochs.get(member.shard.id)!, head, head.n + 1, slot));
    },
  );
}

/** When the member may send again once all that is claimed has left, of which a stream's pace may have delayed the last. */
function promisedArrival(world: World, member: MemberState, lastSlotAt: number): number {
  const claims = member.claimingOtp + member.claimingRest + member.ready.length;
  const interval = leastInterval(world, member);
  return Math.max(Math.max(member.arrival, world.now) + claims * interval, lastSlotAt + interval);
}
