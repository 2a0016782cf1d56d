/** Records that nobody can read, put into the mesh's own topics. */
import { setTimeout as delay } from "node:timers/promises";
import { type Topic, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { between, type Fault, type Field } from "./field.ts";

/** An id that no registry of a drill will ever give. */
const unknownSchemaId = 987_654_321;

function unreadable(marker: string): Buffer[] {
  const head = Buffer.alloc(5);
  head.writeInt32BE(unknownSchemaId, 1);
  return [Buffer.from(`no wire format at all: ${marker}`), Buffer.concat([head, Buffer.from(marker)])];
}

function poison(kind: string, into: readonly Topic<unknown>[]): Fault {
  return {
    kind,
    about: `undecodable bytes and an unknown schema id in ${into.map(({ name }) => name).join(", ")}`,
    async strike(field: Field) {
      const kafka = openKafka({ brokers: field.mesh.stack.kafkaBrokers, clientId: "drill", log: () => {} });
      const producer = kafka.producer();
      field.say(`unreadable records in ${into.map(({ name }) => name).join(", ")}`);
      try {
        for (let round = 0; round < 3; round++) {
          for (const topic of into)
            for (const shard of field.shards)
              for (const value of unreadable(
                `poison-${Math.floor(field.random() * 2 ** 48).toString(36)}-end`,
              )) {
                const marker = /poison-\w+-end/.exec(value.toString("latin1"))?.[0] as string;
                await producer.send([
                  { topic: topic.name, partition: shard, key: "nobody", value, headers: {} },
                ]);
                field.poisoned({ topic: topic.name, marker });
              }
          await delay(between(field, 500, 2000));
        }
      } finally {
        await producer.close();
      }
    },
  };
}

export const recordFaults: readonly Fault[] = [
  poison("poison_lanes", [topics.outboundOtp, topics.outboundStandard, topics.outboundBulk]),
  poison("poison_statuses", [topics.messageStatus]),
];
