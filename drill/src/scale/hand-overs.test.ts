import { expect, test } from "vitest";
import { handOvers, type ShardEvent, shardEvents } from "./hand-overs.ts";

const event = (at: number, name: ShardEvent["event"], shard: number, why: string | null = null) => ({
  at,
  event: name,
  shard,
  why,
});

test("a planned move counts from the last pick to the next owner, whoever logged first", () => {
  const events = [
    event(1400, "shard_acquired", 3),
    event(1000, "shard_leaving", 3),
    event(1200, "shard_lost", 3, "handed_over"),
    event(900, "shard_acquired", 4),
  ];
  expect(handOvers(events)).toEqual({ planned_ms: [400], unplanned: 0 });
});

test("a lease that was not renewed is no planned move", () => {
  const events = [event(1000, "shard_lost", 3, "lease_not_renewed"), event(9000, "shard_acquired", 3)];
  expect(handOvers(events)).toEqual({ planned_ms: [], unplanned: 1 });
});

test("reads what the dispatcher writes, and passes over what a kill cut off", () => {
  const line =
    '{"level":"info","time":"2026-11-22T05:00:00.500Z","event":"shard_lost","shard":2,"epoch":4,"why":"handed_over"}';
  expect(shardEvents(`${line}\nplain words\n${line.slice(0, 90)}`)).toEqual([
    event(Date.parse("2026-11-22T05:00:00.500Z"), "shard_lost", 2, "handed_over"),
  ]);
});
