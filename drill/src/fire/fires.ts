/** Each fault, and the alerts that it must set off. */
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { askSimulator } from "@wamesh/testing/outside";
import { faults } from "../faults/index.ts";
import type { Fire } from "./fire.ts";
import { away, behave, burst, provider, standStill, whatsapp } from "./moves.ts";
import { fill } from "./small-disk.ts";

export const fires: readonly Fire[] = [
  {
    name: "session",
    cause: "one WasenderApi session of four is logged out",
    alerts: ["WameshSessionDown ticket"],
    light: whatsapp(1),
  },
  {
    name: "sessions",
    cause: "three WasenderApi sessions of four are logged out",
    alerts: ["WameshManySessionsDown page", "WameshSessionDown ticket"],
    light: whatsapp(3),
  },
  {
    name: "throttled",
    cause: "every send is answered with 429 and Retry-After",
    alerts: ["WameshSendingStopped page"],
    light: provider({ kind: "http_429", retry_after: 5 }),
  },
  {
    name: "otp-burst",
    cause: "100 one-time passwords at once through a session that takes 4 a second",
    alerts: ["WameshOtpLate page", "WameshOtpLate ticket"],
    light: burst((scene) => scene.west, "otp", 100),
  },
  {
    name: "backlog",
    cause: "80 standard messages at once through a session that takes 4 a second",
    alerts: ["WameshLaneOld ticket"],
    softened: [{ alert: "WameshLaneOld", from: "> 900", to: "> 5" }],
    light: burst((scene) => scene.west, "standard", 80),
  },
  {
    name: "refusals",
    cause: "every send of the Cloud API is refused with 131016 (service unavailable) until it is given up",
    alerts: ["WameshSendFailures page", "WameshSendFailures ticket", "WameshDeadLetters ticket"],
    async light(ground) {
      const numbers = ground.scene.north.sessions.map(({ sender }) => sender);
      return provider(
        ...numbers.map((phone_number_id) => ({ kind: "refused", code: 131_016, match: { phone_number_id } })),
      )(ground);
    },
  },
  {
    name: "resets",
    cause: "every second connection to the provider is reset before the answer, and no receipt comes",
    alerts: ["WameshDoubts page", "WameshDoubts ticket"],
    softened: [{ alert: "WameshDoubts", from: "> 20", to: "> 5" }],
    light: provider({ kind: "reset_but_sent", rate: 0.5 }, { kind: "callback_outage" }),
  },
  {
    name: "poison",
    cause: "unreadable records in the lanes",
    alerts: ["WameshDeadLetters page"],
    async light({ mesh, sql, say }) {
      await faults.get("poison_lanes")?.strike({
        mesh,
        sql,
        random: Math.random,
        shards: [0, 1, 2],
        say,
        stopped: () => {},
        poisoned: () => {},
      });
      return async () => {};
    },
  },
  {
    name: "forged-callbacks",
    cause: "40 callbacks with a wrong signature",
    alerts: ["WameshCallbacksRefused ticket"],
    async light({ mesh }) {
      for (let i = 0; i < 40; i++)
        await fetch(`${mesh.origin}/callbacks/cloud-api/${mesh.metaApp.id}`, {
          method: "POST",
          headers: { "content-type": "application/json", "x-hub-signature-256": `sha256=${"0".repeat(64)}` },
          body: "{}",
        });
      return async () => {};
    },
  },
  {
    name: "stray-number",
    cause: "a person writes to a number of our app that no tenant has",
    alerts: ["WameshQuarantine ticket"],
    async light({ mesh }) {
      const number = "301000000000199";
      await askSimulator(mesh.simulator, "POST", "/_sim/wabas", {
        waba_id: "201000000000199",
        app_id: mesh.metaApp.id,
        token: "nobody's",
        numbers: [{ phone_number_id: number, display_phone_number: "+15559990199", rate_per_s: 10 }],
        templates: [],
      });
      for (let i = 0; i < 10; i++) {
        await askSimulator(mesh.simulator, "POST", "/_sim/inbound", {
          provider: "cloud_api",
          phone_number_id: number,
          from: "+15550001111",
          text: `Hello ${i}`,
        });
        await delay(1500);
      }
      return async () => {};
    },
  },
  {
    name: "slow-projector",
    cause: "the status-projector stands still for 15 s (SIGSTOP, SIGCONT)",
    alerts: ["WameshReceiptsLate page"],
    light: standStill("status-projector", 15_000),
  },
  {
    name: "endpoint-fails",
    cause: "tenants' endpoint answers with 500",
    alerts: ["WameshWebhookFailures ticket"],
    light: behave("fails"),
  },
  {
    name: "endpoint-hangs",
    cause: "tenants' endpoint takes connections and never answers, so that deliveries pile up",
    alerts: ["WameshWebhooksLate page"],
    softened: [{ alert: "WameshWebhooksLate", from: "> 300", to: "> 10" }],
    light: behave("hangs"),
  },
  {
    name: "tenant",
    cause:
      "a tenant's number is barred, and 25 messages with a second to live expire; afterwards 300 are sent",
    alerts: ["WameshTenantSuccessDrop ticket"],
    async light({ scene }) {
      const { id } = scene.east.sessions[0] as { id: string };
      const pause = (status: string) => scene.east.api.call("PATCH", `/v1/sessions/${id}`, { status });
      await pause("suspended");
      await delay(2000);
      await scene.send(scene.east, "standard", 25, { ttl_s: 1 });
      return async () => {
        await pause("connecting");
        await scene.send(scene.east, "standard", 300);
      };
    },
  },
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
    cause: "the broker stops",
    alerts: [
      "WameshKafkaAway page",
      "WameshApiErrors page",
      "WameshApiErrors ticket",
      "WameshCallbackErrors page",
      "WameshCallbackErrors ticket",
      "WameshOutboxStuck page",
      "WameshTableStale page",
      "WameshConsumerDead page",
    ],
    softened: [
      { alert: "WameshOutboxStuck", from: "> 60", to: "> 5" },
      { alert: "WameshTableStale", from: "> 30", to: "> 8" },
      { alert: "WameshConsumerDead", from: "> 60", to: "> 8" },
    ],
    light: away("kafka"),
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
