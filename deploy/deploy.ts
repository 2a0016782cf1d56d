/**
 * `npm run deploy`: topics, ACLs, schemas and migrations, in this order, idempotent. To be run before a new release's services start,
 * which only look up what is here. Settings are WAMESH_*; flags: `--partitions-profile local|production`,
 * `--replication-factor N`. `npm run deploy -- acls --format json|kafka-acls` prints the ACLs and does nothing.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { RegistryOptions } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import {
  flag,
  integer,
  kafkaConnection,
  kafkaSettings,
  loadSettings,
  oneOf,
  optionalText,
  postgresAdminSettings,
  postgresConnection,
  registryConnection,
  registrySettings,
  SettingsError,
  text,
} from "@wamesh/service";
import { type Release, release } from "@wamesh/store";
import { kafkaAclsCommand, type Principal, principalsOf, roles, wantedAcls } from "./acl-plan.ts";
import { ensureAcls } from "./acls.ts";
import { deployableBeside, type MigratedService, migrateAll } from "./migrate.ts";
import { registerSchemas } from "./schemas.ts";
import type { Profile } from "./topic-plan.ts";
import { ensureTopics } from "./topics.ts";

export type DeployOptions = RegistryOptions & {
  kafkaBrokers: readonly string[] | string;
  /** How to sign in to Kafka; default plain text. */
  kafkaSecurity?: Pick<Parameters<typeof openKafka>[0], "ssl" | "sasl">;
  /** Who gets ACLs; default nobody: brokers without an authorizer know none. */
  principals?: readonly Principal[];
  /** Of a role that may create roles and schemas. */
  postgresUrl: string;
  /** Authorities of the database's certificate, PEM; default the system's. */
  postgresCa?: string;
  /** Password of the services' own roles. */
  appPassword: string;
  /** Of services that have one of their own. */
  appPasswords?: Partial<Record<MigratedService, string>>;
  profile: Profile;
  /** Default: 1 local, 3 in production. */
  replicationFactor?: number;
  /** What the database is told; default this release. */
  release?: Release;
  log: (line: string) => void;
};

/**
 * Returns the database URL of each service. Throws before anything is changed when this release may not run beside the one that was
 * deployed last, or a topic has another number of partitions. Of a release one ahead nothing is taken back: its processes may run still.
 */
export async function deployAll(options: DeployOptions): Promise<Record<MigratedService, string>> {
  const { log, profile } = options;
  const kafka = openKafka({
    brokers: options.kafkaBrokers,
    clientId: "wamesh-deploy",
    ...options.kafkaSecurity,
    log: () => {},
  });
  const mine = options.release ?? release;
  const { stored, stands } = await deployableBeside(options);
  const isLater = stands === "ahead";
  log(
    isLater
      ? `release ${mine.version} on a database of ${stored?.version}, which is one ahead and stays so: nothing is taken back`
      : `release ${mine.version}${stored === null ? "" : ` after ${stored.version}`}`,
  );
  const replicationFactor = options.replicationFactor ?? (profile === "production" ? 3 : 1);
  await ensureTopics({ kafka, profile, replicationFactor, isLater, log });
  // The other release runs beside this one until all of its processes are replaced.
  const keepsStale = isLater || stands === "behind";
  if (options.principals !== undefined)
    await ensureAcls({ kafka, principals: options.principals, keepsStale, log });
  await registerSchemas(options);
  return migrateAll(options);
}

const ownPassword = (service: MigratedService) =>
  optionalText({
    about: `password of ${service}'s database role; default WAMESH_APP_PASSWORD`,
    secret: true,
  });

const principalSettings = {
  kafkaPrincipals: optionalText({
    about: `who is whom at Kafka, as role=user, separated by commas; roles are ${roles.join(", ")}; default wamesh-<role> for ours`,
    example: "core-application=crm,data-team=warehouse",
  }),
};

export const settings = {
  ...kafkaSettings,
  kafkaAcls: flag(false, { about: "give each Kafka user its ACLs and remove stale ones" }),
  ...principalSettings,
  ...registrySettings,
  ...postgresAdminSettings,
  appPassword: text({ about: "password given to the services' database roles", secret: true }),
  ingestAppPassword: ownPassword("ingest"),
  dispatcherAppPassword: ownPassword("dispatcher"),
  sessionManagerAppPassword: ownPassword("session-manager"),
  webhookRouterAppPassword: ownPassword("webhook-router"),
  statusProjectorAppPassword: ownPassword("status-projector"),
  environment: oneOf(["local", "production"], "production", { about: "how many partitions topics get" }),
  replicationFactor: integer({
    min: 0,
    max: 9,
    fallback: 0,
    about: "copies of each topic; 0: 1 local, 3 production",
  }),
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "partitions-profile": { type: "string" },
      "replication-factor": { type: "string" },
      format: { type: "string", default: "kafka-acls" },
    },
  });
  if (positionals[0] === "acls") return printAcls(values.format);
  if (positionals.length > 0) throw new Error(`there is no step ${positionals[0]}; acls is one`);
  const given = loadSettings(settings, {
    ...process.env,
    ...(values["partitions-profile"] && { WAMESH_ENVIRONMENT: values["partitions-profile"] }),
    ...(values["replication-factor"] && { WAMESH_REPLICATION_FACTOR: values["replication-factor"] }),
  });
  const { brokers, ...kafkaSecurity } = kafkaConnection(given);
  const postgres = postgresConnection(given);
  const passwords = {
    ingest: given.ingestAppPassword,
    dispatcher: given.dispatcherAppPassword,
    "session-manager": given.sessionManagerAppPassword,
    "webhook-router": given.webhookRouterAppPassword,
    "status-projector": given.statusProjectorAppPassword,
  };
  await deployAll({
    kafkaBrokers: brokers,
    kafkaSecurity,
    ...(given.kafkaAcls && { principals: principalsFrom(given.kafkaPrincipals) }),
    ...registryConnection(given),
    postgresUrl: postgres.url,
    ...(postgres.ca !== undefined && { postgresCa: postgres.ca }),
    appPassword: given.appPassword,
    appPasswords: Object.fromEntries(
      Object.entries(passwords).filter((entry): entry is [MigratedService, string] => entry[1] !== undefined),
    ),
    profile: given.environment,
    ...(given.replicationFactor > 0 && { replicationFactor: given.replicationFactor }),
    log: (line) => console.log(line),
  });
}

/** For those who keep ACLs by hand, or look before they leap. */
function printAcls(format: string): void {
  const acls = wantedAcls(principalsFrom(loadSettings(principalSettings).kafkaPrincipals));
  if (format === "json") console.log(JSON.stringify(acls, null, 2));
  else if (format === "kafka-acls") console.log(acls.map(kafkaAclsCommand).join("\n"));
  else throw new Error(`there is no format ${format}; json and kafka-acls are`);
}

function principalsFrom(said: string | undefined): Principal[] {
  const principals = principalsOf(said?.split(",").flatMap((part) => part.trim() || []) ?? []);
  if (Array.isArray(principals)) return principals;
  throw new SettingsError([
    { name: "WAMESH_KAFKA_PRINCIPALS", problem: "is not valid", remedy: principals.problem },
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
