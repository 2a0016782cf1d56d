import { everyOf, lanes } from "../label-sets.ts";
import type { Metrics } from "../metric.ts";

const services = ["ingest"] as const;

export const ingestMetrics = {
  intake_messages_total: {
    type: "counter",
    unit: "messages",
    labels: ["lane", "by"],
    about: "Messages that Kafka has taken, by where they came from: `api`, `event`, `campaign`, `redrive`.",
    services,
    appears: "start",
    begins: everyOf({ lane: lanes, by: ["api", "event", "campaign", "redrive"] }),
  },
  intake_refused_total: {
    type: "counter",
    unit: "1",
    labels: ["by"],
    about: "Messages and requests refused by a limit, by which one.",
    services,
    appears: "start",
    begins: everyOf({ by: ["requests", "queue", "plan", "recipient", "prefix"] }),
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
