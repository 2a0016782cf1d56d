/** Claimed items onto the wire, each at its member's slot, and their answers. */
import { factorAt, slowed } from "../core/adapt.ts";
import { toDbTime } from "../core/clock.ts";
import { anchor, arrivalAfter } from "../core/gcra.ts";
import { estimateAfter } from "../core/latency.ts";
import { decideResult } from "../core/result.ts";
import type { Reason, SendResult } from "../item.ts";
import { dbNow, log, mayAct } from "./ask.ts";
import { limitedUntil, spendLimits, spendPair, takePair } from "./limits.ts";
import { holdOf, interval, mayOpenSend, maySend } from "./members.ts";
import { conclude, concludeUnsent } from "./outcomes.ts";
import { freeSlot, releaseOf, unreserve } from "./ownership.ts";
import type { Claim, MemberState, World } from "./state.ts";
import { claimMayWriteAt, spendStream } from "./stream-pace.ts";

/**
 * A claim is in hand: it waits for its slot, unless its user refuses it, or has it wait for longer, or its person's limit
 * does.
 */
export function takeUp(world: World, claim: Claim): void {
  const { member, item, slot } = claim;
  const verdict = world.guard(item, dbNow(world));
  if (verdict?.kind === "refuse") {
    concludeUnsent(world, member.shard, item, verdict, claim);
    return;
  }
  if (verdict !== null) {
    postpone(world, claim, verdict);
    return;
  }
  const pairAt = takePair(world, member, item, slot);
  if (pairAt === null) makeReady(world, claim);
  else postpone(world, claim, { until: toDbTime(world.clock!, pairAt), reason: pairLimit });
}

const pairLimit: Reason = {
  code: "pair_limit",
  faultClass: "pace",
  providerCode: null,
  detail: "too many to one person in a short time",
};

/** Back into the queue until then, which is told. Its claim number is used up, but it is no attempt. */
function postpone(
  world: World,
  { member, item, head, slot }: Claim,
  { until, reason }: { until: number; reason: Reason },
): void {
  const nextAt = Math.ceil(until);
  conclude(world, {
    shard: member.shard,
    step: { op: "requeue", id: item.id, n: item.n, nextAt, attempts: item.attempts },
    event: { item: { ...item, nextAt }, change: { status: "queued", at: dbNow(world), nextAt, reason } },
    slot,
    next: { kind: "back", head: { ...head, n: item.n, nextAt } },
  });
}

function makeReady(world: World, claim: Claim): void {
  const { member } = claim;
  if (member.ready.length === 0) member.arrival = anchor(member.arrival, world.now);
  member.ready.push(claim);
  world.dirty.add(member);
}

/** Writes what is due; returns when to look again, null when something else will say. */
export function writeDue(world: World, member: MemberState): number | null {
  if (member.ready.length === 0 || !mayAct(world, member.shard)) return null;
  if (!maySend(world, member) || member.shard.phase === "leaving") {
    for (const claim of member.ready.splice(0)) putBack(world, claim);
    return null;
  }
  endHeld(world, member);
  while (
    member.ready.length > 0 &&
    member.leaving === null &&
    world.now >= Math.max(member.arrival, limitedUntil(world, member, false)) &&
    mayOpenSend(world, member)
  ) {
    const claim = takeNext(world, member);
    if (claim === null) break;
    if (claim.item.notAfter <= dbNow(world))
      concludeUnsent(world, member.shard, claim.item, "expired", claim);
    else write(world, claim);
  }
  // The claim promised its slot to the store: what can't keep it goes back, so that a take-over need not doubt the promise.
  const { slotLatenessMs } = world.settings;
  const late = member.ready.filter((claim) => claim.slotAt + slotLatenessMs <= world.now);
  if (late.length > 0) {
    member.ready = member.ready.filter((claim) => !late.includes(claim));
    for (const claim of late) putBack(world, claim);
  }
  if (member.ready.length === 0) return null;
  let giveUpAt = Number.POSITIVE_INFINITY;
  let ofStreams = Number.POSITIVE_INFINITY;
  for (const claim of member.ready) {
    giveUpAt = Math.min(giveUpAt, claim.slotAt + slotLatenessMs);
    // In the order of their slots: otherwise all of a stream's members would look for each of its messages.
    const at = claimMayWriteAt(world, claim);
    ofStreams = Math.min(ofStreams, at > world.now ? Math.max(at, claim.slotAt) : at);
  }
  if (member.leaving !== null || !mayOpenSend(world, member)) return giveUpAt;
  const mayWriteAt = Math.max(member.arrival, limitedUntil(world, member, false), ofStreams, world.now);
  return Math.min(mayWriteAt, giveUpAt);
}

/** Claimed before its stream was held or cancelled, and not written yet. */
function endHeld(world: World, member: MemberState): void {
  if (!member.ready.some((claim) => holdOf(member, claim.head) !== null)) return;
  for (const claim of member.ready.splice(0)) {
    const hold = holdOf(member, claim.head);
    if (hold === null) member.ready.push(claim);
    else if (hold.kind === "held") putBack(world, claim);
    else concludeUnsent(world, member.shard, claim.item, "cancelled", claim);
  }
}

/**
 * Otp before all that was claimed earlier; otherwise the order of the claims, which holds the lanes' shares. What its stream's pace
 * still keeps lets the others pass; null: it keeps them all.
 */
function takeNext(world: World, { ready }: MemberState): Claim | null {
  let first = -1;
  for (let at = 0; at < ready.length; at++) {
    const isOtp = ready[at]!.item.lane === "otp";
    if ((first >= 0 && !isOtp) || claimMayWriteAt(world, ready[at]!) > world.now) continue;
    first = at;
    if (isOtp) break;
  }
  return first < 0 ? null : ready.splice(first, 1)[0]!;
}

