/** Which of the waiting records travel together. Pure. */

/**
 * kafkajs makes one record batch per partition of a request, and a broker refuses batches above 1 MiB (`message.max.bytes`).
 * Grouping in kafkajs costs the square of the records per partition, hence the low number; a request takes about 2 ms.
 */
export type BatchLimits = { records: number; bytes: number; bytesPerPartition: number };

export const batchLimits: BatchLimits = { records: 2000, bytes: 8_000_000, bytesPerPartition: 900_000 };

export type Sized = { record: { topic: string; partition: number }; bytes: number };

/**
 * How many of the first waiting records make the next batch, at least one. The queue is never overtaken, so the order holds
 * in every partition. A record that is larger than a batch may be travels alone: the broker's refusal then hits no other.
 */
export function nextBatch(queue: readonly Sized[], limits: BatchLimits = batchLimits): number {
  const perPartition = new Map<string, number>();
  let total = 0;
  let count = 0;
  for (const { record, bytes } of queue) {
    if (count === limits.records) break;
    const place = `${record.topic} ${record.partition}`;
    const inPartition = (perPartition.get(place) ?? 0) + bytes;
    total += bytes;
    if (count > 0 && (total > limits.bytes || inPartition > limits.bytesPerPartition)) break;
    count++;
    if (bytes > limits.bytesPerPartition) break;
    perPartition.set(place, inPartition);
  }
  return count;
}
