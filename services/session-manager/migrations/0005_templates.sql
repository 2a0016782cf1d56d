-- Message templates: objects of an account at its provider, as their tenant wants them and as the provider judges them.

create table template (
  id text primary key,
  tenant text not null references tenant (id),
  account text not null,
  name text not null,
  language text not null,
  category text not null check (category in ('marketing', 'utility', 'authentication')),
  named boolean not null,
  components jsonb not null,
  ttl_s integer,
  provider_id text,
  state text not null check (state in ('draft', 'submitting', 'pending', 'approved', 'rejected', 'paused', 'disabled',
    'deleting', 'deleted')),
  reason text not null default '',
  quality text,
  -- When what is known of each was said, in whole seconds as the provider tells time: older words change nothing.
  state_at timestamptz not null,
  quality_at timestamptz not null,
  category_at timestamptz not null,
  -- Edits of the approved template that the provider counts.
  edited_at timestamptz[] not null default '{}',
  -- The intention: what the provider is still to be told. It stands until its outcome is committed, so a crash repeats it.
  task text check (task in ('create', 'edit', 'delete')),
  task_number integer not null default 0,
  task_tries integer not null default 0,
  task_detail text not null default '',
  -- Due time and lease in one, as with probes.
  task_due_at timestamptz not null default clock_timestamp(),
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp(),
  -- One row for good: its version goes on when a deleted template is made again.
  unique (account, name, language)
);
create index template_tenant on template (tenant, id);
create index template_task on template (task_due_at) where task is not null;
select protect_tenants('template');

-- Which accounts' templates have been read whole, and when they are read next.
alter table account add column templates_version bigint not null default 0;
alter table account add column templates_synced_at timestamptz;
alter table account add column templates_due_at timestamptz not null default clock_timestamp();
alter table account add column templates_tries integer not null default 0;
create index account_templates on account (templates_due_at) where provider = 'cloud_api';
