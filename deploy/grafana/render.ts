/** A dashboard as Grafana reads it from a file. Pure. */
import type { Dashboard, Panel } from "./source/panel.ts";

const columns = 24;
const heights = { stat: 4, timeseries: 8, table: 8 };
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in.
const source = { type: "prometheus", uid: "${datasource}" };

export function render(dashboard: Dashboard): object {
  let y = 0;
  let id = 0;
  const panels = dashboard.rows.flatMap((row) => {
    const head = {
      id: ++id,
      type: "row",
      title: row.title,
      collapsed: false,
      gridPos: { h: 1, w: columns, x: 0, y },
      panels: [],
    };
    y++;
    let x = 0;
    let high = 0;
    const body = row.panels.map((panel) => {
      const w = panel.width ?? 8;
      const h = heights[panel.kind];
      if (x + w > columns) {
        x = 0;
        y += high;
        high = 0;
      }
      const placed = renderPanel(panel, ++id, { h, w, x, y });
      x += w;
      high = Math.max(high, h);
      return placed;
    });
    y += high;
    return [head, ...body];
  });
  return {
    uid: dashboard.uid,
    title: dashboard.title,
    description: dashboard.about,
    tags: ["wamesh"],
    schemaVersion: 41,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: "30s",
    time: { from: "now-3h", to: "now" },
    timezone: "",
    annotations: { list: [] },
    links: [{ type: "dashboards", tags: ["wamesh"], title: "wamesh", asDropdown: true, keepTime: true }],
    templating: { list: variables(dashboard) },
    panels,
  };
}

function renderPanel(panel: Panel, id: number, gridPos: object): object {
  const [orange, red] = panel.thresholds ?? [];
  const steps = [
    { color: "green", value: null },
    ...(orange === undefined || orange === red ? [] : [{ color: "orange", value: orange }]),
    ...(red === undefined ? [] : [{ color: "red", value: red }]),
  ];
  return {
    id,
    type: panel.kind,
    title: panel.title,
    description: panel.about,
    datasource: source,
    gridPos,
    fieldConfig: {
      defaults: { unit: panel.unit, min: 0, thresholds: { mode: "absolute", steps } },
      overrides: [],
    },
    options:
      panel.kind === "stat"
        ? { reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false }, colorMode: "value" }
        : { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
    targets: panel.queries.map(({ expr, legend }, i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: source,
      editorMode: "code",
      expr,
      legendFormat: legend,
      range: true,
    })),
  };
}

function variables(dashboard: Dashboard): object[] {
  const chosen = (name: string, label: string, query: string, value?: string) => ({
    name,
    label,
    type: "query",
    datasource: source,
    query: { query, refId: name },
    definition: query,
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: ".*",
    current: value === undefined ? { text: ["All"], value: ["$__all"] } : { text: [value], value: [value] },
  });
  return [
    { name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus", current: {} },
    chosen("job", "Service", "label_values(wamesh_process_ready, job)", dashboard.job),
    chosen("instance", "Process", 'label_values(wamesh_process_ready{job=~"$job"}, instance)'),
    ...(dashboard.perTenant
      ? [chosen("tenant", "Tenant", "label_values(wamesh_tenant_waiting, tenant)")]
      : []),
  ];
}
