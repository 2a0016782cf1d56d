/** The list: settings, clients, schedule, consumers, start. */

import { randomUUID } from "node:crypto";
import { openConsents, openDirectory } from "@wamesh/directory";
import { parseAllowList } from "@wamesh/egress";
import { checkRegistry, createCodec, type SessionEvent, topics } from "@wamesh/events";
import { type Log as KafkaLog, openKafka } from "@wamesh/kafka";
import { watchDependency } from "@wamesh/metrics";
import { createPacer } from "@wamesh/pacer";
import { createLookUp, createMediaClient, createReadMarker, createSender } from "@wamesh/providers";
import { kafkaConnection, postgresConnection, registryConnection, runService } from "@wamesh/service";
import { checkRelease, connect, release, watchPostgres } from "@wamesh/store";
import { createVault } from "@wamesh/vault";
import { openCampaigns } from "./campaigns.ts";
import { consumeCommands } from "./commands.ts";
import { settings } from "./config.ts";
import { openCredentials } from "./credentials.ts";
import { reportState } from "./dispatch-state.ts";
import { consumeEchoes } from "./echo.ts";
import { groups, notesOf, refuseOlderSchedule } from "./groups.ts";
import { createGuard } from "./guard.ts";
import { consumeLanes } from "./lanes.ts";
import { consumeFailures } from "./look-ups/failures.ts";
import { startLookUps } from "./look-ups/look-ups.ts";
import { statusRecord } from "./look-ups/records.ts";
import { createLookUpStore } from "./look-ups/store.ts";
import { createFileFetcher } from "./media/fetch-file.ts";
import { createUploadStore } from "./media/store.ts";
import { startUploads } from "./media/uploads.ts";
import { memberOf } from "./members.ts";
import {
  countLookUps,
  countReadMarks,
  countUploads,
  measureDwell,
  measureSends,
  measureShards,
  observeSchedule,
  observeWindows,
} from "./metrics.ts";
import { createDescribe, createPublish } from "./publication.ts";
import { createReadMarks } from "./read-marks.ts";
import { watchReceipts } from "./receipts.ts";
import { createSend, senderOf } from "./sender.ts";
import { createTroubleReporter, sessionEventRecord } from "./session-trouble.ts";
import { holdOf, paceOf } from "./streams.ts";
import { openWindows } from "./windows.ts";

