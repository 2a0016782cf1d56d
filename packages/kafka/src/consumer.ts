/** One way to consume: decode, hand over, dead-letter what can't be read, commit; a failed batch waits and is read again. */
import type { Codec, Topic } from "@wamesh/events";
import { contactFailed, contactWorked } from "@wamesh/metrics";
import type { Broker, Cluster, EachBatchPayload } from "kafkajs";
import { type Ownership, stickyAssigner } from "./assigner.ts";
import { type KafkaOptions, newClient, retry } from "./client.ts";
import { measureConsumer } from "./consumer-metrics.ts";
import type { Dead } from "./dead-letter.ts";
import { before } from "./deadline.ts";
import { outliveBrokers } from "./failover.ts";
import { bytesPerPartition, shapeFetches } from "./fetches.ts";
import { endFormerLife, type GroupKeeper } from "./former-life.ts";
import { createProcess } from "./process.ts";
import type { Producer } from "./producer.ts";
import type { ConsumedRecord, Skip } from "./read.ts";
import { createRetries } from "./retries.ts";

export type RecordOf<T> = T extends Topic<infer Record_> ? Record_ : never;

export type Batch<Record_> = {
  topic: string;
  partition: number;
  /** May be empty, when nothing of what was read is for the handler: a cursor must move on all the same. */
  records: readonly ConsumedRecord<Record_>[];
  /** Offset after the last record read, gaps included: what a cursor stores. */
  nextOffset: string;
  clusterId: string;
  /** Aborted when the partition may be taken away, or the process stops. A batch not finished is read again by its next owner. */
  signal: AbortSignal;
};

export type Handle<Record_> = (
  batch: Batch<Record_>,
) => Promise<readonly Dead[] | undefined> | Promise<readonly Dead[]> | Promise<void>;

export type ConsumeOptions<T extends Topic<unknown>> = {
  groupId: string;
  /** All with the same partition number go to one member. Batches of earlier topics are handed over before those of later ones. */
  topics: readonly T[];
  /** Must know wa.dead too. */
  codec: Codec;
  deadLetter: { service: string; producer: Pick<Producer, "send"> };
  /** Every record may come twice. One batch of a partition at a time, several partitions at once. */
  handle: Handle<RecordOf<T>>;
  /** Records that it approves by their headers are passed over undecoded. */
  skip?: Skip;
  /**
   * How long a record may wait at the broker for others to travel with it, once records come one after the other; the first
   * one after silence never waits. Default: none, each record is fetched at once, which costs broker and reader about a
   * millisecond of processor time a record when they come one by one.
   */
  lingerMs?: number;
  /**
   * Records handed over at once; default: all that were fetched of a partition, and a producer's batch is fetched whole,
   * whatever `maxBytesPerPartition` says. A small part leaves the process free for other work in between.
   */
  maxRecords?: number;
  /** How many partitions are handled at once; default 4. */
  concurrency?: number;
  /** Default 128 KiB, some 400 statuses. Admission takes 64 KiB, so that a bulk backlog does not delay an OTP. */
  maxBytesPerPartition?: number;
  /** Of one fetch; default 1 MiB, which costs some 10 MB of memory decoded. Admission takes 512 KiB. */
  maxBytes?: number;
  /** Once a second and at the end. Default true. False: every start reads from the beginning of the log. */
  commitOffsets?: boolean;
  /**
   * Told of offsets before they are committed; when it rejects they are not, and the next commit makes up for it. A store that
   * notes them never knows less than the group does, unless it was set back.
   */
  beforeCommit?: (positions: readonly GroupPosition[]) => Promise<void>;
  /** At most so long after others have come or gone a member hears of it, and the group waits for the last; default 1500. */
  heartbeatMs?: number;
  /** After so many failures of the handler on the same batch `onFatal` is called; default 10. */
  maxFailures?: number;
  /** The whole new set after each rebalance, by topic. Handlers of the old set have ended. */
  onAssignment?: (partitions: Record<string, number[]>) => void;
  /** Nothing will be consumed any more; the process must end. Default: an uncaught exception. */
  onFatal?: (error: Error) => void;
  /** At each fetch, for liveness kept elsewhere. */
  onPoll?: () => void;
};

