/** Receipts that settle doubts: which statuses speak of a claim, what they say, and who is told. */
import { type Codec, headerNames, type MessageStatus, topics } from "@wamesh/events";
import type { Consumer, Kafka, Producer, Skip } from "@wamesh/kafka";
import type { Pacer } from "@wamesh/pacer";
import { type BeforeCommit, groups } from "./groups.ts";

export type Settlement = {
  id: string;
  n: number;
  outcome: "sent" | "failed";
  providerId: string;
  reason: { code: string; faultClass: string; providerCode: string | null; detail: string } | null;
  at: number;
};

/** Records that can't settle anything are not even decoded: our own, and those of states that no provider reports. */
export const isNoEcho: Skip = (header) =>
  header(headerNames.source) === "/wamesh/dispatcher" ||
  !["sent", "delivered", "read", "played", "failed", "reference"].includes(header(headerNames.status) ?? "");

/** Null for a status without a claim number: it names a message that left long ago under an id we already recorded. */
export function settlementOf(status: MessageStatus): Settlement | null {
  if (status.origin !== "provider" || status.claim < 1) return null;
  return {
    id: status.message_id,
    n: status.claim,
    // Whatever was delivered or read was sent, and what has a key of WhatsApp's too; only `failed` says that the claim came to
    // nothing.
    outcome: status.status === "failed" ? "failed" : "sent",
    providerId: status.provider_id ?? status.provider_key ?? "",
    reason:
      status.reason === null
        ? null
        : {
            code: status.reason.code,
            faultClass: status.reason.fault_class,
            providerCode: status.reason.provider_code,
            detail: status.reason.detail,
          },
    at: status.occurred_at,
  };
}

/** WhatsApp's keys, for messages that the provider's answer named otherwise. */
export function keysOf(
  statuses: readonly MessageStatus[],
): { message_id: string; claim: number; key: string }[] {
  return statuses.flatMap(({ provider, origin, message_id, claim, provider_key: key }) =>
    provider === "wasender" && origin === "provider" && key !== null ? [{ message_id, claim, key }] : [],
  );
}

/**
 * Reads providers' receipts and hands on what settles a doubt. A group of its own: a flood of receipts must not delay
 * admission, and any process may note an echo, since the shard's owner finds it in the store. Twice is harmless: a doubt that
 * is settled is none any more, and a key that is known stays.
 */
export function consumeEchoes(deps: {
  kafka: Kafka;
  codec: Codec;
  producer: Producer;
  pacer: Pick<Pacer, "settle">;
  /** Told of keys that need not be looked up any more. */
  learnt: (keys: ReturnType<typeof keysOf>) => Promise<void>;
  beforeCommit: BeforeCommit;
  onFatal: (error: Error) => void;
}): Promise<Consumer> {
  return deps.kafka.consume({
    groupId: groups.echoes,
    topics: [topics.messageStatus],
    codec: deps.codec,
    deadLetter: { service: "dispatcher", producer: deps.producer },
    skip: isNoEcho,
    // A doubt has lasted for a send's deadline at least.
    lingerMs: 100,
    beforeCommit: deps.beforeCommit,
    onFatal: deps.onFatal,
    async handle(batch) {
      const settlements = batch.records.flatMap(({ record }) => settlementOf(record) ?? []);
      await Promise.all([
        ...settlements.map((settlement) => deps.pacer.settle({ shard: batch.partition, ...settlement })),
        deps.learnt(keysOf(batch.records.map(({ record }) => record))),
      ]);
    },
  });
}
