/** Processor time of everything that a drill runs, the drill itself included. */
import { cpuUs, treeCpuUs } from "@wamesh/testing/outside";
import type { Drill } from "./drill.ts";

/** In µs since each began; by service (all its processes) and server. */
export function usedUs({ mesh }: Drill): Record<string, number> {
  const { user, system } = process.cpuUsage();
  const services = Object.entries(mesh.instances).map(([name, all]): [string, number] => [
    name,
    all.reduce((sum, one) => sum + (cpuUs(one.pid()) || 0), 0),
  ]);
  return {
    ...Object.fromEntries(services),
    postgres: treeCpuUs(mesh.stack.pids.postgres),
    kafka: cpuUs(mesh.stack.pids.kafka),
    redis: cpuUs(mesh.stack.pids.redis),
    simulator: cpuUs(mesh.simulatorPid()),
    // The gateway, the clients and the tenants' receiver are in the drill's own process.
    "clients and receivers": user + system,
  };
}

/** How many cores were busy between two looks. */
export function coresBusy(
  before: Record<string, number>,
  after: Record<string, number>,
  elapsedMs: number,
): number {
  const spentUs = Object.entries(after).reduce((sum, [name, us]) => sum + us - (before[name] ?? us), 0);
  return Number((spentUs / 1000 / elapsedMs).toFixed(2));
}
