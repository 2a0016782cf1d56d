/** Each fault, and the alerts that it must set off. */
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Mesh, ServerName } from "@wamesh/local";
import { askSimulator } from "@wamesh/testing/outside";
import { until } from "@wamesh/testing/until";
import type postgres from "postgres";
import { faults } from "../faults/index.ts";
import type { Scene, Tenant } from "./scene.ts";

export type Ground = {
  mesh: Mesh;
  scene: Scene;
  sql: postgres.Sql;
  /** Small file system of its own; null where this user may not mount one. */
  mount: string | null;
  /** The one that every service is given as a CA; read when a service starts. */
  certificate: { renew(days: number): void };
  say(words: string): void;
};

export type Fire = {
  name: string;
  cause: string;
  /** As `name severity`. All of them must fire, and be over after the fault. */
  alerts: readonly string[];
  /** Thresholds that only hours or harm would reach. */
  softened?: readonly { alert: string; from: string; to: string }[];
  /** Begins the fault; what it returns ends it. */
  light(ground: Ground): Promise<() => Promise<unknown>>;
};

const away =
  (server: ServerName) =>
  async ({ mesh }: Ground) => {
    await mesh.stack.server(server).stop();
    return async () => {
      await until(
        async () => {
          await mesh.stack.server(server).start();
          return true;
        },
        { withinMs: 60_000, everyMs: 500, what: `the start of ${server}` },
      );
      // What ended itself for want of the server is started again, as a supervisor would.
      for (const one of Object.values(mesh.instances).flat()) if (one.pid() === undefined) await one.start();
    };
  };

/** A fault of the simulator's own table. */
const provider =
  (...kinds: readonly Record<string, unknown>[]) =>
  async ({ mesh }: Ground) => {
    const ids: number[] = [];
    for (const fault of kinds)
      ids.push((await askSimulator<{ id: number }>(mesh.simulator, "POST", "/_sim/faults", fault)).id);
    return async () => {
      for (const id of ids) await askSimulator(mesh.simulator, "DELETE", `/_sim/faults/${id}`);
    };
  };

const whatsapp =
  (count: number) =>
  async ({ mesh, scene }: Ground) => {
    const set = async (status: string) => {
      for (const { sender } of scene.west.sessions.slice(0, count))
        await askSimulator(mesh.simulator, "PUT", `/_sim/wasender/sessions/${sender}`, { status });
    };
    await set("logged_out");
    return () => set("connected");
  };

const burst =
  (tenant: (scene: Scene) => Tenant, lane: "otp" | "standard", count: number) =>
  async ({ scene }: Ground) => {
    const { id } = tenant(scene).sessions[0] as { id: string };
    await scene.send(tenant(scene), lane, count, { session_id: id });
    return async () => {};
  };

const behave =
  (manners: "fails" | "hangs") =>
  async ({ scene }: Ground) => {
    scene.endpoint.behave(manners);
    return async () => scene.endpoint.behave("answers");
  };

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
    alerts: ["WameshOtpLate page"],
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
    async light({ mesh }) {
      const pid = mesh.services["status-projector"].pid() as number;
      process.kill(pid, "SIGSTOP");
      await delay(15_000);
      process.kill(pid, "SIGCONT");
      return async () => {};
    },
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
    async light({ mesh }) {
      for (let i = 0; i < 2; i++) {
        const pid = mesh.services.dispatcher.pid() as number;
        process.kill(pid, "SIGSTOP");
        await delay(12_000);
        process.kill(pid, "SIGCONT");
        await delay(3000);
      }
      return async () => {};
    },
  },
  {
    name: "kafka",
    cause: "the broker stops",
    alerts: [
      "WameshKafkaAway page",
      "WameshApiErrors page",
      "WameshCallbackErrors page",
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
      const file = join(mount, "filling");
      writeFileSync(file, Buffer.alloc(15_700_000));
      return async () => rmSync(file);
    },
  },
];

/** A self-signed certificate in a file, made by openssl. */
export function certificateIn(file: string): Ground["certificate"] {
  return {
    renew(days) {
      const key = `${file}.key`;
      const subject = ["-subj", "/CN=drill", "-days", String(days)];
      const made = spawnSync("openssl", [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
        ...subject,
        ...["-keyout", key, "-out", file],
      ]);
      if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
    },
  };
}

/** Of 16 MB, in memory; null without the right to do so. */
export function mountSmall(folder: string): { mount: string; close(): void } | null {
  const made = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", folder]);
  return made.status === 0 ? { mount: folder, close: () => void spawnSync("umount", [folder]) } : null;
}
