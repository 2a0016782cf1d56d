-- What a receipt needs to become a whole status: one row per message that left, from the dispatcher's own statuses.
create table reference (
  message_id text primary key,
  tenant text not null,
  session text not null,
  account text not null,
  provider text not null,
  lane text not null,
  campaign text,
  rule text,
  source_event_id text,
  source_event_source text,
  template text,
  category text,
  external_ref text,
  recipient_token text not null,
  content_token text,
  claim integer not null,
  attempts integer not null,
  -- What the provider answered the send with (wamid, msgId), and WhatsApp's own key where that differs (WasenderApi).
  provider_id text,
  provider_key text,
  queued_at bigint,
  claimed_at bigint,
  sent_at bigint,
  recorded_at timestamptz not null default clock_timestamp()
);
create index reference_provider_id on reference (session, provider_id) where provider_id is not null;
-- One message per key: the second event about the same key finds it taken.
create unique index reference_provider_key on reference (session, provider_key) where provider_key is not null;
-- WasenderApi: messages whose key is not known yet.
create index reference_unmatched on reference (session, recipient_token)
  where provider = 'wasender' and provider_key is null;
create index reference_age on reference (recorded_at);
select protect_tenants('reference');

-- What could not be placed yet: receipts before their reference, own messages before their send was recorded, callbacks of
-- numbers without an owner. `lookup` is what will release it: message:<id>, id:<session>:<provider id>,
-- key:<session>:<key>, own:<session>:<recipient token>, owner:<provider>:<reference of the number>. One item may wait for
-- several. The body names people by token only; that of a callback without owner is sealed.
create table parked (
  callback_id text not null,
  item integer not null,
  lookup text not null,
  body text not null,
  parked_at timestamptz not null default clock_timestamp(),
  primary key (callback_id, item, lookup)
);
create index parked_lookup on parked (lookup);
create index parked_age on parked (parked_at);

-- Tenants' endpoints. The signing secret is sealed with a key ring that is not in the database.
create table endpoint (
  id text primary key,
  tenant text not null,
  url text not null,
  events text[] not null,
  -- Only events of these sessions; null: of all.
  sessions text[],
  description text not null default '',
  secret text not null,
  status text not null check (status in ('active', 'disabled')),
  disabled_reason text,
  -- First failure of the unbroken row of failures, to disable after five days.
  failing_since timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp()
);
create index endpoint_tenant on endpoint (tenant, id);
select protect_tenants('endpoint');

-- One row per endpoint and event; unique, so an event that is read twice is delivered once (per success).
create table delivery (
  seq bigint generated always as identity primary key,
  webhook_id text not null,
  tenant text not null,
  endpoint text not null references endpoint (id) on delete cascade,
  event_type text not null,
  -- What makes the event the same event for its receiver: message and type, or the event id.
  subject text not null,
  message_id text,
  body text not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'given_up')),
  -- Attempts made.
  attempt integer not null default 0,
  next_at timestamptz not null default clock_timestamp(),
  created_at timestamptz not null default clock_timestamp(),
  unique (endpoint, subject)
);
create index delivery_due on delivery (endpoint, next_at, seq) where state = 'waiting';
-- An earlier event of the same message goes first.
create index delivery_message on delivery (endpoint, message_id, seq) where state = 'waiting' and message_id is not null;
create index delivery_age on delivery (created_at);
-- Rows change state within milliseconds of their insert: the partial indexes stay small only if dead rows go soon.
alter table delivery set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
select protect_tenants('delivery');
