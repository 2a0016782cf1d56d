/** What this bench gives, and the sizes it gives it for. */

export type StreamFigures = {
  stream_rss_mb: number | null;
  event_to_client_p95_ms: number | null;
  event_to_client_p99_ms: number | null;
  /** Of the messages of the broadcast, those whose last state a listener was never told. */
  untold: number | null;
};

/** In the order of the table, with what each should be on two cores. */
export const targets: Readonly<Record<keyof StreamFigures, string>> = {
  stream_rss_mb: "< 150",
  event_to_client_p95_ms: "< 2000",
  event_to_client_p99_ms: "",
  untold: "0",
};

export const noFigures = Object.fromEntries(
  Object.keys(targets).map((figure) => [figure, null]),
) as StreamFigures;

export type Sizes = {
  streams: number;
  /** They are spread over these evenly; the first one sends the broadcast. */
  tenants: number;
  /** Messages of the broadcast, with four records each. */
  messages: number;
  /** Of one before it, for the process to reach its size without any stream. */
  warmUpMessages: number;
  messagesPerS: number;
};

export const fullSizes: Sizes = {
  streams: 1_000,
  tenants: 50,
  messages: 50_000,
  warmUpMessages: 20_000,
  messagesPerS: 1_000,
};

/** To see that it works; the figures mean little. */
export const quickSizes: Sizes = {
  streams: 100,
  tenants: 10,
  messages: 2_000,
  warmUpMessages: 1_000,
  messagesPerS: 500,
};
