/** How many processes a service has, on a machine that may be too busy to start one in time. */
import type { ServiceName } from "@wamesh/local";
import { until } from "@wamesh/testing/until";
import type { Drill } from "../drill.ts";

/** A process that ends in its start is started again, as an orchestrator would. */
export async function scaleTo(drill: Drill, name: ServiceName, count: number): Promise<void> {
  const scaled = () =>
    drill.mesh.scale(name, count).then(
      () => true,
      (error: Error) => {
        drill.say(`${name}: ${error.message.split("\n", 1)[0]}`);
        throw error;
      },
    );
  await until(scaled, { withinMs: 180_000, everyMs: 1000, what: `${count} processes of ${name}` });
}
