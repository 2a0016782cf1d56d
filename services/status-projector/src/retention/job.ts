/**
 * Removes what is older than its tenant keeps it: once an hour, by the one process that has the lease, in small transactions with a
 * pause between them, so that the fold and its readers hardly notice. Twice is harmless: it only removes what is too old.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { keepLease, type Sql, type Tx, withTenants } from "@wamesh/store";
import { cutoffOf } from "./cutoff.ts";
import { others, removeMessages, removeOthers } from "./remove.ts";

const everyMs = 3_600_000;
const leaseMs = 30_000;
const batchRows = 500;
const betweenMs = 50;

export type RetentionJob = {
  /** One round over all tenants now; how many rows of which table it removed. */
  round(): Promise<Record<string, number>>;
  stop(): Promise<void>;
};

export function startRetentionJob(deps: {
  sql: Sql;
  /** What the tenant's setting says; undefined where it is not known. */
  askedDays(tenant: string): number | undefined;
  mostDays: number;
  owner: string;
  now: () => number;
  log: { info(facts: object, message: string): void; error(facts: object, message: string): void };
}): RetentionJob {
  const { sql, log } = deps;
  const stopping = new AbortController();
  const onError = (err: unknown) => log.error({ err }, "old messages can't be removed, they stay for now");
  const lease = keepLease({ sql, name: "retention", owner: deps.owner, ttlMs: leaseMs, onError });
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    if (lease.held(leaseMs / 3) === null) return;
    running = running.then(round).catch(onError);
  }, everyMs);
  timer.unref();

  async function round(): Promise<Record<string, number>> {
    const removed: Record<string, number> = {};
    const tenants = await withTenants(
      sql,
      "all",
      (tx) =>
        tx<{ tenant: string }[]>`select tenant from tenant union select distinct tenant from tenant_counter`,
    );
    for (const { tenant } of tenants) {
      const before = new Date(cutoffOf(deps.askedDays(tenant), deps.mostDays, deps.now()));
      const count = async (table: string, remove: (tx: Tx) => Promise<number>) => {
        removed[table] = (removed[table] ?? 0) + (await untilDone(tenant, remove));
      };
      await count("message", (tx) => removeMessages(tx, tenant, before, batchRows));
      for (const one of others)
        await count(one.table, (tx) => removeOthers(tx, one, tenant, before, batchRows));
      if (stopping.signal.aborted) break;
    }
    if (Object.values(removed).some((rows) => rows > 0)) log.info({ removed }, "old messages removed");
    return removed;
  }

  async function untilDone(tenant: string, remove: (tx: Tx) => Promise<number>): Promise<number> {
    let all = 0;
    while (!stopping.signal.aborted) {
      const rows = await withTenants(sql, [tenant], remove);
      all += rows;
      if (rows < batchRows) break;
      await sleep(betweenMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
    return all;
  }

  return {
    round,
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await running;
      await lease.stop();
    },
  };
}
