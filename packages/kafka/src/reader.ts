/** Single records of a topic, read again from where they lie: for what was noted by its offset and not by its bytes. */
import type { Codec, Topic } from "@wamesh/events";
import type { Cluster } from "kafkajs";
import { type KafkaOptions, newClient } from "./client.ts";
import { clusterOf } from "./cluster.ts";
import { fetchFrom } from "./fetch-from.ts";
import { readRecords } from "./read.ts";

export type Place = { partition: number; offset: number };

export type Reader<Record_> = {
  /** Of each place its record; null: it is no longer there, or can't be read. Rejects while the broker is away. */
  read(places: readonly Place[]): Promise<(Record_ | null)[]>;
  close(): Promise<void>;
};

const maxBytes = 1024 * 1024;
const maxWaitMs = 500;

export function openReader<Record_>(
  kafka: KafkaOptions,
  { topic, codec }: { topic: Topic<Record_>; codec: Codec },
): Reader<Record_> {
  const { kafka: client, sever } = newClient(kafka);
  const cluster = clusterOf(client);

  async function readPartition(partition: number, offsets: readonly number[]): Promise<Map<number, Record_>> {
    const found = new Map<number, Record_>();
    const [low, high] = await bounds(cluster, topic.name, partition);
    const wanted = offsets.filter((offset) => offset >= low && offset < high).sort((a, b) => a - b);
    while (wanted.length > 0) {
      const from = wanted[0]!;
      const messages = await fetchFrom(cluster, {
        topic: topic.name,
        partition,
        offset: from,
        maxBytes,
        maxWaitMs,
      });
      const isWanted = new Set(wanted);
      const { records } = await readRecords(
        topic,
        messages.filter(({ offset }) => isWanted.has(Number(offset))),
        codec,
      );
      for (const { offset, record } of records) found.set(Number(offset), record);
      // An answer reaches at least to the offset asked for, or the record there is gone.
      const read = Math.max(from, Number(messages.at(-1)?.offset ?? from));
      wanted.splice(0, wanted.findLastIndex((offset) => offset <= read) + 1);
    }
    return found;
  }

  return {
    async read(places) {
      await cluster.connect();
      await cluster.addTargetTopic(topic.name);
      try {
        const byPartition = Map.groupBy(places, ({ partition }) => partition);
        const found = new Map<number, Map<number, Record_>>();
        for (const [partition, some] of byPartition)
          found.set(
            partition,
            await readPartition(
              partition,
              some.map(({ offset }) => offset),
            ),
          );
        return places.map(({ partition, offset }) => found.get(partition)?.get(offset) ?? null);
      } catch (error) {
        // A leader may have moved; the next call asks anew.
        await cluster.refreshMetadata().catch(() => {});
        throw error;
      }
    },
    async close() {
      sever();
      await cluster.disconnect().catch(() => {});
    },
  };
}

async function bounds(cluster: Cluster, topic: string, partition: number): Promise<[number, number]> {
  const partitions = [{ partition }];
  const [low] = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: true }]);
  const [high] = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: false }]);
  return [Number(low!.partitions[0]!.offset), Number(high!.partitions[0]!.offset)];
}
