/** Leases: a row says which process may do what only one may do. Time is Postgres' own, and never `now()`: that stands still in a transaction. */
import { counter, observe } from "@wamesh/metrics";
import type { Queryable, Sql } from "./connect.ts";

export type Lease = { name: string; owner: string; epoch: number };

/**
 * Takes a lease that is free, expired or the owner's own (a restarted process need not wait for itself), under a new epoch.
 * Null when another holds it.
 */
export async function acquireLease(
  sql: Queryable,
  wanted: { name: string; owner: string; ttlMs: number },
): Promise<Lease | null> {
  const { name, owner, ttlMs } = wanted;
  const [row] = await sql<{ epoch: number }[]>`
    insert into lease (name, owner, epoch, expires_at)
    values (${name}, ${owner}, 1, clock_timestamp() + ${ttlMs} * interval '1 ms')
    on conflict (name) do update
      set owner = excluded.owner, epoch = lease.epoch + 1, expires_at = excluded.expires_at
      where lease.expires_at <= clock_timestamp() or lease.owner = excluded.owner
    returning epoch`;
  return row === undefined ? null : { name, owner, epoch: row.epoch };
}

/** Extends a lease. False when it expired or changed hands: then it must be acquired anew. */
export async function renewLease(sql: Queryable, lease: Lease, ttlMs: number): Promise<boolean> {
  const rows = await sql`
    update lease set expires_at = clock_timestamp() + ${ttlMs} * interval '1 ms'
    where name = ${lease.name} and owner = ${lease.owner} and epoch = ${lease.epoch}
      and expires_at > clock_timestamp()
    returning 1`;
  return rows.length === 1;
}

/** Hands the lease back, so that the next owner need not wait for its end. Harmless when it is no longer held. */
export async function releaseLease(sql: Queryable, lease: Lease): Promise<void> {
  await sql`
    update lease set expires_at = '-infinity'
    where name = ${lease.name} and owner = ${lease.owner} and epoch = ${lease.epoch}`;
}

export type LeaseKeeper = {
  /** The lease, if this process holds it for at least `forMs` longer. Judged by the monotonic clock from before the request that won it. */
  held(forMs: number): Lease | null;
  /** Releases it. */
  stop(): Promise<void>;
};

/** Tries to acquire the lease, and renews it while held, every third of its life. Errors are told and tried again. */
export function keepLease(options: {
  sql: Sql;
  name: string;
  owner: string;
  ttlMs: number;
  onError: (error: unknown) => void;
  /** Told when this process has become the owner. */
  onAcquired?: () => void;
  monotonicMs?: () => number;
}): LeaseKeeper {
  const { sql, name, owner, ttlMs } = options;
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const changes = counter("lease_changes_total");
  // Begun at zero, so that a rate sees the first loss too.
  for (const change of ["acquired", "lost"]) changes.add(0, { lease: name, change });
  const unobserve = observe((say) =>
    say("lease_held", lease !== null && until > monotonicMs() ? 1 : 0, { lease: name }),
  );
  let lease: Lease | null = null;
  let until = 0;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let turn = Promise.resolve();

  async function once(): Promise<void> {
    const asked = monotonicMs();
    try {
      if (lease !== null && !(await renewLease(sql, lease, ttlMs))) {
        lease = null;
        changes.add(1, { lease: name, change: "lost" });
      }
      if (lease === null) {
        lease = await acquireLease(sql, { name, owner, ttlMs });
        if (lease !== null) {
          until = asked + ttlMs;
          changes.add(1, { lease: name, change: "acquired" });
          options.onAcquired?.();
        }
      } else until = asked + ttlMs;
    } catch (error) {
      options.onError(error);
    }
    if (!stopping) timer = setTimeout(() => (turn = once()), ttlMs / 3);
  }
  turn = once();

  return {
    held: (forMs) => (lease !== null && until - monotonicMs() >= forMs ? lease : null),
    stop: async () => {
      stopping = true;
      unobserve();
      clearTimeout(timer);
      await turn;
      if (lease !== null) await releaseLease(sql, lease).catch(options.onError);
      lease = null;
    },
  };
}
