/**
 * The fence: the lease rows of the shards that this owner still holds under the epochs it names. Writers lock them FOR KEY
 * SHARE, so that an acquisition (FOR UPDATE) waits for them, while a renewal (a plain update) does not. Readers do not lock:
 * a stale read harms nobody, and a lock would cost a flush of the log. The clock is clock_timestamp(), since now() is the
 * start of the transaction.
 */
import type { Fragment, Sql } from "postgres";
import type { Fence } from "../store.ts";

/** `owner`: `<instance>/<start>`, see PacerDeps. */
export type Schedule = { sql: Sql; owner: string };

export function lockedFence({ sql, owner }: Schedule, fences: readonly Fence[]): Fragment {
  return sql`fence as materialized (
    select l.shard, l.epoch from shard_lease l
    join unnest(${shardsOf(fences)}::int[], ${epochsOf(fences)}::bigint[]) f (shard, epoch)
      on f.shard = l.shard and f.epoch = l.epoch
    where l.owner = ${owner} and l.expires_at > clock_timestamp()
    for key share of l)`;
}

export function readFence({ sql, owner }: Schedule, fences: readonly Fence[]): Fragment {
  return sql`fence as materialized (
    select l.shard, l.epoch from shard_lease l
    join unnest(${shardsOf(fences)}::int[], ${epochsOf(fences)}::bigint[]) f (shard, epoch)
      on f.shard = l.shard and f.epoch = l.epoch
    where l.owner = ${owner} and l.expires_at > clock_timestamp())`;
}

export function shardsOf(rows: readonly { shard: number }[]): number[] {
  return rows.map((row) => row.shard);
}

export function epochsOf(rows: readonly { epoch: number }[]): number[] {
  return rows.map((row) => row.epoch);
}
