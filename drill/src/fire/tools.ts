/** Where the programs of Prometheus' project are; they are not npm packages, so whoever drills installs them. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where deploy/prometheus/check unpacks what it needs. */
const unpacked = fileURLToPath(new URL("../../../.wamesh/cache/prometheus/usr/bin", import.meta.url));

/** Debian has names of its own. */
const names = {
  prometheus: ["prometheus"],
  alertmanager: ["alertmanager", "prometheus-alertmanager"],
  node_exporter: ["node_exporter", "prometheus-node-exporter"],
} as const;
export type Tool = keyof typeof names;

/** Throws, with the remedy, when it is not in PATH. */
export function findTool(tool: Tool): string {
  for (const folder of [...(process.env.PATH ?? "").split(delimiter), unpacked])
    for (const name of names[tool]) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not in this folder.
      }
    }
  throw new Error(
    `${tool} is not in PATH. Debian, Ubuntu: apt-get install prometheus prometheus-alertmanager prometheus-node-exporter; others: https://prometheus.io/download.`,
  );
}
