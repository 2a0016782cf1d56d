-- What is kept of the topics. Nothing here is personal or content (docs/data/topics.md has the classes).

-- Where to go on: written in the transaction that writes the rows.
create table if not exists next_offset (
  topic varchar, part integer, next_offset bigint, primary key (topic, part));

-- Records that could not be read: noted, and passed.
create table if not exists unreadable (
  topic varchar, part integer, at_offset bigint, why varchar, primary key (topic, part, at_offset));

create table if not exists status_event (
  tenant varchar, event_id varchar, message_id varchar, status varchar, origin varchar, rank integer, claim integer,
  session varchar, provider varchar, lane varchar, campaign varchar, rule varchar, template varchar, category varchar,
  external_ref varchar, recipient_token varchar, reason_code varchar, fault_class varchar, provider_code varchar,
  billable boolean, priced_as varchar, queued_at bigint, sent_at bigint, occurred_at bigint, recorded_at bigint,
  primary key (tenant, event_id));

create table if not exists inbound (
  tenant varchar, event_id varchar, session varchar, sender_token varchar, conversation_id varchar, kind varchar,
  answers_message_id varchar, occurred_at bigint, recorded_at bigint, primary key (tenant, event_id));

create table if not exists webhook_attempt (
  tenant varchar, event_id varchar, webhook_id varchar, endpoint varchar, event_type varchar, message_id varchar,
  attempt integer, outcome varchar, http_status integer, duration_ms integer, occurred_at bigint,
  primary key (tenant, event_id));

create table if not exists session_event (
  tenant varchar, event_id varchar, session varchar, kind varchar, status varchar, evidence varchar, occurred_at bigint,
  recorded_at bigint, primary key (tenant, event_id));

create table if not exists usage_told (
  tenant varchar, usage_id varchar, kind varchar, day varchar, session varchar, provider varchar, category varchar,
  messages bigint, delivered bigint, billable bigint, counted_at bigint, primary key (tenant, usage_id));

-- Messages as the read model had them: for what the topic no longer holds.
create table if not exists message_known (
  tenant varchar, message_id varchar, status varchar, origin varchar, state_order hugeint, session varchar, provider varchar,
  lane varchar, campaign varchar, rule varchar, template varchar, category varchar, external_ref varchar,
  reason_code varchar, fault_class varchar, provider_code varchar, billable boolean, priced_as varchar,
  queued_at bigint, sent_at bigint, delivered_at bigint, read_at bigint, failed_at bigint, expired_at bigint,
  cancelled_at bigint, primary key (tenant, message_id));

-- What a category costs a tenant, per charged message: yours to fill.
create table if not exists price (
  tenant varchar, category varchar, currency varchar, per_message decimal(18, 6), primary key (tenant, category));
