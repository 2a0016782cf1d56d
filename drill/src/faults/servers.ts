/** Faults of Kafka, Postgres and Redis. */
import { setTimeout as delay } from "node:timers/promises";
import type { ServerName } from "@wamesh/local";
import { until } from "@wamesh/testing/until";
import { createClient } from "redis";
import { between, type Fault, type Field, signal, startAgain, terminate } from "./field.ts";

/** A clean end, however long it takes; then `awayMs`, then the start. */
async function away(field: Field, name: ServerName, awayMs: number): Promise<void> {
  const { stack } = field.mesh;
  field.say(`${name} stops${awayMs > 0 ? ` for ${(awayMs / 1000).toFixed(1)} s` : ""}`);
  field.stopped();
  const server = stack.server(name);
  // Postgres would wait for its clients after SIGTERM; its `stop` is the fast shutdown.
  if (name === "postgres") await server.stop();
  else await terminate(field, { name, pid: () => stack.pids[name], kill: () => server.kill() });
  await delay(awayMs);
  await startAgain(field, { name, start: () => server.start() });
}

export const serverFaults: readonly Fault[] = [
  {
    kind: "kafka_restart",
    about: "the broker stops cleanly and starts",
    strike: (field) => away(field, "kafka", 0),
  },
  {
    kind: "kafka_outage",
    about: "the broker is away for 10 s",
    strike: (field) => away(field, "kafka", 10_000),
  },
  {
    kind: "kafka_kill",
    about: "kill -9 of the broker",
    async strike(field) {
      field.say("kill -9 kafka");
      field.stopped();
      const server = field.mesh.stack.server("kafka");
      await server.kill();
      await startAgain(field, { name: "kafka", start: () => server.start() });
    },
  },
  {
    kind: "postgres_fast",
    about: "Postgres restarts, mode fast: sessions are ended, transactions rolled back",
    strike: (field) => away(field, "postgres", 0),
  },
  {
    kind: "postgres_immediate",
    about: "Postgres restarts, mode immediate: as after a crash",
    async strike(field) {
      const { stack } = field.mesh;
      field.say("postgres ends at once and recovers");
      field.stopped();
      signal(stack.pids.postgres, "SIGQUIT");
      await until(() => stack.pids.postgres === undefined, { what: "the end of postgres" });
      await startAgain(field, { name: "postgres", start: () => stack.server("postgres").start() });
    },
  },
  {
    kind: "postgres_outage",
    about: "Postgres is away for 8 to 12 s",
    strike: (field) => away(field, "postgres", between(field, 8_000, 12_000)),
  },
  {
    kind: "backends_terminated",
    about: "every connection to Postgres is ended by pg_terminate_backend, three times",
    async strike(field) {
      for (let i = 0; i < 3; i++) {
        field.stopped();
        const ended = await field.sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where pid <> pg_backend_pid() and backend_type = 'client backend'`.catch(() => []);
        field.say(`${ended.length} connections to postgres ended`);
        await delay(between(field, 500, 2500));
      }
    },
  },
  {
    kind: "redis_flush",
    about: "FLUSHALL, three times",
    async strike(field) {
      const client = createClient({ url: field.mesh.stack.redisUrl });
      // It comes back by itself; without a listener its error would end the drill.
      client.on("error", () => {});
      await client.connect();
      for (let i = 0; i < 3; i++) {
        field.say("redis FLUSHALL");
        await client.flushAll();
        await delay(between(field, 500, 2500));
      }
      await client.close();
    },
  },
  {
    kind: "redis_outage",
    about: "Redis is away for 3 to 6 s",
    strike: (field) => away(field, "redis", between(field, 3_000, 6_000)),
  },
];
