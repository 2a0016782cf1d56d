-- Messages and records given up, by what a redrive asks for. What they say is not here: it is read again from wa.dead, where
-- it lies. Rows go with their records, after 30 days.
create table dead_letter (
  tenant text not null,
  dead_id text not null,
  origin_topic text not null,
  -- A message, which can be sent anew; anything else is only counted.
  redrivable boolean not null,
  message_id text,
  campaign text,
  reason text not null,
  fault_class text not null,
  occurred_at timestamptz not null,
  -- Where it lies in wa.dead.
  log_partition integer not null,
  log_offset bigint not null,
  -- The redrive that is to send it, or did: then the new message's id stands beside it, and no redrive takes it again.
  redrive text,
  redriven_as text,
  primary key (tenant, dead_id)
);
create index dead_letter_free on dead_letter (tenant, occurred_at) where redrive is null and redriven_as is null;
create index dead_letter_taken on dead_letter (tenant, redrive, occurred_at, dead_id) where redrive is not null and redriven_as is null;
create index dead_letter_by_age on dead_letter (occurred_at);

create table redrive (
  tenant text not null,
  id text not null,
  version bigint not null default 1,
  state text not null check (state in ('running', 'done', 'cancelled')),
  -- What was asked for, as the API spells it.
  filter jsonb not null,
  dry_run boolean not null,
  -- Null: each letter's own session.
  session text,
  rate_per_s integer not null check (rate_per_s > 0),
  found integer not null,
  redriven integer not null default 0,
  skipped integer not null default 0,
  -- Letters by the code of what kept them.
  skips jsonb not null default '{}',
  not_redrivable jsonb not null default '[]',
  actor_tenant text not null,
  actor_key text not null,
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp(),
  primary key (tenant, id)
);
create index redrive_running on redrive (created_at) where state = 'running';

select protect_tenants('dead_letter');
select protect_tenants('redrive');
