import type { Metrics } from "../metric.ts";

const services = ["ingest"] as const;

export const ingestMetrics = {
  intake_messages_total: {
    type: "counter",
    unit: "messages",
    labels: ["lane", "by"],
    about: "Messages that Kafka has taken, by where they came from: `api`, `event`, `campaign`, `redrive`.",
    services,
    appears: "use",
  },
  intake_refused_total: {
    type: "counter",
    unit: "1",
    labels: ["by"],
    about: "Messages and requests refused by a limit, by which one.",
    services,
    appears: "use",
  },
  intake_unchecked_total: {
    type: "counter",
    unit: "1",
    labels: ["what"],
    about: "Judged without Redis: requests by this process alone, one-time passwords not at all.",
    services,
    appears: "fault",
  },
} as const satisfies Metrics;
