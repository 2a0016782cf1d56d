-- Campaigns, tenants, and what messages add up to: sums that a message's row moves in the transaction that moves the row.

alter table message
  -- What its receipts said of the price; the charged category may be another than the template's.
  add column billable boolean,
  add column priced_as text collate "C";

alter table session
  add column rate_per_s double precision;

create table campaign (
  tenant text collate "C" not null,
  campaign text collate "C" not null,
  version bigint not null,
  name text not null,
  state text not null,
  reason text,
  run integer not null,
  total bigint,
  expanded bigint not null,
  skipped bigint not null,
  skips text not null,
  rate_per_s double precision,
  session text,
  pool text,
  template text,
  category text,
  send_at timestamptz,
  created_at timestamptz,
  started_at timestamptz,
  changed_at timestamptz not null,
  -- What lists are sorted by: when it was made, or, told by an older ingest, when it became what it is.
  listed_at timestamptz not null,
  primary key (tenant, campaign)
);
create index campaign_by_time on campaign (tenant, listed_at desc, campaign desc);

-- What a number or an account last was found to be: its quality, its limit. Of an account: session ''.
create table session_fact (
  tenant text collate "C" not null,
  session text collate "C" not null,
  account text collate "C" not null,
  kind text collate "C" not null,
  value text collate "C" not null,
  event_id text collate "C" not null,
  occurred_at timestamptz not null,
  primary key (tenant, session, account, kind)
);

create table tenant (
  tenant text collate "C" not null,
  version bigint not null,
  name text not null,
  parent text,
  state text not null,
  is_agency boolean not null,
  is_operator boolean not null,
  changed_at timestamptz not null,
  primary key (tenant)
);

-- By the hour of what happened, not of the record. '' is what is not known or not so.
create table activity (
  tenant text collate "C" not null,
  at timestamptz not null,
  session text collate "C" not null,
  campaign text collate "C" not null,
  category text collate "C" not null,
  provider text collate "C" not null,
  accepted bigint not null,
  sent bigint not null,
  delivered bigint not null,
  read bigint not null,
  failed bigint not null,
  expired bigint not null,
  cancelled bigint not null,
  billable bigint not null,
  primary key (tenant, at, session, campaign, category, provider)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create table campaign_status (
  tenant text collate "C" not null,
  campaign text collate "C" not null,
  status text collate "C" not null,
  reason_code text collate "C" not null,
  fault_class text collate "C" not null,
  messages bigint not null,
  primary key (tenant, campaign, status, reason_code, fault_class)
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Ten seconds each.
create table campaign_curve (
  tenant text collate "C" not null,
  campaign text collate "C" not null,
  at timestamptz not null,
  sent bigint not null,
  delivered bigint not null,
  read bigint not null,
  failed bigint not null,
  primary key (tenant, campaign, at)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- By the hour of acceptance. `accepted` is told by the acceptances, the others by the statuses: two witnesses.
create table ledger (
  tenant text collate "C" not null,
  at timestamptz not null,
  accepted bigint not null,
  final bigint not null,
  waiting bigint not null,
  doubtful bigint not null,
  primary key (tenant, at)
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- What was folded before: the same sums as src/tallies makes of a row.
insert into activity
  select tenant, date_bin('1 hour', at, 'epoch'), coalesce(session, ''), coalesce(campaign, ''),
    coalesce(category, ''), coalesce(provider, ''),
    count(*) filter (where what = 'accepted'), count(*) filter (where what = 'sent'),
    count(*) filter (where what = 'delivered'), count(*) filter (where what = 'read'),
    count(*) filter (where what = 'failed'), count(*) filter (where what = 'expired'),
    count(*) filter (where what = 'cancelled'), 0
  from message cross join lateral (values
    ('accepted', accepted_at, accepted_at is not null),
    ('sent', coalesce(sent_at, failed_at, first_at), status in ('sent', 'delivered', 'read', 'played')
      or (status = 'failed' and origin = 'provider')),
    ('delivered', coalesce(delivered_at, first_at), status in ('delivered', 'read', 'played')),
    ('read', coalesce(read_at, first_at), status in ('read', 'played')),
    ('failed', coalesce(failed_at, first_at), status = 'failed'),
    ('expired', coalesce(expired_at, first_at), status = 'expired'),
    ('cancelled', coalesce(cancelled_at, first_at), status = 'cancelled')
  ) as passed (what, at, holds)
  where holds group by 1, 2, 3, 4, 5, 6;
insert into campaign_status
  select tenant, campaign, status,
    case when status in ('failed', 'expired', 'unconfirmed', 'in_doubt') then coalesce(reason_code, '') else '' end,
    case when status in ('failed', 'expired', 'unconfirmed', 'in_doubt') then coalesce(fault_class, '') else '' end,
    count(*)
  from message where campaign is not null and status is not null group by 1, 2, 3, 4, 5;
insert into campaign_curve
  select tenant, campaign, date_bin('10 seconds', at, 'epoch'), count(*) filter (where what = 'sent'),
    count(*) filter (where what = 'delivered'), count(*) filter (where what = 'read'),
    count(*) filter (where what = 'failed')
  from message cross join lateral (values
    ('sent', coalesce(sent_at, failed_at, first_at), status in ('sent', 'delivered', 'read', 'played')
      or (status = 'failed' and origin = 'provider')),
    ('delivered', delivered_at, status in ('delivered', 'read', 'played')),
    ('read', read_at, status in ('read', 'played')),
    ('failed', failed_at, status = 'failed')
  ) as passed (what, at, holds)
  where campaign is not null and holds and at is not null group by 1, 2, 3;
insert into ledger
  select tenant, date_bin('1 hour', coalesce(accepted_at, first_at), 'epoch'), count(accepted_at),
    count(*) filter (where status in ('sent', 'delivered', 'read', 'played', 'failed', 'expired', 'cancelled')),
    count(*) filter (where status in ('queued', 'claimed')),
    count(*) filter (where status in ('in_doubt', 'unconfirmed'))
  from message where accepted_at is not null or status is not null group by 1, 2;
insert into session_fact
  select distinct on (tenant, session, account, kind) tenant, session, account, kind, value, event_id, occurred_at
  from session_event where kind in ('quality', 'limit') and value is not null and account is not null
  order by tenant, session, account, kind, occurred_at desc, event_id desc;

select protect_tenants('campaign');
select protect_tenants('session_fact');
select protect_tenants('tenant');
select protect_tenants('activity');
select protect_tenants('campaign_status');
select protect_tenants('campaign_curve');
select protect_tenants('ledger');
