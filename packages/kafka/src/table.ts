/**
 * A topic read whole by every process, from the beginning (or from a time) on, for ever: a compacted one as a table. It
 * fetches by itself, without a consumer group: there is nothing to divide or commit, joining a new group costs seconds,
 * and kafkajs' consumer hands over no empty batches, so it can't tell that the end of the log was reached when compaction
 * emptied the last one.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Codec, Topic } from "@wamesh/events";
import { contactFailed, contactWorked, observe } from "@wamesh/metrics";
import type { KafkaMessage } from "kafkajs";
import { type KafkaOptions, newClient } from "./client.ts";
import { clusterOf } from "./cluster.ts";
import { readRecords } from "./read.ts";
import { afterAnswer, type Position, startPosition } from "./table-position.ts";

export type TableOptions<Record_> = {
  topic: Topic<Record_>;
  codec: Codec;
  /**
   * Called for each record, per partition in the log's order, possibly twice: apply only what has a higher version.
   * Records that can't be decoded or whose tenant is doubtful are logged and left out.
   */
  apply: (key: string, record: Record_, meta: { partition: number; offset: string }) => void;
  /** Epoch ms: what was written before, by the broker's reckoning, is not read. Default: everything. */
  fromMs?: number;
  /** How long an idle broker may take to answer; `currentMs` stays below twice as much. Default: half a second. */
  idleMs?: number;
};

export type Table = {
  /** Resolves when each partition was read to the end that its log had at the start. Never rejects: failures are retried. */
  ready: Promise<void>;
  /** How long ago all partitions were last read without an error, in milliseconds; Infinity before the first time. */
  freshMs(): number;
  /** How long ago everything was known that the log then held, in milliseconds; Infinity before the first time. */
  currentMs(): number;
  stop(): Promise<void>;
};

type FetchedPartition = { partition: number; highWatermark: string; messages: FetchedMessage[] };
type FetchedMessage = KafkaMessage & { isControlRecord?: boolean };

/** An idle broker answers after this time; it bounds how long a change at one broker waits for the answer of another. */
const maxWaitMs = 100;
/** With one broker nothing waits for another. */
const aloneWaitMs = 500;
const pauseMs = 200;
/** A few answers more cost milliseconds; what one answer takes, and its records before they are folded, stays with the process. */
const maxBytesPerPartition = 512 * 1024;
const maxBytes = 2 * 1024 * 1024;

