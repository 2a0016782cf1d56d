/** A consumer in numbers: how far behind, by records and by time. */
import { counter, histogram, observe } from "@wamesh/metrics";
import type { Batch } from "kafkajs";
import { createLag } from "./lag.ts";

type Fetched = Pick<Batch, "topic" | "partition" | "messages" | "offsetLag">;

export function measureConsumer(of: {
  groupId: string;
  topics: readonly string[];
  pollAgeMs: () => number;
  assigned: () => Readonly<Record<string, readonly number[]>>;
}) {
  const { groupId: group } = of;
  const records = counter("kafka_consumer_records_total");
  const durations = histogram("kafka_consumer_batch_duration_seconds");
  const failures = counter("kafka_consumer_failures_total");
  const rebalances = counter("kafka_consumer_rebalances_total");
  // Begun at zero, so that a rate sees the first failure too.
  for (const topic of of.topics) failures.add(0, { group, topic });
  const lag = createLag();
  const stop = observe((say) => {
    const nowMs = Date.now();
    for (const topic of of.topics) {
      const { records, ageMs } = lag.of(topic, nowMs);
      say("kafka_consumer_lag_records", records, { group, topic });
      say("kafka_consumer_lag_seconds", ageMs / 1000, { group, topic });
    }
    say("kafka_consumer_poll_age_seconds", of.pollAgeMs() / 1000, { group });
    say("kafka_consumer_partitions", Object.values(of.assigned()).flat().length, { group });
  });
  return {
    /** A batch is in hand; the answer is called when it is done, and never when it failed. */
    begin(batch: Fetched): () => void {
      const { topic, partition, messages } = batch;
      const beganMs = performance.now();
      const behind = Number(batch.offsetLag());
      const [first, last] = [messages[0], messages.at(-1)];
      lag.took(topic, partition, { records: messages.length + behind, sinceMs: Number(first?.timestamp) });
      return () => {
        lag.did(topic, partition, { records: behind, sinceMs: Number(last?.timestamp) });
        records.add(messages.length, { group, topic });
        durations.observe((performance.now() - beganMs) / 1000, { group, topic });
      };
    },
    failed: (topic: string) => failures.add(1, { group, topic }),
    joined() {
      rebalances.add(1, { group });
      lag.keep(of.assigned());
    },
    lag: () => lag.all(),
    stop,
  };
}
