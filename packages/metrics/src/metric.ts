/** What the catalogue says of a metric. */

/** Of the name that is served. */
export const prefix = "wamesh_";

export const serviceNames = [
  "ingest",
  "dispatcher",
  "webhook-router",
  "status-projector",
  "session-manager",
] as const;
export type ServiceName = (typeof serviceNames)[number];

export type Metric = {
  type: "counter" | "gauge" | "histogram";
  /** Of its values; histograms are of seconds. */
  unit: "1" | "seconds" | "bytes" | "per second" | "records" | "messages" | "rows";
  labels: readonly string[];
  about: string;
  services: readonly ServiceName[];
  /** When it is first served: with the process, with the first use of what it tells of, or with the first fault. */
  appears: "start" | "use" | "fault";
  /** Upper bounds of a histogram. */
  buckets?: readonly number[];
  /** Each process of the service tells the same, because all read it from the database: take the largest, never the sum. */
  sameEverywhere?: true;
};

export type Metrics = Readonly<Record<string, Metric>>;

/** From a millisecond to ten seconds: calls, commits, requests. */
export const callBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
/** From a hundredth to ten minutes: what waits its turn. */
export const waitBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 600] as const;