/** `offset`: of the record that the group reads next. */
export type GroupPosition = { topic: string; partition: number; offset: string };

export type Consumer = {
  /** Ends what is being handled (at most 5 s), commits, leaves the group. */
  stop(): Promise<void>;
  /** Age of the last poll in milliseconds. An unreachable broker does not age it: a restart would not help. */
  lastPollMs(): number;
  assigned(): Record<string, number[]>;
  /** Records not yet handled, in the partitions read so far. */
  lag(): number;
};

// The group notices a dead member after this time; the broker's least is 6 s by default.
const sessionTimeout = 6000;
const usualHeartbeatMs = 1500;
/** How long a member may take to finish its batches when the group rebalances. */
const rebalanceTimeout = 15_000;
/** How long the broker holds an idle fetch. After a pause kafkajs also sleeps for this time; its default is 5 s. */
const maxWaitTimeInMs = 250;
const stopBudgetMs = 5000;
const tellBudgetMs = 2000;
/** Some eight seconds, in which brokers elect new leaders; then kafkajs begins with new connections. */
const attempts = 10;
/**
 * kafkajs would commit after every batch, a write to the broker for each few records. What is not committed is read again
 * after a crash, which every handler expects.
 */
const commitIntervalMs = 1000;

export async function openConsumer<T extends Topic<unknown>>(
  kafka: KafkaOptions & { clusterId: string; deadPartitions: number },
  options: ConsumeOptions<T>,
): Promise<Consumer> {
  const { log } = kafka;
  const { groupId } = options;
  const topicByName = new Map(options.topics.map((topic) => [topic.name, topic]));
  const onFatal = options.onFatal ?? throwUncaught;
  const heartbeatInterval = options.heartbeatMs ?? usualHeartbeatMs;

  const retries = createRetries({ groupId, maxFailures: options.maxFailures ?? 10, onFatal, log });
  const processBatch = createProcess<RecordOf<T>>({
    groupId,
    clusterId: kafka.clusterId,
    codec: options.codec,
    handle: options.handle,
    skip: options.skip,
    maxRecords: options.maxRecords ?? Number.POSITIVE_INFINITY,
    deadLetter: options.deadLetter,
    deadPartitions: kafka.deadPartitions,
    log,
  });
  const running = new Map<AbortController, Promise<void>>();
  let assigned: Record<string, number[]> = {};
  let ownership: Ownership = { numbers: [], sinceMs: 0 };
  let lastPollAt = performance.now();
  let stopping = false;
  /** Of the last batch: commits all that is done and not committed yet. */
  let commit: (() => Promise<void>) | null = null;

  const measured = measureConsumer({
    groupId,
    topics: [...topicByName.keys()],
    pollAgeMs: () => performance.now() - lastPollAt,
    assigned: () => assigned,
  });

  function polled(): void {
    lastPollAt = performance.now();
    options.onPoll?.();
  }

  const { kafka: client, sever } = newClient(kafka);
  const consumer = client.consumer({
    groupId,
    sessionTimeout,
    heartbeatInterval,
    rebalanceTimeout,
    maxWaitTimeInMs,
    retry: { ...retry, retries: attempts },
    maxBytesPerPartition: options.maxBytesPerPartition ?? bytesPerPartition,
    maxBytes: options.maxBytes ?? 1024 * 1024,
    allowAutoTopicCreation: false,
    partitionAssigners: [
      stickyAssigner(
        () => ownership,
        (cluster: Cluster) => {
          outliveBrokers(cluster, kafka.clientIdIsUnique === true ? { beforeJoin: endOwnFormerLife } : {});
          shapeFetches(cluster, { order: [...topicByName.keys()], lingerMs: options.lingerMs });
        },
      ),
    ],
  });

  /** What keeps it from that costs a few seconds: the group waits for the former life's session. */
  async function endOwnFormerLife(coordinator: Broker): Promise<void> {
    try {
      const ended = await endFormerLife(coordinator as unknown as GroupKeeper, {
        groupId,
        clientId: kafka.clientId,
      });
      if (ended > 0) log("info", "a former life of this process was put out of the group", { groupId });
    } catch (error) {
      log("info", "not known whether a former life of this process is in the group", { groupId, err: error });
    }
  }

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    if (stopping || payload.isStale() || payload.batch.isEmpty()) return;
    const control = new AbortController();
    const handled = handleOne(payload, control).finally(() => running.delete(control));
    running.set(control, handled);
    await handled;
  }

  async function handleOne(payload: EachBatchPayload, control: AbortController): Promise<void> {
    const { batch, heartbeat, resolveOffset, pause, uncommittedOffsets } = payload;
    const place = `${batch.topic}[${batch.partition}]`;
    const done = measured.begin(batch);
    // kafkajs sends no heartbeat while a handler runs; one that fails means that the group goes on without us. Asked twice as
    // often as needed, because it leaves out what it finds a moment too early.
    const beat = setInterval(() => {
      heartbeat().catch(() => control.abort(new Error("the group rebalances")));
    }, heartbeatInterval / 2);
    try {
      await processBatch(topicByName.get(batch.topic) as Topic<RecordOf<T>>, batch, control.signal);
      // Nothing throws past this function: kafkajs would stop all partitions for one, and for good on a TypeError.
      resolveOffset(batch.lastOffset());
      commit = async () => {
        const offsets = uncommittedOffsets();
        await tell(
          offsets.topics.flatMap(({ topic, partitions }) => partitions.map((one) => ({ topic, ...one }))),
        );
        await payload.commitOffsetsIfNecessary(offsets);
      };
      retries.succeeded(place);
      done();
    } catch (error) {
      if (!control.signal.aborted) {
        measured.failed(batch.topic);
        retries.failed(place, error, pause);
      }
    } finally {
      clearInterval(beat);
      if (control.signal.aborted) await commitDone();
    }
  }

  /** Not for long: a rebalance waits for the commit. */
  async function tell(positions: readonly GroupPosition[]): Promise<void> {
    if (options.beforeCommit === undefined || positions.length === 0) return;
    const told = await before(performance.now() + tellBudgetMs, options.beforeCommit(positions));
    if (told.kind === "failed") throw told.error;
    if (told.kind === "late") throw new Error("the offsets could not be noted in time");
  }

  /** A commit that fails is made up for by the next one; after a rebalance the partition's new owner reads once more. */
  async function commitDone(): Promise<void> {
    const commitNow = commit;
    commit = null;
    if (options.commitOffsets === false || commitNow === null) return;
    await commitNow().catch((error: unknown) =>
      log("info", "offsets not committed", { groupId, err: error }),
    );
  }
  const committing = setInterval(() => void commitDone(), commitIntervalMs);

  consumer.on(consumer.events.FETCH_START, polled);
  consumer.on(consumer.events.FETCH, () => {
    polled();
    contactWorked("kafka");
  });
  consumer.on(consumer.events.REQUEST_TIMEOUT, () => contactFailed("kafka"));
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    polled();
    assigned = payload.memberAssignment as unknown as Record<string, number[]>;
    ownership = { numbers: [...new Set(Object.values(assigned).flat())], sinceMs: Date.now() };
    measured.joined();
    log("info", "partitions assigned", { groupId, partitions: ownership.numbers.length });
    options.onAssignment?.(assigned);
  });
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    polled();
    if (stopping) return;
    contactFailed("kafka");
    log(restart ? "warn" : "error", "consumer crashed", { groupId, restart, err: error });
    // Without a restart the process would stay up and read nothing.
    if (!restart) onFatal(error);
  });

  try {
    await consumer.connect();
    // Always from the beginning: kafkajs also goes there when an offset is out of range, and its default would be the end.
    await consumer.subscribe({ topics: [...topicByName.keys()], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: options.concurrency ?? 4,
      eachBatch,
    });
  } catch (error) {
    clearInterval(committing);
    measured.stop();
    sever();
    throw error;
  }

  return {
    async stop() {
      stopping = true;
      clearInterval(committing);
      for (const control of running.keys()) control.abort(new Error("the process stops"));
      retries.stop();
      const deadline = performance.now() + stopBudgetMs;
      await before(deadline, Promise.all(running.values()));
      await before(deadline, commitDone());
      await before(deadline, consumer.disconnect());
      sever();
      measured.stop();
    },
    lastPollMs: () => performance.now() - lastPollAt,
    assigned: () => assigned,
    lag: measured.lag,
  };
}

function throwUncaught(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
