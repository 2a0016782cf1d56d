/** Where the mesh is that a command is about: the environment says so, or the one that runs here (`npm start`, `npm run demo`). */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  kafkaConnection,
  kafkaSettings,
  loadSettings,
  postgresConnection,
  postgresSettings,
  registryConnection,
  registrySettings,
} from "@wamesh/service";

export type Servers = {
  kafka: ReturnType<typeof kafkaConnection>;
  registry: ReturnType<typeof registryConnection>;
};
export type RunningMesh = {
  postgres: ReturnType<typeof postgresConnection>;
  /** Null: the environment names a database only. */
  servers: Servers | null;
};

const runFile = fileURLToPath(new URL("../../../.wamesh/run.json", import.meta.url));

/** Null where nothing is known. The environment is read as a service reads it, TLS and passwords included. */
export function runningMesh(env: NodeJS.ProcessEnv): RunningMesh | null {
  const says = (name: string) => Boolean(env[name] || env[`${name}_FILE`]);
  if (says("WAMESH_POSTGRES_URL")) {
    const postgres = postgresConnection(loadSettings(postgresSettings, env));
    if (!says("WAMESH_KAFKA_BROKERS") || !says("WAMESH_REGISTRY_URL")) return { postgres, servers: null };
    const settings = loadSettings({ ...kafkaSettings, ...registrySettings }, env);
    return {
      postgres,
      servers: { kafka: kafkaConnection(settings), registry: registryConnection(settings) },
    };
  }
  try {
    const run = JSON.parse(readFileSync(runFile, "utf8"));
    return {
      postgres: { url: run.postgres },
      servers: {
        kafka: { brokers: run.kafka.split(","), ssl: false },
        registry: { registryUrl: run.registry },
      },
    };
  } catch {
    return null;
  }
}
