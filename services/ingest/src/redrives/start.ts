/** The worker's part of redrives: what was given up is noted, what is to be sent anew is sent. */
import { type Codec, topics } from "@wamesh/events";
import type { Kafka, Producer } from "@wamesh/kafka";
import { misplacedCursor } from "@wamesh/store";
import { createLetterWorker } from "./note-letters.ts";
import { type RedriveWorkDeps, startRedrives } from "./run-redrives.ts";

const group = "wamesh-ingest-dead";

export async function startRedriving(
  deps: Omit<RedriveWorkDeps, "reader"> & {
    kafka: Kafka;
    codec: Codec;
    producer: Producer;
    owner: string;
    onError: (error: unknown) => void;
    onFatal: (error: Error) => void;
  },
) {
  const { kafka, codec, producer } = deps;
  const reader = kafka.reader({ topic: topics.dead, codec });
  const redrives = startRedrives({ ...deps, reader });
  const fault = await misplacedCursor({ ...deps, consumer: group, topics: [topics.dead.name] });
  const consumer =
    fault === null
      ? await kafka.consume({
          groupId: group,
          topics: [topics.dead],
          codec,
          deadLetter: { service: "ingest", producer },
          handle: createLetterWorker({ ...deps, consumer: group }),
          onFatal: deps.onFatal,
        })
      : null;
  return {
    /** Why nothing is read until a person has decided, or null. */
    fault,
    lastPollMs: () => consumer?.lastPollMs() ?? 0,
    async stop() {
      await Promise.all([consumer?.stop(), redrives.stop()]);
      await reader.close();
    },
  };
}
