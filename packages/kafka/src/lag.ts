/** How far a consumer is behind, partition by partition, from nothing but its own batches. Pure. */

type Behind = {
  records: number;
  /** Epoch ms of the oldest record not done, as its producer says; of the last one done, where the next was not seen yet. */
  sinceMs: number;
};

export function createLag() {
  const topics = new Map<string, Map<number, Behind>>();

  function set(topic: string, partition: number, behind: Behind): void {
    const partitions = topics.get(topic) ?? new Map<number, Behind>();
    topics.set(topic, partitions.set(partition, behind));
  }

  return {
    /** A batch was fetched and is in hand. */
    took: set,
    /** It is done; `records` are still in the log behind it. */
    did: set,
    /** Partitions that others have now are no longer counted here. */
    keep(assigned: Readonly<Record<string, readonly number[]>>): void {
      for (const [topic, partitions] of topics)
        for (const partition of partitions.keys())
          if (!assigned[topic]?.includes(partition)) partitions.delete(partition);
    },
    of(topic: string, nowMs: number): { records: number; ageMs: number } {
      let records = 0;
      let ageMs = 0;
      for (const behind of topics.get(topic)?.values() ?? []) {
        if (behind.records === 0) continue;
        records += behind.records;
        if (Number.isFinite(behind.sinceMs)) ageMs = Math.max(ageMs, nowMs - behind.sinceMs);
      }
      return { records, ageMs };
    },
    all(): number {
      let sum = 0;
      for (const partitions of topics.values()) for (const { records } of partitions.values()) sum += records;
      return sum;
    },
  };
}
