/** What this bench gives, and the sizes it gives it for. */

export type CampaignFigures = {
  expand_50k_s: number | null;
  expand_cpu_us: number | null;
  outcome_cpu_us: number | null;
  upload_100mb_s: number | null;
  upload_100mb_rss_growth_mb: number | null;
  expand_1m_s: number | null;
  expand_1m_rss_growth_mb: number | null;
};

/** In the order of the table, with what each should be on two cores. */
export const targets: Readonly<Record<keyof CampaignFigures, string>> = {
  expand_50k_s: "< 15",
  expand_cpu_us: "",
  outcome_cpu_us: "",
  upload_100mb_s: "",
  upload_100mb_rss_growth_mb: "< 100",
  expand_1m_s: "",
  expand_1m_rss_growth_mb: "< 100",
};

export const noFigures = Object.fromEntries(
  Object.keys(targets).map((figure) => [figure, null]),
) as CampaignFigures;

export type Sizes = {
  broadcast: number;
  million: number;
  /** Bytes of a line of the large file. */
  lineBytes: number;
};

export const fullSizes: Sizes = { broadcast: 50_000, million: 1_000_000, lineBytes: 104 };

/** To see that it works; the figures mean little. */
export const quickSizes: Sizes = { broadcast: 5_000, million: 50_000, lineBytes: 104 };
