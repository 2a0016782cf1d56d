// The same four servers as containers, for machines with a Docker engine.
import { GenericContainer, Network, type StartedTestContainer, Wait } from "testcontainers";
import { freePort } from "./ports.ts";
import { notOurs, type ServerName, type Stack, type StackOptions } from "./servers.ts";

/** As in docker-compose.yml, so that one set of images serves both. */
export const IMAGES: Record<ServerName, string> = {
  kafka: "apache/kafka:4.3.1",
  registry: "apicurio/apicurio-registry:3.0.9",
  postgres: "postgres:18.1-bookworm",
  redis: "redis:6.2-bookworm",
};
// Reachable from this machine only, and gone with the containers.
const PASSWORD = "wamesh";
// What a test does is over before the optimising compiler pays.
const QUICK_COMPILER = "-XX:TieredStopAtLevel=1";
// A busy machine's; an idle one needs a tenth of it.
const STARTUP_TIMEOUT_MS = 240_000;

export async function startContainers(options: StackOptions & { env: NodeJS.ProcessEnv }): Promise<Stack> {
  options.log("Starting Kafka, the schema registry, Postgres and Redis as containers ...");
  const network = await new Network().start();
  const started: StartedTestContainer[] = [];
  const port = async (name: ServerName) => options.ports?.[name] ?? (await freePort());
  const ports = {
    kafka: await port("kafka"),
    registry: await port("registry"),
    postgres: await port("postgres"),
    redis: await port("redis"),
  };
  const start = async (container: GenericContainer, inside: number, outside: number) => {
    const running = await container
      .withNetwork(network)
      .withExposedPorts({ container: inside, host: outside })
      .withStartupTimeout(STARTUP_TIMEOUT_MS)
      .start();
    started.push(running);
    return running;
  };
  const stop = async () => {
    await Promise.all(started.map((container) => container.stop({ timeout: 2000 })));
    await network.stop();
  };

  try {
    const startings = [
      // Kafka tells its clients its own address, so inside and outside must be the same port.
      start(kafka(ports.kafka), ports.kafka, ports.kafka),
      start(redis(), 6379, ports.redis),
      start(postgres(), 5432, ports.postgres).then(async (running) => {
        const made = await running.exec(["createdb", "-U", "wamesh", "registry"]);
        if (made.exitCode !== 0) throw new Error(`createdb failed: ${made.output}`);
        await start(registry(), 8080, ports.registry);
      }),
    ];
    // Whichever fails, the others are waited for, so that stop() knows them all.
    const failed = (await Promise.allSettled(startings)).find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    source: "containers",
    kafkaBrokers: `127.0.0.1:${ports.kafka}`,
    registryUrl: `http://127.0.0.1:${ports.registry}/apis/ccompat/v7`,
    postgresUrl: `postgres://wamesh:${PASSWORD}@127.0.0.1:${ports.postgres}/wamesh`,
    redisUrl: `redis://127.0.0.1:${ports.redis}`,
    pids: {},
    stop,
    server: notOurs("containers"),
    brokers: [],
  };
}

function kafka(port: number): GenericContainer {
  return new GenericContainer(IMAGES.kafka)
    .withEnvironment({
      KAFKA_HEAP_OPTS: `-Xms256m -Xmx512m ${QUICK_COMPILER}`,
      KAFKA_NODE_ID: "1",
      KAFKA_PROCESS_ROLES: "broker,controller",
      KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:${port},CONTROLLER://localhost:9093`,
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
      KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9093",
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: "1000",
    })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/));
}

function redis(): GenericContainer {
  return new GenericContainer(IMAGES.redis)
    .withCommand(["redis-server", "--appendonly", "yes", "--save", ""])
    .withWaitStrategy(Wait.forListeningPorts());
}

function postgres(): GenericContainer {
  return (
    new GenericContainer(IMAGES.postgres)
      .withEnvironment({ POSTGRES_USER: "wamesh", POSTGRES_PASSWORD: PASSWORD, POSTGRES_DB: "wamesh" })
      .withCommand(["postgres", "-c", "max_connections=300", "-c", "shared_buffers=256MB"])
      .withNetworkAliases("postgres")
      // Once for the server that initialises, once for the one that stays.
      .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
  );
}

function registry(): GenericContainer {
  return new GenericContainer(IMAGES.registry)
    .withEnvironment({
      JAVA_TOOL_OPTIONS: QUICK_COMPILER,
      // Of 20 connections that it would open at once it needs two.
      APICURIO_DATASOURCE_JDBC_INITIAL_SIZE: "2",
      APICURIO_DATASOURCE_JDBC_MIN_SIZE: "2",
      APICURIO_STORAGE_KIND: "sql",
      APICURIO_STORAGE_SQL_KIND: "postgresql",
      APICURIO_DATASOURCE_URL: "jdbc:postgresql://postgres:5432/registry",
      APICURIO_DATASOURCE_USERNAME: "wamesh",
      APICURIO_DATASOURCE_PASSWORD: PASSWORD,
    })
    .withWaitStrategy(Wait.forHttp("/apis/ccompat/v7/subjects", 8080));
}
