/** What becomes of a record that is given up: kept in wa.dead with its bytes and headers. Pure. */
import {
  type Codec,
  type DeadLetter,
  eventHeaders,
  eventId,
  headerNames,
  type Reason,
  type RecordHeaders,
  reasonCodes,
  tenantOfKey,
  topics,
} from "@wamesh/events";
import type { OutgoingRecord } from "./producer.ts";
import { type ConsumedRecord, headersOf, type Unreadable } from "./read.ts";
import { tenantOf } from "./tenant-check.ts";

/**
 * A record that decodes but can't be used: goes to wa.dead, and the partition goes on. Produced after the handler returned; a
 * process killed just then reads the batch again, so what is wrong with the record itself should be said again, also of records
 * below the handler's cursor.
 */
export type Dead = { record: ConsumedRecord<unknown>; reason: Reason; messageId?: string };

export type Origin = {
  topic: string;
  partition: number;
  offset: string;
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers: Record<string, Uint8Array>;
};

export type GivenUp = {
  origin: Origin;
  reason: Reason;
  /** Null: operator-only. */
  tenant: string | null;
  messageId: string | null;
};

/** The same origin and reason give the same id, so a batch that is read again adds nothing. */
export function deadLetter(
  { origin, reason, tenant, messageId }: GivenUp,
  service: string,
  nowMs: number,
): DeadLetter {
  return {
    dead_id: eventId(origin.topic, origin.partition, origin.offset, reason.code),
    tenant,
    service,
    origin_topic: origin.topic,
    origin_partition: origin.partition,
    origin_offset: Number(origin.offset),
    origin_key: origin.key,
    origin_value: origin.value,
    origin_headers: origin.headers,
    reason,
    message_id: messageId,
    attempts: 0,
    occurred_at: nowMs,
  };
}

/** It stays in the partition of its origin where that exists, so that one tenant's flood of dead letters fills no other's. */
export function deadRecord(letter: DeadLetter, codec: Codec, partitions: number): OutgoingRecord {
  return {
    topic: topics.dead.name,
    partition: letter.origin_partition % partitions,
    key: letter.tenant,
    value: codec.encode(topics.dead, letter),
    headers: eventHeaders({
      id: letter.dead_id,
      type: "wamesh.dead",
      source: `/wamesh/${letter.service}`,
      timeMs: letter.occurred_at,
      subject: letter.message_id,
      tenant: letter.tenant,
    }),
  };
}

export function unreadableOf(topic: string, partition: number, { message, code }: Unreadable): GivenUp {
  const { fault_class, meaning } = reasonCodes[code];
  const headers = headersOf(message.headers);
  return {
    origin: {
      topic,
      partition,
      offset: message.offset,
      key: message.key,
      value: message.value,
      headers: bytesOf(headers),
    },
    reason: { code, fault_class, provider_code: null, detail: meaning },
    tenant: code === "tenant_mismatch" ? null : presumedTenant(message.key?.toString() ?? null, headers),
    messageId: null,
  };
}

export function deadOf(topic: string, partition: number, { record, reason, messageId }: Dead): GivenUp {
  const { offset, key, value, headers } = record;
  return {
    origin: {
      topic,
      partition,
      offset,
      key: key === null ? null : Buffer.from(key),
      value,
      headers: bytesOf(headers),
    },
    reason,
    tenant: reason.code === "tenant_mismatch" ? null : tenantOf(record.record),
    messageId: messageId ?? null,
  };
}

function bytesOf(headers: RecordHeaders): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]));
}

/** Tenant of a record that could not be decoded: where key and header agree. */
export function presumedTenant(key: string | null, headers: RecordHeaders): string | null {
  const said = headers[headerNames.tenant];
  return said !== undefined && key !== null && tenantOfKey(key) === said ? said : null;
}