function putBack(world: World, claim: Claim): void {
  const { shard } = claim.member;
  conclude(world, releaseOf(shard, shard.epoch, claim.head, claim.item.n, claim.slot));
}

function write(world: World, claim: Claim): void {
  const { member, item } = claim;
  member.arrival = arrivalAfter(member.arrival, world.now, interval(world, member), world.settings.catchUpMs);
  spendLimits(world, member);
  spendStream(world, claim);
  unreserve(claim.slot);
  spendPair(world, claim);
  member.sending++;
  claim.writtenAt = world.now;
  const token = world.nextToken++;
  world.sends.set(token, claim);
  if (world.settings.confirmWrites) member.leaving = token;
  world.deadlines.set(token, Math.min(world.now + world.settings.sendDeadlineMs, member.shard.goodUntil));
  const dwellMs = Math.max(0, dbNow(world) - Math.max(item.admittedAt, item.nextAt ?? 0));
  const until = Math.min(world.now + world.settings.catchUpMs, member.shard.goodUntil);
  world.effects.push({ kind: "send", token, item: { ...item, claim: item.n }, until, dwellMs });
}

/**
 * The bytes left only now: the next arrival counts from here, and what follows may go. The answer counts too, for a send that
 * ended without ever leaving.
 */
export function written(world: World, token: number): void {
  const claim = world.sends.get(token);
  if (claim === undefined || claim.member.leaving !== token) return;
  const { member } = claim;
  member.leaving = null;
  const { catchUpMs } = world.settings;
  // The shard may have been lost and acquired again since: then the member is another.
  const current = member.shard.members.get(member.id);
  if (current === undefined) return;
  current.arrival = Math.max(current.arrival, world.now - catchUpMs + interval(world, current));
  world.dirty.add(current);
}

/** The process stood still between the decision and the wire: the slot is gone, and perhaps the lease. */
export function unsent(world: World, token: number): void {
  const claim = world.sends.get(token);
  if (claim === undefined) return;
  world.sends.delete(token);
  world.deadlines.clear(token);
  const { member } = claim;
  if (member.leaving === token) member.leaving = null;
  member.sending--;
  if (member.shard.members.get(member.id) === member) world.dirty.add(member);
  putBack(world, claim);
}

/** A send may take its full time as long as the lease is renewed; when it is not, waiting ends with it. */
export function endLateSends(world: World): void {
  for (
    let token = world.deadlines.due(world.now);
    token !== undefined;
    token = world.deadlines.due(world.now)
  ) {
    const claim = world.sends.get(token)!;
    const { goodUntil } = claim.member.shard;
    const until = Math.min(claim.writtenAt + world.settings.sendDeadlineMs, goodUntil);
    if (until > world.now) world.deadlines.set(token, until);
    else world.effects.push({ kind: "abort", token });
  }
}

export function answered(world: World, token: number, result: SendResult): void {
  const claim = world.sends.get(token);
  if (claim === undefined) return;
  written(world, token);
  world.sends.delete(token);
  world.deadlines.clear(token);
  const { member, item, head, claimedAt, slot } = claim;
  const { shard } = member;
  member.sending--;
  if (result.kind !== "unsure")
    member.latencyMs = estimateAfter(member.latencyMs, world.now - claim.writtenAt);
  if (result.waitMs !== undefined) member.arrival = Math.max(member.arrival, world.now + result.waitMs);
  if (shard.members.get(member.id) === member) world.dirty.add(member);
  if (!shard.wanted && shard.phase === "idle") {
    // Handed over with this send still open: the new owner holds it in doubt, and a receipt settles it.
    freeSlot(world, slot);
    log(world, {
      event: "answer_too_late",
      shard: shard.id,
      message: item.id,
      claim: item.n,
      outcome: result.kind,
    });
    return;
  }
  if (result.kind === "accepted") {
    world.sentTotal++;
    shard.sent.set(item.tenant, (shard.sent.get(item.tenant) ?? 0) + 1);
  }
  if (result.kind === "rejected") throttle(world, claim, result);

  const at = dbNow(world);
  const { next, attempts, change } = decideResult(
    item,
    claimedAt,
    result,
    at,
    world.random(),
    world.settings,
  );
  const after = { ...item, attempts, nextAt: next.op === "requeue" ? next.nextAt : item.nextAt };
  conclude(world, {
    shard,
    step: { ...next, id: item.id, n: item.n },
    event: { item: after, change },
    slot,
    next:
      next.op === "done"
        ? { kind: "left", item }
        : next.op === "requeue"
          ? { kind: "back", head: { ...head, n: item.n, nextAt: next.nextAt } }
          : null,
  });
}

/** What a refusal means for the pace of its member, or of all members of its account in this shard. */
function throttle(world: World, claim: Claim, result: Extract<SendResult, { kind: "rejected" }>): void {
  const { scope, effect } = result;
  if (effect === "none" || (scope !== "member" && scope !== "account")) return;
  const { member } = claim;
  const concerned =
    scope === "member"
      ? [member]
      : [...member.shard.members.values()].filter((m) => m.info?.account === claim.item.account);
  for (const one of concerned) {
    if (effect === "slow") one.adapted = slowed(one.adapted, world.now);
    else one.pausedUntil = Math.max(one.pausedUntil, world.now + (result.pauseMs ?? world.settings.pauseMs));
    if (one.shard.members.get(one.id) === one) world.dirty.add(one);
    log(world, {
      event: "member_throttled",
      shard: one.shard.id,
      tenant: one.tenant,
      member: one.id,
      effect,
      code: result.reason.code,
      factor: factorAt(one.adapted, world.now),
    });
  }
}
