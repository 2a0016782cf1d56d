/** Fills the tables as if millions of messages had been folded: the rows are what queries meet, not how they came about. */
import type { Sql } from "postgres";

/** Half of the messages are this tenant's. */
export const largeTenant = "rows-0";
const eventsPerMessage = 5;

/** Returns how many status rows there are. Indexes are built after the rows, which is several times as fast. */
export async function fillTables(sql: Sql, messages: number): Promise<number> {
  const indexes = await sql<{ name: string; text: string; table: string; isKey: boolean }[]>`
    select c.relname as name, pg_get_indexdef(i.indexrelid) as text, i.indrelid::regclass::text as table,
      i.indisprimary as "isKey"
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid in ('message'::regclass, 'message_event'::regclass)`;
  const keys = await sql<{ name: string; text: string; table: string }[]>`
    select conname as name, pg_get_constraintdef(oid) as text, conrelid::regclass::text as table
    from pg_constraint where contype = 'p' and conrelid in ('message'::regclass, 'message_event'::regclass)`;
  for (const { name, table } of keys) await sql.unsafe(`alter table ${table} drop constraint ${name}`);
  for (const { name, isKey } of indexes) if (!isKey) await sql.unsafe(`drop index ${name}`);
  await sql.unsafe(messageRows, [messages]);
  await sql.unsafe(eventRows, [messages, eventsPerMessage]);
  for (const { name, text, table } of keys)
    await sql.unsafe(`alter table ${table} add constraint ${name} ${text}`);
  for (const { text, isKey } of indexes) if (!isKey) await sql.unsafe(text);
  await sql.unsafe("vacuum (analyze) message, message_event");
  const [row] = await sql<{ rows: number }[]>`select count(*)::float8 as rows from message_event`;
  return row!.rows;
}

/** The n-th message's tenant, id and status. */
const ofMessage = `
  case when i % 2 = 0 then '${largeTenant}' else 'rows-' || (1 + i % 9) end as tenant,
  overlay(overlay(md5('m' || i) placing '8' from 13) placing '8' from 17)::uuid as message_id,
  now() - i * interval '1 s' as at,
  case when i % 10000 = 0 then 'in_doubt' when i % 100 in (2, 3) then 'failed' when i % 100 = 4 then 'queued'
    when i % 100 < 10 then 'sent' when i % 100 < 40 then 'delivered' else 'read' end as status`;

const messageRows = `
  insert into message (tenant, message_id, first_at, status, phase, origin, claim, reason_code, fault_class, state_order,
    state_at, state_event, attempts, lane, session, account, provider, recipient_kind, recipient, recipient_token, campaign,
    rule, template, category, external_ref, not_after, accepted_at, queued_at, sent_at, delivered_at)
  select tenant, message_id, at, status,
    case when status in ('sent', 'delivered', 'read') then 'left' when status = 'queued' then 'waiting' else status end, 'mesh', 1,
    case when status in ('failed', 'in_doubt') then (array['attempts_exhausted', 'not_on_whatsapp'])[1 + (i / 100) % 2] end,
    case when status in ('failed', 'in_doubt') then 'provider' end, 1, at, md5('e5' || i), 1,
    case when i % 20 = 0 then 'otp' when i % 5 = 0 then 'standard' else 'bulk' end,
    'ses-' || (i / 2) % 50, 'acc', 'cloud_api', 'phone', '+1555' || lpad(((i / 2) % 200000)::text, 8, '0'), md5(i::text),
    case when i % 5 <> 0 then 'cmp-' || (i / 100000) end, case when i % 20 = 6 then 'rul-' || i % 7 end,
    'welcome', 'marketing', 'ref-' || i, at + interval '1 day', at, at, at,
    case when status in ('delivered', 'read') then at end
  from (select i, ${ofMessage} from generate_series(1, $1::integer) as i) m`;

const eventRows = `
  insert into message_event (tenant, event_id, message_id, status, origin, claim, occurred_at, recorded_at)
  select tenant, md5('e' || k || i), message_id, (array['accepted', 'queued', 'claimed', 'sent', 'delivered'])[k],
    case when k = 5 then 'provider' else 'mesh' end, 1, at + k * interval '1 s', at + k * interval '1 s'
  from (select i, ${ofMessage} from generate_series(1, $1::integer) as i) m, generate_series(1, $2::integer) as k`;