export async function openTable<Record_>(
  kafka: KafkaOptions,
  { topic, codec, apply, fromMs, idleMs = aloneWaitMs }: TableOptions<Record_>,
): Promise<Table> {
  const { log } = kafka;
  const { kafka: client, sever } = newClient(kafka);
  const cluster = clusterOf(client);
  const stopping = new AbortController();
  const ready = Promise.withResolvers<void>();
  let positions: Position[] | null = null;
  let freshAt = Number.NEGATIVE_INFINITY;
  let currentAt = Number.NEGATIVE_INFINITY;
  const openedAt = performance.now();
  const unobserve = observe((say) => {
    const isReady = positions?.every(({ reached }) => reached) ?? false;
    say("kafka_table_age_seconds", (performance.now() - Math.max(freshAt, openedAt)) / 1000, {
      topic: topic.name,
    });
    say("kafka_table_ready", isReady ? 1 : 0, { topic: topic.name });
  });

  async function readForever(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        await cluster.connect();
        await cluster.addTargetTopic(topic.name);
        await cluster.refreshMetadataIfNecessary();
        positions ??= await startPositions();
        // The log may have grown since the broker answered, but it did answer after it was asked.
        const askedAt = performance.now();
        if (await readRound(positions)) currentAt = askedAt;
        freshAt = performance.now();
        contactWorked("kafka");
        failures = 0;
        if (positions.every(({ reached }) => reached)) ready.resolve();
      } catch (error) {
        if (stopping.signal.aborted) return;
        failures++;
        contactFailed("kafka");
        // The first failure of many is news; a broker that is away for an hour is not news 18,000 times.
        if (failures === 1 || failures % 50 === 0)
          log("warn", "table can't be read", { topic: topic.name, failures, err: error });
        await recover(error);
        await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  async function startPositions(): Promise<Position[]> {
    const partitions = cluster
      .findTopicPartitionMetadata(topic.name)
      .map(({ partitionId }) => ({ partition: partitionId }));
    if (partitions.length === 0) throw new Error(`${topic.name} does not exist; run \`npm run deploy\``);
    const from = fromMs === undefined ? { fromBeginning: true } : { fromTimestamp: fromMs };
    const [low] = await cluster.fetchTopicsOffset([{ topic: topic.name, partitions, ...from }]);
    const [high] = await cluster.fetchTopicsOffset([{ topic: topic.name, partitions, fromBeginning: false }]);
    const ends = new Map(high!.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
    return low!.partitions.map(({ partition, offset }) => {
      const end = ends.get(partition)!;
      // Below zero: nothing was written since.
      return startPosition(partition, BigInt(offset) < 0n ? end : BigInt(offset), end);
    });
  }

  /** Whether nothing was left to read when the brokers answered. */
  async function readRound(positions: Position[]): Promise<boolean> {
    const leaders = cluster.findLeaderForPartitions(
      topic.name,
      positions.map(({ partition }) => partition),
    );
    const led = Object.values(leaders).flat().length;
    if (led < positions.length)
      throw new Error(`${topic.name}: ${positions.length - led} partitions have no leader`);
    const brokers = Object.entries(leaders);
    const waitMs =
      brokers.length === 1 && positions.every(({ reached }) => reached)
        ? idleMs
        : Math.min(maxWaitMs, idleMs);
    const behind = await Promise.all(
      brokers.map(([nodeId, partitions]) =>
        readFrom(
          nodeId,
          positions.filter(({ partition }) => partitions.includes(partition)),
          waitMs,
        ),
      ),
    );
    return !behind.includes(true);
  }

  /** Whether there was more to read than the answer held. */
  async function readFrom(nodeId: string, positions: Position[], waitMs: number): Promise<boolean> {
    const broker = await cluster.findBroker({ nodeId });
    const answer = (await broker.fetch({
      maxWaitTime: waitMs,
      minBytes: 1,
      maxBytes,
      // Configuration is written without transactions; and a foreign one left open must not hold the table up.
      isolationLevel: 0,
      topics: [
        {
          topic: topic.name,
          // Furthest behind first: the answer is filled in this order up to its limit.
          partitions: positions
            .toSorted((a, b) => Number(b.end - b.next - (a.end - a.next)))
            .map(({ partition, next }) => ({
              partition,
              fetchOffset: next.toString(),
              maxBytes: maxBytesPerPartition,
            })),
        },
      ],
    })) as { responses: { partitions: FetchedPartition[] }[] };
    const fetched = answer.responses.flatMap(({ partitions }) => partitions);
    const nothing = fetched.every(({ messages }) => messages.length === 0);
    let behind = false;
    for (const { partition, messages, highWatermark } of fetched) {
      const position = positions.find((one) => one.partition === partition)!;
      applyAll(position, await readRecords(topic, unseen(position, messages), codec));
      const last = messages.at(-1);
      Object.assign(
        position,
        afterAnswer(position, last === undefined ? null : BigInt(last.offset), nothing),
      );
      behind ||= position.next < BigInt(highWatermark);
    }
    // An emptied tail is answered at once, again and again.
    if (nothing && behind) await sleep(maxWaitMs, undefined, { signal: stopping.signal });
    return behind;
  }

  function applyAll(
    { partition }: Position,
    { records, unreadable }: Awaited<ReturnType<typeof readRecords<Record_>>>,
  ): void {
    for (const { message, code, detail } of unreadable)
      log("error", "record left out of a table", {
        topic: topic.name,
        partition,
        offset: message.offset,
        code,
        detail,
      });
    for (const { key, record, offset } of records)
      if (key !== null) apply(key, record, { partition, offset });
  }

  async function recover(error: unknown): Promise<void> {
    const { name, topic: where, partition } = error as { name?: string; topic?: string; partition?: number };
    if (name === "KafkaJSOffsetOutOfRange" && where === topic.name) {
      // Truncated or made anew: start this partition again. Versions make the repetition harmless.
      const again = await startPositions().catch(() => null);
      const found = again?.find((one) => one.partition === partition);
      if (positions !== null && found !== undefined)
        positions = positions.map((one) =>
          one.partition === partition ? { ...found, reached: one.reached } : one,
        );
      return;
    }
    await cluster.refreshMetadata().catch(() => {});
  }

  const reading = readForever();
  return {
    ready: ready.promise,
    freshMs: () => performance.now() - freshAt,
    currentMs: () => performance.now() - currentAt,
    async stop() {
      stopping.abort();
      unobserve();
      sever();
      await reading;
      await cluster.disconnect().catch(() => {});
    },
  };
}

/** A broker hands over whole batches, also what lies before the offset asked for. Null: a tombstone. */
function unseen(position: Position, messages: readonly FetchedMessage[]): FetchedMessage[] {
  return messages.filter(
    ({ offset, isControlRecord, value }) =>
      BigInt(offset) >= position.next && !isControlRecord && value !== null,
  );
}
