/**
 * Requests that wait for a message to be seen: one query every 50 ms for all of them together, and none while nobody waits.
 * Looking costs less than a notification per message would cost the fold.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Sql, withTenants } from "@wamesh/store";

export type Arrivals = {
  /** True once the tenant's message is known; false after `timeoutMs`, when the caller went away, or at the process's end. */
  wait(wanted: { tenant: string; id: string; timeoutMs: number; signal: AbortSignal }): Promise<boolean>;
  /** Requests that wait at present. */
  waiting(): number;
  /** Ends all waiting. */
  stop(): void;
};

const pollMs = 50;
/** More than these are told to ask again, which they can do themselves. */
const maxWaiting = 2_000;

type Waiter = { tenant: string; id: string; settle: (seen: boolean) => void; fail: (error: unknown) => void };

export function watchArrivals(sql: Sql): Arrivals {
  const waiting = new Set<Waiter>();
  let looking = false;
  let stopped = false;

  async function look(): Promise<void> {
    looking = true;
    while (waiting.size > 0) {
      const asked = [...waiting];
      try {
        const seen = await seenOf(sql, asked);
        for (const waiter of asked) if (seen.has(`${waiter.tenant} ${waiter.id}`)) waiter.settle(true);
      } catch (error) {
        for (const waiter of asked) waiter.fail(error);
      }
      if (waiting.size > 0) await sleep(pollMs);
    }
    looking = false;
  }

  return {
    wait: ({ tenant, id, timeoutMs, signal }) =>
      new Promise<boolean>((resolve, reject) => {
        if (stopped || signal.aborted || waiting.size >= maxWaiting) return resolve(false);
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", gone);
          waiting.delete(waiter);
        };
        const waiter: Waiter = {
          tenant,
          id,
          settle: (seen) => {
            end();
            resolve(seen);
          },
          fail: (error) => {
            end();
            reject(error);
          },
        };
        const gone = () => waiter.settle(false);
        const timer = setTimeout(gone, timeoutMs);
        signal.addEventListener("abort", gone);
        waiting.add(waiter);
        if (!looking) void look();
      }),
    waiting: () => waiting.size,
    stop: () => {
      stopped = true;
      for (const waiter of waiting) waiter.settle(false);
    },
  };
}

async function seenOf(sql: Sql, asked: readonly Waiter[]): Promise<Set<string>> {
  // Of all tenants at once; who is told of a message asked for it in its own tenant's name.
  const rows = await withTenants(
    sql,
    "all",
    (tx) => tx<{ tenant: string; id: string }[]>`
      select m.tenant, m.message_id::text as id
      from unnest(${asked.map(({ tenant }) => tenant)}::text[], ${asked.map(({ id }) => id)}::uuid[]) as a(tenant, id)
      join message m on m.tenant = a.tenant collate "C" and m.message_id = a.id
      where m.status is not null`,
  );
  return new Set(rows.map(({ tenant, id }) => `${tenant} ${id}`));
}
