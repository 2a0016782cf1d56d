-- The read model: what happened to messages, events and sessions, as the topics tell it. Every table can be rebuilt from
-- them inside their retention. Text that is compared or ordered is in collation "C": the order of its bytes, on every host.

-- Where each message stands. A message is updated about six times: free space in its pages keeps the new versions near.
create table message (
  tenant text collate "C" not null,
  message_id uuid not null,
  first_at timestamptz not null,
  status text collate "C",
  origin text collate "C",
  claim integer,
  reason_code text,
  fault_class text,
  provider_code text,
  reason_detail text,
  state_order bigint,
  state_at timestamptz,
  state_event text collate "C",
  provider_id text collate "C",
  provider_claim integer,
  provider_key text collate "C",
  attempts integer,
  lane text collate "C",
  session text collate "C",
  account text collate "C",
  provider text collate "C",
  recipient_kind text collate "C",
  recipient text collate "C",
  recipient_token text collate "C",
  campaign text collate "C",
  rule text collate "C",
  source_event_id text collate "C",
  source_event_source text collate "C",
  template text collate "C",
  category text collate "C",
  external_ref text collate "C",
  retry_of text collate "C",
  send_at timestamptz,
  not_after timestamptz,
  accepted_at timestamptz,
  queued_at timestamptz,
  claimed_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  failed_at timestamptz,
  expired_at timestamptz,
  cancelled_at timestamptz,
  primary key (tenant, message_id)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
create index message_by_time on message (tenant, first_at desc, message_id desc);
-- Its price: most updates must touch the indexes. Measured on 2 cores, 24,900 records/s fall to 18,600 with it.
create index message_by_status on message (tenant, status, first_at desc, message_id desc);
create index message_by_reference on message (tenant, external_ref) where external_ref is not null;

create table message_event (
  tenant text collate "C" not null,
  event_id text collate "C" not null,
  message_id uuid not null,
  status text not null,
  origin text not null,
  claim integer not null,
  reason_code text,
  fault_class text,
  provider_code text,
  reason_detail text,
  provider_id text,
  participant text,
  next_at timestamptz,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (tenant, event_id)
);
create index message_event_by_message on message_event (tenant, message_id);

create table domain_event (
  tenant text collate "C" not null,
  event_id text collate "C" not null,
  source text collate "C" not null,
  type text collate "C" not null,
  subject text collate "C",
  occurred_at timestamptz not null,
  received_at timestamptz,
  primary key (tenant, event_id, source)
);

create table event_outcome (
  tenant text collate "C" not null,
  outcome_id text collate "C" not null,
  event_id text not null,
  source text not null,
  type text not null,
  outcome text collate "C" not null,
  rule text,
  rule_version integer,
  message_ids text[] not null,
  reason_code text,
  fault_class text,
  provider_code text,
  reason_detail text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (tenant, outcome_id)
);
create index event_outcome_by_event on event_outcome (tenant, event_id, source);

create table inbound (
  tenant text collate "C" not null,
  event_id text collate "C" not null,
  session text not null,
  conversation_id text not null,
  sender_kind text not null,
  sender text not null,
  sender_token text not null,
  sender_name text,
  kind text not null,
  text text,
  provider_id text not null,
  answers_message_id text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (tenant, event_id)
);

create table webhook_delivery (
  tenant text collate "C" not null,
  event_id text collate "C" not null,
  webhook_id text not null,
  endpoint text not null,
  event_type text not null,
  message_id text,
  attempt integer not null,
  outcome text not null,
  http_status integer,
  error text,
  duration_ms integer not null,
  next_at timestamptz,
  occurred_at timestamptz not null,
  primary key (tenant, event_id)
);

create table session (
  tenant text collate "C" not null,
  session text collate "C" not null,
  version bigint not null,
  status text not null,
  provider text not null,
  account text not null,
  provider_ref text not null,
  name text not null,
  phone text,
  changed_at timestamptz not null,
  primary key (tenant, session)
);

create table session_event (
  tenant text collate "C" not null,
  event_id text collate "C" not null,
  session text not null,
  kind text not null,
  status text,
  evidence text not null,
  reason_code text,
  fault_class text,
  provider_code text,
  reason_detail text,
  detail text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (tenant, event_id)
);

-- An unknown tenant is '': no tenant context names it.
create table dead_letter (
  tenant text collate "C" not null,
  dead_id text collate "C" not null,
  service text not null,
  origin_topic text not null,
  origin_partition integer not null,
  origin_offset bigint not null,
  message_id text,
  reason_code text not null,
  fault_class text not null,
  provider_code text,
  reason_detail text not null,
  attempts integer not null,
  occurred_at timestamptz not null,
  primary key (tenant, dead_id)
);

create table audit_entry (
  tenant text collate "C" not null,
  event_id text collate "C" not null,
  service text not null,
  actor_tenant text not null,
  actor_key text not null,
  action text not null,
  object_kind text not null,
  object_id text not null,
  detail text not null,
  occurred_at timestamptz not null,
  primary key (tenant, event_id)
);

-- Messages by status, inbound messages and events; moved in the transaction that moves the row. Few rows, updated all the time.
create table tenant_counter (
  tenant text collate "C" not null,
  name text collate "C" not null,
  value bigint not null,
  primary key (tenant, name)
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
  autovacuum_vacuum_cost_delay = 0);

select protect_tenants('message');
select protect_tenants('message_event');
select protect_tenants('domain_event');
select protect_tenants('event_outcome');
select protect_tenants('inbound');
select protect_tenants('webhook_delivery');
select protect_tenants('session');
select protect_tenants('session_event');
select protect_tenants('dead_letter');
select protect_tenants('audit_entry');
select protect_tenants('tenant_counter');
