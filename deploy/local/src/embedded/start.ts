// The embedded stack: the four real servers as processes of the current user, on 127.0.0.1 only.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fetchArtefacts } from "../artefacts.ts";
import { openDataDir } from "../data-dir.ts";
import { freePort } from "../ports.ts";
import type { ServerName, Stack, StackOptions } from "../servers.ts";
import type { SupervisedProcess } from "../supervise.ts";
import { kafkaServer } from "./kafka.ts";
import { DATABASES, postgresServer, SUPERUSER } from "./postgres.ts";
import { postgresPlace } from "./postgres-place.ts";
import { redisServer } from "./redis.ts";
import { registryServer, registryUrl } from "./registry.ts";
import { kafkaAdmin, openSecurity, redisUser, registryUser } from "./security.ts";
import { type Door, openPasswordDoor, openTlsDoor } from "./tls-doors.ts";

export async function startEmbedded(
  options: StackOptions & { env: NodeJS.ProcessEnv; java: string },
): Promise<Stack> {
  const { env, java, log } = options;
  const artefacts = await fetchArtefacts(log);
  const dir = await openDataDir(options.dataDir, log);
  const { clusterId, postgresPassword } = dir.marker;
  const port = async (name: ServerName) => options.ports?.[name] ?? (await freePort());
  const ports = {
    kafka: await port("kafka"),
    registry: await port("registry"),
    postgres: await port("postgres"),
    redis: await port("redis"),
  };
  const nodes = Array.from({ length: options.brokers ?? 1 }, (_, i) => i + 1);
  const brokerPorts = await Promise.all(nodes.map((id) => (id === 1 ? ports.kafka : freePort())));
  const controllerPorts = await Promise.all(nodes.map(() => freePort()));
  const place = async (name: string) => {
    const path = join(dir.path, name);
    await mkdir(path, { recursive: true });
    return { dir: path, logFile: join(dir.path, `${name}.log`) };
  };
  const security = options.secured && (await openSecurity(dir.path, options.secured.kafkaUsers));
  const caFile = join(dir.path, "ca.pem");
  if (security) await writeFile(caFile, security.ca);
  // What stands behind a door has a port of its own, which is nobody's business.
  const inner = {
    redis: security ? await freePort() : ports.redis,
    registry: security ? await freePort() : ports.registry,
  };
  // What a server prints must not depend on the caller's shell.
  const serverEnv = { PATH: env.PATH, HOME: env.HOME, LC_ALL: "C.UTF-8", TZ: "UTC" };

  const brokersMade = Promise.all(
    nodes.map(async (nodeId, i) =>
      kafkaServer({
        ...(await place(nodeId === 1 ? "kafka" : `kafka-${nodeId}`)),
        java,
        jars: artefacts.kafkaJars,
        nodeId,
        port: brokerPorts[i] as number,
        controllerPorts,
        clusterId,
        env: serverEnv,
        formatted: dir.wasWhole,
        security,
      }),
    ),
  );
  const postgresMade = postgresServer({
    place: await postgresPlace(join(dir.path, "postgres")),
    logFile: join(dir.path, "postgres.log"),
    port: ports.postgres,
    password: postgresPassword,
    env: serverEnv,
    initialised: dir.wasWhole,
    security,
  });
  const redisMade = redisServer({
    ...(await place("redis")),
    server: artefacts.redisServer,
    port: inner.redis,
    env: serverEnv,
    user: security && { name: redisUser, password: security.passwords.redis },
  });
  const [brokers, postgres, redis] = await Promise.all([brokersMade, postgresMade, redisMade]);
  const kafka = brokers[0] as SupervisedProcess;
  const registry = registryServer({
    ...(await place("registry")),
    java,
    home: artefacts.registryHome,
    port: inner.registry,
    database: {
      host: "127.0.0.1",
      port: ports.postgres,
      name: DATABASES.registry,
      user: SUPERUSER,
      password: postgresPassword,
      ca: security && caFile,
    },
    env: serverEnv,
  });
  const servers: Record<ServerName, SupervisedProcess> = { kafka, registry, postgres, redis };
  const doors: Door[] = [];
  const stop = async () => {
    await Promise.all(doors.map((door) => door.close()));
    // The registry is a client of Postgres, but what it has stored is committed: all may go at once.
    await Promise.all([...Object.values(servers), ...brokers.slice(1)].map((server) => server.stop()));
  };

  try {
    if (security) {
      const { server, passwords } = security;
      const login = { user: registryUser, password: passwords.registry };
      doors.push(await openTlsDoor({ ...server, port: ports.redis, to: inner.redis }));
      doors.push(await openPasswordDoor({ ...server, ...login, port: ports.registry, to: inner.registry }));
    }
    await Promise.all([
      ...brokers.map((broker) => broker.start()),
      redis.start(),
      postgres.start().then(() => registry.start()),
    ]);
    await dir.markWhole([...Object.values(ports), ...brokerPorts]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    source: "embedded",
    ...(security && {
      security: {
        ca: security.ca,
        kafkaAdmin: { username: kafkaAdmin, password: security.passwords.admin },
        kafkaPasswords: security.kafkaPasswords,
        registryLogin: { username: registryUser, password: security.passwords.registry },
      },
    }),
    kafkaBrokers: brokerPorts.map((brokerPort) => `127.0.0.1:${brokerPort}`).join(","),
    registryUrl: registryUrl(ports.registry, security ? "https" : "http"),
    postgresUrl: `postgres://${SUPERUSER}:${postgresPassword}@127.0.0.1:${ports.postgres}/${DATABASES.mesh}${
      security ? "?sslmode=verify-full" : ""
    }`,
    redisUrl: security
      ? `rediss://${redisUser}:${security.passwords.redis}@127.0.0.1:${ports.redis}`
      : `redis://127.0.0.1:${ports.redis}`,
    get pids() {
      return Object.fromEntries(
        Object.values(servers).flatMap((server) => {
          const pid = server.pid();
          return pid === undefined ? [] : [[server.name, pid]];
        }),
      );
    },
    stop,
    server: (name) => servers[name],
    brokers,
  };
}
