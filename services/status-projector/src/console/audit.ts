/** Who signed in and out, in wa.audit. */
import { type Codec, eventHeaders, partition, topics } from "@wamesh/events";
import type { Caller } from "@wamesh/http";
import type { Producer } from "@wamesh/kafka";

export type SignInAudit = (action: "console.signed_in" | "console.signed_out", caller: Caller) => void;

/**
 * It is not waited for, and a broker that is away keeps nobody out: that is when the console is needed most. What could not be
 * produced is in the log.
 */
export function signInAudit(deps: {
  codec: Codec;
  producer: Producer;
  /** Of the topic. */
  partitions: number;
  newId: () => string;
  now: () => number;
  onLost: (error: unknown, facts: object) => void;
}): SignInAudit {
  const { codec, producer, partitions, newId, now, onLost } = deps;
  return (action, { actorTenant: tenant, keyId }) => {
    const [eventId, occurredAt] = [newId(), now()];
    const entry = {
      event_id: eventId,
      tenant,
      service: "status-projector",
      actor_tenant: tenant,
      actor_key: keyId,
      action,
      object_kind: "key",
      object_id: keyId,
      detail: "{}",
      occurred_at: occurredAt,
    };
    const headers = eventHeaders({
      id: eventId,
      type: "wamesh.audit",
      source: "/wamesh/status-projector",
      timeMs: occurredAt,
      subject: keyId,
      tenant,
    });
    const place = { topic: topics.audit.name, partition: partition(tenant, partitions), key: tenant };
    producer
      .send([{ ...place, value: codec.encode(topics.audit, entry), headers }])
      .catch((error) => onLost(error, { action, tenant, key_id: keyId }));
  };
}
