/** The whole mesh on this machine: stack, schemas, topics, migrations, simulator, the five services and the gateway. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { defaultPrincipals, type Principal } from "../../acl-plan.ts";
import { deployAll } from "../../deploy.ts";
import { startGateway } from "./gateway.ts";
import { routesTo } from "./gateway-routes.ts";
import {
  inherited,
  type MeshService,
  meshService,
  repository,
  type ServiceName,
  serviceNames,
} from "./mesh-service.ts";
import { createRotation } from "./rotation.ts";
import { keptSecrets } from "./secrets.ts";
import { deploySecurity, serviceSecurity } from "./secured.ts";
import type { Stack } from "./servers.ts";
import { startStack } from "./stack.ts";
import { type SupervisedProcess, superviseProcess } from "./supervise.ts";

export type MeshOptions = {
  /** Folder for data, logs and secrets; kept between runs unless the caller wipes it. */
  dataDir: string;
  log: (line: string) => void;
  /** Seed of the simulator's choices; default 1. */
  seed?: number;
  /** The simulator's delays; default "demo". */
  profile?: "demo" | "real" | "instant";
  /** Port of the public origin; default a free one. */
  port?: number;
  /** Whether services are kept small, as beside a developer's other work (default), or given what deploy/Dockerfile gives them. */
  heap?: "small" | "deployed";
  /** Further settings of every service, over the defaults. */
  env?: Record<string, string>;
  /** Nodes of an embedded Kafka; topics have as many copies. Default 1. */
  brokers?: 1 | 3;
  /**
   * TLS, users and ACLs everywhere; each service signs in to Kafka as itself. `principals`: further users at the brokers, as
   * `npm run deploy` knows them.
   */
  secured?: { principals: readonly Principal[] };
  /** How many processes a service has; default one. */
  instances?: Partial<Record<ServiceName, number>>;
};

export type Mesh = {
  origin: string;
  operatorKey: string;
  simulator: string;
  simulatorPid(): number | undefined;
  stack: Stack;
  /** What `npm run deploy` has to be told to deploy any release here. */
  deploySettings: Record<string, string>;
  /** The Meta app that the simulator plays; session-manager and webhook-router know it by these settings. */
  metaApp: { id: string; secret: string; verifyToken: string };
  /** The first process of each service. */
  services: Record<ServiceName, MeshService>;
  /** All processes of each service, the first included. */
  instances: Record<ServiceName, readonly MeshService[]>;
  /**
   * Starts or stops processes, from the last, until the service has so many. Resolves when new ones are ready and old ones have
   * ended; rejects when one of them ended instead, and may be asked again. Requests go to all that are ready, in turns, and to none
   * that has been told to stop.
   */
  scale(service: ServiceName, count: number): Promise<void>;
  /**
   * Ends one process of a service in order and starts it out of `root`, the tree of another release. Requests go to the others
   * meanwhile. Resolves when it is ready.
   */
  replace(service: ServiceName, one: MeshService, root: string): Promise<{ stopMs: number; startMs: number }>;
  /** In reverse order, within five seconds. */
  stop(): Promise<void>;
};

/**
 * Left to itself, V8 lets garbage grow to several times what is in use before it looks: 336 MB for an ingest that needs 60. A
 * young generation smaller than this moves what one large batch needs into the old one, and collecting that stops sending.
 * Five services share a developer's machine, so each is held below 200 MB here.
 */
export const heapFlags = [
  "--max-semi-space-size=8",
  "--initial-old-space-size=64",
  "--max-old-space-size=192",
];

/**
 * Those of deploy/Dockerfile, for a process with a busy machine to itself. While little is in use, V8 would collect the old
 * generation every 200 ms, on other threads too: a third as much work again, for garbage that may well grow to 128 MB first.
 */
export const deployedHeapFlags = [
  "--max-semi-space-size=16",
  "--min-semi-space-size=16",
  "--initial-old-space-size=128",
  "--max-old-space-size=256",
];

