/** `.wamesh/run.json`: where everything of a running mesh is, for people and scripts. Holds the operator's key, so mode 0600. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Mesh } from "./mesh.ts";

export function writeRunFile(file: string, mesh: Mesh): void {
  const run = {
    origin: mesh.origin,
    operator_key: mesh.operatorKey,
    simulator: mesh.simulator,
    kafka: mesh.stack.kafkaBrokers,
    registry: mesh.stack.registryUrl,
    postgres: mesh.stack.postgresUrl,
    redis: mesh.stack.redisUrl,
    services: Object.fromEntries(
      Object.entries(mesh.services).map(([name, one]) => [
        name,
        { url: one.url(), probes: one.probes(), pid: one.pid() },
      ]),
    ),
  };
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
}
