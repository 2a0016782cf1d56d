/** The consumer of what people write, from where its cursors stand. */
import { type Codec, topics } from "@wamesh/events";
import type { Kafka, Producer } from "@wamesh/kafka";
import { misplacedCursor } from "@wamesh/store";
import { type ContactDeps, createContactWorker } from "./contact-worker.ts";

const group = "wamesh-ingest-contacts";

export type Contacts = {
  /** Why nothing is read until a person has decided, or null. */
  fault: string | null;
  lastPollMs(): number;
  stop(): Promise<void>;
};

export async function startContacts(
  deps: Omit<ContactDeps, "consumer"> & {
    kafka: Kafka;
    codec: Codec;
    producer: Producer;
    onFatal: (error: Error) => void;
  },
): Promise<Contacts> {
  const fault = await misplacedCursor({ ...deps, consumer: group, topics: [topics.messageInbound.name] });
  if (fault !== null) return { fault, lastPollMs: () => 0, stop: async () => {} };
  const consumer = await deps.kafka.consume({
    groupId: group,
    topics: [topics.messageInbound],
    codec: deps.codec,
    deadLetter: { service: "ingest", producer: deps.producer },
    handle: createContactWorker({ ...deps, consumer: group }),
    onFatal: deps.onFatal,
  });
  return { fault: null, lastPollMs: () => consumer.lastPollMs(), stop: () => consumer.stop() };
}
