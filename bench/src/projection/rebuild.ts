/** `npm run rebuild -- --check`, as an operator runs it, on what this bench has folded. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { until } from "@wamesh/testing";
import { patience } from "../dispatch/patience.ts";
import { repository } from "../place.ts";
import { rounded } from "../statistics.ts";
import type { ProjectionFigures } from "./figures.ts";
import type { Rig } from "./rig.ts";

export async function rebuild(rig: Rig): Promise<Partial<ProjectionFigures>> {
  const projector = await rig.projector();
  await rig.hand(rig.sizes.messages);
  await until(async () => (await rig.folded()) >= rig.handed(), patience);
  const begun = performance.now();
  const { postgresUrl, kafkaBrokers, registryUrl } = rig.addresses;
  const command = join(repository, "services/status-projector/commands/rebuild.ts");
  const child = spawn(process.execPath, [command, "--check"], {
    stdio: "inherit",
    env: {
      ...process.env,
      WAMESH_POSTGRES_URL: postgresUrl,
      WAMESH_KAFKA_BROKERS: kafkaBrokers,
      WAMESH_REGISTRY_URL: registryUrl,
    },
  });
  const [status] = (await once(child, "exit")) as [number | null];
  const seconds = (performance.now() - begun) / 1_000;
  await projector.stop();
  return { rebuild_equal: status === 0, rebuild_s: rounded(seconds, 1) };
}
