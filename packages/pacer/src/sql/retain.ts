/** Forgets what ended more than eight days ago. Any process may do it at any time. */
import type { Schedule } from "./fence.ts";

const keptMs = 8 * 86_400_000;

export async function retain({ sql }: Schedule): Promise<void> {
  // The slot of the next four days still holds what ended before the last eight. One that is empty is left alone:
  // truncation locks it.
  const [old] = await sql<{ slot: number }[]>`
    select d.slot from done d
    where d.slot = done_slot(now_ms() + 345600000) and d.finished_at < now_ms() - ${keptMs}::bigint limit 1`;
  if (old !== undefined) await sql`select clear_done(${old.slot})`;
  await sql`delete from command where created_at < now_ms() - ${keptMs}::bigint`;
  await sql`delete from echo where received_at < now_ms() - ${keptMs}::bigint`;
}
