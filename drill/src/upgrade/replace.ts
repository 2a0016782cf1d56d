/** One service after the other becomes another release, process by process, while traffic flows. */
import { setTimeout as delay } from "node:timers/promises";
import type { MeshService, ServiceName } from "@wamesh/local";
import { until } from "@wamesh/testing/until";
import { seconds } from "../check/pauses.ts";
import type { Drill } from "../drill.ts";
import type { Running } from "./mixed.ts";

export type Direction = "upgrade" | "rollback";

export type Step = {
  service: ServiceName;
  process: string;
  direction: Direction;
  stop_s: number;
  start_s: number;
  /** Epoch ms: from the signal to the end of the soak after it. */
  begun_at: number;
  ended_at: number;
};

export type To = { root: string; version: string; direction: Direction; soakMs: number };

/**
 * Those that read a field go before those that write it: what the later release says is then kept from its first word. Nothing depends
 * on it. There and back in the same order, each service runs beside each other one both ways.
 */
export const order: readonly ServiceName[] = [
  "status-projector",
  "webhook-router",
  "dispatcher",
  "ingest",
  "session-manager",
];

/** `moments` gets what runs after each step. */
export async function replaceAll(drill: Drill, to: To, moments: Running[]): Promise<Step[]> {
  const { mesh } = drill;
  const after = to.direction === "upgrade" ? "after" : "before";
  const running = new Map<ServiceName, ("before" | "after")[]>(
    order.map((name) => [name, mesh.instances[name].map(() => (after === "after" ? "before" : "after"))]),
  );
  const steps: Step[] = [];
  for (const service of order)
    for (const [i, one] of mesh.instances[service].entries()) {
      const begunAt = Date.now();
      // A process that ends in its start, or is not ready in time, is started again, as an orchestrator would.
      const replaced = () =>
        mesh.replace(service, one, to.root).catch((error: Error) => {
          drill.say(error.message.split("\n", 1)[0]!);
          throw error;
        });
      const what = `${one.name} of ${to.version}`;
      const { stopMs, startMs } = await until(replaced, { withinMs: 180_000, everyMs: 500, what });
      await mustRun(one, to.version);
      drill.say(`${one.name} is ${to.version}: ${seconds(stopMs)} s to stop, ${seconds(startMs)} s to start`);
      running.get(service)![i] = after;
      moments.push(Object.fromEntries([...running].map(([name, all]) => [name, [...all]])));
      await delay(to.soakMs);
      steps.push({
        service,
        process: one.name,
        direction: to.direction,
        stop_s: seconds(stopMs),
        start_s: seconds(startMs),
        begun_at: begunAt,
        ended_at: Date.now(),
      });
    }
  return steps;
}

/** As the process itself says. */
async function mustRun(one: MeshService, version: string): Promise<void> {
  const metrics = await (await fetch(`${one.probes()}/metrics`)).text();
  const [, said] = /^wamesh_process_info\{[^}]*version="([^"]+)"/m.exec(metrics) ?? [];
  if (said !== version) throw new Error(`${one.name} says that it is ${said ?? "nothing"}, not ${version}`);
}
