/** Record headers: CloudEvents 1.0 Kafka binding (binary mode), the tenant, and on statuses the status. */
export type RecordHeaders = Record<string, string>;

export const headerNames = {
  tenant: "tenant",
  status: "status",
  traceparent: "traceparent",
  tracestate: "tracestate",
  contentType: "content-type",
  id: "ce_id",
  type: "ce_type",
  source: "ce_source",
  time: "ce_time",
  subject: "ce_subject",
  specversion: "ce_specversion",
} as const;

export type EventFacts = {
  id: string;
  type: string;
  source: string;
  timeMs: number;
  subject?: string | null;
  tenant: string | null;
  status?: string;
};

/** Headers of one record. `id` is the event id for deduplication, `source` the service (`/wamesh/dispatcher`). */
export function eventHeaders(facts: EventFacts): RecordHeaders {
  const headers: RecordHeaders = {
    [headerNames.specversion]: "1.0",
    [headerNames.id]: facts.id,
    [headerNames.type]: facts.type,
    [headerNames.source]: facts.source,
    [headerNames.time]: new Date(facts.timeMs).toISOString(),
    [headerNames.contentType]: "application/avro",
  };
  if (facts.tenant !== null) headers[headerNames.tenant] = facts.tenant;
  if (facts.subject) headers[headerNames.subject] = facts.subject;
  if (facts.status !== undefined) headers[headerNames.status] = facts.status;
  return headers;
}
