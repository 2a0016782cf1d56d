/**
 * Next heads of many windows in one query, ids only, and the next items of conversations that have moved on. Rows that are
 * not due, claimed or behind another of their conversation are passed over: each comes back by its own event (due poll, end
 * of the claim, end of the one before it). What is found is materialized: joined to the fence in one piece, it would be looked
 * up once for each shard.
 */
import type { RefillReply, RefillRequest } from "../store.ts";
import { column } from "./columns.ts";
import { readFence, type Schedule, shardsOf } from "./fence.ts";
import { finds, gateNumber, type HeadRow, headColumns, isBehind, timeNow, toHead } from "./rows.ts";

export async function refill(schedule: Schedule, request: RefillRequest): Promise<RefillReply> {
  const [windows, promoted] = await Promise.all([
    readWindows(schedule, request),
    readGates(schedule, request),
  ]);
  return {
    fenced: windows.fenced ?? promoted.fenced ?? [],
    dbNow: windows.dbNow ?? promoted.dbNow ?? Number.NaN,
    windows: windows.rows,
    promoted: promoted.heads,
  };
}

type FenceRow = { fence_shard: number; db_now: number };

async function readWindows(schedule: Schedule, { fences, windows }: RefillRequest) {
  const { sql } = schedule;
  const rows: RefillReply["windows"] = windows.map(() => ({ scanned: 0, reached: null, heads: [] }));
  if (windows.length === 0) return { rows, fenced: undefined, dbNow: undefined };
  const found = await sql<(FenceRow & HeadRow & { ord: number; eligible: boolean })[]>`
    with ${readFence(schedule, fences)},
    found as materialized (
      select w.ord, ${headColumns(sql)},
        (p.next_at is null or p.next_at <= now_ms()) and not ${finds(sql, sql`from attempt a where a.id = p.id`)}
          and not ${isBehind(sql)} as eligible
      from unnest(${column(shardsOf(windows))}::int[], ${column(windows.map((w) => w.member))}::text[],
        ${column(windows.map((w) => w.lane))}::text[], ${column(windows.map((w) => w.stream))}::text[],
        ${column(windows.map((w) => w.after.place))}::bigint[], ${column(windows.map((w) => w.after.offset))}::bigint[],
        ${column(windows.map((w) => w.limit))}::int[])
        with ordinality w (shard, member, lane, stream, place, "offset", n, ord)
      cross join lateral (
        select * from pending r
        where r.shard = w.shard and r.member = w.member and r.lane = w.lane and r.stream = w.stream
          and (r.place, r."offset") > (w.place, w."offset") and r.place <= ${timeNow(sql)} + 6000
        order by r.place, r."offset" limit w.n) p)
    select f.shard as fence_shard, now_ms()::float8 as db_now, found.*
    from fence f left join found on found.shard = f.shard order by found.ord, found.place, found."offset"`;
  for (const row of found) {
    if (row.ord === null) continue;
    const window = rows[Number(row.ord) - 1]!;
    window.scanned++;
    window.reached = { place: row.place, offset: row.offset };
    if (row.eligible) window.heads.push(toHead(row));
  }
  return { rows, ...fencedOf(found) };
}

async function readGates(schedule: Schedule, { fences, gates }: RefillRequest) {
  const { sql } = schedule;
  if (gates.length === 0) return { heads: [], fenced: undefined, dbNow: undefined };
  const found = await sql<(FenceRow & HeadRow)[]>`
    with ${readFence(schedule, fences)},
    gates as (
      select ${gateNumber(sql)} as gate from unnest(${column(shardsOf(gates))}::int[], ${column(gates.map((g) => g.lane))}::text[],
        ${column(gates.map((g) => g.conversation))}::text[]) g (shard, lane, conversation)),
    found as materialized (
      select ${headColumns(sql)} from gates g
      cross join lateral (
        select * from pending r where r.gate = g.gate order by r.place, r."offset" limit 1) p
      where not exists (select from attempt a where a.id = p.id))
    select f.shard as fence_shard, now_ms()::float8 as db_now, found.*
    from fence f left join found on found.shard = f.shard`;
  return { heads: found.filter((row) => row.id !== null).map(toHead), ...fencedOf(found) };
}

function fencedOf(rows: readonly FenceRow[]): { fenced: number[]; dbNow: number | undefined } {
  return { fenced: [...new Set(rows.map((row) => row.fence_shard))], dbNow: rows[0]?.db_now };
}
