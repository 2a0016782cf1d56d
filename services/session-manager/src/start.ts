/** The service put together: what main.ts runs, and what the integration tests run against real servers. */
import { randomBytes } from "node:crypto";
import { checkRegistry, createCodec, topics } from "@wamesh/events";
import { createApi, listen, problem } from "@wamesh/http";
import { openKafka } from "@wamesh/kafka";
import { watchDependency } from "@wamesh/metrics";
import {
  createCloudOnboarding,
  createProber,
  createTemplateClient,
  createWasenderAccount,
  hashCallbackSecret,
} from "@wamesh/providers";
import {
  kafkaConnection,
  type Log,
  postgresConnection,
  type RunningService,
  registryConnection,
  type Settings,
} from "@wamesh/service";
import {
  checkRelease,
  connect,
  isStoreUnavailable,
  keepLease,
  runOutboxPublisher,
  watchPostgres,
} from "@wamesh/store";
import { createVault, hashSecret, keyVerifier } from "@wamesh/vault";
import { createChanger, ourselves } from "./change.ts";
import type { settings } from "./config.ts";
import { createSealing } from "./credentials.ts";
import { ensureGround } from "./ensure.ts";
import { connectAtProvider } from "./errands/connect-at-provider.ts";
import { createAtProvider } from "./errands/create-at-provider.ts";
import { onboard } from "./errands/onboard.ts";
import { removeAtProvider } from "./errands/remove-at-provider.ts";
import { runErrands } from "./errands/run-errands.ts";
import { hurryRemoval, unsubscribeAtProvider } from "./errands/unsubscribe-at-provider.ts";
import type { WorkDeps } from "./errands/work.ts";
import { createQrDesk } from "./links/qr-desk.ts";
import { listenToSessionEvents } from "./listen-to-session-events.ts";
import { createLook } from "./look.ts";
import { measureSessions } from "./measure-sessions.ts";
import { ownKeys } from "./own-keys.ts";
import { startProbing } from "./probing.ts";
import { startRewrapping } from "./rewrapping.ts";
import { allRoutes } from "./routes/all.ts";
import { startKeepingTemplates } from "./templates/keep.ts";
import { createOpenAccount } from "./templates/open-account.ts";

export type Process = {
  settings: Settings<typeof settings>;
  instanceId: string;
  version: string;
  log: Log;
  fatal(error: unknown): void;
  onStop(close: () => Promise<unknown> | unknown): void;
  /** Kafka group; tests that share a broker have one each. */
  groupId?: string;
};

