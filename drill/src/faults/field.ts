/** Where faults strike, and the few moves that several of them make. */
import { setTimeout as delay } from "node:timers/promises";
import type { Mesh, MeshService, ServiceName } from "@wamesh/local";
import { until } from "@wamesh/testing/until";
import type postgres from "postgres";

export type Field = {
  mesh: Mesh;
  /** As superuser, over all schemas. */
  sql: postgres.Sql;
  random: () => number;
  /** Partitions that have traffic. */
  shards: readonly number[];
  say(words: string): void;
  /** Something went away: how long sending takes to resume is counted from here. */
  stopped(): void;
  /** An unreadable record was put into a topic. */
  poisoned(record: { topic: string; marker: string }): void;
};

export type Fault = {
  kind: string;
  about: string;
  /** Strikes, and mends what must be mended: when it resolves, everything runs again. */
  strike(field: Field): Promise<void>;
};

export function between(field: Field, least: number, most: number): number {
  return least + field.random() * (most - least);
}

export function pick<T>(field: Field, from: readonly T[]): T {
  return from[Math.floor(field.random() * from.length)] as T;
}

/** The dispatcher that owns the most waiting work among those that run, or any when the store does not say. */
export async function busiestDispatcher(field: Field): Promise<MeshService> {
  const running = field.mesh.instances.dispatcher.filter((one) => one.pid() !== undefined);
  const owners = await field.sql<{ owner: string }[]>`
    select owner from dispatch.shard_lease join dispatch.pending using (shard)
    where owner is not null group by owner order by count(*) desc`.catch(() => []);
  for (const { owner } of owners) {
    const found = running.find((one) => owner.endsWith(`-${one.pid()}`));
    if (found !== undefined) return found;
  }
  return pick(field, running.length > 0 ? running : field.mesh.instances.dispatcher);
}

export function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, name);
  } catch {
    // It ended a moment ago: what the signal was for has happened.
  }
}

/** Until it is ready, however often that takes: what it needs may be away by another fault, and a supervisor in production goes on too. */
export async function startAgain(
  field: Pick<Field, "say">,
  one: { name: string; start(): Promise<void> },
): Promise<void> {
  const start = async () => {
    await one.start();
    return true;
  };
  await until(start, { withinMs: 60_000, everyMs: 500, what: `the start of ${one.name}` }).catch(
    (error: Error) => field.say(`${error.message}: ${error.cause}`),
  );
}

export async function killAndStart(field: Field, service: MeshService): Promise<void> {
  field.say(`kill -9 ${service.name}`);
  field.stopped();
  await service.kill();
  await delay(between(field, 500, 2500));
  await startAgain(field, service);
}

export async function pause(field: Field, service: MeshService, ms: number): Promise<void> {
  field.say(`SIGSTOP ${service.name} for ${(ms / 1000).toFixed(1)} s`);
  const pid = service.pid();
  field.stopped();
  signal(pid, "SIGSTOP");
  try {
    await delay(ms);
  } finally {
    signal(pid, "SIGCONT");
  }
}

/** SIGTERM and as much time as it takes: what a rolling update does. */
export async function terminate(
  field: Field,
  one: Pick<MeshService, "name" | "pid" | "kill">,
): Promise<void> {
  signal(one.pid(), "SIGTERM");
  await until(() => one.pid() === undefined, { withinMs: 15_000, what: `the end of ${one.name}` }).catch(
    async () => {
      field.say(`${one.name} did not end within 15 s of SIGTERM`);
      await one.kill();
    },
  );
}

export const others: readonly Exclude<ServiceName, "dispatcher">[] = [
  "ingest",
  "session-manager",
  "webhook-router",
  "status-projector",
];
