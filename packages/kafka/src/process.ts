/** One batch from Kafka through the handler: decoded before, dead-lettered after. Throws when it must be read again. */
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Codec, Topic } from "@wamesh/events";
import { counter } from "@wamesh/metrics";
import type { KafkaMessage, Batch as RawBatch } from "kafkajs";
import type { Batch, Handle } from "./consumer.ts";
import { type Dead, deadLetter, deadOf, deadRecord, type GivenUp, unreadableOf } from "./dead-letter.ts";
import { BrokerUnavailable } from "./errors.ts";
import type { Log } from "./log.ts";
import type { Producer } from "./producer.ts";
import { readRecords, type Skip } from "./read.ts";
import { NotOurFault } from "./retries.ts";
import { linksOf } from "./trace.ts";

export type Process<Record_> = (topic: Topic<Record_>, batch: RawBatch, signal: AbortSignal) => Promise<void>;

export function createProcess<Record_>(options: {
  groupId: string;
  clusterId: string;
  codec: Codec;
  handle: Handle<Record_>;
  skip: Skip | undefined;
  maxRecords: number;
  deadLetter: { service: string; producer: Pick<Producer, "send"> };
  /** How many partitions wa.dead has. */
  deadPartitions: number;
  log: Log;
}): Process<Record_> {
  const { groupId, codec, log } = options;
  const tracer = trace.getTracer("@wamesh/kafka");
  const deadLetters = counter("dead_letters_total");

  async function handle(batch: Batch<Record_>): Promise<readonly Dead[]> {
    const span = {
      kind: SpanKind.CONSUMER,
      links: linksOf(batch.records),
      attributes: {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.destination.name": batch.topic,
        "messaging.destination.partition.id": String(batch.partition),
        "messaging.consumer.group.name": groupId,
        "messaging.batch.message_count": batch.records.length,
      },
    };
    return tracer.startActiveSpan(`process ${batch.topic}`, span, async (active) => {
      try {
        return (await options.handle(batch)) ?? [];
      } catch (error) {
        active.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
        throw error;
      } finally {
        active.end();
      }
    });
  }

  /**
   * Before the offset is committed; a repetition makes the same ids, so it adds nothing. Repeated here while the brokers are
   * away: the handler is done, and behind its cursor it would not name these records a second time.
   */
  async function giveUp(letters: readonly GivenUp[], signal: AbortSignal): Promise<void> {
    if (letters.length === 0) return;
    const { service, producer } = options.deadLetter;
    const records = letters.map((letter) =>
      deadRecord(deadLetter(letter, service, Date.now()), codec, options.deadPartitions),
    );
    for (let sent = false; !sent; )
      try {
        await producer.send(records);
        sent = true;
      } catch (error) {
        if (signal.aborted || !(error instanceof BrokerUnavailable)) throw error;
      }
    for (const { origin, reason } of letters) {
      deadLetters.add(1, { origin: origin.topic, code: reason.code, fault_class: reason.fault_class });
      log("warn", "record given up", {
        topic: origin.topic,
        partition: origin.partition,
        offset: origin.offset,
        reason: reason.code,
      });
    }
  }

  async function handleSome(
    topic: Topic<Record_>,
    partition: number,
    messages: readonly KafkaMessage[],
    nextOffset: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { records, unreadable } = await readRecords(topic, messages, codec, options.skip).catch(
      (error: unknown) => {
        throw new NotOurFault("the schema registry does not answer", { cause: error });
      },
    );
    const { clusterId } = options;
    const dead = await handle({ topic: topic.name, partition, records, nextOffset, clusterId, signal });
    const letters = [
      ...unreadable.map((one) => unreadableOf(topic.name, partition, one)),
      ...dead.map((one) => deadOf(topic.name, partition, one)),
    ];
    await giveUp(letters, signal);
  }

  return async (topic, batch, signal) => {
    const { partition, messages } = batch;
    for (let start = 0; start < messages.length; start += options.maxRecords) {
      signal.throwIfAborted();
      const end = start + options.maxRecords;
      // The last part ends with the batch, whose tail may hold offsets without a record.
      const nextOffset = messages[end]?.offset ?? (BigInt(batch.lastOffset()) + 1n).toString();
      await handleSome(topic, partition, messages.slice(start, end), nextOffset, signal);
    }
  };
}
