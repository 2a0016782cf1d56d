/** Every panel's query against a Prometheus that watches a mesh at work: one without data is a finding, unless it says why. */
import { dashboards } from "../../../deploy/grafana/source/index.ts";
import type { Monitoring } from "./monitoring.ts";

export type EmptyPanel = { dashboard: string; panel: string; expr: string; because: string | null };

/** As Grafana would send it, with everything chosen and a short window. */
export function asSent(expr: string): string {
  return expr.replaceAll(/\$(job|instance|tenant)/g, ".*").replaceAll("$__rate_interval", "30s");
}

export async function emptyPanels(
  monitoring: Pick<Monitoring, "query">,
): Promise<{ asked: number; empty: EmptyPanel[] }> {
  const empty: EmptyPanel[] = [];
  let asked = 0;
  for (const { uid, rows } of dashboards)
    for (const panel of rows.flatMap((row) => row.panels))
      for (const { expr, emptyBecause } of panel.queries) {
        asked++;
        const series = await monitoring.query(asSent(expr));
        if (series.some(({ value }) => !Number.isNaN(value))) continue;
        empty.push({ dashboard: uid, panel: panel.title, expr, because: emptyBecause ?? null });
      }
  return { asked, empty };
}
