/** What only time brings about: items due, items too late, doubts to decide. One poll a second over all shards held. */
import { decideDoubt } from "../core/doubt.ts";
import { remove } from "../core/window.ts";
import type { Item } from "../item.ts";
import type { Doubt, PollReply, WindowKey } from "../store.ts";
import { ask, dbNow, fencesOf, isOpen } from "./ask.ts";
import { conclude, concludeArrived, concludeUnsent } from "./outcomes.ts";
import { forget } from "./ownership.ts";
import { bringUp, rescan, tidy } from "./refilling.ts";
import type { Shard, World } from "./state.ts";

const limit = 500;
/** The poll looks this far ahead, and back over what was committed while the last one ran. */
const aheadMs = 1_500;
const overlapMs = 2_000;
/**
 * Decisions this old are looked at again: longer than an admission or a claim that did not see them is under way. All of them
 * are looked at once when a shard is acquired.
 */
const commandOverlapMs = 30_000;
/** After a full answer, or when something was noted. */
const soonMs = 20;
const rescanMs = 60_000;

export function pollSoon(world: World): void {
  world.pollAt = Math.min(world.pollAt, world.now + soonMs);
}

export function askPoll(world: World): void {
  if (world.now >= world.rescanAt) {
    world.rescanAt = world.now + rescanMs;
    rescan(world);
    tidy(world);
  }
  if (world.pollOpen || world.now < world.pollAt) return;
  const shards = [...world.shards.values()].filter((shard) => isOpen(world, shard));
  world.pollAt = world.now + world.settings.pollMs;
  if (shards.length === 0) return;
  const fences = fencesOf(shards);
  const epochs = new Map(fences.map(({ shard, epoch }) => [shard, epoch]));
  const until = dbNow(world) + aheadMs;
  const since = Math.min(world.dueSince, until);
  world.dueSince = until - overlapMs;
  const { commandsSince } = world;
  world.commandsSince = dbNow(world) - commandOverlapMs;
  world.pollOpen = true;
  ask(
    world,
    "poll",
    {
      fences,
      since,
      until,
      limit,
      commandsSince,
      gone: goneMembers(shards),
      cancelled: cancelledWindows(shards),
    },
    (reply) => {
      world.pollOpen = false;
      const held = new Map<number, Shard>();
      for (const shard of shards) {
        if (!isOpen(world, shard) || shard.epoch !== epochs.get(shard.id)) continue;
        if (reply.fenced.includes(shard.id)) held.set(shard.id, shard);
        else forget(world, shard, "poll_unfenced");
      }
      takeUp(world, held, reply);
      // A full answer is continued from its end.
      if (reply.due.length >= limit) world.dueSince = Math.min(world.dueSince, reply.due.at(-1)!.nextAt! - 1);
      const isFull = reply.doomed.length >= limit || reply.doubts.length >= limit;
      if (isFull) world.commandsSince = Math.min(world.commandsSince, commandsSince);
      if (isFull || reply.due.length >= limit || reply.arrived.length >= limit) pollSoon(world);
    },
    () => {
      world.pollOpen = false;
      world.dueSince = Math.min(world.dueSince, since);
      world.commandsSince = Math.min(world.commandsSince, commandsSince);
    },
  );
}

function goneMembers(shards: readonly Shard[]): string[] {
  return shards.flatMap((shard) =>
    [...shard.members.values()].filter((m) => m.info?.state === "gone").map((m) => m.id),
  );
}

function cancelledWindows(shards: readonly Shard[]): WindowKey[] {
  return shards.flatMap((shard) =>
    [...shard.members.values()].flatMap(({ windows }) =>
      Object.values(windows)
        .flat()
        .filter((window) => window.hold?.kind === "cancelled" && window.backlog > 0)
        .map(({ shard: id, member, lane, stream }) => ({ shard: id, member, lane, stream })),
    ),
  );
}

function takeUp(world: World, held: ReadonlyMap<number, Shard>, reply: PollReply): void {
  for (const head of reply.due) {
    const shard = held.get(head.shard);
    if (shard !== undefined) bringUp(world, shard, head);
  }
  // First what was sent after all, whatever else is wished for it.
  for (const arrived of reply.arrived) {
    const shard = takeOut(world, held, arrived.item);
    if (shard !== null) concludeArrived(world, shard, arrived);
  }
  for (const { item, why } of reply.doomed) {
    const shard = takeOut(world, held, item);
    if (shard !== null) concludeUnsent(world, shard, item, why, null);
  }
  for (const doubt of reply.doubts) {
    const shard = held.get(doubt.item.shard);
    if (shard !== undefined) decide(world, shard, doubt);
  }
  for (const shard of held.values()) shard.inDoubt = new Map();
  for (const { shard, tenant, count } of reply.inDoubt) held.get(shard)?.inDoubt.set(tenant, count);
}

/** Out of its window; null when it is in other hands, or in a claim or step of ours. */
function takeOut(world: World, held: ReadonlyMap<number, Shard>, item: Item): Shard | null {
  const shard = held.get(item.shard);
  if (shard === undefined || shard.known.get(item.id) === "busy") return null;
  const member = shard.members.get(item.member);
  const window = member?.windows[item.lane].find((w) => w.stream === (item.stream ?? ""));
  if (window !== undefined) remove(window, item.id);
  if (member !== undefined) world.dirty.add(member);
  return shard;
}

function decide(world: World, shard: Shard, doubt: Doubt): void {
  const { item } = doubt;
  // Ours after all: its answer is awaited or waits to be written, or it was put back since the poll looked.
  if (shard.known.has(item.id)) return;
  // Time alone decides only when no receipt can be on its way that has not been read.
  const due = doubt.due && world.receiptsCurrent(shard.id);
  const decision = decideDoubt({ ...doubt, due }, dbNow(world), world.settings);
  if (decision === null) return;
  const { next, change, attempts } = decision;
  shard.known.set(item.id, "busy");
  conclude(world, {
    shard,
    step: { ...next, id: item.id, n: item.n },
    event: change === null ? null : { item: { ...item, attempts }, change },
    slot: null,
    next:
      next.op === "done" ? { kind: "left", item } : next.op === "reopen" ? { kind: "reopened", item } : null,
  });
}
