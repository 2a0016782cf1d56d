-- Audiences (saved lists of recipients) and campaigns (one message to each of a list).

-- A list as it was uploaded. `upload` counts the uploads: a new one makes the members of the one before void at once, and they
-- are removed in the background.
create table audience (
  id text primary key,
  tenant text not null,
  name text,
  state text not null check (state in ('empty', 'reading', 'ready', 'failed', 'deleted')),
  upload integer not null default 0,
  -- Of which upload and those before it the members were removed.
  removed integer not null default 0,
  bytes_read bigint not null default 0,
  rows bigint not null default 0,
  recipients bigint not null default 0,
  invalid bigint not null default 0,
  duplicates bigint not null default 0,
  columns text[] not null default '{}',
  problem text,
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp()
);
create index audience_by_tenant on audience (tenant, id) where state <> 'deleted';
create index audience_to_tidy on audience (id) where state in ('deleted', 'reading') or removed < upload - 1;

-- Personal data: numbers and what a campaign says to each. Removed with the list, and thirty days after it was last used.
-- `line` is the line of the file, or the place in the request. `person` is who it is, however the number is written.
create table audience_member (
  tenant text not null,
  audience text not null,
  upload integer not null,
  line bigint not null,
  kind text not null,
  recipient text not null,
  person text not null,
  locale text,
  external_ref text,
  variables jsonb not null,
  primary key (audience, upload, line)
);
create unique index audience_member_once on audience_member (audience, upload, person);

-- What was wrong with lines of the file; of so many at most as the service keeps, the rest is counted only. No values.
create table audience_error (
  tenant text not null,
  audience text not null,
  upload integer not null,
  line bigint not null,
  column_name text,
  code text not null,
  problem text not null,
  primary key (audience, upload, line)
);

-- `position`: the line up to which the run was expanded. Counts of outcomes run over all runs; `judged_*` say where the error
-- rate counts from (the start of the run, or the last resume).
create table campaign (
  id text primary key,
  tenant text not null,
  version bigint not null,
  name text not null,
  state text not null check (state in ('draft', 'scheduled', 'expanding', 'processing', 'paused', 'completed', 'cancelled', 'deleted')),
  reason text,
  run integer not null default 1,
  audience text not null,
  upload integer not null default 0,
  message jsonb not null,
  external_ref text,
  rate_per_s double precision,
  stop_on jsonb,
  send_at timestamptz,
  total bigint,
  position bigint not null default 0,
  expanded bigint not null default 0,
  skips jsonb not null default '{}',
  sent bigint not null default 0,
  failed bigint not null default 0,
  expired bigint not null default 0,
  cancelled bigint not null default 0,
  unconfirmed bigint not null default 0,
  retried bigint not null default 0,
  ended_before bigint not null default 0,
  judged_ended bigint not null default 0,
  judged_failed bigint not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  expanded_at timestamptz,
  completed_at timestamptz,
  changed_at timestamptz not null default clock_timestamp(),
  published_at timestamptz not null default clock_timestamp()
);
create index campaign_by_tenant on campaign (tenant, id);
create index campaign_by_audience on campaign (audience);
create index campaign_at_work on campaign (state, changed_at) where state in ('scheduled', 'expanding');

-- How each message of a campaign ended, the highest rank of what was told; a row is there only once it has. `retried`: a later
-- run has made another one in its place.
create table campaign_outcome (
  tenant text not null,
  campaign text not null,
  message uuid not null,
  status text not null,
  rank smallint not null,
  primary key (campaign, message)
);

-- Whom a run left out, by line; of so many at most as the service keeps, the rest is counted only.
create table campaign_skip (
  tenant text not null,
  campaign text not null,
  run integer not null,
  line bigint not null,
  reason text not null,
  problem text not null,
  primary key (campaign, run, line)
);

select protect_tenants('audience');
select protect_tenants('audience_member');
select protect_tenants('audience_error');
select protect_tenants('campaign');
select protect_tenants('campaign_outcome');
select protect_tenants('campaign_skip');
