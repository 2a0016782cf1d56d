/** One way to produce: micro-batched, idempotent, in order, and answered by a deadline. */
import { headerNames } from "@wamesh/events";
import { contactFailed, contactWorked, counter, gauge, histogram } from "@wamesh/metrics";
import { nextBatch } from "./batching.ts";
import type { KafkaOptions } from "./client.ts";
import { connect, isRefusal } from "./connection.ts";
import { before } from "./deadline.ts";
import { BrokerUnavailable } from "./errors.ts";
import { activeTrace } from "./trace.ts";

export type OutgoingRecord = {
  topic: string;
  /** Given by `partition(tenant, …)` of packages/events. */
  partition: number;
  key: string | null;
  value: Buffer | null;
  headers: Record<string, string>;
};

export type Producer = {
  /**
   * Resolves when every record is acknowledged by all in-sync replicas. The order of records is kept within a call and
   * between calls, per partition. Rejects with BrokerUnavailable at the deadline, with another error when the broker refuses
   * the records themselves (too large, no such partition). The active trace is put into headers that carry none.
   */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** Waits for what was handed in, at most until its deadline. */
  close(): Promise<void>;
};

export type ProducerOptions = { /** Default 10 s. */ deadlineMs?: number };

type Call = {
  deadlineAt: number;
  open: number;
  settled: boolean;
  resolve: () => void;
  reject: (error: unknown) => void;
};
type Entry = { record: OutgoingRecord; bytes: number; call: Call };

/** What may wait in memory; beyond it `send` refuses at once. */
const maxQueuedBytes = 64 * 1024 * 1024;
const retryAfterMs = 2000;
const pauseMs = 100;
/** Of the deadline: what a new connection is given at least before it is cut off. */
const shareForConnecting = 0.25;

const acknowledged = counter("kafka_producer_records_total");
const durations = histogram("kafka_producer_duration_seconds");
const failures = counter("kafka_producer_failures_total");
const waiting = gauge("kafka_producer_queued_bytes");

export function openProducer(options: KafkaOptions, { deadlineMs = 10_000 }: ProducerOptions = {}): Producer {
  let queue: Entry[] = [];
  let queuedBytes = 0;
  const queued = (bytes: number) => {
    queuedBytes += bytes;
    waiting.add(bytes);
  };
  let pump: Promise<void> | null = null;
  let connection = connect(options, deadlineMs);
  /** Has sent something: it stands, and its brokers are known. */
  let isProven = false;
  let closed = false;

  async function run(): Promise<void> {
    // Calls of the same turn of the event loop travel together.
    await Promise.resolve();
    while (queue.length > 0) {
      const batch = queue.splice(0, nextBatch(queue));
      await deliver(batch);
      for (const { bytes } of batch) queued(-bytes);
    }
    // In the same turn as the look at the queue: a send in between would wait for ever.
    pump = null;
  }

  /**
   * Settles all calls of the batch. kafkajs loses or doubles records when several requests of an idempotent producer are in
   * flight and one fails, so there is one at a time; and after a failure the whole client is cut off and replaced, because
   * its sequence numbers can't be trusted and its own retries must not write behind our back. What the old one may have
   * written comes twice then: readers deduplicate by event id.
   */
  async function deliver(batch: Entry[]): Promise<void> {
    let rest = batch;
    let failure: unknown;
    for (;;) {
      // A connection takes time to be made. Under steady traffic the oldest call is always about to give up, and would have each
      // new one cut off before it stood: the broker would be back, and this process would never notice.
      if (!isProven) expire(failure, deadlineMs * shareForConnecting);
      rest = rest.filter(({ call }) => !call.settled);
      if (rest.length === 0) return;
      const deadlineAt = rest[0]!.call.deadlineAt;
      const beganMs = performance.now();
      const result = await before(deadlineAt, connection.send(rest.map(({ record }) => record)));
      if (result.kind === "done") {
        isProven = true;
        contactWorked("kafka");
        durations.observe((performance.now() - beganMs) / 1000);
        for (const [topic, records] of Map.groupBy(rest, ({ record }) => record.topic))
          acknowledged.add(records.length, { topic });
        for (const { call } of rest) if (--call.open === 0) settle(call, () => call.resolve());
        return;
      }
      connection.sever();
      connection = connect(options, deadlineMs);
      isProven = false;
      failures.add(1);
      if (result.kind !== "failed" || !isRefusal(result.error)) contactFailed("kafka");
      if (result.kind === "failed") {
        failure = result.error;
        if (isRefusal(result.error)) {
          for (const { call } of rest) settle(call, () => call.reject(result.error));
          dropSettled();
          return;
        }
        await new Promise((resolve) =>
          setTimeout(resolve, Math.min(pauseMs, deadlineAt - performance.now())),
        );
      }
      expire(failure, 0);
    }

    /** Fails those that have no more than so long left. */
    function expire(cause: unknown, leftMs: number): void {
      const now = performance.now();
      for (const { call } of [...rest, ...queue]) {
        if (call.deadlineAt > now + leftMs || call.settled) continue;
        const message = `Kafka did not acknowledge within ${deadlineMs} ms`;
        settle(call, () => call.reject(new BrokerUnavailable(message, { retryAfterMs, cause })));
      }
      dropSettled();
    }
  }

  /** A call that has failed is over: what of it still waits is not sent. */
  function dropSettled(): void {
    queue = queue.filter(({ call, bytes }) => {
      if (call.settled) queued(-bytes);
      return !call.settled;
    });
  }

  return {
    send(records) {
      if (closed) return Promise.reject(new Error("this producer is closed"));
      if (records.length === 0) return Promise.resolve();
      if (queuedBytes > maxQueuedBytes)
        return Promise.reject(
          new BrokerUnavailable("more is waiting for Kafka than memory may hold", { retryAfterMs }),
        );
      const trace = activeTrace();
      return new Promise((resolve, reject) => {
        const deadlineAt = performance.now() + deadlineMs;
        const call: Call = { deadlineAt, open: records.length, settled: false, resolve, reject };
        for (const record of records) {
          const headers =
            record.headers[headerNames.traceparent] === undefined
              ? { ...record.headers, ...trace }
              : record.headers;
          const traced = { ...record, headers };
          const bytes = sizeOf(traced);
          queued(bytes);
          queue.push({ record: traced, bytes, call });
        }
        pump ??= run();
      });
    },
    async close() {
      closed = true;
      await pump;
      await connection.close();
    },
  };
}

function settle(call: Call, how: () => void): void {
  if (call.settled) return;
  call.settled = true;
  how();
}

function sizeOf(record: OutgoingRecord): number {
  // Length fields, timestamp and offset of a record take up to 30 bytes; each header two lengths.
  let bytes = 30 + (record.key === null ? 0 : Buffer.byteLength(record.key)) + (record.value?.length ?? 0);
  for (const name in record.headers) bytes += 4 + name.length + Buffer.byteLength(record.headers[name]!);
  return bytes;
}
