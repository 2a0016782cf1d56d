/** WasenderApi tells of failed sends without saying which: the webhook-router makes a session event of it, and here it is taken up. */
import { type Codec, headerNames, type SessionEvent, topics } from "@wamesh/events";
import type { Consumer, Kafka, Producer, Skip } from "@wamesh/kafka";
import { type BeforeCommit, groups } from "../groups.ts";
import type { LookUpStore } from "./store.ts";

/** Other session events need not be decoded. */
export const isNoFailure: Skip = (header) => header(headerNames.type) !== "wamesh.session.send_failed";

/** Null for failures of our own requests: those are answered. */
export function failureOf({
  kind,
  evidence,
  session,
  occurred_at,
}: SessionEvent): { session: string; at: number } | null {
  return kind === "send_failed" && evidence === "callback" ? { session, at: occurred_at } : null;
}

/** Any process may note a failure, since the shard's owner finds it at the messages. Twice is harmless: it is known by its time. */
export function consumeFailures(deps: {
  kafka: Kafka;
  codec: Codec;
  producer: Producer;
  store: Pick<LookUpStore, "failureSeen">;
  beforeCommit: BeforeCommit;
  onFatal: (error: Error) => void;
}): Promise<Consumer> {
  return deps.kafka.consume({
    groupId: groups.failures,
    topics: [topics.sessionEvent],
    codec: deps.codec,
    deadLetter: { service: "dispatcher", producer: deps.producer },
    skip: isNoFailure,
    beforeCommit: deps.beforeCommit,
    onFatal: deps.onFatal,
    async handle(batch) {
      const failures = batch.records.flatMap(({ record }) => failureOf(record) ?? []);
      for (const failure of failures) await deps.store.failureSeen(failure);
    },
  });
}
