import { dockerAnswers } from "./docker.ts";
import type { StackAddresses } from "./servers.ts";

export type Choice =
  | { kind: "environment"; addresses: StackAddresses }
  | { kind: "containers" }
  | { kind: "embedded" }
  /** Containers if Docker answers, else embedded. */
  | { kind: "ask_docker" }
  | { kind: "invalid"; message: string };

const ADDRESSES = {
  kafkaBrokers: "WAMESH_KAFKA_BROKERS",
  registryUrl: "WAMESH_REGISTRY_URL",
  postgresUrl: "WAMESH_POSTGRES_URL",
  redisUrl: "WAMESH_REDIS_URL",
} as const;

/**
 * Where the servers come from, as far as the environment says. WAMESH_STACK forces one source; some addresses without
 * the others are a mistake rather than a wish for a second, silent set of servers.
 */
export function chooseSource(env: NodeJS.ProcessEnv): Choice {
  const forced = env.WAMESH_STACK || undefined;
  if (forced === "containers" || forced === "embedded") return { kind: forced };
  if (forced !== undefined && forced !== "environment") {
    return invalid(`WAMESH_STACK is "${forced}": say environment, containers or embedded, or leave it out.`);
  }
  const missing = Object.values(ADDRESSES).filter((name) => !env[name]);
  if (missing.length === 0) {
    const address = (name: string) => env[name] as string;
    return {
      kind: "environment",
      addresses: {
        kafkaBrokers: address(ADDRESSES.kafkaBrokers),
        registryUrl: address(ADDRESSES.registryUrl),
        postgresUrl: address(ADDRESSES.postgresUrl),
        redisUrl: address(ADDRESSES.redisUrl),
      },
    };
  }
  if (forced === "environment" || missing.length < Object.keys(ADDRESSES).length) {
    return invalid(`the environment names servers but lacks ${missing.join(", ")}: set all four, or none.`);
  }
  return { kind: "ask_docker" };
}

/** `chooseSource`, with Docker asked where that decides. */
export async function findSource(env: NodeJS.ProcessEnv): Promise<Exclude<Choice, { kind: "ask_docker" }>> {
  const choice = chooseSource(env);
  if (choice.kind !== "ask_docker") return choice;
  return { kind: (await dockerAnswers(env)) ? "containers" : "embedded" };
}

function invalid(message: string): Choice {
  return { kind: "invalid", message };
}
