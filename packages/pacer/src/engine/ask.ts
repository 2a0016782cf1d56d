/** Asking the world outside: an effect with a token, and what to do with its answer. */
import { sampleClock, toDbTime } from "../core/clock.ts";
import type { Shard, StoreEffect, StoreReply, Verb, World } from "./state.ts";

export function ask<V extends Verb>(
  world: World,
  verb: V,
  request: Extract<StoreEffect, { verb: V }>["request"],
  onReply: (reply: StoreReply[V], sentAt: number) => void,
  onFailure: (error: string) => void,
): void {
  const token = world.nextToken++;
  world.awaited.set(token, {
    onReply: (reply: StoreReply[V], sentAt) => {
      const dbNow =
        reply !== null && typeof reply === "object" && "dbNow" in reply ? reply.dbNow : Number.NaN;
      world.clock = sampleClock(world.clock, { sentAt, receivedAt: world.now, dbNow });
      world.failing.delete(verb);
      onReply(reply, sentAt);
    },
    onFailure: (error) => {
      log(world, { event: "statement_failed", verb, error });
      const since = world.failing.get(verb)?.since ?? world.now;
      world.failing.set(verb, { error, since, lastAt: world.now });
      onFailure(error);
    },
  });
  world.effects.push({ kind: "store", token, verb, request } as StoreEffect);
}

export function log(world: World, fields: Record<string, unknown>): void {
  world.effects.push({ kind: "log", fields });
}

/** The database's time now. There is a sample as soon as a shard is owned, and nobody asks before. */
export function dbNow(world: World): number {
  return world.clock === null ? 0 : toDbTime(world.clock, world.now);
}

/** Whether this process may act for the shard at this moment. */
export function mayAct(world: World, shard: Shard): boolean {
  return (shard.phase === "owned" || shard.phase === "leaving") && world.now < shard.goodUntil;
}

/** Whether new work may be started for it. */
export function isOpen(world: World, shard: Shard): boolean {
  return shard.phase === "owned" && world.now < shard.goodUntil;
}

export function fencesOf(shards: Iterable<Shard>): { shard: number; epoch: number }[] {
  return [...new Set(shards)].map(({ id, epoch }) => ({ shard: id, epoch }));
}

/** A hand-over is under way: nothing lingers then. */
export function isLeaving(world: World): boolean {
  for (const shard of world.shards.values()) if (shard.phase === "leaving") return true;
  return false;
}
