/** From what Kafka hands over to decoded records, and those that can't be read. */
import type { Codec, Decoded, ReasonCode, RecordHeaders, Topic } from "@wamesh/events";
import type { IHeaders, KafkaMessage } from "kafkajs";
import { ReadRecord } from "./record-format.ts";
import { tenantsAgree } from "./tenant-check.ts";

export type ConsumedRecord<Record_> = {
  offset: string;
  key: string | null;
  headers: RecordHeaders;
  /** The original bytes in wire format. */
  value: Uint8Array | null;
  /** When the producer (or the broker) says it was written. */
  timestampMs: number;
  record: Record_;
};

/** Whether a record is passed over undecoded, by its headers (ASCII names). */
export type Skip = (header: (name: string) => string | undefined) => boolean;

export type Unreadable = { message: KafkaMessage; code: ReasonCode; detail: string };

/** Throws when the registry does not answer: then the batch must be read again, never skipped. */
export async function readRecords<Record_>(
  topic: Topic<Record_>,
  messages: readonly KafkaMessage[],
  codec: Codec,
  skip?: Skip,
): Promise<{ records: ConsumedRecord<Record_>[]; unreadable: Unreadable[] }> {
  const records: ConsumedRecord<Record_>[] = [];
  const unreadable: Unreadable[] = [];
  for (const message of messages) {
    if (skip?.((name) => headerOf(message, name))) continue;
    const decoding = codec.decode(topic, message.value);
    // Awaited only for the first record of a writer's schema.
    const decoded: Decoded<Record_> = decoding instanceof Promise ? await decoding : decoding;
    if (!decoded.ok) {
      unreadable.push({ message, code: decoded.code, detail: decoded.detail });
      continue;
    }
    const key = message.key?.toString() ?? null;
    const headers = headersOf(message.headers);
    if (!tenantsAgree(topic, { key, headers, record: decoded.record })) {
      const detail = "key, header and record name different tenants";
      unreadable.push({ message, code: "tenant_mismatch", detail });
      continue;
    }
    records.push({
      offset: message.offset,
      key,
      headers,
      value: message.value,
      timestampMs: Number(message.timestamp),
      record: decoded.record,
    });
  }
  return { records, unreadable };
}

function headerOf(message: KafkaMessage, name: string): string | undefined {
  return message instanceof ReadRecord ? message.header(name) : headersOf(message.headers)[name];
}

/** Of a repeated header the first value counts; one without a value is left out. */
export function headersOf(raw: IHeaders | undefined): RecordHeaders {
  const headers: RecordHeaders = {};
  for (const name in raw) {
    const value = raw[name];
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined && first !== null) headers[name] = first.toString();
  }
  return headers;
}
