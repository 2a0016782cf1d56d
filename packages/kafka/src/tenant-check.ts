/** The wall between tenants in Kafka: what key, header and record say must be the same tenant. Pure. */
import { headerNames, type RecordHeaders, type Topic, tenantOfKey, topics } from "@wamesh/events";

export type Spoken = { key: string | null; headers: RecordHeaders; record: unknown };

/** Whether the record may be read as its tenant's. A record that names no tenant belongs to the operator and passes. */
export function tenantsAgree(topic: Topic<unknown>, { key, headers, record }: Spoken): boolean {
  const tenant = tenantOf(record);
  if (tenant === null) return true;
  const said = headers[headerNames.tenant];
  // Core applications write domain events directly, and need not know our headers.
  const silent = said === undefined && topic.record === topics.domainEvent.record;
  if (!silent && said !== tenant) return false;
  return !topic.key.startsWith("tenant") || (key !== null && tenantOfKey(key) === tenant);
}

export function tenantOf(record: unknown): string | null {
  const tenant = (record as { tenant?: unknown } | null)?.tenant;
  return typeof tenant === "string" ? tenant : null;
}
