/** Everything the doctor looks at, in the order in which one thing explains the next. */
import { allTopics, type RegistryOptions } from "@wamesh/events";
import { type KafkaOptions, openKafka } from "@wamesh/kafka";
import {
  kafkaConnection,
  postgresConnection,
  redisConnection,
  registryConnection,
  type SettingsError,
} from "@wamesh/service";
import { connect, release, storedRelease } from "@wamesh/store";
import type { RedisPlace } from "../../services/ingest/src/redis.ts";
import type { Principal } from "../acl-plan.ts";
import type { MigratedService } from "../migrate.ts";
import { serviceSchemas } from "../migrate.ts";
import { serviceSettings } from "../service-settings.ts";
import type { Profile } from "../topic-plan.ts";
import { examineAcls } from "./acls.ts";
import { examinePostgresClock, examineRegistryClock } from "./clock.ts";
import { examineKafka, examinePostgres, examineRedis, examineRegistry } from "./connections.ts";
import { examineDisk } from "./disk.ts";
import { bad, type Finding, ok } from "./finding.ts";
import { examineMigrations, examineRelease, judgeRelease } from "./migrations.ts";
import { examineSchemas } from "./schemas.ts";
import { judgeRings, judgeSettings, type Parsed } from "./settings.ts";
import { examineTopics } from "./topics.ts";

type KafkaPlace = Pick<KafkaOptions, "brokers" | "ssl" | "sasl">;

/** The servers as the role that deploys reaches them. */
export type Servers = {
  kafka: KafkaPlace;
  registry: RegistryOptions;
  postgres: { url: string; ca?: string };
  redis: RedisPlace | null;
  profile: Profile;
  replicationFactor: number;
  principals: readonly Principal[];
  dataDirs: readonly string[];
};

export async function examineServers(servers: Servers, now: () => number): Promise<Finding[]> {
  const { registry, profile, replicationFactor } = servers;
  const kafka = openKafka({ ...servers.kafka, clientId: "wamesh-doctor", log: () => {} });
  const sql = connect({ ...servers.postgres, schema: "public", max: 1, applicationName: "wamesh-doctor" });
  try {
    const reached = await Promise.all([
      examineKafka("Kafka", kafka),
      examineRegistry("registry", registry),
      examinePostgres("Postgres", sql),
      ...(servers.redis === null ? [] : [examineRedis("Redis", servers.redis)]),
    ]);
    const answers = (subject: string) => reached.find((one) => one.subject === subject)?.state === "ok";
    const findings = [...reached];
    if (answers("Kafka")) {
      const admin = await kafka.admin();
      try {
        findings.push(
          ...(await examineTopics({ admin, catalogue: allTopics, profile, replicationFactor })),
          ...(await examineAcls(admin, servers.principals)),
        );
      } finally {
        await admin.close();
      }
    }
    if (answers("registry")) findings.push(...(await examineSchemas(registry, allTopics)));
    if (answers("Postgres")) findings.push(await examineRelease(sql), ...(await examineMigrations(sql)));
    if (answers("Postgres")) findings.push(await examinePostgresClock(sql, now));
    if (answers("registry")) findings.push(await examineRegistryClock(registry, now));
    findings.push(...(await examineDisk(servers.dataDirs)));
    return findings;
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** Each service's settings as it would read them, and the servers as it would reach them. */
export async function examineServices(
  given: readonly { service: MigratedService; env: NodeJS.ProcessEnv }[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const parsed: Parsed[] = [];
  for (const { service, env } of given) {
    const judged = judgeSettings(service, serviceSettings[service], env);
    findings.push(...judged.findings);
    if (judged.settings !== null) parsed.push({ service, settings: judged.settings });
  }
  findings.push(...judgeRings(parsed));
  for (const one of parsed) findings.push(...(await examineAsService(one)));
  return findings;
}

async function examineAsService({ service, settings }: Parsed): Promise<Finding[]> {
  const given = settings as Parameters<typeof kafkaConnection>[0] &
    Parameters<typeof registryConnection>[0] &
    Parameters<typeof postgresConnection>[0] &
    Parameters<typeof redisConnection>[0];
  const places = orMistakes(service, () => ({
    kafka: kafkaConnection(given),
    registry: registryConnection(given),
    postgres: postgresConnection(given),
    redis: given.redisUrl === undefined ? null : redisConnection(given),
  }));
  if (Array.isArray(places)) return places;
  const { schema } = serviceSchemas[service];
  const kafka = openKafka({ ...places.kafka, clientId: `wamesh-doctor-${service}`, log: () => {} });
  const sql = connect({ ...places.postgres, schema, max: 1, applicationName: "wamesh-doctor" });
  try {
    const reached = await Promise.all([
      examineKafka(`${service}: Kafka`, kafka),
      examineRegistry(`${service}: registry`, places.registry),
      examinePostgres(`${service}: Postgres`, sql),
      ...(places.redis === null ? [] : [examineRedis(`${service}: Redis`, places.redis)]),
    ]);
    const access = reached[0]!.state === "ok" ? [await examineAccess(service, kafka)] : [];
    const skew =
      reached[2]!.state === "ok" ? [judgeRelease(release, await storedRelease(sql, schema), service)] : [];
    return [...reached, ...access, ...skew];
  } finally {
    await sql.end({ timeout: 2 });
  }
}

async function examineAccess(
  service: MigratedService,
  kafka: ReturnType<typeof openKafka>,
): Promise<Finding> {
  try {
    await kafka.checkAccess(service);
    return ok("acls", service, "may do what it does");
  } catch (error) {
    const [said = "", ...remedy] = (error instanceof Error ? error.message : String(error)).split("\n");
    return bad("acls", service, said, remedy.map((line) => line.trim()).join(", ") || "run `npm run deploy`");
  }
}

function orMistakes<Places>(service: string, read: () => Places): Places | Finding[] {
  try {
    return read();
  } catch (error) {
    return (error as SettingsError).mistakes.map(({ name, problem, remedy }) =>
      bad("settings", service, `${name} ${problem}`, remedy),
    );
  }
}
