/** `npx wamesh doctor`: looks at everything a mesh stands on and says what to do. docs/operate/doctor.md. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, parseEnv } from "node:util";
import {
  kafkaConnection,
  kafkaSettings,
  loadSettings,
  postgresAdminSettings,
  postgresConnection,
  redisConnection,
  redisSettings,
  registryConnection,
  registrySettings,
} from "@wamesh/service";
import { defaultPrincipals, principalsOf } from "../acl-plan.ts";
import { settings as deploySettings } from "../deploy.ts";
import { type MigratedService, serviceSchemas } from "../migrate.ts";
import { examineServers, examineServices, type Servers } from "./examine.ts";
import { exitCode, type Finding, report } from "./finding.ts";

const help = `wamesh doctor [--data-dir DIR]…              the servers, as the role that deploys sees them
wamesh doctor --service NAME[=ENVFILE]…      the settings of services, and the servers as each would reach them

Settings are WAMESH_* as for npm run deploy (or, with --service, as for that service, from the environment or from a file of
NAME=value lines). Without any, the mesh that runs here is examined.

  --service NAME[=FILE]   ${Object.keys(serviceSchemas).join(", ")}; may be repeated
  --data-dir DIR          a folder of Kafka's or Postgres' data on this machine; may be repeated
  --json                  findings as JSON

Ends with 0, with 1 when something is wrong, with 2 when it could not be asked.`;

const runFile = fileURLToPath(new URL("../../.wamesh/run.json", import.meta.url));

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`doctor: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      service: { type: "string", multiple: true, default: [] },
      "data-dir": { type: "string", multiple: true, default: [] },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const findings: Finding[] =
    values.service.length > 0
      ? await examineServices(values.service.map(givenService))
      : await examineServers(serversOf(process.env, values["data-dir"]), Date.now);
  console.log(values.json ? JSON.stringify(findings, null, 2) : report(findings));
  return exitCode(findings);
}

function givenService(said: string): { service: MigratedService; env: NodeJS.ProcessEnv } {
  const [name = "", ...file] = said.split("=");
  const service = Object.keys(serviceSchemas).find((one) => one === name);
  if (service === undefined)
    throw new Error(`there is no service ${name}; there are ${Object.keys(serviceSchemas).join(", ")}`);
  const env = file.length === 0 ? process.env : parseEnv(readFileSync(file.join("="), "utf8"));
  return { service: service as MigratedService, env };
}

function serversOf(env: NodeJS.ProcessEnv, dataDirs: readonly string[]): Servers {
  const here = env.WAMESH_KAFKA_BROKERS || env.WAMESH_KAFKA_BROKERS_FILE ? null : runningHere(dataDirs);
  if (here !== null) return here;
  const given = loadSettings(
    {
      ...kafkaSettings,
      ...registrySettings,
      ...postgresAdminSettings,
      redisUrl: redisSettings.redisUrl.optional(),
      redisCa: redisSettings.redisCa,
      kafkaPrincipals: deploySettings.kafkaPrincipals,
      environment: deploySettings.environment,
      replicationFactor: deploySettings.replicationFactor,
    },
    env,
  );
  const { redisUrl, redisCa, environment: profile } = given;
  const principals = principalsOf(
    given.kafkaPrincipals?.split(",").flatMap((part) => part.trim() || []) ?? [],
  );
  if (!Array.isArray(principals)) throw new Error(`WAMESH_KAFKA_PRINCIPALS: ${principals.problem}`);
  return {
    kafka: kafkaConnection(given),
    registry: registryConnection(given),
    postgres: postgresConnection(given),
    redis: redisUrl === undefined ? null : redisConnection({ redisUrl, redisCa }),
    profile,
    replicationFactor: given.replicationFactor || (profile === "production" ? 3 : 1),
    principals,
    dataDirs,
  };
}

/** The mesh of `npm start` or the demo; null when none runs. Its servers' files are all below .wamesh. */
function runningHere(dataDirs: readonly string[]): Servers | null {
  try {
    const run = JSON.parse(readFileSync(runFile, "utf8")) as Record<string, string>;
    return {
      kafka: { brokers: run.kafka!, ssl: false },
      registry: { registryUrl: run.registry! },
      postgres: { url: run.postgres! },
      redis: { url: run.redis! },
      profile: "local",
      replicationFactor: 1,
      principals: defaultPrincipals,
      dataDirs: dataDirs.length > 0 ? dataDirs : [fileURLToPath(new URL("../../.wamesh", import.meta.url))],
    };
  } catch {
    return null;
  }
}
