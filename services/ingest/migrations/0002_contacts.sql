-- People a tenant writes with, known by token only (a keyed hash): no number stands here.

-- When a person last wrote to which of the tenant's numbers. Rows older than a month are removed.
create table contact_session (
  tenant text not null,
  person text not null,
  session text not null,
  last_inbound_at timestamptz not null,
  primary key (tenant, person, session)
);
create index contact_session_by_age on contact_session (last_inbound_at);

-- What a person said of messages, the latest word of each scope. `version` counts the changes that were published; 0:
-- none yet, the row only remembers when something was said, since words may be read out of order.
create table contact_consent (
  tenant text not null,
  person text not null,
  scope text not null check (scope in ('marketing', 'all')),
  version bigint not null default 0,
  opted_out boolean not null default false,
  source text not null default 'UNKNOWN',
  proof text not null default '',
  -- Said when, and known to us when; the epoch: never.
  occurred_at timestamptz not null default 'epoch',
  recorded_at timestamptz not null default 'epoch',
  changed_at timestamptz not null default clock_timestamp(),
  primary key (tenant, person, scope)
);

select protect_tenants('contact_session');
select protect_tenants('contact_consent');
