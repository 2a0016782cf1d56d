/** Where the mesh is that a command is about: the environment says so, or the one that runs here (`npm start`, `npm run demo`). */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type MeshAddresses = { postgresUrl: string; kafkaBrokers: string; registryUrl: string };

const runFile = fileURLToPath(new URL("../../../.wamesh/run.json", import.meta.url));

/** What is known of it; null where nothing is. */
export function runningMesh(env: NodeJS.ProcessEnv): Partial<MeshAddresses> | null {
  const said = {
    postgresUrl: env.WAMESH_POSTGRES_URL,
    kafkaBrokers: env.WAMESH_KAFKA_BROKERS,
    registryUrl: env.WAMESH_REGISTRY_URL,
  };
  if (said.postgresUrl !== undefined)
    return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  try {
    const run = JSON.parse(readFileSync(runFile, "utf8"));
    return { postgresUrl: run.postgres, kafkaBrokers: run.kafka, registryUrl: run.registry };
  } catch {
    return null;
  }
}
