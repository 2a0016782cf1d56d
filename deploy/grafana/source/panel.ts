/** What a dashboard is made of, in our words; render.ts says it in Grafana's. */

export type Panel = {
  title: string;
  /** What is seen, and what is normal. */
  about: string;
  kind: "timeseries" | "stat" | "table";
  /** Grafana's id of the unit: s, short, percentunit, bytes, reqps, ops. */
  unit: string;
  queries: readonly Query[];
  /** Of 24 columns; default 8. */
  width?: number;
  /** From here on a value is orange, then red. */
  thresholds?: readonly [orange: number, red: number];
};

export type Query = {
  /** PromQL; `$on` stands for the chosen jobs and instances, `$tenants` for the chosen tenants. */
  expr: string;
  /** Legend; {{label}} stands for its value. */
  legend: string;
  /** Why there may be no data in a mesh at work; without it, no data fails the check. */
  emptyBecause?: string;
};

export type Dashboard = {
  uid: string;
  title: string;
  about: string;
  /** The job that is chosen at first; all when missing. */
  job?: string;
  perTenant?: true;
  rows: readonly { title: string; panels: readonly Panel[] }[];
};

/** Chosen in Grafana at the top of each dashboard. */
export const on = 'job=~"$job",instance=~"$instance"';
export const tenants = 'tenant=~"$tenant"';

export function lines(
  title: string,
  about: string,
  unit: string,
  ...queries: readonly (readonly [expr: string, legend: string, emptyBecause?: string])[]
): Panel {
  return { title, about, kind: "timeseries", unit, queries: queries.map(query) };
}

export function figure(
  title: string,
  about: string,
  unit: string,
  query_: readonly [expr: string, legend: string, emptyBecause?: string],
  thresholds?: readonly [number, number],
): Panel {
  return {
    title,
    about,
    kind: "stat",
    unit,
    width: 4,
    queries: [query(query_)],
    ...(thresholds && { thresholds }),
  };
}

function query([expr, legend, emptyBecause]: readonly [string, string, string?]): Query {
  return { expr, legend, ...(emptyBecause !== undefined && { emptyBecause }) };
}

/** Median and 99th percentile of a histogram, by one label where given. */
export function quantiles(
  metric: string,
  filter: string,
  by?: string,
): (readonly [expr: string, legend: string])[] {
  const of = by === undefined ? "le" : `le, ${by}`;
  return [0.5, 0.99].map(
    (q) =>
      [
        `histogram_quantile(${q}, sum by (${of}) (rate(${metric}_bucket{${filter}}[$__rate_interval])))`,
        `${by === undefined ? "" : `{{${by}}} `}p${q * 100}`,
      ] as const,
  );
}
