/** What this bench gives, and the sizes it gives it for. */

export type WebhookFigures = {
  deliveries_per_s: number | null;
  cpu_us_per_delivery: number | null;
  healthy_p99_ratio: number | null;
  healthy_p99_ms: number | null;
};

/** In the order of the table, with what each should be on two cores. */
export const targets: Readonly<Record<keyof WebhookFigures, string>> = {
  deliveries_per_s: "≥ 2600",
  cpu_us_per_delivery: "",
  healthy_p99_ratio: "≤ 1.2",
  healthy_p99_ms: "",
};

export const noFigures = Object.fromEntries(
  Object.keys(targets).map((figure) => [figure, null]),
) as WebhookFigures;

export type Sizes = {
  pairs: number;
  /** Deliveries, as many before them to warm up. */
  deliveries: number;
  /** Events of one phase of the comparison, over all fifty endpoints. */
  neighbourEvents: number;
  neighbourPerS: number;
};

export const fullSizes: Sizes = { pairs: 5, deliveries: 40_000, neighbourEvents: 8_000, neighbourPerS: 800 };

/** To see that it works; the figures mean little. */
export const quickSizes: Sizes = { pairs: 1, deliveries: 4_000, neighbourEvents: 1_000, neighbourPerS: 400 };
