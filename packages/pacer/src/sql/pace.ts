/** Part of a fenced statement: stores when members may send next. It never moves back. */
import type { Fragment, Sql } from "postgres";
import { shardsOf } from "./fence.ts";

export function upsertPace(
  sql: Sql,
  pace: readonly { shard: number; member: string; nextArrival: number }[],
): Fragment {
  return sql`, arrivals as (
    insert into pace as kept (scope, key, shard, next_arrival)
    select 'member', a.member, a.shard, a.next_arrival
    from unnest(${pace.map((p) => p.member)}::text[], ${shardsOf(pace)}::int[],
      ${pace.map((p) => Math.ceil(p.nextArrival))}::bigint[]) a (member, shard, next_arrival)
    join fence f on f.shard = a.shard
    order by a.member
    on conflict (scope, key) do update
      set next_arrival = greatest(kept.next_arrival, excluded.next_arrival), shard = excluded.shard)`;
}
