/** The next time at which something is to be done without an input. */
import { outcomesDue } from "./outcomes.ts";
import { gatesDue } from "./refilling.ts";
import type { World } from "./state.ts";

/** Past times mean that something else is waited for (a statement under way), whose answer is an input. */
export function nextWake(world: World): number | null {
  let wake = Number.POSITIVE_INFINITY;
  const at = (time: number | null) => {
    if (time !== null && time > world.now) wake = Math.min(wake, time);
  };
  at(world.memberAlarms.next());
  at(world.streamAlarms.next());
  at(world.deadlines.next());
  at(world.deferred.next());
  let isHolding = false;
  let isMovedOn = false;
  for (const shard of world.shards.values()) {
    if (shard.phase === "idle" && shard.wanted) at(Math.max(shard.acquireAt, world.now + 1));
    if (shard.phase === "owned" || shard.phase === "leaving") {
      isHolding = true;
      at(shard.goodUntil);
    }
    if (shard.phase === "leaving") {
      at(shard.leaveBy);
      // Looked at often: what it waits for may end without an input of its own.
      at(world.now + 20);
    }
    for (const { until } of shard.waitingAdmissions) at(until);
    isMovedOn ||= shard.gates.wanted.size > 0;
  }
  if (isHolding) {
    if (!world.renewOpen) at(Math.max(world.renewAt, world.now + 1));
    if (!world.pollOpen) at(Math.max(world.pollAt, world.now + 1));
    if (!world.publishOpen) at(world.publishAt);
    if (!world.refillOpen) {
      at(world.readAt);
      if (isMovedOn) at(gatesDue(world));
    }
    if (world.outcomes.length > 0) at(outcomesDue(world));
    if (!world.watermarkOpen && world.watermarks.size > 0) at(world.watermarkAt);
  }
  return wake === Number.POSITIVE_INFINITY ? null : wake;
}
