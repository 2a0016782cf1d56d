/**
 * `npm run deploy`: schemas, topics and migrations, in this order, idempotent. To be run before a new release's services start,
 * which only look up what is here. Settings are WAMESH_*; flags: `--partitions-profile local|production`,
 * `--replication-factor N`.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openKafka } from "@wamesh/kafka";
import {
  address,
  integer,
  kafkaConnection,
  kafkaSettings,
  loadSettings,
  oneOf,
  registrySettings,
  text,
} from "@wamesh/service";
import { type MigratedService, migrateAll } from "./migrate.ts";
import { registerSchemas } from "./schemas.ts";
import type { Profile } from "./topic-plan.ts";
import { ensureTopics } from "./topics.ts";

export type DeployOptions = {
  kafkaBrokers: readonly string[] | string;
  /** How to sign in to Kafka; default plain text. */
  kafkaSecurity?: Pick<Parameters<typeof openKafka>[0], "ssl" | "sasl">;
  registryUrl: string;
  /** Of a role that may create roles and schemas. */
  postgresUrl: string;
  /** Password of the services' own roles. */
  appPassword: string;
  profile: Profile;
  /** Default: 1 local, 3 in production. */
  replicationFactor?: number;
  log: (line: string) => void;
};

/** Returns the database URL of each service. Throws before anything is changed when a topic has another number of partitions. */
export async function deployAll(options: DeployOptions): Promise<Record<MigratedService, string>> {
  const { log, profile } = options;
  const kafka = openKafka({
    brokers: options.kafkaBrokers,
    clientId: "wamesh-deploy",
    ...options.kafkaSecurity,
    log: () => {},
  });
  const replicationFactor = options.replicationFactor ?? (profile === "production" ? 3 : 1);
  await ensureTopics({ kafka, profile, replicationFactor, log });
  await registerSchemas({ registryUrl: options.registryUrl, log });
  return migrateAll({ postgresUrl: options.postgresUrl, appPassword: options.appPassword, log });
}

export const settings = {
  ...kafkaSettings,
  ...registrySettings,
  postgresUrl: address(["postgres", "postgresql"], {
    about: "database, as a role that may create roles and schemas",
    secret: true,
  }),
  appPassword: text({ about: "password given to the services' database roles", secret: true }),
  environment: oneOf(["local", "production"], "production", { about: "how many partitions topics get" }),
  replicationFactor: integer({
    min: 0,
    max: 9,
    fallback: 0,
    about: "copies of each topic; 0: 1 local, 3 production",
  }),
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { "partitions-profile": { type: "string" }, "replication-factor": { type: "string" } },
  });
  const given = loadSettings(settings, {
    ...process.env,
    ...(values["partitions-profile"] && { WAMESH_ENVIRONMENT: values["partitions-profile"] }),
    ...(values["replication-factor"] && { WAMESH_REPLICATION_FACTOR: values["replication-factor"] }),
  });
  const { brokers, ...kafkaSecurity } = kafkaConnection(given);
  const { registryUrl, postgresUrl, appPassword, environment } = given;
  await deployAll({
    kafkaBrokers: brokers,
    kafkaSecurity,
    registryUrl,
    postgresUrl,
    appPassword,
    profile: environment,
    ...(given.replicationFactor > 0 && { replicationFactor: given.replicationFactor }),
    log: (line) => console.log(line),
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
