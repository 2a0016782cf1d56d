/** What a person decided, durable: it may come before its message, and survives until the message is decided. */
import type { Command } from "../item.ts";
import type { Schedule } from "./fence.ts";

export async function command({ sql }: Schedule, { shard, id, kind, tenant }: Command): Promise<void> {
  if (kind === "cancel") {
    // The second time changes nothing.
    await sql`
      insert into command (id, kind, shard, tenant) values (${id}, ${kind}, ${shard}, ${tenant}) on conflict do nothing`;
    return;
  }
  // Of the claim that is in doubt now: a later doubt is another question. One that has acted (n is null) stays as it is, so
  // that the same record read again does not act again.
  await sql`
    insert into command as kept (id, kind, shard, tenant, n)
    select ${id}, ${kind}, ${shard}::int, ${tenant}, doubt.n from (
      select a.n from attempt a join pending p on p.id = a.id
      where a.id = ${id} and a.shard = ${shard}::int and a.state = 'in_doubt' and p.tenant = ${tenant}
      union all
      select d.n from done d
      where d.id = ${id} and d.shard = ${shard}::int and d.outcome = 'unconfirmed' and d.item ->> 'tenant' = ${tenant}) doubt
    limit 1
    on conflict (id, tenant, kind, shard) do update set n = excluded.n, created_at = excluded.created_at
      where kept.n is not null`;
}
