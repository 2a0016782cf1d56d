/** Compacted topics as they stand, and what an older database still wants to say on them. */
import { type Codec, type Topic, topics } from "@wamesh/events";
import type { Kafka } from "@wamesh/kafka";
import type { Sql } from "@wamesh/store";

type Versioned = { version: number };

/** Of each key the record of the highest version, whatever lies behind it. */
export async function readLatest<Record_ extends Versioned>(
  at: { kafka: Kafka; codec: Codec },
  topic: Topic<Record_>,
): Promise<Map<string, Record_>> {
  const latest = new Map<string, Record_>();
  const table = await at.kafka.table<Record_>({
    topic,
    codec: at.codec,
    apply: (key, record) => {
      if ((latest.get(key)?.version ?? -1) < record.version) latest.set(key, record);
    },
  });
  await table.ready;
  await table.stop();
  return latest;
}

/**
 * Deletes outbox rows that say less than the topic does: published once more, they would be the last word of their key, and compaction
 * would leave nothing else. Returns how many.
 */
export async function dropOutdated(
  at: { codec: Codec; sql: Sql },
  latest: ReadonlyMap<string, ReadonlyMap<string, Versioned>>,
): Promise<number> {
  const rows = await at.sql<{ id: number; topic: string; key: string; value: Uint8Array | null }[]>`
    select id, topic, key, value from config_outbox where topic = any(${[...latest.keys()]}) order by id`;
  const outdated: number[] = [];
  for (const { id, topic, key, value } of rows) {
    const of = compacted.find(({ name }) => name === topic);
    const known = latest.get(topic)?.get(key);
    if (of === undefined || known === undefined || value === null) continue;
    const decoded = await at.codec.decode(of as Topic<Versioned>, Buffer.from(value));
    if (decoded.ok && decoded.record.version <= known.version) outdated.push(id);
  }
  await at.sql`delete from config_outbox where id = any(${outdated}::bigint[])`;
  return outdated.length;
}

export const compacted = [
  topics.tenantConfig,
  topics.sessionState,
  topics.campaignState,
  topics.contactConsent,
] as const;
