/**
 * Notes what receipts say of claims whose answer is not recorded, or of items that wait to be sent again. From any process: it
 * reads the schedule and writes only `echo`, which the shard's owner reads. Most receipts speak of sends long recorded and
 * leave no trace. A second note of the same claim changes nothing.
 */
import type { Echo } from "../item.ts";
import { type Schedule, shardsOf } from "./fence.ts";

export async function settle({ sql }: Schedule, echoes: readonly Echo[]): Promise<{ shards: number[] }> {
  const rows = await sql<{ shard: number }[]>`
    insert into echo (id, n, shard, outcome, provider_id, reason, at)
    select distinct on (e.id, e.n) e.id, e.n, e.shard, e.outcome, e.provider_id, e.reason::jsonb, e.at
    from unnest(${echoes.map((e) => e.id)}::text[], ${echoes.map((e) => e.n)}::int[], ${shardsOf(echoes)}::int[],
      ${echoes.map((e) => e.outcome)}::text[], ${echoes.map((e) => e.providerId)}::text[],
      ${echoes.map((e) => (e.reason === null ? null : JSON.stringify(e.reason)))}::text[],
      ${echoes.map((e) => Math.floor(e.at))}::bigint[]) e (id, n, shard, outcome, provider_id, reason, at)
    where exists (select from attempt a where a.id = e.id and a.n = e.n)
      or exists (select from done d where d.id = e.id and d.n = e.n and d.outcome = 'unconfirmed')
      or (e.outcome = 'sent' and exists (select from pending p where p.id = e.id and p.n >= e.n))
    order by e.id, e.n, e.outcome desc
    on conflict (id, n) do nothing returning shard`;
  return { shards: [...new Set(shardsOf(rows))] };
}
