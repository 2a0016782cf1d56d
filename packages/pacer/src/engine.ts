/**
 * The paced queue of one process, without I/O: inputs and the time in, effects out. No promise, no clock, no randomness of
 * its own, so the same inputs give the same effects, and a simulation can stop it between any two of them. `loop.ts` carries
 * the effects out; anything that honours `store.ts` may stand for the database.
 */
import { createAlarms } from "./core/alarms.ts";
import { createFair } from "./core/fair.ts";
import { type Window, windowSize } from "./core/window.ts";
import { admit, failWaitingAdmissions } from "./engine/admission.ts";
import { askPoll, pollSoon } from "./engine/housekeeping.ts";
import { disown, keepLeases } from "./engine/leases.ts";
import { enrol, membersOf, withdraw } from "./engine/members.ts";
import { flushOutcomes } from "./engine/outcomes.ts";
import { newShard } from "./engine/ownership.ts";
import { pickClaims } from "./engine/picking.ts";
import { publishNext, saveWatermarks } from "./engine/publishing.ts";
import { askRefill, wakeDeferred } from "./engine/refilling.ts";
import { answered, endLateSends, unsent, writeDue, written } from "./engine/sending.ts";
import { type Snapshot, snapshot } from "./engine/snapshot.ts";
import type { Effect, EngineDeps, Input, MemberState, Shard, World } from "./engine/state.ts";
import { wakeStreams } from "./engine/stream-pace.ts";
import { nextWake } from "./engine/wake.ts";

export type Engine = {
  /** Applies the inputs in order at one time (monotonic milliseconds) and returns what is to be done. */
  step(inputs: readonly Input[], nowMs: number): Effect[];
  /** When to step again if no input comes before; null: not needed. */
  wakeAt(): number | null;
  /** Shards that this process may act for now. */
  owned(nowMs: number): number[];
  snapshot(): Snapshot;
};

export function createEngine(deps: EngineDeps): Engine {
  const world = newWorld(deps);
  return {
    step(inputs, nowMs) {
      world.now = Math.max(world.now, nowMs);
      for (const input of inputs) take(world, input);
      advance(world);
      const { effects } = world;
      world.effects = [];
      return effects;
    },
    wakeAt: () => nextWake(world),
    owned: (nowMs) =>
      [...world.shards.values()]
        .filter(({ phase, goodUntil }) => phase === "owned" && nowMs < goodUntil)
        .map(({ id }) => id),
    snapshot: () => snapshot(world),
  };
}

function take(world: World, input: Input): void {
  switch (input.kind) {
    case "own":
      shardOf(world, input.shard).wanted = true;
      break;
    case "disown":
      disown(world, shardOf(world, input.shard), input.budgetMs);
      break;
    case "admit": {
      const until = world.now + world.settings.ownWaitMs;
      admit(world, shardOf(world, input.batch.shard), { token: input.token, batch: input.batch, until });
      break;
    }
    case "admission_given_up":
      failWaitingAdmissions(world, ({ token }) => token === input.token, "given up");
      break;
    case "stored":
      answerTo(world, input.token)?.onReply(input.reply as never, input.sentAt);
      break;
    case "store_failed":
      answerTo(world, input.token)?.onFailure(input.error);
      break;
    case "published":
      if (input.ok) answerTo(world, input.token)?.onReply(undefined as never, world.now);
      else answerTo(world, input.token)?.onFailure("not published");
      break;
    case "sent":
      answered(world, input.token, input.result);
      break;
    case "unsent":
      unsent(world, input.token);
      break;
    case "written":
      written(world, input.token);
      break;
    case "member_changed":
      memberChanged(world, input.member);
      break;
    case "holds_changed":
      holdsChanged(world, input.tenant);
      break;
    case "noticed":
      if (world.shards.has(input.shard)) pollSoon(world);
      break;
    case "tick":
      break;
  }
}

