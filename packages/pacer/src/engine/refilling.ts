/** Heads into windows: from the store, from admissions, from conversations that moved on, and when their time comes. */
import { fromDbTime } from "../core/clock.ts";
import { itemEnded, takeWanted } from "../core/gate.ts";
import { insert, lookAgain, offer, refilled, type Window, wanted, windowSize } from "../core/window.ts";
import type { Gate, Head } from "../store.ts";
import { ask, dbNow, fencesOf, isOpen } from "./ask.ts";
import { membersOf, windowOf } from "./members.ts";
import { forget } from "./ownership.ts";
import type { Shard, World } from "./state.ts";
import { forgetStreams } from "./stream-pace.ts";

const windowsPerStatement = 200;
const gatesPerStatement = 500;
/** Deferred items this near are kept in memory; the poll finds the others. */
const deferMs = 2_000;

/** An item that may be claimed came up; `successor` takes the place of one that has left its window. */
export function bringUp(world: World, shard: Shard, head: Head, successor = false): void {
  if (shard.known.has(head.id)) return;
  if (head.nextAt !== null && head.nextAt > dbNow(world)) {
    if (head.nextAt - dbNow(world) > deferMs) return;
    shard.known.set(head.id, "deferred");
    world.deferred.set(head, fromDbTime(world.clock!, head.nextAt));
    return;
  }
  const window = windowOf(world, shard, head, 0);
  if (successor) {
    shard.known.set(head.id, "waiting");
    insert(window, head);
  } else if (offer(window, head)) shard.known.set(head.id, "waiting");
  else world.hungry.add(window);
}

/** The store is to be asked for it: its state there is not known here. */
export function readAgain(world: World, shard: Shard, head: Head): void {
  const window = windowOf(world, shard, head, 0);
  lookAgain(window, head);
  world.hungry.add(window);
}

/** Deferred items whose time has come. */
export function wakeDeferred(world: World): void {
  for (let head = world.deferred.due(world.now); head !== undefined; head = world.deferred.due(world.now)) {
    const shard = world.shards.get(head.shard)!;
    // Of an earlier ownership (then it may be in a window by now), or ended meanwhile.
    if (shard.known.get(head.id) !== "deferred") continue;
    shard.known.delete(head.id);
    bringUp(world, shard, { ...head, nextAt: null });
  }
}

/** The item is out of the store: its window counts one less, and the next of its conversation is wanted. */
export function itemLeft(
  world: World,
  shard: Shard,
  item: Gate & { id: string; member: string; stream: string | null },
  isCounted: boolean,
): void {
  shard.known.delete(item.id);
  itemEnded(shard.gates, { shard: shard.id, lane: item.lane, conversation: item.conversation });
  const member = shard.members.get(item.member);
  const window = member?.windows[item.lane].find((w) => w.stream === (item.stream ?? ""));
  if (window !== undefined && isCounted) window.backlog = Math.max(0, window.backlog - 1);
  if (member !== undefined) world.dirty.add(member);
}

/** When the next of conversations that moved on may be looked up, if there are any. */
export function gatesDue(world: World): number {
  return world.gatesReadAt + world.settings.gateLingerMs;
}

/** One statement at a time for all windows that are less than half full. */
export function askRefill(world: World): void {
  if (world.refillOpen || world.now < world.readAt) return;
  const windows: { window: Window; shard: Shard; limit: number }[] = [];
  const members = membersOf(world);
  for (const window of world.hungry) {
    if (windows.length >= windowsPerStatement) break;
    const shard = world.shards.get(window.shard)!;
    world.hungry.delete(window);
    const info = shard.members.get(window.member)?.info;
    // What may not be picked needs no memory; `memberChanged` and `holdsChanged` make it hungry again.
    if (!isOpen(world, shard) || info?.state !== "open" || window.hold !== null) continue;
    // A window made when there were few members was made large.
    window.size = windowSize(info.ratePerS, members);
    const limit = wanted(window);
    if (limit > 0) windows.push({ window, shard, limit });
  }
  const gates: Gate[] = [];
  if (windows.length > 0 || world.now >= gatesDue(world))
    for (const shard of world.shards.values())
      if (isOpen(world, shard)) gates.push(...takeWanted(shard.gates, gatesPerStatement - gates.length));
  if (windows.length === 0 && gates.length === 0) return;

  world.refillOpen = true;
  if (gates.length > 0) world.gatesReadAt = world.now;
  for (const { window } of windows) window.refilling = true;
  const shards = new Set([...windows.map((w) => w.shard), ...gates.map((g) => world.shards.get(g.shard)!)]);
  const fences = fencesOf(shards);
  const epochs = new Map(fences.map(({ shard, epoch }) => [shard, epoch]));
  const isSame = (shard: Shard) => isOpen(world, shard) && shard.epoch === epochs.get(shard.id);
  ask(
    world,
    "refill",
    {
      fences,
      gates,
      windows: windows.map(({ window: { shard, member, lane, stream, after }, limit }) => {
        return { shard, member, lane, stream, after, limit };
      }),
    },
    (reply) => {
      world.refillOpen = false;
      for (const shard of shards)
        if (isSame(shard) && !reply.fenced.includes(shard.id)) forget(world, shard, "refill_unfenced");
      windows.forEach(({ window, shard, limit }, index) => {
        if (!isSame(shard)) return;
        const { heads, scanned, reached } = reply.windows[index]!;
        const fresh = heads.filter((head) => !shard.known.has(head.id));
        for (const head of fresh) shard.known.set(head.id, "waiting");
        refilled(window, { scanned, reached, fresh }, limit);
        if (window.more) world.hungry.add(window);
        const member = shard.members.get(window.member);
        if (member !== undefined) world.dirty.add(member);
      });
      for (const head of reply.promoted) {
        const shard = world.shards.get(head.shard)!;
        if (isSame(shard)) bringUp(world, shard, head, true);
      }
    },
    () => {
      // A read that failed changed nothing: asked again.
      world.refillOpen = false;
      world.readAt = world.now + 250;
      for (const { window, shard } of windows)
        if (isSame(shard)) {
          window.refilling = false;
          world.hungry.add(window);
        }
      for (const gate of gates) {
        const shard = world.shards.get(gate.shard)!;
        if (isSame(shard)) itemEnded(shard.gates, gate);
      }
    },
  );
}

/** The safety net under all of the above, once a minute: windows that do not hold all there is are read from the start. */
export function rescan(world: World): void {
  for (const shard of world.shards.values())
    for (const member of shard.members.values())
      for (const windows of Object.values(member.windows))
        for (const window of windows)
          if (window.backlog > window.heads.length) {
            lookAgain(window, { place: 0, offset: 0 });
            world.hungry.add(window);
          }
}

/** Windows and members without anything to do are forgotten, so that memory follows activity. */
export function tidy(world: World): void {
  for (const shard of world.shards.values()) {
    forgetStreams(world, shard);
    for (const [id, member] of shard.members) {
      let windows = 0;
      for (const lane of ["otp", "standard", "bulk"] as const) {
        member.windows[lane] = member.windows[lane].filter(
          (w) => w.backlog > 0 || w.heads.length > 0 || w.refilling || w.more,
        );
        windows += member.windows[lane].length;
      }
      const claims = member.claimingOtp + member.claimingRest + member.ready.length + member.sending;
      const remembers =
        member.arrival > world.now || member.pausedUntil > world.now || member.adapted.factor < 1;
      if (windows + claims === 0 && !remembers) {
        world.memberAlarms.clear(member);
        world.dirty.delete(member);
        shard.members.delete(id);
      }
    }
  }
}
