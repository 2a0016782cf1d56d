-- Rules: which domain event makes which message. `rule` says what holds now, `rule_version` what each version said, because
-- messages and outcomes name the version that made them.

create table rule (
  id text primary key,
  tenant text not null,
  event_type text not null,
  version integer not null,
  state text not null check (state in ('active', 'deleted')),
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp()
);
create index rule_by_event on rule (tenant, event_type) where state = 'active';
create index rule_by_id on rule (tenant, id) where state = 'active';

create table rule_version (
  tenant text not null,
  rule text not null references rule (id),
  version integer not null,
  definition jsonb not null,
  changed_by text not null,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (rule, version)
);
create index rule_version_by_tenant on rule_version (tenant, rule, version);

select protect_tenants('rule');
select protect_tenants('rule_version');
