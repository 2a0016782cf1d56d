/** The consumer of what people write, from where its cursors stand. */
import { type Codec, topics } from "@wamesh/events";
import type { Kafka, Producer } from "@wamesh/kafka";
import { CursorBeyondLog, checkCursor, readCursors, type Sql } from "@wamesh/store";
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
  const fault = await misplacedCursor(deps);
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

/** The log was made anew or cut: what lies below the cursors would be dropped in silence. */
async function misplacedCursor({ kafka, sql }: { kafka: Kafka; sql: Sql }): Promise<string | null> {
  const admin = await kafka.admin();
  try {
    const ranges = await admin.offsets(topics.messageInbound.name);
    const cursors = await readCursors(sql, { consumer: group, cluster: await kafka.clusterId() });
    for (const { nextOffset, ...position } of cursors) {
      const range = ranges.find(({ partition }) => partition === position.partition);
      checkCursor(position, nextOffset, { low: Number(range?.low ?? 0), high: Number(range?.high ?? 0) });
    }
    return null;
  } catch (error) {
    if (error instanceof CursorBeyondLog) return error.message;
    throw error;
  } finally {
    await admin.close();
  }
}
