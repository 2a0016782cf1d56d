/** How long shards had no owner while dispatchers came and went, from what the dispatchers logged. Pure. */

export type ShardEvent = {
  /** Epoch ms. */
  at: number;
  event: "shard_leaving" | "shard_acquired" | "shard_lost";
  shard: number;
  why: string | null;
};

export type HandOvers = {
  /** From the moment its owner picks nothing more for the shard until the next owner has it; planned moves only. */
  planned_ms: number[];
  /** Leases that ended otherwise: not renewed in time, or taken. */
  unplanned: number;
};

export function handOvers(events: readonly ShardEvent[]): HandOvers {
  const inOrder = events.toSorted((a, b) => a.at - b.at);
  const leftAt = new Map<number, number>();
  const planned: number[] = [];
  let unplanned = 0;
  for (const { at, event, shard, why } of inOrder) {
    if (event === "shard_leaving") leftAt.set(shard, at);
    else if (event === "shard_lost" && why !== "handed_over") unplanned++;
    else if (event === "shard_acquired") {
      const since = leftAt.get(shard);
      leftAt.delete(shard);
      if (since !== undefined) planned.push(at - since);
    }
  }
  return { planned_ms: planned, unplanned };
}

/** Of a dispatcher's log: JSON lines, among them those of shards. Lines cut off by a kill are left out. */
export function shardEvents(log: string): ShardEvent[] {
  return log.split("\n").flatMap((line): ShardEvent[] => {
    if (!line.includes('"event":"shard_')) return [];
    try {
      const { time, event, shard, why } = JSON.parse(line) as {
        time: string;
        event: ShardEvent["event"];
        shard: number;
        why?: string;
      };
      return [{ at: Date.parse(time), event, shard, why: why ?? null }];
    } catch {
      return [];
    }
  });
}
