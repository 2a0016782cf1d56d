/** The second ledger: the lanes, the statuses and the dead letters, read from the beginning and followed. */
import { createCodec, topics } from "@wamesh/events";
import { type Batch, type Consumer, openKafka, type RecordOf } from "@wamesh/kafka";
import { until } from "@wamesh/testing/until";
import type { DeadRecord, Outbound, StatusRecord, Topics } from "../ledgers.ts";

const read = [
  topics.outboundOtp,
  topics.outboundStandard,
  topics.outboundBulk,
  topics.messageStatus,
  topics.dead,
] as const;
type Read = (typeof read)[number];

/** Each call of `catchUp` reads to the present end of the topics. Between the calls there is no connection that a fault could hit. */
export async function openTopics(addresses: {
  kafkaBrokers: string;
  registryUrl: string;
}): Promise<{ catchUp(): Promise<Topics> }> {
  const kafka = openKafka({ brokers: addresses.kafkaBrokers, clientId: "drill", log: () => {} });
  const codec = await createCodec({ registryUrl: addresses.registryUrl });
  /** By place, because a group whose offsets went with its broker reads again. */
  const outbound = new Map<string, Outbound>();
  const statuses = new Map<string, StatusRecord>();
  const dead = new Map<string, DeadRecord>();
  const next = new Map<string, number>();

  async function note(batch: Batch<RecordOf<Read>>): Promise<undefined> {
    for (const { offset, record } of batch.records) {
      const place = `${batch.topic} ${batch.partition} ${offset}`;
      if ("dead_id" in record)
        dead.set(place, {
          topic: record.origin_topic,
          service: record.service,
          reason: record.reason.code,
          value: Buffer.from(record.origin_value ?? []).toString("latin1"),
        });
      else if ("rank" in record)
        statuses.set(place, {
          event_id: record.event_id,
          message_id: record.message_id,
          tenant: record.tenant,
          status: record.status,
          origin: record.origin,
          claim: record.claim,
          reason: record.reason?.code ?? null,
        });
      else
        outbound.set(place, {
          message_id: record.message_id,
          tenant: record.tenant,
          lane: record.lane,
          session: record.session,
          external_ref: record.external_ref,
          recipient: record.recipient.value,
          partition: batch.partition,
          offset: Number(offset),
        });
    }
    next.set(`${batch.topic} ${batch.partition}`, Number(batch.nextOffset));
  }

  async function ends(): Promise<Map<string, number>> {
    const admin = await kafka.admin();
    try {
      const all = await Promise.all(
        read.map(async ({ name }) =>
          (await admin.offsets(name))
            .filter(({ low, high }) => high !== low)
            .map(({ partition, high }): [string, number] => [`${name} ${partition}`, Number(high)]),
        ),
      );
      return new Map(all.flat());
    } finally {
      await admin.close();
    }
  }

  return {
    async catchUp() {
      const goal = await ends();
      const behind = () => [...goal].some(([place, end]) => (next.get(place) ?? 0) < end);
      if (behind()) {
        const consumer: Consumer = await kafka.consume<Read>({
          groupId: "wamesh-drill",
          topics: read,
          codec,
          // A reader of the drill leaves no trace in the mesh.
          deadLetter: { service: "drill", producer: { send: async () => {} } },
          concurrency: 8,
          handle: note,
        });
        try {
          await until(() => !behind(), { withinMs: 60_000, what: "the end of the topics" });
        } finally {
          await consumer.stop();
        }
      }
      return { outbound: [...outbound.values()], statuses: [...statuses.values()], dead: [...dead.values()] };
    },
  };
}
