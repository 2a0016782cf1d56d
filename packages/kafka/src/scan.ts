/** A part of a partition's log, read once and in order, without a group: for what asks the log what happened. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Codec, Topic } from "@wamesh/events";
import { type KafkaOptions, newClient } from "./client.ts";
import { clusterOf } from "./cluster.ts";
import { fetchFrom } from "./fetch-from.ts";
import { type ConsumedRecord, readRecords, type Skip } from "./read.ts";

export type Scan<Record_> = {
  topic: Topic<Record_>;
  codec: Codec;
  partition: number;
  /** First offset wanted; what is no longer there is passed over. */
  from: number;
  /** Offset after the last one wanted. */
  to: number;
  skip?: Skip;
  /** Part by part. Records that can't be read are left out. */
  apply: (records: readonly ConsumedRecord<Record_>[]) => void;
};

const maxBytes = 4 * 1024 * 1024;
const maxWaitMs = 200;
/** After so many fetches that find nothing there is nothing. */
const believedEmpty = 10;
const pauseMs = 50;

/**
 * Resolves when the part is read; rejects when the broker or the registry is away, and when the log does not hand over all of it.
 * Only of a compacted log that is no fault: a tail that compaction has emptied never comes.
 */
export async function scanLog<Record_>(options: KafkaOptions, scan: Scan<Record_>): Promise<void> {
  const { topic, partition, to } = scan;
  if (scan.from >= to) return;
  const { kafka: client, sever } = newClient(options);
  const cluster = clusterOf(client);
  try {
    await cluster.connect();
    await cluster.addTargetTopic(topic.name);
    const partitions = [{ partition }];
    const [low] = await cluster.fetchTopicsOffset([{ topic: topic.name, partitions, fromBeginning: true }]);
    let next = Math.max(scan.from, Number(low!.partitions[0]!.offset));
    let empty = 0;
    while (next < to) {
      const at = { topic: topic.name, partition, offset: next, maxBytes, maxWaitMs };
      const messages = (await fetchFrom(cluster, at)).filter(({ offset }) => Number(offset) >= next);
      if (messages.length === 0) {
        if (++empty < believedEmpty) {
          await sleep(pauseMs);
          continue;
        }
        if (topic.policy === "compact") return;
        throw new Error(
          `${topic.name}: partition ${partition} hands over nothing from offset ${next}, of ${to}`,
        );
      }
      empty = 0;
      const wanted = messages.filter(({ offset, value }) => Number(offset) < to && value !== null);
      scan.apply((await readRecords(topic, wanted, scan.codec, scan.skip)).records);
      next = Number(messages.at(-1)!.offset) + 1;
    }
  } finally {
    await cluster.disconnect().catch(() => {});
    sever();
  }
}
