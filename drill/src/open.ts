/** A mesh with its tenants, its receiver and its judges, empty of messages: where rounds and scenarios begin. */
import { partition, topics } from "@wamesh/events";
import { type MeshOptions, startMesh } from "@wamesh/local";
import { listViolations, startReceiver } from "@wamesh/testing/outside";
import postgres from "postgres";
import type { Drill } from "./drill.ts";
import { openTopics } from "./read/topics.ts";
import { provision, type World } from "./world.ts";

export type OpenOptions = {
  dataDir: string;
  seed: number;
  world: World;
  log: (line: string) => void;
  /** Told once something runs, so that it can be stopped from outside. */
  onStop?: (stop: () => Promise<void>) => void;
  mesh?: Omit<MeshOptions, "dataDir" | "seed" | "log">;
};

/** `stop` ends everything; when this rejects, everything has ended. */
export async function openDrill(options: OpenOptions): Promise<{ drill: Drill; stop(): Promise<void> }> {
  const { dataDir, seed, log } = options;
  const receiver = await startReceiver();
  const stops = [() => receiver.close()];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  options.onStop?.(stop);
  try {
    const mesh = await startMesh({ profile: "demo", ...options.mesh, dataDir, log, seed });
    stops.push(() => mesh.stop());
    const sql = postgres(mesh.stack.postgresUrl, { max: 2, connect_timeout: 3, onnotice: () => {} });
    stops.push(() => sql.end({ timeout: 1 }));
    const tenants = await provision(mesh, receiver, options.world);
    const drill: Drill = {
      mesh,
      seed,
      tenants,
      receiver,
      sql,
      topics: await openTopics(mesh.stack),
      shards: tenants.map(({ id }) => partition(id, topics.outboundStandard.partitions.local)),
      accepted: [],
      poison: [],
      trespasses: [],
      violations: () => listViolations(mesh.simulator),
      say: (words) => log(`    ${new Date().toISOString().slice(11, 23)}  ${words}`),
    };
    return { drill, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