export async function startSessionManager(process: Process): Promise<RunningService> {
  const { settings, log, instanceId, fatal, onStop } = process;
  const groupId = process.groupId ?? "wamesh-session-manager";

  const sql = connect({
    ...postgresConnection(settings),
    schema: "control",
    max: settings.postgresConnections,
    applicationName: `session-manager ${instanceId}`,
  });
  onStop(() => sql.end({ timeout: 5 }));
  await checkRelease(sql, { schema: "control", log: (line) => log.warn(line) });
  const watched = [
    watchPostgres(sql),
    watchDependency("registry", (signal) => checkRegistry(registryConnection(settings), signal)),
    measureSessions(sql),
  ];
  onStop(() => watched.forEach((one) => void one.stop()));
  const kafka = openKafka({
    ...kafkaConnection(settings),
    clientId: instanceId,
    clientIdIsUnique: true,
    log: (level, message, facts) => log[level](facts ?? {}, message),
  });
  await kafka.checkAccess("session-manager");
  const [codec, clusterId, ...counts] = await Promise.all([
    createCodec(registryConnection(settings)),
    kafka.clusterId(),
    ...written.map((topic) => kafka.partitions(topic.name)),
  ]);
  const partitions = new Map(written.map((topic, index) => [topic.name, counts[index]!]));
  const changer = createChanger({
    sql,
    codec,
    partitions: (topic) => partitions.get(topic)!,
    now: Date.now,
    random: randomBytes,
  });

  const operatorKey = await ensureGround({
    changer,
    operatorKey: settings.operatorKey,
    hashes: hashSecret(settings.keyPeppers, settings.operatorKey.secret),
    partitions: partitions.get(topics.tenantConfig.name)!,
  });
  log.info({ operator_key: settings.operatorKey.id, outcome: operatorKey }, "operator key ensured");
  if (operatorKey === "revoked") log.warn("WAMESH_OPERATOR_KEY was revoked and stays so: set another one");

  const producer = kafka.producer();
  onStop(() => producer.close());
  const publisher = await runOutboxPublisher({
    sql,
    owner: instanceId,
    publish: (rows) =>
      producer.send(
        rows.map((row) => ({ ...row, value: row.value === null ? null : Buffer.from(row.value) })),
      ),
    onError: (err) => log.error({ err }, "the outbox waits"),
  });
  onStop(() => publisher.stop());

  const vault = createVault({ ring: settings.credentialKeys });
  const { seal, open } = createSealing(vault);
  const newestPepper = settings.callbackPeppers[0]!;
  const callbackHash = (secret: string) => hashCallbackSecret(secret, newestPepper);
  const rewrapping = startRewrapping({
    changer,
    vault,
    newest: settings.credentialKeys[0]!.id,
    rehash: { open, newestPepper, hashCallbackSecret: callbackHash },
    lease: (onError) =>
      keepLease({ sql, name: "credential_rewrap", owner: instanceId, ttlMs: 30_000, onError }),
    log,
  });
  onStop(() => rewrapping.stop());
  const { look, close: closeLook } = createLook({
    changer,
    open,
    cloudApiUrl: `${settings.cloudApiUrl}/${settings.cloudApiVersion}`,
    wasenderUrl: settings.wasenderUrl,
  });
  onStop(closeLook);
  const probing = startProbing({ changer, look, now: Date.now, random: Math.random, log });
  onStop(() => probing.stop());
  const account = createWasenderAccount({ baseUrl: settings.wasenderUrl });
  onStop(() => account.close());
  const cloudApi = { baseUrl: `${settings.cloudApiUrl}/${settings.cloudApiVersion}` };
  const metaApp = settings.metaApps[0] ?? null;
  if (metaApp === null) log.info("WAMESH_META_APPS is not set: there will be no Cloud API sessions");
  const signupApp =
    metaApp === null || metaApp.secret === null ? null : { id: metaApp.id, secret: metaApp.secret };
  const onboarding = signupApp && createCloudOnboarding({ ...cloudApi, app: signupApp });
  const client = createTemplateClient(cloudApi);
  onStop(() => client.close());
  const templates = startKeepingTemplates({
    changer,
    client,
    openAccount: createOpenAccount({ changer, open }),
    now: Date.now,
    random: Math.random,
    randomBytes,
    log,
  });
  onStop(() => templates.stop());
  const numbers = createProber("cloud_api", cloudApi);
  onStop(() => Promise.all([onboarding?.close(), numbers.close()]));
  const forWork: WorkDeps = {
    account,
    open,
    seal,
    hashCallbackSecret: callbackHash,
    publicOrigin: settings.publicOrigin,
    random: Math.random,
  };
  const removals = {
    wasender: removeAtProvider(forWork),
    cloud_api: unsubscribeAtProvider({ changer, open, onboarding }),
  };
  const errands = runErrands({
    changer,
    works: {
      create: createAtProvider(forWork),
      connect: connectAtProvider(forWork),
      remove: (task) => removals[task.session.provider](task),
      onboard: onboard({
        open,
        onboarding,
        prober: numbers,
        isLeaving: (waba) => changer.change("all", ourselves, ({ tx }) => hurryRemoval(tx, waba)),
      }),
    },
    random: Math.random,
    log,
  });
  onStop(() => errands.stop());

  const listening = await listenToSessionEvents({
    kafka,
    sql,
    codec,
    changer,
    producer,
    groupId,
    clusterId,
    log,
    fatal,
    random: Math.random,
  });
  onStop(() => listening.stop());

  const verifier = keyVerifier(settings.keyPeppers);
  const own = ownKeys(changer, verifier.openSession);
  const api = createApi({
    service: "session-manager",
    version: process.version,
    auth: { directory: own.directory, ...verifier },
    log,
    problemOf: (error) =>
      isStoreUnavailable(error) ? problem("store_unavailable", { retryAfterS: 2 }, { cause: error }) : null,
  });
  api.add(
    ...allRoutes({
      changer,
      random: randomBytes,
      hashKeySecret: (secret) => hashSecret(settings.keyPeppers, secret),
      seal,
      open,
      ringKeys: settings.credentialKeys.map(({ id }) => id),
      callbackPeppers: settings.callbackPeppers.map(({ id }) => id),
      keepTemplatesNow: templates.wake,
      hashCallbackSecret: callbackHash,
      publicOrigin: settings.publicOrigin,
      metaApp: metaApp?.id ?? null,
      signup:
        signupApp === null || onboarding === null || settings.metaSignupConfig === undefined
          ? null
          : {
              appId: signupApp.id,
              configId: settings.metaSignupConfig,
              apiVersion: settings.cloudApiVersion,
              exchange: onboarding.exchange,
            },
      showQr: createQrDesk({ changer, account, open, now: Date.now, random: Math.random }),
      wake() {
        probing.wake();
        errands.wake();
      },
      now: Date.now,
    }),
  );
  const http = await listen(
    { fetch: own.around(api.app.fetch) },
    { host: settings.httpHost, port: settings.httpPort },
  );

  return {
    http: { url: http.url },
    // Kafka away is no reason to be unready: changes are taken and wait in the outbox.
    ready: () =>
      listening.fault ??
      (Math.max(probing.freshMs(), errands.freshMs()) > staleMs ? "the database does not answer" : null),
    alive: () => (listening.lastPollMs() > deafMs ? "session events are not read any more" : null),
    stop: () => http.close(),
  };
}

/** Where this service writes; the dead letters' partitions are known to packages/kafka. */
const written = [topics.tenantConfig, topics.sessionState, topics.sessionEvent, topics.audit];
/** Due sessions are asked for every second. */
const staleMs = 10_000;
const deafMs = 60_000;
