/** docs/metrics.md, printed from the catalogue. Pure. */
import type { Metric, Metrics } from "./metric.ts";
import { prefix, serviceNames } from "./metric.ts";

const head = `# Metrics

Every process serves \`/metrics\` in Prometheus' text format on \`WAMESH_PROBES_PORT\`. This page is printed from
\`packages/metrics/src/catalogue\`, from which the instruments are made too: \`npm run metrics\` writes it anew.

- *appears*: at the process' **start**, with the first **use** of what it tells of, or with the first **fault** only.
- *same*: every process of the service reads it from the database and says the same: take \`max\`, never \`sum\`.
- Histograms are served as \`_bucket\`, \`_sum\` and \`_count\`. Which service and which process: \`job\` and \`instance\` of the scrape.
- No series names a session or a person. Series of tenants come from one process of the status-projector at a time and are
  capped (\`WAMESH_TENANT_SERIES_MAX\`); all other tenants are \`tenant="other"\`.
- Disks, CPUs and networks of the hosts, and the insides of Kafka, Postgres and Redis, are the business of their own exporters
  (node_exporter, postgres_exporter …).
`;

export function reference(catalogue: Metrics): string {
  const everywhere = sectionOf("Every service", catalogue, (metric) => metric.services.length > 1);
  const own = serviceNames.map((service) =>
    sectionOf(service, catalogue, ({ services }) => services.length === 1 && services[0] === service),
  );
  return [head, everywhere, ...own].join("\n");
}

function sectionOf(title: string, catalogue: Metrics, belongs: (metric: Metric) => boolean): string {
  const rows = Object.entries(catalogue)
    .filter(([, metric]) => belongs(metric))
    .map(([name, metric]) => rowOf(name, metric));
  return `## ${title}\n\n| name | type | unit | labels | appears | meaning |\n| --- | --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`;
}

function rowOf(
  name: string,
  { type, unit, labels, about, services, appears, sameEverywhere }: Metric,
): string {
  const partly = services.length > 1 && services.length < serviceNames.length;
  const meaning = [about, partly && `Of ${services.join(", ")}.`].filter(Boolean).join(" ");
  const cells = [
    `\`${prefix}${name}\``,
    type,
    unit === "1" ? "" : unit,
    labels.map((label) => `\`${label}\``).join(", "),
    sameEverywhere ? `${appears}, same` : appears,
    meaning,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
