/** Every series that rules and dashboards may ask for: those of the catalogue, and the few of others. */
import { catalogue } from "../../packages/metrics/src/index.ts";

/** Prometheus' own, and node_exporter's for disks. */
const foreign = ["up", "ALERTS", "node_filesystem_avail_bytes", "node_filesystem_size_bytes"];

export function knownMetrics(): string[] {
  return [
    ...foreign,
    ...Object.entries(catalogue).flatMap(([name, { type }]) =>
      type === "histogram"
        ? ["_bucket", "_sum", "_count"].map((part) => `wamesh_${name}${part}`)
        : [`wamesh_${name}`],
    ),
  ];
}
