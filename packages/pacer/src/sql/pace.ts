/** Part of a fenced statement: stores when members, and what they share, may send next. It never moves back. */
import type { Fragment, Sql } from "postgres";
import type { PaceRow } from "../store.ts";
import { column } from "./columns.ts";
import { shardsOf } from "./fence.ts";

export function upsertPace(sql: Sql, pace: readonly PaceRow[]): Fragment {
  return sql`, arrivals as (
    insert into pace as kept (shard, scope, key, next_arrival, day, day_count, factor)
    select a.shard, a.scope, a.key, a.next_arrival, a.day, a.day_count, a.factor
    from unnest(${column(shardsOf(pace))}::int[], ${column(pace.map((p) => p.scope))}::text[],
      ${column(pace.map((p) => p.key))}::text[], ${column(pace.map((p) => Math.ceil(p.nextArrival)))}::bigint[],
      ${column(pace.map((p) => p.day))}::int[], ${column(pace.map((p) => p.dayCount))}::int[],
      ${column(pace.map((p) => p.factor))}::float8[]) a (shard, scope, key, next_arrival, day, day_count, factor)
    join fence f on f.shard = a.shard
    order by a.scope, a.key
    on conflict (shard, scope, key) do update
      set next_arrival = greatest(kept.next_arrival, excluded.next_arrival), day = greatest(kept.day, excluded.day),
        day_count = case when excluded.day > kept.day then excluded.day_count
          when excluded.day = kept.day then greatest(kept.day_count, excluded.day_count) else kept.day_count end,
        factor = excluded.factor)`;
}
