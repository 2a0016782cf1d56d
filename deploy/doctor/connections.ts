/** Whether the four servers can be reached, with what a process would say there. */
import type { RegistryOptions } from "@wamesh/events";
import { askRegistry } from "@wamesh/events";
import type { Kafka } from "@wamesh/kafka";
import type { Queryable } from "@wamesh/store";
import { pingRedis, type RedisPlace } from "../../services/ingest/src/redis.ts";
import { bad, type Finding, ok } from "./finding.ts";

export async function examineKafka(subject: string, kafka: Pick<Kafka, "clusterId">): Promise<Finding> {
  try {
    return ok("connections", subject, `cluster ${await kafka.clusterId()}`);
  } catch (error) {
    return bad(
      "connections",
      subject,
      words(error),
      "look at WAMESH_KAFKA_BROKERS, WAMESH_KAFKA_SSL and WAMESH_KAFKA_SASL_*, and whether the brokers' advertised addresses can " +
        "be reached from here",
    );
  }
}

export async function examineRegistry(subject: string, registry: RegistryOptions): Promise<Finding> {
  const wrong = (said: string) =>
    bad(
      "connections",
      subject,
      said,
      "look at WAMESH_REGISTRY_URL (its Confluent API, …/apis/ccompat/v7), WAMESH_REGISTRY_USERNAME and WAMESH_REGISTRY_CA",
    );
  try {
    const { status } = await askRegistry(registry, "GET", "/subjects");
    return status === 200 ? ok("connections", subject, "answers") : wrong(`answers ${status}`);
  } catch (error) {
    return wrong(words(error));
  }
}

export async function examinePostgres(subject: string, sql: Queryable): Promise<Finding> {
  try {
    const [row] = await sql<{ version: string; role: string }[]>`
      select current_setting('server_version') as version, current_user as role`;
    return ok("connections", subject, `version ${row!.version}, as ${row!.role}`);
  } catch (error) {
    return bad(
      "connections",
      subject,
      words(error),
      "look at WAMESH_POSTGRES_URL (role, password, ?sslmode=verify-full) and WAMESH_POSTGRES_CA; `npm run deploy` makes the services' roles",
    );
  }
}

export async function examineRedis(subject: string, place: RedisPlace): Promise<Finding> {
  try {
    await pingRedis(place);
    return ok("connections", subject, "answers");
  } catch (error) {
    return bad(
      "connections",
      subject,
      words(error),
      "look at WAMESH_REDIS_URL and WAMESH_REDIS_CA; without Redis messages go on, one-time limits don't",
    );
  }
}

/** Errors of the clients name hosts and reasons, no passwords; those of several addresses have their words inside. */
function words(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(words).join(", ");
  return (error instanceof Error ? error.message : String(error)).replaceAll("\n", " ");
}
