/** Forgets what ended more than eight days ago. Any process may do it at any time. */
import type { Schedule } from "./fence.ts";

const keptMs = 8 * 86_400_000;

export async function retain({ sql }: Schedule): Promise<void> {
  // The slot of the next four days still holds what ended before the last eight. One that is empty is left alone:
  // truncation locks it.
  const [old] = await sql<{ slot: number }[]>`
    select d.slot from done d
    where d.slot = done_slot(now_ms() + 345600000) and d.finished_at < now_ms() - ${keptMs}::bigint
      -- Nothing is forgotten whose end is not published yet.
      and not exists (
        select from outbox o join shard_lease l on l.shard = o.shard
        where o.seq > l.published_seq and o.created_at < now_ms() - ${keptMs}::bigint)
    limit 1`;
  if (old !== undefined) await sql`select clear_done(${old.slot})`;
  // A member of today begins with one full interval, whatever it sent two days ago.
  await sql`delete from pace where next_arrival < now_ms() - ${2 * 86_400_000}::bigint and day < now_ms() / 86400000 - 1`;
  await sql`delete from command where created_at < now_ms() - ${keptMs}::bigint`;
  await sql`delete from echo where received_at < now_ms() - ${keptMs}::bigint`;
}
