-- What is still to be done for a session at its provider, links that people open, how available a session was, how often
-- its accounts may be asked, and how many children an agency may have.

alter table session
  -- The sealed credentials hold the account's token: the session can be managed at its provider.
  add column account_token boolean not null default false,
  -- We made it at the provider, so deleting it here removes it there.
  add column made_here boolean not null default false,
  -- How often a send failed although a look had just said "connected".
  add column strikes integer not null default 0;

-- An intention, written before its provider is called, so that a crash loses none. One per session.
create sequence errand_turn;
create table errand (
  session text primary key references session (id),
  tenant text not null,
  kind text not null check (kind in ('create', 'connect', 'remove', 'onboard')),
  step text not null,
  -- What the work needs to know besides the session and its credentials; no secrets.
  facts jsonb not null default '{}',
  tries integer not null default 0,
  -- Due time and lease in one; null = stopped until somebody acts.
  due_at timestamptz,
  -- The provider's words to the last try.
  detail text not null default '',
  -- Another one after each change: who comes back with an older turn comes too late.
  turn bigint not null default nextval('errand_turn'),
  begun_at timestamptz not null default clock_timestamp()
);
create index errand_due on errand (due_at) where due_at is not null;
create index errand_tenant on errand (tenant, session);

-- A link opens one session's page, for a while, without a key. The token itself is shown once and never kept.
create table session_link (
  token_hash text primary key,
  tenant text not null,
  -- A sign-up's session does not exist before its code came.
  session text not null,
  purpose text not null check (purpose in ('scan', 'signup')),
  -- What the session will be, for a sign-up.
  wanted jsonb not null default '{}',
  expires_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp()
);
create index session_link_session on session_link (tenant, session);

-- From when on a session's time counts as what: connected, wanted (it should be and isn't), idle (nobody wants it to be).
create table spell (
  session text not null references session (id),
  tenant text not null,
  from_at timestamptz not null,
  counts text not null check (counts in ('connected', 'wanted', 'idle')),
  primary key (session, from_at)
);
create index spell_tenant on spell (tenant, session);
insert into spell (session, tenant, from_at, counts)
select id, tenant, status_since,
  case when status = 'connected' then 'connected' when status = 'suspended' then 'idle' else 'wanted' end
from session where status <> 'deleted';

-- When the account's next call for a look is free again (a GCRA's theoretical arrival time).
alter table account add column look_free_at timestamptz not null default 'epoch';

-- null: as many as it likes.
alter table tenant add column max_children integer check (max_children >= 0);

select protect_tenants('errand');
select protect_tenants('session_link');
select protect_tenants('spell');
