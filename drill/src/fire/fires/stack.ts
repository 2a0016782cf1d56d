/** Processes, servers, certificates, disks. */
import { rmSync } from "node:fs";
import type { Fire } from "../fire.ts";
import { away, peopleWrite, standStill } from "../moves.ts";
import { fill } from "../small-disk.ts";

export const stack: readonly Fire[] = [
  {
    name: "ingest-killed",
    cause: "the only ingest is killed",
    alerts: ["WameshServiceDown page", "WameshProcessNotReady ticket"],
    async light({ mesh }) {
      await mesh.services.ingest.kill();
      return () => mesh.services.ingest.start();
    },
  },
  {
    name: "dispatcher-stops",
    cause: "a dispatcher of two stands still for longer than its leases, twice (SIGSTOP, SIGCONT)",
    alerts: ["WameshLeaseFlapping ticket"],
    softened: [{ alert: "WameshLeaseFlapping", from: "> 5", to: "> 2" }],
    light: standStill("dispatcher", 12_000, 2),
  },
  {
    name: "kafka",
    cause: "the broker stops, and people go on writing",
    alerts: [
      "WameshKafkaAway page",
      "WameshApiErrors page",
      "WameshApiErrors ticket",
      "WameshCallbackErrors page",
      "WameshCallbackErrors ticket",
      "WameshOutboxStuck page",
      "WameshTableStale page",
    ],
    softened: [
      { alert: "WameshOutboxStuck", from: "> 60", to: "> 5" },
      { alert: "WameshTableStale", from: "> 30", to: "> 8" },
    ],
    async light(ground) {
      const quiet = peopleWrite(ground);
      const bringBack = await away("kafka")(ground);
      return async () => {
        await quiet();
        await bringBack();
      };
    },
  },
  {
    name: "held-lock",
    cause:
      "somebody's transaction locks the projector's messages, whose handler waits (statements end after 15 s)",
    alerts: ["WameshConsumerDead page"],
    softened: [{ alert: "WameshConsumerDead", from: "> 60", to: "> 8" }],
    async light({ sql }) {
      const held = await sql.reserve();
      await held`begin`;
      await held`lock table projection.message in access exclusive mode`;
      return async () => {
        await held`rollback`;
        held.release();
      };
    },
  },
  {
    name: "postgres",
    cause: "Postgres stops",
    alerts: ["WameshPostgresAway page", "WameshConsumerBehind page"],
    softened: [{ alert: "WameshConsumerBehind", from: "> 120", to: "> 8" }],
    light: away("postgres"),
  },
  {
    name: "postgres-read-only",
    cause: "Postgres takes no writes, as when its disk is full",
    alerts: ["WameshPostgresRefuses page"],
    softened: [{ alert: "WameshPostgresRefuses", from: "> 30", to: "> 4" }],
    async light({ sql }) {
      await sql`alter system set default_transaction_read_only = on`;
      await sql`select pg_reload_conf()`;
      return async () => {
        // One connection: what is set stands for the next statement.
        await sql`set default_transaction_read_only = off`;
        await sql`alter system reset default_transaction_read_only`;
        await sql`select pg_reload_conf()`;
      };
    },
  },
  {
    name: "redis",
    cause: "Redis stops",
    alerts: ["WameshRedisAway ticket"],
    light: away("redis"),
  },
  {
    name: "registry",
    cause: "the schema registry stops",
    alerts: ["WameshRegistryAway ticket"],
    light: away("registry"),
  },
  {
    name: "certificate",
    cause: "ingest is started with a certificate that ends tomorrow, then with a new one",
    alerts: ["WameshCertificateEnding page", "WameshCertificateEnding ticket"],
    async light({ mesh, certificate }) {
      certificate.renew(1);
      await mesh.services.ingest.restart();
      return async () => {
        certificate.renew(365);
        await mesh.services.ingest.restart();
      };
    },
  },
  {
    name: "disk",
    cause: "a small file system fills up (needs root, to mount it)",
    alerts: ["WameshDiskFull page", "WameshDiskFull ticket"],
    async light({ mount }) {
      if (mount === null) throw new Error("only root can mount a small file system to fill");
      const file = fill(mount);
      return async () => rmSync(file);
    },
  },
];
