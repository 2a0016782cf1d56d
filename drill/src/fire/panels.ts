/** Every panel's query against a Prometheus that watches a mesh at work: one that never has data is a finding, unless it says why. */
import { dashboards } from "../../../deploy/grafana/source/index.ts";
import type { Monitoring } from "./monitoring.ts";

export type EmptyPanel = { dashboard: string; panel: string; expr: string; because: string | null };

/** As Grafana would send it, with everything chosen and a short window. */
export function asSent(expr: string): string {
  return expr.replaceAll(/\$(job|instance|tenant)/g, ".*").replaceAll("$__rate_interval", "30s");
}

export type PanelCheck = {
  asked: number;
  /** Those that have had no data at any look so far. */
  empty(): EmptyPanel[];
  /** Those among them that have no reason to. */
  silent(): EmptyPanel[];
  look(): Promise<void>;
};

export function checkPanels(monitoring: Pick<Monitoring, "query">): PanelCheck {
  let empty = dashboards.flatMap(({ uid, rows }) =>
    rows
      .flatMap((row) => row.panels)
      .flatMap((panel) =>
        panel.queries.map(({ expr, emptyBecause }) => ({
          dashboard: uid,
          panel: panel.title,
          expr,
          because: emptyBecause ?? null,
        })),
      ),
  );
  return {
    asked: empty.length,
    empty: () => empty,
    silent: () => empty.filter(({ because }) => because === null),
    async look() {
      const answers = await Promise.all(empty.map(({ expr }) => monitoring.query(asSent(expr))));
      empty = empty.filter((_, i) => !answers[i]?.some(({ value }) => !Number.isNaN(value)));
    },
  };
}
