import type { Metrics } from "../metric.ts";

const services = ["session-manager"] as const;

export const sessionManagerMetrics = {
  sessions: {
    type: "gauge",
    unit: "1",
    labels: ["provider", "status"],
    about: "Sessions that are not deleted. Availability is the share that is connected.",
    services,
    appears: "use",
    sameEverywhere: true,
  },
  errands: {
    type: "gauge",
    unit: "rows",
    labels: ["kind"],
    about: "What is still to be done for sessions at their providers.",
    services,
    appears: "use",
    sameEverywhere: true,
  },
  errands_oldest_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: ["kind"],
    about: "How long ago the oldest of them was begun.",
    services,
    appears: "use",
    sameEverywhere: true,
  },
} as const satisfies Metrics;
