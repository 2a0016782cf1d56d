/** What this bench gives, and the sizes it gives it for. */

export type CallbackFigures = {
  callbacks_per_s: number | null;
  callbacks_batched_per_s: number | null;
  p99_ms: number | null;
  burst_p99_ms: number | null;
  ratio_to_bare: number | null;
  lost: number | null;
  model_equal: boolean | null;
};

/** In the order of the table, with what each should be on two cores. */
export const targets: Readonly<Record<keyof CallbackFigures, string>> = {
  callbacks_per_s: "≥ 5000",
  callbacks_batched_per_s: "≥ 5000",
  p99_ms: "< 250",
  burst_p99_ms: "< 250",
  ratio_to_bare: "",
  lost: "0",
  model_equal: "true",
};

export const noFigures = Object.fromEntries(
  Object.keys(targets).map((figure) => [figure, null]),
) as CallbackFigures;

export type Sizes = {
  /** Items of the throughput parts. */
  items: number;
  /** Items in one POST where Meta batches them. */
  batch: number;
  pairs: number;
  /** POSTs of one half of a pair. */
  pairPosts: number;
  /** Messages of the burst; each has three receipts. */
  messages: number;
  burstMs: number;
};

export const fullSizes: Sizes = {
  items: 60_000,
  batch: 100,
  pairs: 5,
  pairPosts: 10_000,
  messages: 10_000,
  burstMs: 10_000,
};

export const quickSizes: Sizes = {
  items: 2_000,
  batch: 100,
  pairs: 1,
  pairPosts: 500,
  messages: 300,
  burstMs: 1_000,
};