await runService({
  name: "dispatcher",
  version: release.version,
  settings,
  start: async ({ settings, instanceId, log, fatal, onStop }) => {
    const kafkaLog: KafkaLog = (level, message, fields) => log[level](fields ?? {}, message);
    const sql = connect({
      ...postgresConnection(settings),
      schema: "dispatch",
      max: settings.postgresConnections,
      applicationName: "dispatcher",
      avoidTableScans: true,
    });
    onStop(() => sql.end({ timeout: 2 }));
    await checkRelease(sql, { schema: "dispatch", log: (line) => log.warn(line) });
    const postgres = watchPostgres(sql);
    onStop(() => postgres.stop());
    const registry = watchDependency("registry", (signal) =>
      checkRegistry(registryConnection(settings), signal),
    );
    onStop(() => registry.stop());
    const kafka = openKafka({
      ...kafkaConnection(settings),
      clientId: instanceId,
      clientIdIsUnique: true,
      log: kafkaLog,
    });
    await kafka.checkAccess("dispatcher");
    await refuseOlderSchedule({ kafka, sql });
    const noteOf = notesOf({ kafka, sql });
    const codec = await createCodec(registryConnection(settings));
    const partitions = await kafka.partitions(topics.messageStatus.name);
    const producer = kafka.producer();
    onStop(() => producer.close());
    const directory = await openDirectory({ kafka, codec, credentials: true });
    onStop(() => directory.stop());
    const campaigns = await openCampaigns({ kafka, codec });
    onStop(() => campaigns.stop());
    const tokenKeys = settings.recipientTokenKeys.map(({ secret }) => secret);
    const consents = await openConsents({ kafka, codec, tokenKeys });
    onStop(() => consents.stop());
    // Not waited for: until the last day is read, only what needs an open window is held.
    const windows = settings.windowGate === "off" ? null : await openWindows({ kafka, codec, now: Date.now });
    onStop(() => windows?.stop());
    // Known before anything leaves: what was paused, cancelled or refused stays so over a restart.
    await Promise.all([directory.ready, campaigns.ready, consents.ready]);

    const vault = createVault({ ring: settings.credentialKeys });
    const cloudApi = { baseUrl: `${settings.cloudApiUrl}/${settings.cloudApiVersion}` };
    const senders = {
      cloud_api: createSender("cloud_api", cloudApi),
      wasender: createSender("wasender", { baseUrl: settings.wasenderUrl }),
    };
    const publishEvent = (event: SessionEvent) =>
      void producer
        .send([sessionEventRecord(event, codec, partitions)])
        .catch((err: unknown) => log.warn({ err }, "session event lost"));
    const report = createTroubleReporter({ publish: publishEvent, now: Date.now, quietMs: 5000 });
    const markers = {
      cloud_api: createReadMarker("cloud_api", cloudApi),
      wasender: createReadMarker("wasender", { baseUrl: settings.wasenderUrl }),
    };
    const readMarks = createReadMarks({
      directory,
      sender: senderOf(directory, openCredentials(vault)),
      markers,
      count: countReadMarks(),
      tell: publishEvent,
      log,
      now: Date.now,
      monotonicMs: () => performance.now(),
    });
    onStop(async () => {
      readMarks.stop();
      await Promise.all(Object.values(markers).map((marker) => marker.close()));
    });

    const mediaClient = createMediaClient(cloudApi);
    onStop(() => mediaClient.close());
    const files = createFileFetcher({
      allow: parseAllowList(settings.mediaAllow),
      mostBytes: settings.mediaMaxMb * 1_000_000,
    });
    onStop(() => files.close());
    const uploads = startUploads({
      store: createUploadStore(sql),
      fetchFile: files.fetchFile,
      client: mediaClient,
      sender: senderOf(directory, openCredentials(vault)),
      count: countUploads(),
      log,
      monotonicMs: () => performance.now(),
    });
    onStop(() => uploads.stop());

    const lookUpStore = createLookUpStore(sql);
    const shards = measureShards();
    const pacer = createPacer({
      sql,
      schema: "dispatch",
      owner: `${instanceId}/${randomUUID()}`,
      random: Math.random,
      log: (fields) => {
        shards.logged(fields);
        log.info(fields);
      },
      dwelt: measureDwell(),
      member: (id) => memberOf(directory, id),
      hold: (session, stream) => holdOf(directory, campaigns, session, stream),
      streamPace: (session, stream) => paceOf(directory, campaigns, session, stream),
      guard: createGuard({ directory, consents, windows, uploads }),
      receiptsCurrent: (shard) => receipts.isCurrent(shard),
      send: createSend({
        directory,
        senders,
        open: openCredentials(vault),
        ended: report,
        measure: measureSends(),
        log,
        contentRefused: uploads.refused,
      }),
      describe: createDescribe(codec, tokenKeys[0]!),
      publish: createPublish(producer, lookUpStore.follow),
      settings: {
        doubtMs: settings.doubtResolveS * 1000,
        inFlight: settings.inFlight,
        confirmWrites: true,
        refillAtShare: 0.5,
        outcomeLingerMs: 15,
        // To encode 500 at once keeps due sends waiting for 50 ms.
        publishBatch: 100,
        gateLingerMs: 40,
        watermarkMs: 250,
      },
    });
    directory.onChange((change) => {
      if (change.kind === "session") pacer.memberChanged(change.id);
      else if (change.kind === "template") pacer.holdsChanged(change.tenant);
      else if (change.kind === "tenant")
        for (const session of directory.sessionsOf(change.id)) pacer.memberChanged(session.session);
    });
    campaigns.onChange((tenant) => pacer.holdsChanged(tenant));

    const lanes = await consumeLanes({
      kafka,
      codec,
      producer,
      known: directory,
      pacer,
      shards,
      beforeCommit: noteOf(groups.lanes),
      onFatal: fatal,
    });
    const echoes = await consumeEchoes({
      kafka,
      codec,
      producer,
      pacer,
      learnt: lookUpStore.learnt,
      beforeCommit: noteOf(groups.echoes),
      onFatal: fatal,
    });
    const commands = await consumeCommands({
      kafka,
      codec,
      producer,
      pacer,
      readMark: readMarks.take,
      beforeCommit: noteOf(groups.commands),
      onFatal: fatal,
    });
    const failures = await consumeFailures({
      kafka,
      codec,
      producer,
      store: lookUpStore,
      beforeCommit: noteOf(groups.failures),
      onFatal: fatal,
    });
    const states = reportState({ pacer, producer, codec, log });
    const receipts = watchReceipts({
      kafka,
      groupId: groups.echoes,
      hasDoubts: () => states.inDoubt() > 0,
      log,
    });
    onStop(() => receipts.stop());
    const lookUp = createLookUp({ baseUrl: settings.wasenderUrl });
    onStop(() => lookUp.close());
    const lookUps = startLookUps({
      store: lookUpStore,
      lookUp,
      directory,
      sender: senderOf(directory, openCredentials(vault)),
      owned: pacer.owned,
      tokenKeys,
      settle: pacer.settle,
      tell: (status, shard) => producer.send([statusRecord(status, shard, codec)]),
      count: countLookUps(),
      log,
      now: Date.now,
      monotonicMs: () => performance.now(),
    });
    observeSchedule({
      pacer,
      consumer: lanes,
      providerOf: (session) => directory.session(session)?.provider,
    });
    if (windows !== null) observeWindows(windows);

    return {
      ready: () => {
        if (Math.max(directory.freshMs(), campaigns.freshMs(), consents.freshMs()) > 30_000)
          return "configuration has not been refreshed for 30 s";
        const trouble = states.storeTrouble();
        return trouble !== null && trouble.forMs > 5_000
          ? `sending stands still, the schedule can't be written: ${trouble.error}`
          : null;
      },
      alive: () =>
        Math.max(...[lanes, echoes, commands, failures].map((consumer) => consumer.lastPollMs())) > 60_000
          ? "a consumer has not polled for a minute"
          : null,
      stop: async () => {
        states.stop();
        await Promise.all([lanes, echoes, commands, failures, lookUps].map((part) => part.stop()));
        await pacer.stop();
        await Promise.all(Object.values(senders).map((sender) => sender.close()));
      },
    };
  },
});
