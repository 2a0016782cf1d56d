-- A message as its statuses make it: merged by (claim, rank) before sent, by rank from sent on; any order of records gives the same.
create or replace view message as
with fact as (
  select tenant, message_id, event_id, status, origin, session, provider, lane, campaign, rule, template, category,
    external_ref, reason_code, fault_class, provider_code, billable, priced_as, queued_at, occurred_at as state_at,
    -- As packages/events' `supersedes`; records below rank 0 say nothing of the state.
    case when rank >= 50 then 1000000000000000::hugeint + rank::hugeint * 10000000000 + claim
      when rank >= 0 then claim::hugeint * 1000 + rank end as state_order,
    least(sent_at, case when status in ('sent', 'delivered', 'read', 'played') then occurred_at end) as sent_at,
    case when status in ('delivered', 'read', 'played') then occurred_at end as delivered_at,
    case when status in ('read', 'played') then occurred_at end as read_at,
    case when status = 'failed' then occurred_at end as failed_at,
    case when status = 'expired' then occurred_at end as expired_at,
    case when status = 'cancelled' then occurred_at end as cancelled_at
  from status_event
  union all by name
  select *, '' as event_id, null as state_at from message_known
),
ranked as (
  select *, row_number() over (
    partition by tenant, message_id
    order by state_order desc nulls last, state_at desc nulls last, event_id desc) as place
  from fact
)
select tenant, message_id,
  max(status) filter (place = 1) as status, max(origin) filter (place = 1) as origin,
  max(reason_code) filter (place = 1) as reason_code, max(fault_class) filter (place = 1) as fault_class,
  max(provider_code) filter (place = 1) as provider_code,
  max(session) as session, max(provider) as provider, max(lane) as lane, max(campaign) as campaign, max(rule) as rule,
  max(template) as template, max(external_ref) as external_ref, bool_or(billable) as billable,
  -- The category that was charged, else the template's.
  coalesce(max(priced_as), max(category)) as category,
  min(queued_at) as queued_at, min(sent_at) as sent_at, min(delivered_at) as delivered_at, min(read_at) as read_at,
  min(failed_at) as failed_at, min(expired_at) as expired_at, min(cancelled_at) as cancelled_at,
  -- When it went to the provider, for one that surely did: also one that the provider then failed.
  case when max(status) filter (place = 1) in ('sent', 'delivered', 'read', 'played')
      or (max(status) filter (place = 1) = 'failed' and max(origin) filter (place = 1) = 'provider')
    then coalesce(min(sent_at), min(failed_at)) end as left_at
from ranked
group by tenant, message_id
-- Of a message that only a reference or a later release's status speaks of, nothing is known yet.
having count(state_order) > 0;

create or replace view funnel as
select tenant, campaign, count(*) as messages, count(left_at) as sent,
  count(*) filter (status in ('delivered', 'read', 'played')) as delivered,
  count(*) filter (status in ('read', 'played')) as read,
  count(*) filter (status = 'failed') as failed, count(*) filter (status = 'expired') as expired,
  count(*) filter (status = 'cancelled') as cancelled,
  count(*) filter (status in ('in_doubt', 'unconfirmed')) as unknown,
  count(*) filter (status in ('accepted', 'queued', 'claimed')) as waiting
from message group by all;

create or replace view time_to_read as
select tenant, campaign, count(*) as read, quantile_disc(read_at - sent_at, 0.5) / 1000 as median_s,
  quantile_disc(read_at - sent_at, 0.95) / 1000 as p95_s
from message where status in ('read', 'played') group by all;

create or replace view error_reasons as
select tenant, campaign, reason_code, fault_class, count(*) as messages
from message
where status in ('failed', 'expired', 'unconfirmed', 'in_doubt') and reason_code is not null group by all;

create or replace view cost_by_category as
select m.tenant, m.campaign, m.category, count(m.left_at) as messages,
  count(*) filter (m.left_at is not null and m.billable) as billable,
  count(*) filter (m.left_at is not null and m.billable) * any_value(p.per_message) as cost,
  any_value(p.currency) as currency
from message m left join price p on p.tenant = m.tenant and p.category = m.category
where m.left_at is not null group by all;

-- wa.usage (kind messages) computed again: by the day (UTC) on which messages left; deliveries by their own day.
create or replace view usage_again as
with happened as (
  select tenant, session, provider, category, left_at as at_ms, 1 as messages, 0 as delivered,
    case when billable then 1 else 0 end as billable
  from message where left_at is not null
  union all
  select tenant, session, provider, category, delivered_at, 0, 1, 0
  from message where status in ('delivered', 'read', 'played')
)
select tenant, strftime(make_timestamp(at_ms * 1000), '%Y-%m-%d') as day, session, provider, category,
  sum(messages)::bigint as messages, sum(delivered)::bigint as delivered, sum(billable)::bigint as billable
from happened group by all;

-- wa.usage (kind session_day) computed again: a session is there from its first state but created until it is deleted, both days
-- included. A session whose first events the topic no longer held when this file was begun is missing: usage_told has it.
create or replace view session_days_again as
with life as (
  select tenant, session, min(occurred_at) filter (status not in ('created', 'deleted')) as began,
    min(occurred_at) filter (status = 'deleted') as ended
  from session_event where kind = 'status' group by all
),
-- Up to the last day of which anything was told.
known as (select max(day)::date as until from usage_told)
select tenant, strftime(day, '%Y-%m-%d') as day, session
from life, known,
  unnest(generate_series(make_timestamp(began * 1000)::date::timestamp,
    least(coalesce(make_timestamp(ended * 1000)::date, until), until)::timestamp, interval 1 day)) as days (day)
where began is not null;
