/** The consumer of domain events, from where the cursors of waiting steps stand, and what makes those when they are due. */
import { type Codec, topics } from "@wamesh/events";
import type { Kafka, Producer } from "@wamesh/kafka";
import { misplacedCursor, noting, type Sql } from "@wamesh/store";
import { createStepKeeper } from "../rules/keep-steps.ts";
import { createRulesReader } from "../rules/read-rules.ts";
import { runDueSteps } from "../rules/run-due-steps.ts";
import { createRoomKeeper } from "../rules/wait-for-room.ts";
import { createEventWorker, type WorkerDeps } from "./event-worker.ts";

const group = "wamesh-ingest-events";
/** So long a step's row is locked at most while the broker is away. */
const dueDeadlineMs = 4_000;

export type Events = {
  /** Why no event is read until a person has decided, or null. */
  fault: string | null;
  lastPollMs(): number;
  stop(): Promise<void>;
};

export async function startEvents(
  deps: Omit<WorkerDeps, "readRules" | "keepSteps" | "waitForRoom" | "producer"> & {
    kafka: Kafka;
    codec: Codec;
    producer: Producer;
    sql: Sql;
    tokenKey: string;
    onError: (error: unknown) => void;
    onFatal: (error: Error) => void;
  },
): Promise<Events> {
  const fault = await misplacedCursor({ ...deps, consumer: group, topics: [topics.domainEvent.name] });
  if (fault !== null) return { fault, lastPollMs: () => 0, stop: async () => {} };
  const consumer = await deps.kafka.consume({
    groupId: group,
    topics: [topics.domainEvent],
    codec: deps.codec,
    deadLetter: { service: "ingest", producer: deps.producer },
    handle: createEventWorker({
      ...deps,
      readRules: createRulesReader(deps),
      keepSteps: createStepKeeper({ ...deps, consumer: group }),
      waitForRoom: createRoomKeeper(deps),
    }),
    // Events that make no step wait move no cursor of their own.
    beforeCommit: noting({ ...deps, consumer: group }),
    onFatal: deps.onFatal,
  });
  const producer = deps.kafka.producer({ deadlineMs: dueDeadlineMs });
  const due = runDueSteps({ ...deps, producer });
  return {
    fault: null,
    lastPollMs: () => consumer.lastPollMs(),
    stop: async () => {
      await Promise.all([consumer.stop(), due.stop()]);
      await producer.close();
    },
  };
}
