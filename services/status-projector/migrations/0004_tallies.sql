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

select protect_tenants('campaign');
select protect_tenants('session_fact');
select protect_tenants('tenant');
select protect_tenants('activity');
select protect_tenants('campaign_status');
select protect_tenants('campaign_curve');
select protect_tenants('ledger');
