/** What the catalogue says of a metric. */
import type { LabelSet } from "./label-sets.ts";

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
  /**
   * Of a counter or a histogram: series that begin at zero when the instrument is made, because an increase can't see the event that makes its
   * series. Only where the values can be named; what has no labels begins so by itself.
   */
  begins?: readonly LabelSet[];
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
