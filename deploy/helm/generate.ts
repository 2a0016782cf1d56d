/** `npm run chart`: writes what the chart takes from the rest of the repository, for it can only read files inside itself. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { topics } from "@wamesh/events";
import { processSettings } from "@wamesh/service";
import { settings as deploy } from "../deploy.ts";
import { type RoutedService, routesTo } from "../local/src/gateway-routes.ts";
import { serviceSettings } from "../service-settings.ts";
import { meshFile } from "./workloads.ts";

const chart = fileURLToPath(new URL("wamesh/generated/", import.meta.url));
const rules = fileURLToPath(new URL("../prometheus/rules/", import.meta.url));

const names: Record<RoutedService, string> = {
  ingest: "ingest",
  "session-manager": "session-manager",
  "webhook-router": "webhook-router",
  "status-projector": "status-projector",
};

/** Text by path below the chart's `generated/`. */
export function chartFiles(): Record<string, string> {
  const ofProcesses = Object.entries(serviceSettings).map(
    ([service, shape]) => [service, { ...processSettings, ...shape }] as const,
  );
  const mesh = meshFile({
    shapes: { ...Object.fromEntries(ofProcesses), deploy },
    routes: routesTo(names) as Record<string, string>,
    partitions: topics.outboundOtp.partitions.production,
  });
  return { "mesh.json": `${JSON.stringify(mesh, null, 2)}\n`, ...ruleFiles() };
}

/** Alert and recording rules as they stand. */
function ruleFiles(): Record<string, string> {
  const found = existsSync(rules) ? readdirSync(rules).filter((name) => name.endsWith(".yml")) : [];
  return Object.fromEntries(
    found.sort().map((name) => [`rules/${name}`, readFileSync(`${rules}${name}`, "utf8")]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(chart, { recursive: true, force: true });
  for (const [name, text] of Object.entries(chartFiles())) {
    mkdirSync(dirname(`${chart}${name}`), { recursive: true });
    writeFileSync(`${chart}${name}`, text);
    console.log(`wrote deploy/helm/wamesh/generated/${name}`);
  }
}