function advance(world: World): void {
  keepLeases(world);
  endLateSends(world);
  failWaitingAdmissions(world, ({ until }) => until <= world.now, "the shard was not acquired in time");
  askPoll(world);
  wakeDeferred(world);
  for (
    let due = world.memberAlarms.due(world.now);
    due !== undefined;
    due = world.memberAlarms.due(world.now)
  )
    world.dirty.add(due);
  wakeStreams(world);
  look(world);
  pickClaims(world);
  look(world);
  flushOutcomes(world);
  askRefill(world);
  publishNext(world);
  saveWatermarks(world);
}

/** Members of whom something changed: write what is due, enrol for picking, note when to look again. */
function look(world: World): void {
  for (const member of world.dirty) {
    world.dirty.delete(member);
    const writeAt = writeDue(world, member);
    const pickAt = enrol(world, member);
    const at = Math.min(writeAt ?? Number.POSITIVE_INFINITY, pickAt ?? Number.POSITIVE_INFINITY);
    if (at === Number.POSITIVE_INFINITY) world.memberAlarms.clear(member);
    else world.memberAlarms.set(member, at);
  }
}

function memberChanged(world: World, id: string): void {
  for (const shard of world.shards.values()) {
    const member = shard.members.get(id);
    if (member === undefined) continue;
    withdraw(world, member);
    member.info = world.member(id);
    for (const windows of Object.values(member.windows))
      for (const window of windows) {
        window.size = windowSize(member.info?.ratePerS ?? 0, membersOf(world));
        renewStream(world, window);
        world.hungry.add(window);
      }
    world.dirty.add(member);
    if (member.info?.state === "gone") pollSoon(world);
  }
}

function holdsChanged(world: World, tenant: string): void {
  for (const shard of world.shards.values())
    for (const member of shard.members.values())
      for (const window of Object.values(member.windows).flat()) {
        if (window.tenant !== tenant || window.stream === "") continue;
        renewStream(world, window);
        world.hungry.add(window);
        world.dirty.add(member);
        if (window.hold?.kind === "cancelled") pollSoon(world);
      }
}

function renewStream(world: World, window: Window): void {
  if (window.stream === "") return;
  window.hold = world.hold(window.member, window.stream);
  window.pace = world.streamPace(window.member, window.stream);
}

function shardOf(world: World, id: number): Shard {
  let shard = world.shards.get(id);
  if (shard === undefined) {
    shard = newShard(id);
    world.shards.set(id, shard);
  }
  return shard;
}

function answerTo(world: World, token: number) {
  const handlers = world.awaited.get(token);
  world.awaited.delete(token);
  return handlers;
}

function newWorld(deps: EngineDeps): World {
  const fair = () => createFair<MemberState>();
  return {
    hold: () => null,
    streamPace: () => null,
    guard: () => null,
    receiptsCurrent: () => true,
    ...deps,
    now: Number.NEGATIVE_INFINITY,
    clock: null,
    effects: [],
    nextToken: 1,
    awaited: new Map(),
    shards: new Map(),
    sends: new Map(),
    deadlines: createAlarms(),
    memberAlarms: createAlarms(),
    streamAlarms: createAlarms(),
    deferred: createAlarms(),
    fair: { otp: fair(), owed: fair(), standard: fair(), bulk: fair() },
    dirty: new Set(),
    hungry: new Set(),
    claiming: new Map(),
    writing: new Set(),
    inFlight: 0,
    bulkInFlight: 0,
    tenantInFlight: new Map(),
    claimsOpen: 0,
    outcomes: [],
    outcomesOpen: 0,
    outcomesSince: Number.NEGATIVE_INFINITY,
    refillOpen: false,
    gatesReadAt: Number.NEGATIVE_INFINITY,
    pollOpen: false,
    pollAt: Number.NEGATIVE_INFINITY,
    dueSince: Number.POSITIVE_INFINITY,
    commandsSince: 0,
    renewOpen: false,
    renewAt: Number.NEGATIVE_INFINITY,
    rescanAt: Number.NEGATIVE_INFINITY,
    publishOpen: false,
    publishAt: Number.NEGATIVE_INFINITY,
    watermarkOpen: false,
    watermarkAt: Number.NEGATIVE_INFINITY,
    watermarks: new Map(),
    readAt: Number.NEGATIVE_INFINITY,
    sentTotal: 0,
    failing: new Map(),
  };
}
