-- What is configured: tenants, plans, keys, accounts, sessions and their sealed credentials.
-- Every row that is published carries a version, raised by each change in the transaction that writes its outbox row.

create table plan (
  id text primary key,
  weight integer not null check (weight > 0),
  per_minute integer check (per_minute > 0),
  per_day integer check (per_day > 0),
  max_queued integer not null check (max_queued > 0),
  bulk boolean not null,
  changed_at timestamptz not null default clock_timestamp()
);

create table tenant (
  id text primary key,
  name text not null,
  parent text references tenant (id),
  is_agency boolean not null,
  is_operator boolean not null,
  plan text not null references plan (id),
  settings jsonb not null,
  state text not null check (state in ('active', 'suspended', 'deleted')),
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp()
);
create index tenant_parent on tenant (parent) where parent is not null;
create index tenant_plan on tenant (plan);

-- The secret itself is shown once and never kept: only its HMAC, one per pepper.
create table api_key (
  id text primary key,
  tenant text not null references tenant (id),
  label text not null,
  secret_hashes text[] not null,
  scopes text[] not null,
  expires_at timestamptz,
  state text not null check (state in ('active', 'revoked')),
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp()
);
create index api_key_tenant on api_key (tenant, id);

-- One owner per account at the provider. The row goes when its last session goes, so that the account can move.
create table account (
  id text primary key,
  tenant text not null references tenant (id),
  provider text not null,
  ref text not null,
  created_at timestamptz not null default clock_timestamp(),
  unique (provider, ref)
);
create index account_tenant on account (tenant, id);

create table session (
  id text primary key,
  tenant text not null references tenant (id),
  provider text not null,
  account text not null,
  account_ref text not null,
  provider_ref text not null,
  name text not null,
  phone text,
  pools text[] not null,
  rate_per_s double precision not null check (rate_per_s > 0 and rate_per_s <= 1000),
  callback_token_hash text,
  callback_secret_hash text,
  status text not null,
  evidence text not null,
  status_since timestamptz not null,
  status_detail text not null default '',
  -- Due time of the next probe and lease in one: who takes a session moves it ahead, so nobody else does meanwhile.
  next_probe_at timestamptz not null default clock_timestamp(),
  unsure_probes integer not null default 0,
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp()
);
create index session_tenant on session (tenant, id);
create index session_account on session (account) where status <> 'deleted';
-- One owner per number, whoever asks; a deleted session gives it back.
create unique index session_one_owner on session (provider, provider_ref) where status <> 'deleted';
create index session_probe on session (next_probe_at) where status not in ('deleted', 'suspended');

-- Ciphertext only: the key ring that opens it is not in the database. Gone when the session is deleted.
create table credential (
  session text primary key references session (id),
  tenant text not null references tenant (id),
  key_ring_id text not null,
  wrapped_key bytea not null,
  nonce bytea not null,
  ciphertext bytea not null,
  version integer not null,
  changed_at timestamptz not null default clock_timestamp()
);
create index credential_tenant on credential (tenant, session);
