/** The SQL that removes what is too old, some hundred rows in a transaction; each answers how many it removed. */
import type { Tx } from "@wamesh/store";

/**
 * Messages with their history. Sums over them (activity, ledger, campaigns, counters) stay; what the counters now count beyond the
 * rows is noted in the same transaction. Rows that the fold holds just now are left to the next round.
 */
export async function removeMessages(tx: Tx, tenant: string, before: Date, limit: number): Promise<number> {
  const old = await tx<{ id: string; status: string | null }[]>`
    select message_id::text as id, status from message
    where tenant = ${tenant} and first_at < ${before}
    order by first_at, message_id limit ${limit} for update skip locked`;
  if (old.length === 0) return 0;
  const ids = old.map(({ id }) => id);
  await tx`delete from message_event where tenant = ${tenant} and message_id = any(${ids}::uuid[])`;
  await tx`delete from message where tenant = ${tenant} and message_id = any(${ids}::uuid[])`;
  const byStatus = Map.groupBy(old, ({ status }) => status);
  const counts = [...byStatus].flatMap(([name, rows]) =>
    name === null ? [] : [{ tenant, name, value: rows.length }],
  );
  if (counts.length > 0)
    await tx`
      insert into forgotten ${tx(counts)}
      on conflict (tenant, name) do update set value = forgotten.value + excluded.value`;
  await tx`
    insert into forgotten_before as f (tenant, at) values (${tenant}, ${before})
    on conflict (tenant) do update set at = greatest(f.at, excluded.at)`;
  return old.length;
}

/** What else tells of people or events, each by its own time. */
export const others = [
  { table: "inbound", at: "occurred_at" },
  { table: "domain_event", at: "occurred_at" },
  { table: "event_outcome", at: "recorded_at" },
  { table: "webhook_delivery", at: "occurred_at" },
  { table: "dead_letter", at: "occurred_at" },
] as const;

export async function removeOthers(
  tx: Tx,
  { table, at }: (typeof others)[number],
  tenant: string,
  before: Date,
  limit: number,
): Promise<number> {
  const gone = await tx<{ id: string }[]>`
    delete from ${tx(table)} where ctid = any(array(
      select ctid from ${tx(table)} where tenant = ${tenant} and ${tx(at)} < ${before}
      limit ${limit} for update skip locked
    )) returning ${table === "inbound" ? tx`event_id as id` : tx`'' as id`}`;
  if (table === "inbound" && gone.length > 0)
    await tx`
      delete from inbound_identity where tenant = ${tenant} and event_id = any(${gone.map(({ id }) => id)})`;
  return gone.length;
}
