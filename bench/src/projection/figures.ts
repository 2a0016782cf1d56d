/** What this bench gives, and the sizes it gives it for. */

export type ProjectionFigures = {
  events_per_s: number | null;
  cpu_us_per_event: number | null;
  query_p99_ms: number | null;
  query_worst_p99_ms: number | null;
  status_rows: number | null;
  rebuild_equal: boolean | null;
  rebuild_s: number | null;
  stream_rss_mb: number | null;
  event_to_client_p95_ms: number | null;
  expand_50k_s: number | null;
};

/** In the order of the table, with what each should be on two cores. */
export const targets: Readonly<Record<keyof ProjectionFigures, string>> = {
  events_per_s: "≥ 5000",
  cpu_us_per_event: "",
  query_p99_ms: "< 50",
  query_worst_p99_ms: "",
  status_rows: "10000000",
  rebuild_equal: "true",
  rebuild_s: "",
  stream_rss_mb: "< 150",
  event_to_client_p95_ms: "< 2000",
  expand_50k_s: "< 15",
};

export const noFigures = Object.fromEntries(
  Object.keys(targets).map((figure) => [figure, null]),
) as ProjectionFigures;

export type Sizes = {
  /** Messages folded to measure, as many before them to warm up; six records each. */
  messages: number;
  /** Messages in the tables when they are asked; five status rows each. */
  rows: number;
  /** Requests of each kind. */
  requests: number;
};

export const fullSizes: Sizes = { messages: 20_000, rows: 2_000_000, requests: 200 };

/** To see that it works; the figures mean little. */
export const quickSizes: Sizes = { messages: 2_000, rows: 20_000, requests: 20 };
