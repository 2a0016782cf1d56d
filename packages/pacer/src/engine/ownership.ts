/** The end of a shard's life in memory: its lease is gone, or a statement failed and nobody knows whether it happened. */
import { admissionEnds, newGateWatch } from "../core/gate.ts";
import { newOutboxLine } from "../core/outbox-line.ts";
import type { Head } from "../store.ts";
import { log } from "./ask.ts";
import { withdraw } from "./members.ts";
import type { Conclusion, Shard, Slot, World } from "./state.ts";

export function newShard(id: number): Shard {
  return {
    id,
    wanted: false,
    phase: "idle",
    epoch: 0,
    acquiredAt: 0,
    goodUntil: Number.NEGATIVE_INFINITY,
    acquireAt: 0,
    leaveBy: 0,
    line: newOutboxLine(id, 0, 0),
    gates: newGateWatch(),
    known: new Map(),
    members: new Map(),
    spent: new Map(),
    streams: new Map(),
    pairs: new Map(),
    owing: new Set(),
    sure: [],
    admissions: new Map(),
    waitingAdmissions: [],
    open: 0,
    reading: false,
    inDoubt: new Map(),
    sent: new Map(),
  };
}

/**
 * Forgets what the store knows better. What only this process knows is kept: claims that surely were not written, and answers
 * that came. Both are recorded when the shard is acquired again, even under another epoch of this same owner, since a step
 * names its claim and does nothing when that has moved on. Sends that are out go on to their deadline.
 */
export function forget(world: World, shard: Shard, why: string): void {
  // An acquisition under way is left alone: a second one beside it would begin the shard twice.
  if (shard.phase !== "owned" && shard.phase !== "leaving") return;
  log(world, { event: "shard_lost", shard: shard.id, epoch: shard.epoch, why });
  const leaving = shard.phase === "leaving";
  shard.phase = "idle";
  shard.goodUntil = Number.NEGATIVE_INFINITY;
  shard.acquireAt = world.now;
  for (const member of shard.members.values()) {
    withdraw(world, member);
    world.memberAlarms.clear(member);
    world.dirty.delete(member);
    for (const claim of member.ready.splice(0))
      shard.sure.push(releaseOf(shard, shard.epoch, claim.head, claim.item.n, claim.slot));
    for (const windows of Object.values(member.windows))
      for (const window of windows) world.hungry.delete(window);
  }
  // Admissions and claims under way see by the epoch that they came too late.
  for (const token of shard.admissions.values()) admissionEnds(shard.gates, token, []);
  shard.admissions.clear();
  shard.members = new Map();
  shard.spent = new Map();
  for (const stream of shard.streams.values()) world.streamAlarms.clear(stream);
  shard.streams = new Map();
  shard.pairs = new Map();
  shard.owing = new Set();
  shard.known = new Map();
  shard.gates = newGateWatch();
  shard.line = newOutboxLine(shard.id, 0, 0);
  shard.inDoubt = new Map();
  shard.sent = new Map();
  shard.open = 0;
  shard.reading = false;
  shard.sure.push(...world.outcomes.filter((conclusion) => conclusion.shard === shard));
  world.outcomes = world.outcomes.filter((conclusion) => conclusion.shard !== shard);
  if (leaving) {
    world.effects.push({ kind: "left", shard: shard.id });
    if (!shard.wanted) dropSure(world, shard);
  }
}

/** Another process decides over them now. */
export function dropSure(world: World, shard: Shard): void {
  for (const { slot } of shard.sure.splice(0)) if (slot !== null) freeSlot(world, slot);
}

/** A claim made under this epoch ends, surely unsent: its item waits again, right where it was. */
export function releaseOf(shard: Shard, epoch: number, head: Head, n: number, slot: Slot): Conclusion {
  return {
    shard,
    step: { op: "release", id: head.id, n, epoch },
    event: null,
    slot,
    next: { kind: "back", head: { ...head, n } },
  };
}

export function takeSlot(world: World, slot: Slot): Slot {
  for (const spent of slot.reserved) spent.reserved++;
  world.inFlight++;
  if (slot.isBulk) world.bulkInFlight++;
  world.tenantInFlight.set(slot.tenant, (world.tenantInFlight.get(slot.tenant) ?? 0) + 1);
  return slot;
}

/** What was reserved of limits is spent, or given back. */
export function unreserve(slot: Slot): void {
  for (const spent of slot.reserved.splice(0)) spent.reserved--;
}

export function freeSlot(world: World, slot: Slot): void {
  const { isBulk, tenant, pair } = slot;
  unreserve(slot);
  if (pair !== null) pair.inHand--;
  world.inFlight--;
  if (isBulk) world.bulkInFlight--;
  const left = (world.tenantInFlight.get(tenant) ?? 1) - 1;
  if (left <= 0) world.tenantInFlight.delete(tenant);
  else world.tenantInFlight.set(tenant, left);
}
