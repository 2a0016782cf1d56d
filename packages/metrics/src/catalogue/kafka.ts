/** Of packages/kafka, in every service. */
import { callBuckets, type Metrics, serviceNames } from "../metric.ts";

const services = serviceNames;

export const kafkaMetrics = {
  kafka_consumer_lag_records: {
    type: "gauge",
    unit: "records",
    labels: ["group", "topic"],
    about:
      "Records not handled yet in the partitions of this process: end of the log at the last fetch, less what is handled.",
    services,
    appears: "start",
  },
  kafka_consumer_lag_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: ["group", "topic"],
    about:
      "Age of the oldest record that was fetched and is not handled; it grows while a handler fails. 0 when all is done.",
    services,
    appears: "start",
  },
  kafka_consumer_poll_age_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: ["group"],
    about: "Since the last fetch was begun or answered. Above 60 /livez fails.",
    services,
    appears: "start",
  },
  kafka_consumer_partitions: {
    type: "gauge",
    unit: "1",
    labels: ["group"],
    about: "Partitions assigned, over all topics of the group.",
    services,
    appears: "start",
  },
  kafka_consumer_records_total: {
    type: "counter",
    unit: "records",
    labels: ["group", "topic"],
    about: "Records handled, dead letters among them.",
    services,
    appears: "use",
  },
  kafka_consumer_batch_duration_seconds: {
    type: "histogram",
    unit: "seconds",
    labels: ["group", "topic"],
    about: "A batch from fetched to done: decoded, handled, its dead letters written.",
    services,
    appears: "use",
    buckets: callBuckets,
  },
  kafka_consumer_failures_total: {
    type: "counter",
    unit: "1",
    labels: ["group", "topic"],
    about: "Batches whose handler failed; they are read again.",
    services,
    appears: "start",
  },
  kafka_consumer_rebalances_total: {
    type: "counter",
    unit: "1",
    labels: ["group"],
    about: "How often this process joined its group anew.",
    services,
    appears: "start",
  },
  dead_letters_total: {
    type: "counter",
    unit: "records",
    labels: ["origin", "code", "fault_class"],
    about:
      "What this process put into wa.dead, by topic of origin and reason. Over all services: all dead letters.",
    services,
    appears: "fault",
  },
  kafka_producer_records_total: {
    type: "counter",
    unit: "records",
    labels: ["topic"],
    about: "Records that the brokers acknowledged.",
    services,
    appears: "use",
  },
  kafka_producer_duration_seconds: {
    type: "histogram",
    unit: "seconds",
    labels: [],
    about: "One request to the brokers, until all in-sync replicas have it.",
    services,
    appears: "start",
    buckets: callBuckets,
  },
  kafka_producer_failures_total: {
    type: "counter",
    unit: "1",
    labels: [],
    about:
      "Requests that failed. They are repeated until their deadline, unless the broker refused the records.",
    services,
    appears: "start",
  },
  kafka_producer_queued_bytes: {
    type: "gauge",
    unit: "bytes",
    labels: [],
    about: "What waits in memory for the brokers; above 64 MiB per producer nothing more is taken.",
    services,
    appears: "start",
  },
  kafka_table_age_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: ["topic"],
    about:
      "Since a topic that is held as a table was last read without an error. After 30 s the service is not ready.",
    services: ["ingest", "dispatcher", "webhook-router", "status-projector"],
    appears: "start",
  },
  kafka_table_ready: {
    type: "gauge",
    unit: "1",
    labels: ["topic"],
    about: "1 once the table was read to the end that its log had at the start.",
    services: ["ingest", "dispatcher", "webhook-router", "status-projector"],
    appears: "start",
  },
} as const satisfies Metrics;