/** A service ends itself after ten seconds. */
const orderlyStopMs = 15_000;

/** Starts everything and resolves when all services are ready. What was started is stopped again when a part fails. */
export async function startMesh(options: MeshOptions): Promise<Mesh> {
  const stops: (() => Promise<void>)[] = [];
  const stopAll = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const secrets = keptSecrets(options.dataDir);
    const brokers = options.brokers ?? 1;
    const principals = options.secured && [...defaultPrincipals, ...options.secured.principals];
    const stack = await startStack({
      dataDir: join(options.dataDir, "stack"),
      log: options.log,
      brokers,
      ...(principals && { secured: { kafkaUsers: principals.map(({ user }) => user) } }),
    });
    stops.push(() => stack.stop());

    options.log("registering schemas, creating topics, migrating …");
    const databases = await deployAll({
      kafkaBrokers: stack.kafkaBrokers,
      registryUrl: stack.registryUrl,
      postgresUrl: stack.postgresUrl,
      appPassword: secrets.appPassword,
      ...(stack.security && deploySecurity(stack.security)),
      ...(principals && { principals }),
      profile: "local",
      replicationFactor: brokers,
      log: () => {},
    });

    const simulator = await startSimulator(options);
    stops.push(() => simulator.process.stop());

    const services = {} as Record<ServiceName, MeshService>;
    const instances = {} as Record<ServiceName, MeshService[]>;
    const rotation = createRotation<MeshService>();
    const gateway = await startGateway({
      ...(options.port === undefined ? {} : { port: options.port }),
      routes: routesTo({
        ingest: () => rotation.next("ingest").url(),
        "session-manager": () => rotation.next("session-manager").url(),
        "webhook-router": () => rotation.next("webhook-router").url(),
        "status-projector": () => rotation.next("status-projector").url(),
      }),
    });
    stops.push(() => gateway.close());

    const metaApp = { id: "400000000000001", secret: secrets.metaSecret, verifyToken: secrets.verifyToken };
    await registerApp(simulator.url, gateway.origin, metaApp);
    const shared: Record<string, string> = {
      WAMESH_KAFKA_BROKERS: stack.kafkaBrokers,
      WAMESH_REGISTRY_URL: stack.registryUrl,
      WAMESH_REDIS_URL: stack.redisUrl,
      WAMESH_PUBLIC_ORIGIN: gateway.origin,
      WAMESH_HTTP_HOST: "127.0.0.1",
      WAMESH_HTTP_PORT: "0",
      WAMESH_PROBES_PORT: "0",
      WAMESH_KEY_PEPPERS: `local:${secrets.pepper}`,
      WAMESH_RECIPIENT_TOKEN_KEYS: `local:${secrets.tokenKey}`,
      WAMESH_CREDENTIAL_KEYS: `local:${secrets.credentialKey}`,
      WAMESH_ENDPOINT_KEYS: `local:${secrets.endpointKey}`,
      WAMESH_CALLBACK_PEPPERS: `local:${secrets.callbackPepper}`,
      WAMESH_META_APPS: `${metaApp.id}:${metaApp.secret}:${metaApp.verifyToken}`,
      WAMESH_OPERATOR_KEY: secrets.operatorKey,
      WAMESH_CLOUD_API_URL: `${simulator.url}/graph`,
      WAMESH_WASENDER_URL: `${simulator.url}/wasender/api`,
      // Receivers and files of the demo and the tests live on this machine; in production no address inside is allowed.
      WAMESH_WEBHOOK_ALLOW: "127.0.0.1/32:*",
      WAMESH_MEDIA_ALLOW: "127.0.0.1/32:*",
      ...options.env,
    };
    options.log("starting the five services …");
    const heap = options.heap === "deployed" ? deployedHeapFlags : heapFlags;
    const scale = async (name: ServiceName, count: number) => {
      const all = instances[name];
      const settings = {
        ...shared,
        WAMESH_POSTGRES_URL: databases[name] ?? "",
        ...(stack.security && serviceSecurity(stack.security, `wamesh-${name}`)),
      };
      while (all.length < count) all.push(meshService(name, all.length + 1, options.dataDir, heap, settings));
      const leaving = all.slice(count);
      rotation.set(
        name,
        all.slice(0, count).filter((one) => one.pid() !== undefined),
      );
      // To its end, whatever one of them does: to be asked again must not find processes half started.
      const moves = await Promise.allSettled([
        ...all.slice(0, count).map((one) => one.start()),
        ...leaving.map((one) => one.stop()),
      ]);
      const failed = moves.find((move) => move.status === "rejected");
      if (failed !== undefined) throw failed.reason;
      all.splice(count);
      rotation.set(name, all);
    };
    const replace: Mesh["replace"] = async (name, one, root) => {
      const all = instances[name];
      if (all.length > 1)
        rotation.set(
          name,
          all.filter((other) => other !== one),
        );
      try {
        const begun = performance.now();
        await one.stop(orderlyStopMs);
        const stopped = performance.now();
        one.runFrom(root);
        await one.start();
        return { stopMs: stopped - begun, startMs: performance.now() - stopped };
      } finally {
        rotation.set(name, all);
      }
    };
    for (const name of serviceNames) instances[name] = [];
    stops.push(async () => {
      await Promise.all(
        Object.values(instances)
          .flat()
          .map((one) => one.stop()),
      );
    });
    await Promise.all(serviceNames.map((name) => scale(name, options.instances?.[name] ?? 1)));
    for (const name of serviceNames) services[name] = instances[name][0] as MeshService;

    return {
      origin: gateway.origin,
      operatorKey: secrets.operatorKey,
      simulator: simulator.url,
      simulatorPid: () => simulator.process.pid(),
      stack,
      deploySettings: {
        WAMESH_KAFKA_BROKERS: stack.kafkaBrokers,
        WAMESH_KAFKA_SSL: "false",
        WAMESH_REGISTRY_URL: stack.registryUrl,
        WAMESH_POSTGRES_URL: stack.postgresUrl,
        WAMESH_APP_PASSWORD: secrets.appPassword,
        WAMESH_ENVIRONMENT: "local",
        WAMESH_REPLICATION_FACTOR: String(brokers),
      },
      metaApp,
      services,
      instances,
      scale,
      replace,
      stop: stopAll,
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function startSimulator(options: MeshOptions): Promise<{ url: string; process: SupervisedProcess }> {
  const logFile = join(options.dataDir, "logs", "simulator.log");
  rmSync(logFile, { force: true });
  // Its first line says where it listens.
  const url = () => (JSON.parse(readFileSync(logFile, "utf8").split("\n")[0] ?? "") as { url: string }).url;
  const running = await superviseProcess({
    name: "simulator",
    command: [
      process.execPath,
      join(repository, "packages/simulator/src/main.ts"),
      ...["--port", "0", "--seed", String(options.seed ?? 1), "--profile", options.profile ?? "demo"],
    ],
    cwd: repository,
    env: inherited(),
    logFile,
    stopBudgetMs: 1000,
    ready: async () => (await fetch(`${url()}/_sim/health`, { signal: AbortSignal.timeout(1000) })).ok,
  });
  return { url: url(), process: running };
}

/** The simulated Meta app calls back to our public origin, as it would after being set up in Meta's dashboard. */
async function registerApp(simulator: string, origin: string, app: Mesh["metaApp"]): Promise<void> {
  const answer = await fetch(`${simulator}/_sim/apps`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      app_id: app.id,
      app_secret: app.secret,
      verify_token: app.verifyToken,
      callback_url: `${origin}/callbacks/cloud-api/${app.id}`,
    }),
  });
  if (!answer.ok)
    throw new Error(`the simulator refused the Meta app: ${answer.status} ${await answer.text()}`);
}
