/** Of packages/store, where there is a database. */
import { type Metrics, serviceNames } from "../metric.ts";

export const storeMetrics = {
  outbox_rows: {
    type: "gauge",
    unit: "rows",
    labels: ["outbox"],
    about:
      "Rows committed and not published. `control`, `ingest`, `webhooks`, `projection`: the same in each process of the service; `dispatch`: of this process' shards, so the sum counts.",
    services: serviceNames,
    appears: "start",
  },
  outbox_oldest_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: ["outbox"],
    about: "For how long the outbox has not been empty or moved on, as this process sees it.",
    services: serviceNames,
    appears: "start",
  },
  lease_held: {
    type: "gauge",
    unit: "1",
    labels: ["lease"],
    about:
      "1: this process holds the lease. The sum over the service's processes is 1. The dispatcher's leases are its shards.",
    services: ["ingest", "webhook-router", "status-projector", "session-manager"],
    appears: "start",
  },
  lease_changes_total: {
    type: "counter",
    unit: "1",
    labels: ["lease", "change"],
    about: "`acquired`, and `lost` while it was wanted. Many in a short time: flapping.",
    services: ["ingest", "webhook-router", "status-projector", "session-manager"],
    appears: "start",
  },
} as const satisfies Metrics;
